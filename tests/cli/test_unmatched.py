"""Mail to be matched is listed, shown and settled from the command line, with the choices that the page gives."""

import pytest
from sqlalchemy import select

from helpdesk.db import reading, writing
from helpdesk.ingest import receipts
from helpdesk.ingest.pipeline import make_pipeline
from helpdesk.models import AuditEntry, Message, OutboxMail, Ticket
from helpdesk.tickets import actions
from helpdesk.tickets.actions import NewTicket
from tests.cli.conftest import Line

A, B, NEITHER = "IT-000001", "IT-000002", "IT-000003"
MAIL = (
    b"From: Sam <sam@elsewhere.example>\r\nTo: servicedesk@northmoor.example\r\n"
    b"Subject: [IT-000001] and [IT-000002] \x1b[31m\r\nMessage-ID: <sam@elsewhere.example>\r\n"
    b"Content-Type: multipart/mixed; boundary=cut\r\n\r\n"
    b"--cut\r\nContent-Type: text/html\r\n\r\n<p>Both of them jam.</p>\r\n"
    b'--cut\r\nContent-Type: text/csv\r\nContent-Disposition: attachment; filename="list.csv"\r\n\r\na;b\r\n--cut--\r\n'
)


@pytest.fixture
def waits(line: Line) -> Line:
    """A mail that came the whole road and names two of three tickets."""
    with writing(line.services.sessions) as session:
        for _ in range(3):
            actions.open_ticket(session, NewTicket("it", "IT", "jo@x.example", "Printer"))
        receipts.take_in(session, line.services.vault, "it", 1, 1, MAIL)
    pipeline = make_pipeline(line.services, in_process=True)
    assert [one.record for one in pipeline.process_waiting()] == ["unmatched"]
    return line


def test_what_waits_is_listed_with_the_tickets_that_it_names(waits: Line) -> None:
    (row,) = waits.rows("unmatched", "list")
    assert (row["id"], row["author_address"], row["names"]) == (1, "sam@elsewhere.example", [A, B])
    for command in (("list",), ("show", "1")):
        assert "\x1b" not in waits("unmatched", *command).stdout


def test_a_mail_is_shown_with_its_words_its_signs_and_their_tickets(waits: Line) -> None:
    (shown,) = waits.rows("unmatched", "show", "1")
    assert shown["text"].strip() == "Both of them jam."
    assert shown["attachments"] == ["list.csv"]
    assert [(one["ticket"], one["sure"]) for one in shown["signs"]] == [(A, "Weak"), (B, "Weak")]
    assert [(one["number"], one["state"]) for one in shown["tickets"]] == [(A, "new"), (B, "new")]
    for_people = waits("unmatched", "show", "1").stdout
    assert all(words in for_people for words in ("Both of them jam.", "[file] list.csv", shown["why"], B))


@pytest.mark.parametrize(
    ("options", "number", "answers"),
    [
        (["--ticket", A], A, []),
        (["--ticket", NEITHER.lower()], NEITHER, []),
        (["--new"], "IT-000004", ["acknowledgement"]),
    ],
)
def test_a_mail_is_put_where_it_is_said_to_belong(
    waits: Line, options: list[str], number: str, answers: list[str]
) -> None:
    done = waits("unmatched", "settle", "1", *options)
    assert done.exit_code == 0, done.output
    assert number in done.stdout
    assert waits.rows("unmatched", "list") == []
    with reading(waits.services.sessions) as session:
        assert session.scalars(select(Ticket.number).join(Message)).all() == [number]
        assert session.scalars(select(OutboxMail.kind)).all() == answers
        act = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert act is not None
        assert (act.action, act.subject_id, act.actor[:4]) == ("ticket.mail_matched", number, "cli:")


def test_a_mail_is_settled_once(waits: Line) -> None:
    assert "no ticket IT-000099" in waits.fails("unmatched", "settle", "1", "--ticket", "IT-000099")
    assert waits("unmatched", "settle", "1", "--ticket", A).exit_code == 0
    for command in (("settle", "1", "--new"), ("show", "1")):
        assert "has said already" in waits.fails("unmatched", *command)
    assert "no such mail" in waits.fails("unmatched", "show", "99")


@pytest.mark.parametrize("options", [(), ("--new", "--ticket", A), ("--ticket", "")])
def test_settling_wants_a_ticket_or_a_new_one(waits: Line, options: tuple[str, ...]) -> None:
    assert waits("unmatched", "settle", "1", *options).exit_code == 2
