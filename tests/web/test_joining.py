"""Merging, moving to another desk, and whose address is whose: asked first, then done, in the trail."""

from collections.abc import Callable

import pytest

from helpdesk.db import writing
from helpdesk.services import Services
from helpdesk.tickets.states import State
from tests.web import reads, rows
from tests.web.conftest import Visitor

AGENT = rows.PEOPLE["agent"][0]
PAT, SAM = "pat.green@example.org", "sam.other@elsewhere.example"
ONE, TWO = "/tickets/IT-000001", "/tickets/IT-000002"


@pytest.fixture
def two(web_services: Services) -> Services:
    with writing(web_services.sessions) as session:
        rows.add_ticket(session, text="first words")
        rows.add_ticket(session, "Laptop does not start", text="second words")
    return web_services


@pytest.fixture
def merged(agent: Visitor, two: Services) -> Services:
    version = reads.ticket(two).version
    answer = agent.post(f"{ONE}/merge", into="IT-000002", version=version, sure="yes")
    assert (answer.status_code, answer.location) == (302, TWO)
    return two


def test_a_merge_is_asked_about_with_both_tickets_before_it_is_done(agent: Visitor, two: Services) -> None:
    page = agent.get(f"{ONE}/merge").text
    assert 'value="IT-000002"' in page  # another ticket of the same requester
    sure = agent.post(f"{ONE}/merge", into="it-000002")
    assert sure.status_code == 200
    assert "Merge IT-000001 into IT-000002?" in sure.text
    assert "two people" not in sure.text
    assert reads.acts(two, "ticket.merged") == []


def test_two_peoples_tickets_are_said_to_be(agent: Visitor, two: Services) -> None:
    with writing(two.sessions) as session:
        rows.add_ticket(session, "Another", requester=SAM)
    page = agent.get(f"{ONE}/merge").text
    assert "IT-000003" not in page
    assert "two people" in agent.post(f"{ONE}/merge", into="IT-000003").text


def test_the_old_number_leads_to_the_ticket_that_has_it_all(agent: Visitor, merged: Services) -> None:
    assert agent.get(ONE).location == TWO
    page = agent.get(TWO).text
    assert "first words" in page
    assert "second words" in page
    assert "IT-000001 merged into this ticket" in page
    assert {one.actor for one in reads.acts(merged, "ticket.merged")} == {AGENT}


def test_a_merge_is_undone_with_a_button(agent: Visitor, merged: Services) -> None:
    version = reads.ticket(merged, "IT-000002").version
    answer = agent.post(f"{TWO}/unmerge", gone="IT-000001", version=version)
    assert (answer.status_code, answer.location) == (302, ONE)
    assert "first words" in agent.get(ONE).text
    assert "first words" not in agent.get(TWO).text
    again = agent.post(f"{TWO}/unmerge", gone="IT-000001", version=reads.ticket(merged, "IT-000002").version)
    assert (again.status_code, "is not merged" in again.text) == (409, True)


@pytest.mark.parametrize(
    ("into", "status", "said"),
    [
        ("", 400, "Write the number"),
        ("IT-000009", 409, "There is no ticket IT-000009"),
        ("IT-000001", 409, "the same ticket"),
        ("IT-000003", 409, "is closed"),
    ],
)
def test_a_merge_that_cannot_be_is_refused_in_words(
    agent: Visitor, two: Services, into: str, status: int, said: str
) -> None:
    with writing(two.sessions) as session:
        rows.add_ticket(session, "Done", state=State.CLOSED)
    answer = agent.post(f"{ONE}/merge", into=into)
    assert (answer.status_code, said in answer.text) == (status, True)


def test_a_ticket_that_changed_meanwhile_is_not_merged(agent: Visitor, two: Services) -> None:
    answer = agent.post(f"{ONE}/merge", into="IT-000002", version=99, sure="yes")
    assert (answer.status_code, "changed while you were working" in answer.text) == (409, True)
    assert reads.acts(two, "ticket.merged") == []


def test_a_ticket_goes_to_another_desk_under_a_new_number(agent: Visitor, two: Services) -> None:
    page = agent.get(f"{ONE}/desk").text
    assert ">HR Desk</option>" in page
    assert ">IT Service Desk</option>" not in page
    answer = agent.post(f"{ONE}/desk", desk="hr", version=reads.ticket(two).version)
    assert answer.status_code == 302
    assert agent.get(answer.location).location == "/tickets/HR-000001"
    moved = agent.get("/tickets/HR-000001").text
    assert "IT-000001 became HR-000001, at another desk" in moved
    assert "Its other numbers" in moved
    ticket = reads.ticket(two, "HR-000001")
    assert (ticket.desk, ticket.needs_agent) == ("hr", True)


@pytest.mark.parametrize(("desk", "status"), [("nowhere", 400), ("it", 409)])
def test_a_ticket_is_moved_to_another_desk_that_is_there(
    agent: Visitor, two: Services, desk: str, status: int
) -> None:
    assert agent.post(f"{ONE}/desk", desk=desk, version=reads.ticket(two).version).status_code == status


def test_only_an_open_ticket_is_moved(agent: Visitor, web_services: Services) -> None:
    with writing(web_services.sessions) as session:
        rows.add_ticket(session, state=State.RESOLVED)
    assert "only an open ticket can be moved" in agent.get(f"{ONE}/desk").text
    assert f'href="{ONE}/desk"' not in agent.get(ONE).text


@pytest.fixture
def third_party(web_services: Services) -> Callable[[], str]:
    def make(trust: str = "verified") -> str:
        with writing(web_services.sessions) as session:
            ticket = rows.add_ticket(session)
            message = rows.add_message(
                session,
                ticket,
                "from home",
                author_address=SAM,
                sender="stranger",
                flags=["third_party"],
                trust=trust,
            )
            return f"{ONE}/messages/{message.id}/same-person"

    return make


def test_an_address_is_said_to_be_the_requesters_and_taken_back(
    agent: Visitor, web_services: Services, third_party: Callable[[], str]
) -> None:
    page = third_party()
    assert page in agent.get(ONE).text
    assert "not proved" not in agent.get(page).text
    assert agent.post(page).status_code == 400
    assert agent.post(page, reason="rang her").status_code == 302
    shown = agent.get(ONE).text
    assert "Other addresses of the requester" in shown
    (act,) = reads.acts(web_services, "person.address_added")
    assert (act.actor, act.reason, act.detail) == (AGENT, "rang her", {"address": SAM, "same_as": PAT})
    again = agent.post(page, reason="again")
    assert (again.status_code, "already" in again.text) == (409, True)
    assert agent.post(f"{ONE}/other-addresses/remove", address=SAM).status_code == 302
    assert "Other addresses of the requester" not in agent.get(ONE).text
    assert len(reads.acts(web_services, "person.address_removed")) == 1
    assert agent.post(f"{ONE}/other-addresses/remove", address=SAM).status_code == 409


def test_the_agent_is_warned_where_the_sender_is_not_proved(
    agent: Visitor, third_party: Callable[..., str]
) -> None:
    assert "not proved" in agent.get(third_party("unknown")).text


def test_no_message_of_another_ticket_is_asked_about(agent: Visitor, two: Services) -> None:
    message = reads.messages(two, "IT-000002")[0]
    assert agent.get(f"{ONE}/messages/{message.id}/same-person").status_code == 404
