"""Tickets are merged, taken apart and moved from the command line as from the page, with the same trail."""

import pytest
from sqlalchemy import select

from helpdesk.config import load
from helpdesk.db import reading, writing
from helpdesk.models import AuditEntry, Message, Ticket
from helpdesk.tickets import actions
from helpdesk.tickets.actions import NewTicket
from helpdesk.tickets.states import Actor, State
from tests.cli.conftest import Line

HR = '\n[desks.hr]\nname = "People"\naddress = "people@northmoor.example"\nprefix = "HR"\n'
A, B, CLOSED = "IT-000001", "IT-000002", "IT-000003"


@pytest.fixture
def two(line: Line) -> Line:
    """Two open tickets with a message each, a closed one, and a second desk."""
    line.file.write_text(line.file.read_text() + HR)
    with writing(line.services.sessions) as session:
        for text in ("It jams.", "It smokes."):
            ticket = actions.open_ticket(session, NewTicket("it", "IT", "jo@x.example", "Printer"))
            actions.add_message(session, ticket, Message(direction="inbound", text=text))
        closed = actions.open_ticket(session, NewTicket("it", "IT", "sam@x.example"))
        actions.move(closed, State.CLOSED, Actor.AGENT)
    return line


def _said(line: Line, number: str) -> list[str]:
    (shown,) = line.rows("tickets", "show", number)
    return [one["text"] for one in shown["messages"]]


def _acts(line: Line) -> list[tuple[str, str, str]]:
    with reading(line.services.sessions) as session:
        rows = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        return [(one.action, one.subject_id, one.actor[:4]) for one in rows]


def test_one_ticket_becomes_anothers_and_is_taken_apart_again(two: Line) -> None:
    done = two("tickets", "merge", A.lower(), B)
    assert done.exit_code == 0, done.output
    assert f"{A} is part of {B} now" in done.stdout
    assert _said(two, B) == _said(two, A) == ["It jams.", "It smokes."]
    assert two("tickets", "unmerge", A).exit_code == 0
    assert (_said(two, A), _said(two, B)) == (["It jams."], ["It smokes."])
    merged, apart = ["ticket.merged_away", "ticket.merged"], ["ticket.unmerged_away", "ticket.unmerged"]
    named = [A, B, A, B]
    assert _acts(two) == [(*one, "cli:") for one in zip([*merged, *apart], named, strict=True)]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("merge", A, A), "the same ticket already"),
        (("merge", A, CLOSED), "closed and stays closed"),
        (("merge", A, "IT-000099"), "There is no ticket IT-000099"),
        (("unmerge", A), "is not merged"),
        (("move", A, "it"), "at this desk already"),
        (("move", CLOSED, "hr"), "only an open ticket can be moved"),
        (("move", A, "none"), "There is no desk 'none' in the settings; it has: it, hr"),
        (("move", "IT-000099", "hr"), "There is no ticket IT-000099"),
    ],
)
def test_what_cannot_be_is_said_and_changes_nothing(two: Line, arguments: tuple[str, ...], why: str) -> None:
    assert why in two.fails("tickets", *arguments)
    assert _acts(two) == []


def test_a_ticket_goes_to_another_desk_under_a_new_number_and_its_old_one_leads_to_it(two: Line) -> None:
    assert load(two.file).desks["hr"].prefix == "HR"
    done = two("tickets", "move", A, "hr")
    assert f"{A} is HR-000001 now, at People." in done.stdout
    (shown,) = two.rows("tickets", "show", A)
    assert (shown["number"], shown["desk"], shown["owner"]) == ("HR-000001", "hr", "")
    assert _acts(two) == [("ticket.moved_desk", "HR-000001", "cli:")]
    with reading(two.services.sessions) as session:
        assert len(session.scalars(select(Ticket)).all()) == 3
