"""A helpdesk with tickets in several states and a mailbox of sixteen mails of all kinds."""

import json
import shutil
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select

from helpdesk import audit
from helpdesk.db import reading
from helpdesk.models import OutboxMail
from helpdesk.models.outbound import OutboxState
from helpdesk.services import Services, start
from tests.conftest import settings_for
from tests.integration.test_kill import two_hundred
from tests.support.dovecot import PASSWORD, Dovecot, MailUser
from tests.support.lives import snapshot
from tests.support.road import Before
from tests.support.smtp import SmtpServer

MAILS = 16
Ends = dict[str, Counter[Any]]


@dataclass(frozen=True)
class Scene:
    """One helpdesk. `settings_file` is what a process of it is started with."""

    folder: Path
    user: MailUser
    smtp: SmtpServer
    settings: dict[str, Any]

    @property
    def settings_file(self) -> Path:
        path = self.folder / "settings.json"
        path.write_text(json.dumps(self.settings))
        return path

    def services(self) -> Services:
        return start(settings_for(self.folder, **self.settings))

    def ends(self) -> Ends:
        """What is there, once nothing is left to do; the trail must hold."""
        services = self.services()
        found = snapshot(services)
        with reading(services.sessions) as session:
            assert audit.verify(session)[1] is None
        services.engine.dispose()
        return found

    def assert_sent_once(self) -> None:
        """No mail arrived twice; one that did not arrive says that nobody knows."""
        arrived = Counter(taken.message["Message-ID"] for taken in self.smtp.taken)
        services = self.services()
        with reading(services.sessions) as session:
            mails = session.scalars(select(OutboxMail)).all()
        services.engine.dispose()
        assert set(arrived.values()) <= {1}
        for one in mails:
            if one.state == OutboxState.SENT.value:
                assert arrived[one.message_id] == 1
            else:
                assert one.state in (OutboxState.UNCERTAIN.value, OutboxState.SUPPRESSED.value)


def make_scene(
    folder: Path, tickets: list[Before], server: Dovecot, smtp: SmtpServer, origin: Path | None, **over: Any
) -> Scene:
    """A new scene; its database is a copy of the one in `origin`, or the one that `over` names."""
    if origin is not None:
        shutil.copytree(origin, folder)
    user = server.user()
    user.deliver(*two_hundred(tickets)[:MAILS])
    account = {
        "host": "127.0.0.1",
        "port": server.port,
        "tls": "plaintext",
        "user": user.name,
        "password": PASSWORD,
    }
    desk = {"name": "IT", "address": "servicedesk@northmoor.nhs.uk", "prefix": "IT"}
    settings: dict[str, Any] = {
        "data_folder": str(folder),
        "desks": {"it": desk},
        "mailboxes": {"it": {"desk": "it", "address": desk["address"], **account}},
        "smtp": {"host": "127.0.0.1", "port": smtp.port, "tls": "plaintext"},
        "limits": {"answers_per_address_a_day": 1000},
        **over,
    }
    return Scene(folder, user, smtp, settings)
