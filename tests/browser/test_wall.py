"""What the wall between desks adds to the pages: each checked by axe, wide and narrow, and one way by the keyboard."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from helpdesk.db import writing
from tests.browser.conftest import Running, Screen
from tests.web import desks, rows
from tests.web.unmatched import add_unmatched

Screens = Callable[..., Screen]


@pytest.fixture
def walled(running: Running) -> Running:
    """An agent of the IT desk, one of no desk that is there, and a mail that names an HR ticket as well."""
    desks.place_people(running.services, agent=["it"], other=["vanished"])
    with writing(running.services.sessions) as session:
        rows.add_ticket(session, "A grievance", prefix="HR")
        signs = [
            {"kind": "reference", "ticket": "HR-000001", "header": "references"},
            {"kind": "subject_tag", "ticket": "IT-000001", "header": "subject"},
        ]
        add_unmatched(running.services, session, evidence=signs)
    return running


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_every_changed_page_can_be_read_by_everyone(screen: Screens, walled: Running, width: int) -> None:
    here = screen("agent", width=width)
    for path, words in (
        ("/tickets/IT-000001/desk", "You do not see the tickets of HR Desk"),
        ("/to-be-matched", "IT-000001"),
        ("/to-be-matched/1", "desks that you do not see"),
    ):
        here.go(path)
        expect(here.page.locator("main")).to_contain_text(words)
        here.check()
    nowhere = screen("other", width=width)
    expect(nowhere.page.locator(".app-empty__title")).to_have_text("You are at no desk")
    nowhere.check()


def test_an_agent_hands_a_ticket_over_to_a_desk_that_they_do_not_see(
    screen: Screens, walled: Running
) -> None:
    here = screen("agent")
    here.go("/tickets/IT-000003")
    here.page.get_by_role("link", name="Other desk").press("Enter")
    expect(here.page).to_have_url(re.compile("/tickets/IT-000003/desk$"))
    here.tab_to("Move the ticket")
    here.press("Enter")
    expect(here.page.locator(".app-notice")).to_contain_text("You do not see the tickets of that desk.")
    assert here.heading() == "Queue"
    here.check()
