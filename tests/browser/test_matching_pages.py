"""The pages that match, merge and move: by the keyboard, each checked by axe, on a wide and a narrow screen."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from helpdesk.db import writing
from tests.browser.conftest import Running, Screen
from tests.web import reads, rows
from tests.web.unmatched import SAM, add_unmatched

Screens = Callable[..., Screen]


@pytest.fixture
def waiting(running: Running) -> Running:
    """Beside the seeded tickets a mail that names two of them, and one of somebody else on the first."""
    with writing(running.services.sessions) as session:
        add_unmatched(running.services, session)
        ticket = session.merge(reads.ticket(running.services))
        columns = {"author_address": SAM, "flags": ["third_party"], "sender": "stranger", "trust": "verified"}
        rows.add_message(session, ticket, "from home", **columns)
    return running


@pytest.mark.parametrize("width", [1280, 320])
def test_every_new_page_can_be_read_by_everyone(screen: Screens, waiting: Running, width: int) -> None:
    here = screen("agent", width=width)
    message = next(one for one in reads.messages(waiting.services) if one.author_address == SAM)
    for path in (
        "/tickets",
        "/to-be-matched",
        "/to-be-matched/1",
        "/tickets/IT-000001",
        "/tickets/IT-000001/merge",
        "/tickets/IT-000001/desk",
        f"/tickets/IT-000001/messages/{message.id}/same-person",
    ):
        here.go(path)
        here.check()


def test_an_agent_matches_a_mail(screen: Screens, waiting: Running) -> None:
    here = screen("agent")
    here.page.get_by_role("link", name="To be matched").press("Enter")
    expect(here.page.locator("h1")).to_have_text("To be matched")
    here.press("j", "Enter")
    expect(here.page.locator("h1")).to_contain_text("Where does this mail belong?")
    here.page.fill("#number", "IT-000099")
    here.page.get_by_role("button", name="Add to this ticket").press("Enter")
    expect(here.page.locator(".nhsuk-error-summary")).to_contain_text("no ticket IT-000099")
    here.complaints.clear()  # the browser notes the answer's code
    here.check()
    here.page.get_by_role("button", name="Add to IT-000001").press("Enter")
    expect(here.page.locator(".app-notice")).to_have_text("The mail was added to IT-000001.")
    here.check()


def test_an_agent_merges_and_undoes_it(screen: Screens, waiting: Running) -> None:
    here = screen("agent")
    here.go("/tickets/IT-000003")
    here.page.get_by_role("link", name="Merge", exact=True).press("Enter")
    here.page.fill("#into", "IT-000004")
    here.press("Enter")
    expect(here.page.locator("h1")).to_have_text("Merge IT-000003 into IT-000004?")
    here.check()
    here.page.get_by_role("button", name="Merge the tickets").press("Enter")
    expect(here.page.locator(".app-notice")).to_have_text("The two tickets are one now.")
    here.check()
    here.page.get_by_role("button", name="Undo the merge of IT-000003").press("Enter")
    expect(here.page.locator(".app-notice")).to_contain_text("a ticket of its own again")
