"""How a mailbox is said to go: the watchdog's word for it."""

from datetime import timedelta
from typing import Any

import pytest

from helpdesk.db import now, reading, writing
from helpdesk.ingest import mailbox_status
from helpdesk.ingest.imap_errors import MailboxUnreachable
from helpdesk.ingest.mailbox_status import Health, Kind
from helpdesk.models import MailboxStatus, Receipt
from helpdesk.services import Services
from tests.support.mailboxes import with_mailbox


def health(services: Services, **row: Any) -> Health:
    """A timedelta in the row means so long ago."""
    row = {name: now() - value if isinstance(value, timedelta) else value for name, value in row.items()}
    with writing(services.sessions) as session:
        if row:
            session.add(MailboxStatus(**{"mailbox": "it", "failures": 0, "last_failure": "", **row}))
    with reading(services.sessions) as session:
        return mailbox_status.healths(session, services.settings)[0]


def ago(**span: float) -> Any:
    return now() - timedelta(**span)


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        pytest.param({}, Kind.NEW, id="never read"),
        pytest.param({"uidvalidity": 1}, Kind.NEW, id="in its first visit"),
        pytest.param({"last_success_at": timedelta(seconds=170)}, Kind.WORKING, id="read within three polls"),
        pytest.param(
            {"last_success_at": timedelta(seconds=5), "last_failure": "is read-only"},
            Kind.WARNING,
            id="warned of",
        ),
        pytest.param({"last_success_at": timedelta(seconds=200)}, Kind.STALE, id="not read for three polls"),
        pytest.param(
            {"last_success_at": timedelta(days=10), "last_failure": "is read-only"},
            Kind.STALE,
            id="not read for days",
        ),
        pytest.param(
            {"last_success_at": timedelta(days=10), "failures": 4, "last_failure": "no"},
            Kind.FAILING,
            id="failing",
        ),
        pytest.param({"failures": 1, "last_failure": "no"}, Kind.FAILING, id="failing from the first"),
    ],
)
def test_each_state_has_its_word(sqlite_services: Services, row: dict[str, Any], kind: Kind) -> None:
    assert health(sqlite_services, **row).kind is kind


def test_a_stale_mailbox_is_told_with_its_time(sqlite_services: Services) -> None:
    since = ago(days=3)
    told = health(sqlite_services, last_success_at=since)
    assert (told.mailbox, told.last_success_at) == ("it", since)
    assert f"{since:%Y-%m-%d %H:%M} UTC" in told.sentence
    assert "see that the service runs" in told.sentence


def test_a_long_visit_that_takes_mail_in_is_not_stale(each_engine: Services) -> None:
    with writing(each_engine.sessions) as session:
        session.add(
            Receipt(mailbox="it", uidvalidity=1, uid=1, digest="x", size=1, received_at=ago(seconds=9))
        )
    assert health(each_engine, last_success_at=ago(hours=2)).kind is Kind.WORKING


def test_a_short_poll_interval_gives_a_minute(sqlite_services: Services) -> None:
    services = with_mailbox(sqlite_services, poll_seconds=1)
    assert health(services, last_success_at=ago(seconds=50)).kind is Kind.WORKING


def test_a_success_ends_what_a_failure_began(sqlite_services: Services) -> None:
    mailbox_status.failed(sqlite_services, "it", MailboxUnreachable("The server is down."))
    assert (health(sqlite_services).kind, health(sqlite_services).sentence) == (
        Kind.FAILING,
        "The server is down.",
    )
    mailbox_status.succeeded(sqlite_services, "it")
    assert health(sqlite_services) == Health("it", Kind.WORKING, health(sqlite_services).last_success_at)
