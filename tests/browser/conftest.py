"""A running service over seeded rows, and Debian's chromium, driven by the keyboard."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from shutil import which

import pytest
from argon2 import PasswordHasher
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright
from werkzeug.serving import make_server

from helpdesk import services
from helpdesk.db import writing
from helpdesk.outbound import alarms
from helpdesk.outbound.suppression import suppress
from helpdesk.services import Services
from helpdesk.tickets.states import State
from helpdesk.web import create_app
from helpdesk.web.auth import passwords
from tests.conftest import need, settings_for
from tests.web import rows
from tests.web.conftest import ScansTypedText

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
GRAVE = ("serious", "critical")
FOCUSED = "(at => (at && (at.id || at.innerText)) || '')(document.activeElement)"
HOSTILE = (
    "<h1>Notice</h1><p style='position:fixed;inset:0'>Sign in <a href='https://evil.example'>portal.nhs.uk</a>"
    "<img src='https://track.example/p.gif' alt='logo'><script>document.title='owned'</script></p>"
    "<blockquote>earlier words</blockquote>"
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/browser/" in str(item.path):
            item.add_marker(pytest.mark.server)


@dataclass
class Running:
    """A service that answers, and where."""

    url: str
    services: Services

    def link(self, number: str) -> str:
        return f"{self.url}/reactivate/{self.services.tokens.link(number)}"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = which("chromium")
    need(path, "chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="session", autouse=True)
def _quick_hashes() -> Iterator[None]:
    patch = pytest.MonkeyPatch()
    patch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    rows.password_hash.cache_clear()
    yield
    patch.undo()


@pytest.fixture
def running(tmp_path: Path, sqlite_template: Path) -> Iterator[Running]:
    (tmp_path / "helpdesk.db").write_bytes(sqlite_template.read_bytes())
    made = services.start(settings_for(tmp_path))
    seed(made)
    server = make_server("127.0.0.1", 0, create_app(made, ScansTypedText()), threaded=True)  # type: ignore[arg-type]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Running(f"http://127.0.0.1:{server.server_port}", made)
    server.shutdown()
    thread.join()
    made.engine.dispose()


def seed(made: Services) -> None:
    """One ticket with all that a page can show (IT-000001), others for the list, one held mail."""
    with writing(made.sessions) as session:
        people = rows.add_people(session)
        ticket = rows.add_ticket(session, "Printer on ward 4 jams", owner=people["agent"])
        mail = rows.add_outgoing(session, ticket)
        mail.created_at = ticket.created_at
        quoted = "Still jams.\n\nOn Tue, 24 Nov 2026 at 09:10, Desk wrote:\n> try again\n> please\n"
        rows.add_file(made, session, rows.add_message(session, ticket, quoted), "picture of the jam.png")
        rows.add_message(session, ticket, "A note.", direction="note", author_name="Jo Price")
        rows.add_message(
            session,
            ticket,
            "Sign in",
            html=HOSTILE,
            flags=["forged_own_domain", "third_party"],
            standing="unconfirmed",
        )
        failed = rows.add_outgoing(
            session, ticket, state="failed", last_error="mailbox full", automatic=False
        )
        rows.add_message(session, ticket, "We look at it.", direction="outbound", outbox_id=failed.id)
        rows.add_held(made, session, ticket)
        rows.add_ticket(session, "Laptop does not start", state=State.RESOLVED)
        for number in range(30):
            rows.add_ticket(session, f"Ticket number {number}", name="", requester=f"p{number}@example.org")
        rows.add_mailbox_status(session, "hr", failures=2, last_failure="Set mailboxes.hr.password.")
        rows.add_receipt(made, session, b"x", state="failed", failed_step="parse", failure="ParseError")
        rows.add_outgoing(session, None, state="uncertain", last_error="the connection ended")
        suppress(session, "gone@example.org", "its mail came back for good")
        for cap in ("limits.answers_a_day", "limits.answers_per_domain_a_day"):
            alarms.raise_alarm(session, made.settings, alarms.Kind.CAP, cap, "Mails were not sent: too many.")


@dataclass
class Screen:
    """A page in a browser, with what went wrong on it."""

    page: Page
    running: Running
    complaints: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        self.page.goto(path if path.startswith("http") else self.running.url + path)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def focused(self) -> str:
        """The id, else the text, of what has the focus: nothing while a new page has no body yet."""
        return " ".join(self.page.evaluate(FOCUSED).split())

    def tab_to(self, target: str, most: int = 60) -> None:
        """Press Tab until the element with this id or text has the focus, once the page is all there."""
        self.page.wait_for_load_state()
        for _ in range(most):
            if self.focused() == target:
                return
            self.press("Tab")
        raise AssertionError(f"no way by keyboard to {target!r}; the focus is on {self.focused()!r}")

    def is_told_of_faults(self, first: str) -> None:
        """The page that refuses a form: its summary has the focus, and its first link leads to this field."""
        expect(self.page.locator(".nhsuk-error-summary")).to_be_focused()
        self.complaints.clear()  # the browser notes the answer's 400 as an error
        self.check()
        self.press("Tab", "Enter")  # from the summary to the field
        assert self.focused() == first

    def heading(self) -> str:
        return self.page.locator("h1").inner_text()

    def check(self) -> None:
        """No grave violation of accessibility, nothing wider than the screen, no complaint of the browser."""
        found = Axe().run(self.page, options={"resultTypes": ["violations"]}).response["violations"]
        grave = [
            (one["id"], [node["target"] for node in one["nodes"]][:3])
            for one in found
            if one["impact"] in GRAVE
        ]
        assert grave == []
        assert self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert self.complaints == []
        assert self.elsewhere == []


@pytest.fixture
def screen(browser: Browser, running: Running) -> Iterator[Callable[..., Screen]]:
    """A new browser window, signed in when a person is named."""
    contexts = []

    def make(who: str = "", *, width: int = 1280, script: bool = True) -> Screen:
        context = browser.new_context(viewport={"width": width, "height": 800}, java_script_enabled=script)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        made = Screen(page, running)
        page.on("console", lambda said: made.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda fault: made.complaints.append(str(fault)))
        page.on(
            "request",
            lambda one: None if one.url.startswith(running.url) else made.elsewhere.append(one.url),
        )
        if who:
            sign_in(made, who)
        return made

    yield make
    for context in contexts:
        context.close()


def sign_in(screen: Screen, who: str) -> None:
    screen.go("/sign-in")
    screen.page.fill("#email", rows.PEOPLE[who][0])
    screen.page.fill("#password", rows.PASSWORD)
    screen.press("Enter")
    screen.page.wait_for_url(lambda url: "sign-in" not in url)
