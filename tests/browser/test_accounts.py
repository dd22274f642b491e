"""Staff accounts by the keyboard: each page checked by axe, wide and narrow."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from helpdesk.db import reading
from helpdesk.models import User
from tests.browser.conftest import Running, Screen
from tests.web import desks, rows

Screens = Callable[..., Screen]


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_every_page_can_be_read_by_everyone(screen: Screens, running: Running, width: int) -> None:
    desks.place_people(running.services, agent=["hr", "vanished"], other=[])
    here = screen("admin", width=width)
    for path in ("", "/add", "/1", "/1/change", "/2/change", "/4"):
        here.go(f"/admin/users{path}")
        here.check()


def test_an_admin_says_whose_tickets_an_agent_sees(screen: Screens, running: Running) -> None:
    here = screen("admin")
    here.page.get_by_role("link", name="Staff accounts").press("Enter")
    here.page.get_by_role("link", name="Amal Khan").press("Enter")
    here.page.get_by_role("link", name="Change role or desks").press("Enter")
    expect(here.page.locator("h1")).to_contain_text("Change the account of Amal Khan")
    here.tab_to("sees-all")
    here.press("ArrowDown")  # to the desks below
    here.tab_to("Save")
    here.press("Enter")
    here.is_told_of_faults("desk-1")
    here.press("Tab", "Space")
    here.tab_to("Save")
    here.press("Enter")
    expect(here.page.locator(".app-notice").first).to_contain_text("The account of Amal Khan is changed.")
    expect(here.page.locator("dl")).to_contain_text("HR Desk")
    here.check()
    with reading(running.services.sessions) as session:
        assert session.scalars(select(User.desks).where(User.email == rows.PEOPLE["agent"][0])).one() == [
            "hr"
        ]
