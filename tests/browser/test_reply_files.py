"""An agent sends files by keyboard, with script and without, and is told by the page what cannot be sent."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import FileChooser, expect

from tests.browser.conftest import Running, Screen
from tests.web import reads

Screens = Callable[..., Screen]
PAGE = "/tickets/IT-000001"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "to send"
    made.mkdir()
    (made / "Anleitung für Ärzte.txt").write_bytes(b"one\r\ntwo\n")
    (made / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    (made / "setup.exe").write_bytes(b"MZ")
    (made / "empty.txt").write_bytes(b"")
    (made / "large.bin").write_bytes(b"x" * (11 * 2**20))
    return made


def _not_yet(_chooser: FileChooser) -> None:
    """Whoever waits for it takes it."""


def choose(here: Screen, field: str, *files: Path) -> None:
    """Come to the field by keyboard and choose there.

    The browser hands its dialog over once somebody listens. On a busy machine it learns of that only some
    milliseconds later, so one listens before the way there."""
    here.page.on("filechooser", _not_yet)
    here.tab_to(field)
    with here.page.expect_file_chooser() as opened:
        here.press("Space")
    opened.value.set_files(files)


def test_an_agent_sends_files(screen: Screens, running: Running, folder: Path) -> None:
    here = screen("agent")
    here.go(PAGE)
    here.press("r")
    here.type("Please look at these.")
    choose(here, "reply_files", folder / "Anleitung für Ärzte.txt", folder / "picture.png")
    here.check()
    here.tab_to("Send reply")
    here.press("Enter")
    expect(here.page.locator(".app-notice")).to_have_text("Your reply is on its way.")
    sent = here.page.locator(".app-message--outbound").last.locator(".app-files")
    expect(sent.locator("a")).to_have_text(["Anleitung für Ärzte.txt", "picture.png"])
    expect(sent).to_contain_text("9 bytes")
    here.check()
    with here.page.expect_download() as started:
        sent.locator("a").first.press("Enter")
    assert started.value.suggested_filename == "Anleitung für Ärzte.txt"
    assert Path(started.value.path()).read_bytes() == b"one\r\ntwo\n"


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_what_cannot_be_sent_is_told_at_the_field_and_the_text_stays(
    screen: Screens, running: Running, folder: Path, script: bool
) -> None:
    here = screen("agent", script=script)
    here.go(PAGE)
    here.page.fill("#reply", "Please look at these.")
    here.page.set_input_files(
        "#reply_files", [folder / name for name in ("picture.png", "setup.exe", "empty.txt", "large.bin")]
    )
    here.page.click("text=Send reply")
    summary = here.page.locator(".nhsuk-error-summary")
    expect(summary.locator("a")).to_have_count(3)
    expect(summary).to_contain_text("large.bin is 11 MB; choose a file of 10 MB or less")
    expect(here.page.locator("#reply")).to_have_value("Please look at these.")
    described = here.page.locator("#reply_files").get_attribute("aria-describedby") or ""
    said = " ".join(here.page.locator(f"#{one}").inner_text() for one in described.split())
    for words in ("Up to 10 files", "setup.exe cannot be sent", "empty.txt is empty", "large.bin is 11 MB"):
        assert words in said
    here.complaints.clear()  # the browser notes the answer's 400 as an error
    if script:
        here.check()
        expect(summary).to_be_focused()
        here.press("Tab", "Enter")  # from the summary to the field
        assert here.focused() == "reply_files"
    here.page.click("text=Send reply")
    expect(summary).to_contain_text("Choose your 4 files again")
    here.page.set_input_files("#reply_files", folder / "picture.png")
    here.page.click("text=Send reply")
    expect(here.page.locator(".app-notice")).to_have_text("Your reply is on its way.")
    assert len(reads.outbox(running.services)) == 4
    assert here.page.locator(".app-message--outbound").last.locator(".app-files a").count() == 1


def test_an_agent_goes_on_without_files(screen: Screens, folder: Path) -> None:
    here = screen("agent")
    here.go(f"{PAGE}/resolve")
    here.page.fill("#resolution", "It is mended.")
    choose(here, "resolution_files", folder / "setup.exe")
    here.tab_to("Resolve and send")
    here.press("Enter")
    expect(here.page.locator(".nhsuk-error-summary")).to_be_focused()
    here.complaints.clear()
    here.check()
    here.tab_to("resolution_files_without")
    here.press("Space")
    here.tab_to("Resolve and send")
    here.press("Enter")
    expect(here.page.locator(".app-ticket-head")).to_contain_text("Resolved")


def test_a_telephone_shows_the_field_with_its_faults(screen: Screens, folder: Path) -> None:
    here = screen("agent", width=390)
    here.go(PAGE)
    here.page.fill("#reply", "Please look at these.")
    here.page.set_input_files("#reply_files", folder / "setup.exe")
    here.page.click("text=Send reply")
    expect(here.page.locator(".nhsuk-error-summary")).to_be_visible()
    here.complaints.clear()
    here.check()
