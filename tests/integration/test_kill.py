"""A process that takes in 200 mails and is killed (SIGKILL) again and again ends like one that never was."""

import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from helpdesk import audit
from helpdesk.db import reading
from helpdesk.models import OutboxMail, Receipt
from helpdesk.models.mail import ReceiptState
from helpdesk.models.outbound import OutboxState
from helpdesk.services import Services, start
from helpdesk.tickets.states import State
from tests.conftest import settings_for
from tests.support.dovecot import PASSWORD, Dovecot, MailUser
from tests.support.lives import Run, Zygote, kill_until_done, snapshot
from tests.support.mails import PATIENT_TEXT, mail
from tests.support.road import Before, set_up
from tests.support.smtp import SmtpServer

pytestmark = [pytest.mark.server, pytest.mark.slow, pytest.mark.timeout(400)]

MAILS = 200
KILLS = 50
STATES = (State.NEW, State.WAITING_USER, State.RESOLVED, State.CLOSED)


def two_hundred(tickets: list[Before]) -> list[bytes]:
    """New requests, held ones, automatic ones, redeliveries, and replies to tickets in four states."""
    made: list[bytes] = []
    for n in range(MAILS):
        sender, before = f"person{n}@northmoor.nhs.uk", tickets[n % len(tickets)]
        id_ = f"<mail-{n}@northmoor.nhs.uk>"
        match n % 8:
            case 0:
                made.append(mail(f"Held {n}", PATIENT_TEXT, sender=sender, message_id=id_))
            case 1:
                made.append(
                    mail(
                        f"Away {n}",
                        sender=sender,
                        headers=[("Auto-Submitted", "auto-replied")],
                        message_id=id_,
                    )
                )
            case 2 | 3:
                made.append(
                    mail(f"Reply {n}", f"Again, number {n}.\n", to=before.reply_address, message_id=id_)
                )
            case 4:
                made.append(b"Received: by other; Tue, 3 Nov 2026 09:00:00 +0000\r\n" + made[n - 2])
            case _:
                made.append(
                    mail(f"Request {n}", f"The lift number {n} is stuck.\n", sender=sender, message_id=id_)
                )
    return made


class Place:
    """One helpdesk: its database (a copy of a common start), its mailbox, its mail server."""

    def __init__(self, folder: Path, origin: Path, user: MailUser, smtp: SmtpServer) -> None:
        shutil.copytree(origin, folder)
        self.smtp = smtp
        server = {
            "host": "127.0.0.1",
            "tls": "plaintext",
            "user": user.name,
            "password": PASSWORD,
            "port": user.server.port,
        }
        box = {"desk": "it", "address": "servicedesk@northmoor.nhs.uk", **server}
        self.settings: dict[str, Any] = {
            "data_folder": str(folder),
            "desks": {"it": {"name": "IT", "address": "servicedesk@northmoor.nhs.uk", "prefix": "IT"}},
            "mailboxes": {"it": box},
            "smtp": {"host": "127.0.0.1", "port": smtp.port, "tls": "plaintext"},
            "limits": {"answers_per_address_a_day": 1000},
        }
        self.folder = folder

    def services(self) -> Services:
        return start(settings_for(self.folder, **self.settings))

    def ended(self) -> int:
        """How many receipts have come to their end."""
        services = self.services()
        with reading(services.sessions) as session:
            done = (
                select(func.count()).select_from(Receipt).where(Receipt.state != ReceiptState.RECEIVED.value)
            )
            count = session.scalar(done) or 0
        services.engine.dispose()
        return count

    def run(self, kills: int) -> Run:
        zygote = Zygote(self.settings, self.folder)
        try:
            if not kills:
                assert zygote.life(None)
                return Run(0, [])
            return kill_until_done(zygote, self.ended, kills=kills, mails=MAILS, seed=20261103)
        finally:
            zygote.close()


@pytest.fixture
def smtp_servers() -> Iterator[tuple[SmtpServer, SmtpServer]]:
    with SmtpServer() as one, SmtpServer() as other:
        yield one, other


def test_two_hundred_mails_and_fifty_kills_end_like_an_undisturbed_run(
    sqlite_services: Services,
    dovecot_server: Dovecot,
    smtp_servers: tuple[SmtpServer, SmtpServer],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    tickets = [before for state in STATES if (before := set_up(sqlite_services, state))]
    sqlite_services.engine.dispose()
    mails, base = two_hundred(tickets), tmp_path_factory.mktemp("places")
    places = []
    for name, smtp in zip(("undisturbed", "killed"), smtp_servers, strict=True):
        user = dovecot_server.user()
        user.deliver(*mails)
        places.append(Place(base / name, sqlite_services.settings.data_folder, user, smtp))
    undisturbed, killed = places
    undisturbed.run(0)
    run = killed.run(KILLS)
    assert run.kills >= KILLS
    assert run.kills_at_work >= KILLS // 4, f"too few kills fell on work: {run.ended}"
    assert snapshot(killed.services()) == snapshot(undisturbed.services())
    assert_sent_once(killed)
    with reading(killed.services().sessions) as session:
        assert audit.verify(session)[1] is None


def assert_sent_once(place: Place) -> None:
    """No mail went out twice; one that did not go out is uncertain, and says so."""
    arrived = Counter(taken.message["Message-ID"] for taken in place.smtp.taken)
    assert max(arrived.values()) == 1
    with reading(place.services().sessions) as session:
        mails = session.scalars(select(OutboxMail)).all()
    for one in mails:
        if one.state == OutboxState.SENT.value:
            assert arrived[one.message_id] == 1
        else:
            assert one.state in (OutboxState.UNCERTAIN.value, OutboxState.SUPPRESSED.value)
    assert not set(arrived) - {one.message_id for one in mails}
