"""A service of small rows on SQLite, and visitors who use its pages as a browser without script does."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from helpdesk.db import writing
from helpdesk.ingest.scan import written
from helpdesk.outbound.files import File
from helpdesk.pii.values import Reason, Severity, Unscannable, Verdict
from helpdesk.services import Services
from helpdesk.web import create_app
from helpdesk.web.auth import passwords
from tests.web import rows

NHS_NUMBER = "943 476 5919"
LOCKED = b"locked away"  # in a file: it cannot be read
RULE = "NHS number, or Scotland's"
CSRF = re.compile(r'name="csrf_token" value="([^"]+)"')


class ScansTypedText:
    """Stands in for the pipeline where a test needs no more of it than a verdict on what was written."""

    def scan_written(self, text: str, files: Sequence[File] = ()) -> Verdict:
        pieces = {one.part: one.text.encode() + one.data for one in written(text, files)}
        parts = tuple(part for part, said in pieces.items() if NHS_NUMBER.encode() in said)
        reasons = (Reason(RULE, "patient identifiers", Severity.HIGH, parts),) if parts else ()
        locked = tuple(Unscannable(part, "encrypted") for part, said in pieces.items() if LOCKED in said)
        severity = Severity.HIGH if parts else Severity.NONE
        return Verdict(bool(parts or locked), severity, reasons, (), locked, "test", 0.0)

    def scan_again(self, raw: bytes) -> Verdict:
        return self.scan_written(raw.decode(errors="replace"))


@dataclass
class Visitor:
    """Somebody with a browser: keeps cookies, follows no redirect, sends the form's token along."""

    client: FlaskClient

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.client.get(path, **options)

    def post(self, path: str, page: str = "", **fields: Any) -> TestResponse:
        """Send a form with the token that `page` (else a page everyone has) carries."""
        return self.client.post(path, data={"csrf_token": self.token(page), **fields})

    def token(self, page: str = "") -> str:
        for path in filter(None, (page, "/account/password", "/sign-in")):
            found = CSRF.findall(self.client.get(path).text)
            if found:
                return str(found[-1])
        raise AssertionError("no page gave a token")

    def sign_in(self, email: str, password: str = rows.PASSWORD, **fields: str) -> TestResponse:
        return self.post("/sign-in", "/sign-in", email=email, password=password, **fields)


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real parameters cost a tenth of a second each; test_passwords looks at those."""
    quick = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", quick)
    monkeypatch.setattr(passwords, "_NOBODY", quick.hash("nobody"))
    rows.password_hash.cache_clear()


@pytest.fixture
def web_services(sqlite_services: Services) -> Services:
    with writing(sqlite_services.sessions) as session:
        rows.add_people(session)
    return sqlite_services


@pytest.fixture
def app(web_services: Services) -> Flask:
    return create_app(web_services, ScansTypedText())  # type: ignore[arg-type]  # what typed text needs of a pipeline


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    """Not signed in."""
    return Visitor(app.test_client())


@pytest.fixture
def make_visitor() -> Callable[[Flask, str], Visitor]:
    """A visitor of an application, signed in as `agent`, `other`, `officer` or `admin`."""

    def make(app: Flask, who: str) -> Visitor:
        visitor = Visitor(app.test_client())
        assert visitor.sign_in(rows.PEOPLE[who][0]).status_code == 302
        return visitor

    return make


@pytest.fixture
def signed_in(app: Flask, make_visitor: Callable[[Flask, str], Visitor]) -> Callable[[str], Visitor]:
    """A visitor of this test's application, signed in."""
    return lambda who: make_visitor(app, who)


@pytest.fixture
def agent(signed_in: Callable[[str], Visitor]) -> Visitor:
    return signed_in("agent")


@pytest.fixture
def officer(signed_in: Callable[[str], Visitor]) -> Visitor:
    return signed_in("officer")


@pytest.fixture
def admin(signed_in: Callable[[str], Visitor]) -> Visitor:
    return signed_in("admin")
