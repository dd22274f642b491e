"""A mail that is too large is refused with one answer to a person, and with none to anything else."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from helpdesk.config import Settings
from helpdesk.db import reading
from helpdesk.demo.ports import Ports
from helpdesk.demo.server import MailServers
from helpdesk.demo.write import EndUserMail, send
from helpdesk.ingest.pipeline import make_pipeline
from helpdesk.ingest.poll import PollResult, poll_once
from helpdesk.jobs.refusal import refusal_notice
from helpdesk.models import AuditEntry, OutboxMail, Receipt
from helpdesk.services import Services
from tests.support.mailboxes import with_limit, with_mailbox

DESK = "servicedesk@northmoor.nhs.uk"


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[tuple[MailServers, Ports]]:
    made = MailServers(tmp_path / "mail", [DESK], "demo")
    yield made, made.start(Ports(0, 0))
    made.stop()


@pytest.fixture
def desk(sqlite_services: Services, servers: tuple[MailServers, Ports]) -> Services:
    """Reads the embedded server, up to 4,000 bytes a mail."""
    box = {"port": servers[1].imap, "user": DESK, "password": "demo", "tls": "plaintext"}
    return with_limit(with_mailbox(sqlite_services, **box), 4_000)


def _poll(services: Services) -> PollResult:
    notice = refusal_notice(services, "it")
    return poll_once(services, "it", make_pipeline(services, in_process=True), on_refused=notice)


def _send(servers: tuple[MailServers, Ports], subject: str, **more: object) -> None:
    mail = EndUserMail("jo@x.example", DESK, subject, "x" * 5_000, **more)  # type: ignore[arg-type]
    send(mail, "127.0.0.1", servers[1].smtp)


def _answers(services: Services) -> list[tuple[str, str]]:
    with reading(services.sessions) as session:
        return [(mail.kind, mail.to_address) for mail in session.scalars(select(OutboxMail))]


def test_a_person_is_told_once_a_day(desk: Services, servers: tuple[MailServers, Ports]) -> None:
    _send(servers, "One")
    assert (_poll(desk).refused, _answers(desk)) == (1, [("too_large", "jo@x.example")])
    _send(servers, "Two")
    assert (_poll(desk).refused, len(_answers(desk))) == (1, 1)


def test_the_answer_is_the_receipts_and_the_refusal_is_in_the_trail(
    desk: Services, servers: tuple[MailServers, Ports]
) -> None:
    _send(servers, "One")
    _poll(desk)
    with reading(desk.sessions) as session:
        receipt = session.scalars(select(Receipt)).one()
        mail = session.scalars(select(OutboxMail)).one()
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "mail.refused")).one()
    assert (receipt.state, mail.receipt_id) == ("failed", receipt.id)
    assert entry.subject_id == str(receipt.id)


@pytest.mark.parametrize(
    "more",
    [
        {"headers": {"Auto-Submitted": "auto-replied"}},
        {"headers": {"List-Id": "<l.example>"}},
        {"forged": True},
    ],
    ids=["automatic", "list", "forged"],
)
def test_nobody_else_is_answered(
    desk: Services, servers: tuple[MailServers, Ports], more: dict[str, object], settings: Settings
) -> None:
    trust = settings.trust.model_copy(update={"authserv_ids": ["mx.meadowbank.example"]})
    changed = desk.settings.model_copy(update={"trust": trust})
    trusting = Services(changed, desk.engine, desk.sessions, desk.vault)
    _send(servers, "One", **more)
    assert (_poll(trusting).refused, _answers(trusting)) == (1, [])
