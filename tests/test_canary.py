"""Nothing of a held mail is readable on anything an agent can reach, in any log, or in the database's bytes.

The positive control: a clear mail with a canary of its own is found, on the pages and
in the bytes, or the search itself is broken.
"""

import io
import logging
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from helpdesk.db import reading, writing
from helpdesk.models import HeldMail, Ticket, User
from helpdesk.models.people import Role
from helpdesk.services import Services
from tests.support.mails import PATIENT_TEXT, mail
from tests.support.running import pipeline_for, take

HELD = "zqxcanaryheld"
CLEAR = "zqxcanaryclear"


def held_mails() -> list[bytes]:
    """Mails that are held, each with the canary in another place."""
    note = f"Discharge letter {HELD} NHS number 999 000 0018, born 12/03/1948".encode()
    return [
        mail(subject=f"About {HELD}", text=PATIENT_TEXT),
        mail(subject="Merge", text=f"{PATIENT_TEXT} {HELD}"),
        mail(subject="Merge 2", text=PATIENT_TEXT, name=f"Jo {HELD}"),
        mail(subject="Letter", text="Please see the letter.", files=[(f"{HELD}.txt", "text/plain", note)]),
        mail(subject="Letter 2", text="As attached.", files=[("letter.txt", "text/plain", note)]),
        mail(subject="Form", text=PATIENT_TEXT, html=f"<p>{PATIENT_TEXT}</p><!-- {HELD} --><b>{HELD}</b>"),
        mail(
            subject="Locked",
            text=f"{HELD} see file",
            files=[("x.bin", "application/octet-stream", random.Random(7).randbytes(2_000))],
        ),
        mail(
            subject=f"Automatic reply: {HELD}",
            text=PATIENT_TEXT,
            headers=[("Auto-Submitted", "auto-replied")],
        ),
    ]


@pytest.fixture
def logged() -> io.StringIO:
    """Everything that is logged, at the finest level."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    root = logging.getLogger()
    level, root.level = root.level, logging.DEBUG
    root.addHandler(handler)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


def plant(services: Services, scanner: object) -> None:
    pipeline = pipeline_for(services, scanner)
    for uid, raw in enumerate(held_mails(), start=1):
        take(services, raw, uid=uid)
    take(services, mail(subject=f"Printer {CLEAR}", text=f"The printer {CLEAR} jams.\n\nJo\n"), uid=100)
    take(services, f"not a mail {HELD}".encode() + b"\x00" * 50, uid=101)
    pipeline.process_waiting()
    with reading(services.sessions) as session:
        one, two = session.scalars(select(Ticket.number).order_by(Ticket.id).limit(2))
    signs = (
        f"mx.northmoor.nhs.uk; dkim=pass header.d={HELD}.example; spf=pass smtp.mailfrom=jo@{HELD}.example"
    )
    both = mail(
        subject=f"Re: [{one}] [{two}] {HELD}",
        text=PATIENT_TEXT,
        headers=[("Authentication-Results", signs)],
    )
    take(services, both, uid=102)
    pipeline.process_waiting()
    with reading(services.sessions) as session:
        held = session.scalars(select(HeldMail)).all()
        assert len(held) >= 8


def sign_in(app: Flask, services: Services, role: Role) -> FlaskClient:
    from helpdesk.web.auth.passwords import hash_password

    with writing(services.sessions) as session:
        email = f"{role.value}@northmoor.nhs.uk"
        session.add(
            User(
                email=email,
                name="A Person",
                role=role.value,
                password_hash=hash_password("a long pass phrase"),
            )
        )
    client = app.test_client()
    page = client.get("/sign-in").get_data(as_text=True)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token
    form = {"email": email, "password": "a long pass phrase", "csrf_token": token[1]}
    assert client.post("/sign-in", data=form).status_code == 302
    return client


def every_page(app: Flask, client: FlaskClient, services: Services) -> dict[str, str]:
    """Crawl: every GET route with every ticket's number and id, and every link on the way."""
    with reading(services.sessions) as session:
        tickets = session.execute(select(Ticket.id, Ticket.number)).all()
    urls = {f"/tickets?q={word}" for word in (HELD, CLEAR, "printer")}
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()):
            names = rule.arguments
            urls |= (
                {_fill(rule.rule, names, value) for row in tickets for value in row} if names else {rule.rule}
            )
    pages: dict[str, str] = {}
    while urls:
        url = urls.pop()
        answer = client.get(url, headers={"HX-Request": "true"} if len(pages) % 2 else {})
        pages[url] = answer.get_data().decode(errors="replace")
        found = (
            re.findall(r'(?:href|action|hx-get)="(/[^"#]*)"', pages[url])
            if answer.mimetype == "text/html"
            else []
        )
        urls |= {link.replace("&amp;", "&") for link in found if "sign-out" not in link} - pages.keys()
        assert len(pages) < 2_000, "the crawl does not end"
    return pages


def _fill(rule: str, names: set[str], value: object) -> str:
    return re.sub(r"<(?:[^:<>]+:)?[^<>]+>", str(value), rule) if names else rule


def test_no_page_of_an_agent_or_admin_shows_it(
    sqlite_services: Services, scanner: object, logged: io.StringIO
) -> None:
    from helpdesk.web import create_app

    plant(sqlite_services, scanner)
    app = create_app(sqlite_services, pipeline_for(sqlite_services, scanner))
    for role in (Role.AGENT, Role.ADMIN):
        pages = every_page(app, sign_in(app, sqlite_services, role), sqlite_services)
        leaks = [
            url
            for url, page in pages.items()
            if HELD in page.lower().replace(f"q={HELD}", "").replace(f'value="{HELD}"', "")
        ]
        assert leaks == []
        if role is Role.AGENT:
            assert sum(CLEAR in page for page in pages.values()) >= 2, "the control was not found"
    assert HELD not in logged.getvalue().replace(f"q={HELD}", "")


def test_what_was_shown_and_reported_is_on_no_page_and_in_no_byte(
    sqlite_services: Services, scanner: object, logged: io.StringIO
) -> None:
    from helpdesk.web import create_app

    pipeline = pipeline_for(sqlite_services, scanner)
    note = ("text/plain", f"Serial number of {HELD}".encode())
    parts = {"subject": f"Chair {HELD}", "name": f"Jo {HELD}", "files": [(f"{HELD}.txt", *note)]}
    take(sqlite_services, mail(**parts, text=f"Chair {HELD}.", html=f"<b>Chair {HELD}.</b>"))  # type: ignore[arg-type]
    take(sqlite_services, mail(subject=f"Printer {CLEAR}", text=f"The printer {CLEAR} jams."), uid=2)
    pipeline.process_waiting()
    app = create_app(sqlite_services, pipeline)
    agent = sign_in(app, sqlite_services, Role.AGENT)
    shown = every_page(app, agent, sqlite_services)
    assert sum(HELD in page for page in shown.values()) >= 2, "the control was not found"
    ask = "/tickets/IT-000001/messages/1/report"
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', agent.get(ask).get_data(as_text=True))
    assert token
    form = {"category": "health of a person", "note": f"see {HELD}", "csrf_token": token[1]}
    logged.truncate(0)
    assert agent.post(ask, data=form).status_code == 302
    for client in (agent, sign_in(app, sqlite_services, Role.ADMIN)):
        pages = every_page(app, client, sqlite_services)
        asked = (f"q={HELD}", f'value="{HELD}"')
        leaks = [
            url for url, page in pages.items() if HELD in page.replace(asked[0], "").replace(asked[1], "")
        ]
        assert leaks == []
    assert HELD not in logged.getvalue().replace(f"q={HELD}", "")
    stored = b"".join(p.read_bytes() for p in sqlite_services.settings.data_folder.rglob("*") if p.is_file())
    assert CLEAR.encode() in stored, "the control was not found"
    assert HELD.encode() not in stored


def test_the_bytes_of_the_database_do_not_have_it(sqlite_services: Services, scanner: object) -> None:
    plant(sqlite_services, scanner)
    files = list(sqlite_services.settings.data_folder.rglob("*"))
    stored = b"".join(path.read_bytes() for path in files if path.is_file())
    assert CLEAR.encode() in stored, "the control was not found"
    assert HELD.encode() not in stored
    assert HELD.encode("utf-16-le") not in stored


def test_the_command_line_does_not_print_it(
    sqlite_services: Services, scanner: object, tmp_path: Path
) -> None:
    plant(sqlite_services, scanner)
    settings = tmp_path / "helpdesk.toml"
    settings.write_text(_toml(sqlite_services))
    printed = ""
    for command in (
        "tickets list --json",
        "failed list --json",
        "held list --json",
        "audit list --json",
        "outbox list --json",
    ):
        done = subprocess.run(
            [Path(sys.executable).parent / "helpdesk", *command.split()],
            env={"HELPDESK_SETTINGS": str(settings), "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            cwd=Path(__file__).parents[1],
        )
        assert done.returncode == 0, done.stderr
        printed += done.stdout + done.stderr
    assert CLEAR in printed, "the control was not found"
    assert HELD not in printed


def _toml(services: Services) -> str:
    folder = services.settings.data_folder
    return (
        f'organisation = "Northmoor"\ndata_folder = "{folder}"\n'
        '[desks.it]\nname = "IT"\naddress = "servicedesk@northmoor.nhs.uk"\nprefix = "IT"\n'
        '[desks.hr]\nname = "HR"\naddress = "hr@northmoor.nhs.uk"\nprefix = "HR"\n'
    )


def test_an_error_on_the_way_does_not_log_it(
    sqlite_services: Services, scanner: object, logged: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database refuses in the middle of applying a held mail: its words are in no log and no failure text."""
    from helpdesk.ingest import keep

    pipeline = pipeline_for(sqlite_services, scanner)
    take(sqlite_services, mail(subject=f"About {HELD}", text=PATIENT_TEXT))

    def breaks(session: object, arrival: object, ticket: object) -> None:
        raise ValueError(f"cannot store {arrival.prepared.email.subject}")  # type: ignore[attr-defined]

    monkeypatch.setattr(keep, "quarantine", breaks)
    for _ in range(2):
        pipeline.process_waiting()
    assert "receipt 1 stopped" in logged.getvalue(), "the control was not found"
    assert HELD not in logged.getvalue()
    stored = b"".join(
        path.read_bytes() for path in sqlite_services.settings.data_folder.iterdir() if path.is_file()
    )
    assert HELD.encode() not in stored
