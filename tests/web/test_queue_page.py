"""The queue as an agent uses it: by address, with and without script."""

import pytest

from helpdesk.db import writing
from helpdesk.services import Services
from helpdesk.tickets import queue
from helpdesk.tickets.states import State
from tests.web import reads, rows
from tests.web.conftest import Visitor


@pytest.fixture
def filled(web_services: Services) -> Services:
    with writing(web_services.sessions) as session:
        rows.add_ticket(session, "Alpha printer", state=State.NEW)
        rows.add_ticket(session, "Beta laptop", state=State.RESOLVED)
        held = rows.add_ticket(session, "A message is being checked", prefix="HR")
        rows.add_held(web_services, session, held)
    return web_services


@pytest.mark.parametrize(
    ("address", "shown", "not_shown"),
    [
        ("/tickets", ["Alpha", "being checked", "Message held"], ["Beta"]),
        ("/tickets?state=resolved", ["Beta"], ["Alpha"]),
        ("/tickets?state=nonsense", ["Alpha"], ["Beta"]),
        ("/tickets?q=laptop", ["Beta"], ["Alpha"]),
        ("/tickets?q=nothing-like-it", ["No tickets match your search"], ["Alpha"]),
        ("/tickets?owner=mine", ["No tickets here"], ["Alpha"]),
        ("/tickets?owner=nonsense&desk=nonsense&sort=nonsense&dir=x&page=-1", ["Alpha"], []),
        ("/tickets?desk=hr", ["being checked"], ["Alpha"]),
        ("/tickets?page=9", ["nothing on this page"], ["Alpha"]),
        ("/tickets?page=999999999999999999", ["Alpha"], []),
        ("/tickets?q=%00%27%22%25", ["No tickets", "Alpha"][1:], []),
    ],
)
def test_the_address_says_what_is_shown(
    agent: Visitor, filled: Services, address: str, shown: list[str], not_shown: list[str]
) -> None:
    answer = agent.get(address)
    assert answer.status_code == 200
    assert all(words in answer.text for words in shown)
    assert not any(words in answer.text for words in not_shown)


def test_a_held_mail_shows_nothing_of_itself(agent: Visitor, filled: Services) -> None:
    for address in ("/tickets", "/tickets?q=KANARIENVOGEL", "/tickets?q=referral"):
        page = agent.get(address).text
        assert "Referral" not in page
        assert "Dana" not in page
        assert page.count("KANARIENVOGEL") == address.count("KANARIENVOGEL")  # in the search field alone


def test_the_script_is_given_the_list_alone(agent: Visitor, filled: Services) -> None:
    update = agent.get("/tickets", headers={"HX-Request": "true"}).text
    assert "Alpha" in update
    assert "<html" not in update
    assert 'hx-swap-oob="innerHTML">Tickets 1 to 2 of 2</div>' in update
    whole = agent.get("/tickets", headers={"HX-Request": "true", "HX-History-Restore-Request": "true"}).text
    assert "<html" in whole


def test_the_script_is_told_to_load_anew_when_the_session_has_ended(visitor: Visitor) -> None:
    answer = visitor.get("/tickets", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Refresh"]) == (204, "true")


def test_every_page_of_the_list_costs_the_same_queries(agent: Visitor, web_services: Services) -> None:
    def cost(address: str) -> int:
        with reads.counted_queries(web_services) as seen:
            agent.get(address)
        return len(seen)

    empty = cost("/tickets")
    with writing(web_services.sessions) as session:
        people = session.merge(rows.add_ticket(session)).owner
        assert people is None
        for number in range(queue.PAGE_SIZE * 2):
            rows.add_ticket(session, f"Ticket {number}")
    assert cost("/tickets") <= empty + 1 <= 5
    assert cost("/tickets?page=2") <= 5


def test_paging_goes_on_and_back(agent: Visitor, web_services: Services) -> None:
    with writing(web_services.sessions) as session:
        for number in range(queue.PAGE_SIZE + 1):
            rows.add_ticket(session, f"Ticket {number:02}.")
    first = agent.get("/tickets?owner=unassigned").text
    assert "1 to 25 of 26" in first
    assert "/tickets?owner=unassigned&amp;page=2" in first
    second = agent.get("/tickets?owner=unassigned&page=2").text
    assert "26 to 26 of 26" in second
    assert "Ticket 00." in second
    assert 'rel="prev" href="/tickets?owner=unassigned"' in second


def test_a_click_on_the_present_order_turns_it_round(agent: Visitor, filled: Services) -> None:
    page = agent.get("/tickets?sort=requester&dir=asc&q=a").text
    assert 'aria-sort="ascending"' in page
    assert "/tickets?q=a&amp;sort=requester&amp;dir=desc" in page
    assert "/tickets?q=a&amp;sort=updated&amp;dir=desc" in page


def test_a_search_is_an_act_of_which_no_word_is_kept(agent: Visitor, filled: Services) -> None:
    agent.get("/tickets?q=pat+green")
    agent.get("/tickets?q=pat+green&page=2")
    agent.get("/tickets")
    searched = reads.acts(filled, "tickets.searched")
    assert [act.detail for act in searched] == [{"words": 2, "found": 3}]
    assert "pat" not in str(searched[0].detail) + searched[0].reason
