"""To be matched: what an agent sees of a mail with several signs, and what the buttons do."""

import re
from html import unescape

import pytest

from helpdesk.db import writing
from helpdesk.services import Services
from tests.web import reads, rows
from tests.web.conftest import Visitor
from tests.web.unmatched import SAM, add_unmatched

PAGE = "/to-be-matched/1"


@pytest.fixture
def waiting(web_services: Services) -> Services:
    """Two tickets, and a mail that names both."""
    with writing(web_services.sessions) as session:
        rows.add_ticket(session)
        rows.add_ticket(session, "Laptop does not start", requester=SAM)
        add_unmatched(web_services, session)
    return web_services


def words(page: str) -> str:
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", page).split()))


def test_the_queue_says_how_many_wait_and_leads_to_them(agent: Visitor, waiting: Services) -> None:
    assert 'href="/to-be-matched">To be matched <span' in agent.get("/tickets").text
    assert "To be matched 1 waiting" in words(agent.get("/tickets").text)
    listed = agent.get("/to-be-matched").text
    assert PAGE in listed
    assert "Sam Other IT-000002, IT-000001 just now" in words(listed)


def test_the_signs_stand_in_their_order_with_ticket_and_weight(agent: Visitor, waiting: Services) -> None:
    page = words(agent.get(PAGE).text)
    assert "signs of more than one ticket" in page
    likely, weak = page.index("IT-000002 It names an earlier message"), page.index("IT-000001 The ticket's")
    assert likely < weak
    assert "message that it answers Likely" in page[likely:weak]
    assert "subject Weak" in page[weak:]
    assert page.index("Add to IT-000002") < page.index("Add to IT-000001") < page.index("Make a new ticket")
    assert "Both of them jam." in page
    assert "list.csv" in page
    assert "alert(1)" not in agent.get(PAGE).text


def test_a_tag_of_somebody_elses_ticket_is_said_to_be_one(agent: Visitor, web_services: Services) -> None:
    with writing(web_services.sessions) as session:
        rows.add_ticket(session)
        add_unmatched(
            web_services,
            session,
            evidence=[{"kind": "subject_tag", "ticket": "IT-000001", "header": "subject"}],
        )
    assert "does not take part in that ticket" in words(agent.get(PAGE).text)


@pytest.mark.parametrize(
    ("fields", "number", "answers"),
    [
        ({"to": "IT-000002"}, "IT-000002", []),
        ({"to": "IT-000001"}, "IT-000001", []),
        ({"to": "other", "number": "it-000001"}, "IT-000001", []),
        ({"to": "new"}, "IT-000003", ["acknowledgement"]),
    ],
)
def test_a_button_puts_the_mail_where_it_says(
    agent: Visitor, waiting: Services, fields: dict[str, str], number: str, answers: list[str]
) -> None:
    answer = agent.post(PAGE, PAGE, **fields)
    assert (answer.status_code, answer.location) == (302, f"/tickets/{number}#latest")
    assert reads.messages(waiting, number)[-1].author_address == SAM
    assert [one.kind for one in reads.outbox(waiting)] == answers
    (act,) = reads.acts(waiting, "mail.matched")
    assert (act.actor, act.detail["ticket"]) == (rows.PEOPLE["agent"][0], number)
    assert "Nothing to be matched" in agent.get("/to-be-matched").text
    assert "Both of them jam." in agent.get(f"/tickets/{number}").text


def test_what_went_wrong_is_said_where_it_can_be_mended(agent: Visitor, waiting: Services) -> None:
    for fields, status, said in (
        ({}, 400, "Choose what to do"),
        ({"to": "other"}, 400, "Write the number"),
        ({"to": "other", "number": "IT-000099"}, 409, "There is no ticket IT-000099"),
    ):
        answer = agent.post(PAGE, PAGE, **fields)
        assert (answer.status_code, said in answer.text) == (status, True)
    assert reads.acts(waiting, "mail.matched") == []


def test_of_two_agents_the_second_is_told_who_was_first(agent: Visitor, waiting: Services) -> None:
    agent.post(PAGE, PAGE, to="IT-000001")
    late = agent.post(PAGE, to="IT-000002")
    assert late.status_code == 409
    assert "has said already where this mail belongs" in late.text
    assert agent.get(PAGE).location == "/to-be-matched"
    assert len(reads.acts(waiting, "mail.matched")) == 1


def test_there_is_no_page_for_a_mail_that_is_not_there(agent: Visitor, waiting: Services) -> None:
    assert agent.get("/to-be-matched/99").location == "/to-be-matched"
