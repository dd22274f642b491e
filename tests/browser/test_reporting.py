"""Reporting a message by the keyboard, and the officer's pages of it, each checked by axe on a wide and a narrow screen."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from helpdesk.db import writing
from tests.browser.conftest import Running, Screen
from tests.web import reads, rows
from tests.web.test_reporting import RAW, WORD

Screens = Callable[..., Screen]


@pytest.fixture
def shown(running: Running) -> Running:
    """Beside the seeded tickets a mail of somebody that should not be on the first."""
    with writing(running.services.sessions) as session:
        rows.add_mail(running.services, session, session.merge(reads.ticket(running.services)), RAW)
    return running


def test_an_agent_reports_a_message_and_it_is_gone(screen: Screens, shown: Running) -> None:
    here = screen("agent")
    here.go("/tickets/IT-000001")
    expect(here.page.locator(".app-message--inbound").last).to_contain_text(WORD)
    link = here.page.get_by_role("link", name="Report personal data")
    here.tab_to(" ".join(link.inner_text().split()), 120)
    here.press("Enter")
    expect(here.page.locator("h1")).to_contain_text("Report personal data")
    here.check()

    here.tab_to("Hide and report the message")
    here.press("Enter")
    here.is_told_of_faults("category-1")
    here.press("Space", "ArrowDown")
    here.tab_to("note")
    here.type("in the first line")
    here.tab_to("Hide and report the message")
    here.press("Enter")
    expect(here.page.locator(".app-notice")).to_contain_text("The message is hidden")
    expect(here.page.locator(".app-event--held").last).to_contain_text(
        "was reported as holding personal data"
    )
    assert WORD not in here.page.content()
    here.check()


@pytest.mark.parametrize("width", [1280, 390])
def test_its_pages_can_be_read_by_everyone(screen: Screens, shown: Running, width: int) -> None:
    message = reads.messages(shown.services)[-1].id
    here = screen("agent", width=width)
    for path in ("/tickets/IT-000001", f"/tickets/IT-000001/messages/{message}/report"):
        here.go(path)
        here.check()
    here.page.check("#category-3")
    here.page.fill("#note", "in the first line")
    here.page.get_by_role("button", name="Hide and report").press("Enter")
    expect(here.page.locator(".app-notice")).to_contain_text("The message is hidden")
    here.go(f"/tickets/IT-000001/messages/{message}/report")
    expect(here.page.locator("main")).to_contain_text("reported this message already")
    here.check()

    officer = screen("officer", width=width)
    officer.go("/quarantine")
    expect(officer.page.locator("tbody tr").last).to_contain_text("by Amal Khan")
    officer.check()
    officer.go("/quarantine/2")
    expect(officer.page.locator("#reported")).to_be_visible()
    officer.check()
