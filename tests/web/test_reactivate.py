"""The link of a resolution mail: a page that says a number, and one button."""

import pytest

from helpdesk.db import writing
from helpdesk.services import Services
from helpdesk.tickets.states import State
from tests.web import reads, rows
from tests.web.conftest import Visitor


def link(services: Services, state: State = State.RESOLVED, number: str = "IT-000001") -> str:
    with writing(services.sessions) as session:
        ticket = rows.add_ticket(session, "Secret subject", state=state)
        rows.add_message(session, ticket, "It is back", standing="aside")
    return f"/reactivate/{services.tokens.link(number)}"


def test_reading_the_page_changes_nothing_and_tells_the_number_alone(
    visitor: Visitor, web_services: Services
) -> None:
    page = visitor.get(link(web_services))
    assert page.status_code == 200
    assert "Open ticket IT-000001 again" in page.text
    assert page.text.count("<button") == 1
    for secret in ("Secret subject", "pat.green", "Pat Green", "It is back"):
        assert secret not in page.text
    assert reads.ticket(web_services).state == "resolved"


def test_the_button_opens_the_ticket_and_what_waited_joins_it(
    visitor: Visitor, web_services: Services
) -> None:
    address = link(web_services)
    done = visitor.post(address, address)
    assert "is open again" in done.text
    assert reads.ticket(web_services).state == "in_progress"
    assert [message.standing for message in reads.messages(web_services)] == ["added", "added"]
    assert reads.acts(web_services, "ticket.reactivated")[0].actor == "holder of a re-activation link"


def test_a_second_press_says_that_it_is_open_already(visitor: Visitor, web_services: Services) -> None:
    address = link(web_services)
    visitor.post(address, address)
    again = visitor.post(address)
    assert "is open already" in again.text
    assert len(reads.acts(web_services, "ticket.reactivated")) == 1


@pytest.mark.parametrize(
    ("state", "words"),
    [(State.CLOSED, "is closed"), (State.NEW, "is open already"), (State.WAITING_USER, "is open already")],
)
def test_a_ticket_in_another_state_has_no_button_and_stays(
    visitor: Visitor, web_services: Services, state: State, words: str
) -> None:
    address = link(web_services, state)
    assert words in visitor.get(address).text
    assert "<button" not in visitor.get(address).text
    assert words in visitor.post(address).text
    assert reads.ticket(web_services).state == state.value


@pytest.mark.parametrize("token", ["nonsense", "IklULTAwMDAwMSI.x.y", "a" * 500])
def test_a_link_that_is_not_ours_does_not_work(visitor: Visitor, web_services: Services, token: str) -> None:
    link(web_services)
    for answer in (visitor.get(f"/reactivate/{token}"), visitor.post(f"/reactivate/{token}")):
        assert answer.status_code == 404
        assert "This link does not work" in answer.text
    assert reads.ticket(web_services).state == "resolved"


def test_a_link_to_no_ticket_looks_like_one_that_is_not_ours(
    visitor: Visitor, web_services: Services
) -> None:
    address = f"/reactivate/{web_services.tokens.link('IT-000099')}"
    assert "This link does not work" in visitor.get(address).text


def test_an_old_link_does_not_work(
    visitor: Visitor, web_services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    import time

    address = link(web_services)
    days = web_services.settings.periods.reactivation_link_days
    late = time.time() + days * 86_400 + 60
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: late)
    assert "This link does not work" in visitor.get(address).text


def test_a_signed_in_agent_sees_the_same_page_without_more(agent: Visitor, web_services: Services) -> None:
    assert "Secret subject" not in agent.get(link(web_services)).text
