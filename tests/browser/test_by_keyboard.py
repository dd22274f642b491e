"""The main ways through the pages with the keyboard alone, each page checked by axe."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import Running, Screen
from tests.web import reads, rows

Screens = Callable[..., Screen]


def test_a_person_signs_in(screen: Screens) -> None:
    here = screen()
    here.go("/sign-in")
    here.check()
    here.press("Tab", "Enter")  # the skip link
    here.tab_to("email")
    here.type(rows.PEOPLE["agent"][0])
    here.press("Tab")
    here.type("wrong")
    here.press("Enter")
    expect(here.page.locator(".nhsuk-error-summary")).to_be_focused()
    here.complaints.clear()  # the browser notes the answer's 400 as an error
    here.check()
    here.press("Tab", "Enter")  # from the summary to the field
    assert here.focused() == "email"
    here.press("Tab")
    here.type(rows.PASSWORD)
    here.press("Enter")
    here.page.wait_for_url("**/tickets")
    assert here.heading() == "Queue"


def test_an_agent_finds_and_opens_a_ticket(screen: Screens) -> None:
    here = screen("agent")
    here.check()
    here.page.evaluate("window.untouched = true")

    here.press("/")
    assert here.focused() == "q"
    here.type("ward jams")
    here.press("Enter")
    expect(here.page.locator("tbody tr")).to_have_count(1)
    expect(here.page.locator("#announce")).to_have_text("Tickets 1 to 1 of 1")
    assert here.page.evaluate("window.untouched") is True
    assert "q=ward" in here.page.url

    here.press("Tab")
    here.page.evaluate("document.activeElement.blur()")
    here.press("j", "j", "k")
    assert here.focused().startswith("Printer on ward 4 jams")
    here.press("Enter")
    here.page.wait_for_url("**/tickets/IT-000001")
    here.press("u")
    here.page.wait_for_url("**/tickets")


def test_the_list_is_paged_sorted_and_filtered_without_loading_the_page(screen: Screens) -> None:
    here = screen("agent")
    here.page.evaluate("window.untouched = true")
    here.tab_to("Next page →", 100)
    here.press("Enter")
    expect(here.page.locator(".app-views__count")).to_have_text("26 to 31 of 31")
    here.page.get_by_role("link", name="Number", exact=True).press("Enter")
    expect(here.page.locator("th[aria-sort=descending]")).to_contain_text("Number")
    here.page.select_option("#owner", "mine")
    expect(here.page.locator("tbody tr")).to_have_count(1)
    assert "sort=number" in here.page.url  # a filter keeps the order
    here.page.locator("summary", has_text="State").press("Enter")
    here.page.locator("#state-resolved").press("Space")
    expect(here.page.locator(".app-empty__title")).to_have_text("No tickets here")
    assert here.page.evaluate("window.untouched") is True
    here.page.locator("#state-resolved").press("Escape")
    assert here.page.locator("details.app-menu").get_attribute("open") is None
    here.page.go_back()
    expect(here.page.locator("tbody tr")).to_have_count(1)
    here.check()


def test_shortcuts_are_explained_and_can_be_turned_off(screen: Screens) -> None:
    here = screen("agent")
    here.press("?")
    expect(here.page.locator("dialog")).to_be_visible()
    here.check()
    here.tab_to("use-shortcuts")
    here.press("Space", "Escape")
    expect(here.page.locator("dialog")).to_be_hidden()
    here.press("/")
    assert here.focused() != "q"
    here.page.reload()
    here.press("/")
    assert here.focused() != "q"


def test_the_list_works_without_script(screen: Screens) -> None:
    here = screen("agent", script=False)
    here.page.fill("#q", "laptop")
    here.press("Enter")
    here.page.wait_for_url(re.compile("q=laptop"))
    assert here.page.locator("tbody tr").count() == 1
    here.page.click("text=Laptop does not start")
    assert here.heading() == "Laptop does not start"


def test_an_agent_answers_a_ticket(screen: Screens, running: Running) -> None:
    here = screen("agent")
    here.go("/tickets/IT-000001")
    here.check()
    here.press("r")
    assert here.focused() == "reply"
    here.type("Please open the left side and take the paper out.")
    here.tab_to("Send reply")
    here.press("Enter")
    expect(here.page.locator(".app-notice")).to_have_text("Your reply is on its way.")
    expect(here.page.locator(".app-message--outbound").last).to_contain_text("take the paper out")
    assert reads.ticket(running.services).state == "waiting_user"

    here.press("n")
    assert here.focused() == "note"
    here.type("It is 943 476 5919.")
    here.tab_to("Add note")
    here.press("Enter")
    expect(here.page.locator("h1")).to_have_text("Check your note before it is kept")
    here.complaints.clear()  # the browser notes the answer's 422 as an error
    here.check()


def test_a_hostile_mail_does_nothing_to_the_page(screen: Screens) -> None:
    here = screen("agent")
    here.go("/tickets/IT-000001")
    body = here.page.locator(".app-mail-html")
    expect(body).to_contain_text("portal.nhs.uk (evil.example)")
    expect(body).to_contain_text("[image not shown: logo]")
    assert "Printer on ward 4 jams" in here.page.title()
    assert body.locator("[style], script, img").count() == 0
    assert here.elsewhere == []


def test_an_agent_resolves_a_ticket(screen: Screens, running: Running) -> None:
    here = screen("agent")
    here.go("/tickets/IT-000001")
    here.tab_to("Resolve")
    here.press("Enter")
    here.page.wait_for_url("**/resolve")
    here.check()
    here.tab_to("resolution")
    here.type("The paper was taken out.")
    here.tab_to("Resolve and send")
    here.press("Enter")
    expect(here.page.locator(".app-ticket-head")).to_contain_text("Resolved")
    here.check()
    assert reads.outbox(running.services)[-1].kind == "resolution"


def test_an_officer_opens_and_purges_a_held_mail(screen: Screens, running: Running) -> None:
    here = screen("officer")
    here.check()
    here.press("j", "Enter")
    here.page.wait_for_url("**/quarantine/1")
    here.check()
    here.tab_to("look_reason")
    here.type("to see whose number it is")
    here.press("Enter")
    expect(here.page.locator(".app-piece mark")).to_contain_text("943 476 5919")
    here.check()

    here.tab_to("Record decision")
    here.press("Enter")
    expect(here.page.locator(".nhsuk-error-summary")).to_be_focused()
    here.complaints.clear()  # the browser notes the answer's 400 as an error
    here.check()
    here.press("Tab", "Enter")
    assert here.focused() == "act-redacted"
    here.press("ArrowDown", "ArrowDown")
    here.tab_to("reason")
    here.type("sent by mistake")
    here.tab_to("Record decision")
    here.press("Enter")
    expect(here.page.locator("h1")).to_contain_text("Are you sure you want to purge")
    here.check()
    here.tab_to("Yes, erase it for good")
    here.press("Enter")
    expect(here.page.locator(".app-notice")).to_have_text("The mail was erased for good.")
    assert [act.reason for act in reads.acts(running.services, "held.purged")] == ["sent by mistake"]


def test_an_end_user_opens_their_ticket_again(screen: Screens, running: Running) -> None:
    here = screen()
    here.go(running.link("IT-000002"))
    here.check()
    here.tab_to("Open ticket IT-000002 again")
    here.press("Enter")
    expect(here.page.locator("h1")).to_have_text("Ticket IT-000002 is open again")
    here.check()
    assert reads.ticket(running.services, "IT-000002").state == "in_progress"


def test_an_admin_changes_a_mail_text(screen: Screens, running: Running) -> None:
    here = screen("admin")
    here.go("/admin/texts")
    here.check()
    here.tab_to("The ticket is closed")
    here.press("Enter")
    here.page.wait_for_url("**/texts/it/closed")
    here.check()
    preview = here.page.frame_locator("iframe.app-mail-preview")
    expect(preview.locator("strong").first).to_have_text("IT-000123")
    assert preview.locator("body").evaluate("one => getComputedStyle(one).fontFamily").startswith("Arial")

    here.page.fill("#text", "Shut.\n{{ patient_name }}")
    here.tab_to("Preview")
    here.press("Enter")
    expect(here.page.locator(".nhsuk-error-summary")).to_be_focused()
    expect(here.page.locator(".nhsuk-error-summary")).to_contain_text("Text, line 2")
    here.complaints.clear()  # the browser notes the answer's 400 as an error
    here.check()

    here.page.fill("#text", "Shut. No patient details.\n{{ desk_address }}")
    here.page.fill("#html", "")
    here.tab_to("Preview")
    here.press("Enter")
    expect(preview.locator("p")).to_contain_text("Shut.")
    here.tab_to("Save")
    here.press("Enter")
    expect(here.page.locator(".app-notice").first).to_contain_text("The text is stored")
    here.check()
    assert [act.action for act in reads.acts(running.services)][-1] == "template.changed"


def test_the_preview_of_a_mail_text_reaches_nothing_elsewhere(screen: Screens) -> None:
    here = screen("admin")
    here.go("/admin/texts/it/closed")
    title = here.page.title()
    here.page.fill(
        "#html",
        "<p id='mine'>No patient details. {{ desk_address }}</p><img src='https://track.example/p.gif' alt=''>"
        "<p style='background:url(https://track.example/q.gif)'>x</p><a href='https://elsewhere.example'>y</a>",
    )
    here.tab_to("Preview")
    here.press("Enter")
    expect(here.page.frame_locator("iframe.app-mail-preview").locator("#mine")).to_contain_text("No patient")
    here.page.wait_for_load_state("networkidle")
    refused = "\n".join(here.complaints)  # the browser names each thing that the page's policy kept it from
    for picture in ("p.gif", "q.gif"):
        assert f"https://track.example/{picture}' violates" in refused
    assert here.page.title() == title


def test_every_page_fits_a_telephone_and_has_no_grave_violation(screen: Screens, running: Running) -> None:
    for who, paths in {
        "agent": ["/tickets", "/tickets/IT-000001", "/tickets/IT-000001/close", "/account/password"],
        "officer": ["/quarantine", "/quarantine/1"],
        "admin": ["/admin/mailboxes", "/admin/failed", "/admin/outbox", "/admin/outbox?state=suppressed", "/admin/outbox/stopped", "/admin/outbox/stopped/1", "/admin/alarms", "/admin/texts", "/admin/texts/it/held", "/admin/users", "/admin/users/1", "/admin/users/1/change", "/admin/users/add", "/admin/audit"],
    }.items():  # fmt: skip
        here = screen(who, width=390)
        for path in paths:
            here.go(path)
            here.check()
