"""What holds for every page: headers, errors without content, assets, nothing inline."""

import json
import logging
import re
from collections.abc import Callable

import pytest
from flask import Flask

from helpdesk.db import writing
from helpdesk.errors import HelpdeskError
from helpdesk.services import Services
from helpdesk.web import bundles
from helpdesk.web.access import public
from helpdesk.web.shown import ago, size
from tests.web import rows
from tests.web.conftest import Visitor

PAGES = {
    "agent": ["/tickets", "/tickets/IT-000001", "/tickets/IT-000001/resolve", "/tickets/IT-000001/close", "/account/password"],
    "officer": ["/quarantine", "/quarantine/1"],
    "admin": ["/admin/mailboxes", "/admin/failed", "/admin/outbox", "/admin/users", "/admin/users/1", "/admin/users/1/change", "/admin/users/add", "/admin/audit"],
}  # fmt: skip
CASES = [(who, page) for who, pages in PAGES.items() for page in pages]


@pytest.fixture
def filled(web_services: Services) -> Services:
    with writing(web_services.sessions) as session:
        ticket = rows.add_ticket(session)
        rows.add_message(session, ticket, "", html="<p>x<img src='http://t.example/a'></p>")
        rows.add_held(web_services, session, ticket)
        rows.add_outgoing(session, ticket, state="uncertain")
    return web_services


@pytest.mark.parametrize(("who", "page"), CASES)
def test_a_page_runs_and_loads_only_what_is_ours(
    filled: Services, signed_in: Callable[[str], Visitor], who: str, page: str
) -> None:
    answer = signed_in(who).get(page)
    assert answer.status_code == 200
    policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    nonce = re.fullmatch(r"'self' 'nonce-([\w-]+)'", policy["script-src"])
    assert nonce
    for tag in re.findall(r"<script[^>]*>", answer.text):
        assert f'nonce="{nonce[1]}"' in tag
    assert not re.search(r"\son\w+\s*=|\sstyle\s*=|javascript:", answer.text)
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', answer.text)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize(("who", "page"), CASES)
def test_a_page_has_one_main_heading_a_title_and_a_language(
    filled: Services, signed_in: Callable[[str], Visitor], who: str, page: str
) -> None:
    text = signed_in(who).get(page).text
    assert text.count("<h1") == 1
    assert re.search(r"<title>[^<]+ – Helpdesk</title>", text)
    assert '<html lang="en"' in text
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert len(ids) == len(set(ids))


def test_each_answer_has_a_nonce_of_its_own(visitor: Visitor) -> None:
    first, second = visitor.get("/sign-in"), visitor.get("/sign-in")
    assert first.headers["Content-Security-Policy"] != second.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("path", "method", "code", "words"),
    [
        ("/no-such-page", "get", 404, "Page not found"),
        ("/sign-out", "get", 405, "cannot be opened like this"),
        ("/sign-in", "post", 400, "could not be accepted"),
        ("/tickets/IT-000001/reply", "post", 401, "You have been signed out"),
    ],
)
def test_an_error_is_a_page_like_the_others(
    visitor: Visitor, path: str, method: str, code: int, words: str
) -> None:
    answer = getattr(visitor.client, method)(path)
    assert answer.status_code == code
    assert words in answer.text
    assert "nhsuk-header" in answer.text


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (ValueError("KANARIENVOGEL"), "Sorry, there is a problem with the service"),
        (HelpdeskError("The vault is shut; open it."), "The vault is shut; open it."),
    ],
)
def test_a_defect_shows_and_logs_its_place_and_no_content(
    app: Flask,
    make_visitor: Callable[[Flask, str], Visitor],
    caplog: pytest.LogCaptureFixture,
    fault: Exception,
    words: str,
) -> None:
    @public("a test")
    def broken() -> str:
        raise fault

    app.add_url_rule("/broken", "broken", broken)
    agent = make_visitor(app, "agent")
    with caplog.at_level(logging.DEBUG):
        answer = agent.get("/broken")
    assert answer.status_code == 500
    assert words in answer.text
    assert "KANARIENVOGEL" not in answer.text + caplog.text
    assert type(fault).__name__ in caplog.text
    assert "vault" not in app.test_client().get("/broken").text


def test_a_form_that_is_too_long_is_refused_in_words(agent: Visitor) -> None:
    answer = agent.post("/tickets/IT-000001/note", note="x" * (3 * 2**20))
    assert answer.status_code == 413
    assert "That is too large" in answer.text


def test_built_files_are_kept_by_the_browser_and_others_not_for_long(visitor: Visitor) -> None:
    built = visitor.get(f"/assets/{bundles.manifest()['app.css']}")
    assert built.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    icon = visitor.get("/assets/images/favicon.svg")
    assert icon.headers["Cache-Control"] == "public, max-age=86400"
    assert "Set-Cookie" not in built.headers


@pytest.mark.parametrize(
    "name", ["manifest.json", ".built-from", "../app.py", "%2e%2e/app.py", "nothing.css"]
)
def test_nothing_but_the_built_files_is_served(visitor: Visitor, name: str) -> None:
    assert visitor.get(f"/assets/{name}").status_code == 404


def test_missing_assets_are_told_with_the_command_that_makes_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    bundles.manifest.cache_clear()
    monkeypatch.setattr(bundles, "STATIC", tmp_path)
    with pytest.raises(bundles.AssetsMissing, match="run `make run`"):
        bundles.manifest()
    bundles.manifest.cache_clear()


def test_the_lock_file_of_the_assets_names_no_registry() -> None:
    lock = json.loads((bundles.STATIC.parents[2] / "package-lock.json").read_text())
    assert lock["packages"]
    assert not any("resolved" in package for package in lock["packages"].values())


def test_health_is_one_word_and_needs_nobody(visitor: Visitor) -> None:
    answer = visitor.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")


def test_health_says_when_the_database_is_away(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_args: object) -> None:
        raise OSError

    monkeypatch.setattr("helpdesk.web.health.views.reading", away)
    assert visitor.get("/healthz").status_code == 503


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (5, "just now"),
        (60, "1 minute ago"),
        (7_300, "2 hours ago"),
        (90_000, "1 day ago"),
        (900_000, "13 Nov 2026"),
    ],
)
def test_times_are_said_as_people_say_them(seconds: int, words: str) -> None:
    from datetime import UTC, datetime, timedelta

    current = datetime(2026, 11, 24, 9, 5, tzinfo=UTC)
    at = current - timedelta(seconds=seconds)
    assert f">{words}</time>" in ago(at, current, at)


@pytest.mark.parametrize(("count", "words"), [(0, "0 bytes"), (12_400, "12 kB"), (3_440_000, "3.4 MB")])
def test_sizes_are_said_as_people_say_them(count: int, words: str) -> None:
    assert size(count) == words
