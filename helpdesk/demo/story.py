"""How the demo's first tickets are told: chapters that are each told once, and waiting for what they lead to."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event
from time import monotonic
from typing import TypeVar

from sqlalchemy import select

from helpdesk.config import Server
from helpdesk.db import reading
from helpdesk.demo.agent import Agent
from helpdesk.demo.sink import Sink, SunkMail
from helpdesk.demo.write import EndUserMail, send
from helpdesk.models import MessageId, OutboxMail
from helpdesk.outbound.kinds import Kind
from helpdesk.outbound.tokens import id_digest
from helpdesk.services import Services

PATIENCE_SECONDS = 120
LOOK_EVERY_SECONDS = 0.2
NAME = "seeded.json"
T = TypeVar("T")


class BrokenOff(Exception):
    """The demo stops, or what was waited for did not come."""


@dataclass
class Story:
    """What was told is kept in a file. `wake` has due mails delivered now instead of in some seconds."""

    services: Services
    server: Server
    sink: Sink
    agent: Agent
    stop: Event
    wake: Callable[[], None]
    told: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        if self._file.exists():
            self.told = set(json.loads(self._file.read_text()))

    @contextmanager
    def chapter(self, name: str) -> Iterator[bool]:
        """True when the chapter is still to be told; afterwards it is not."""
        new = name not in self.told
        yield new
        if new:
            self.told.add(name)
            self._file.write_text(json.dumps(sorted(self.told)))
            self.wake()

    def post(self, name: str, mail: EndUserMail) -> None:
        """Send a mail to its desk, once."""
        with self.chapter(f"post {name}") as new:
            if new and self._ticket_of(_id(name, mail)) is None:
                send(replace(mail, message_id=_id(name, mail)), self.server.host, self.server.port or 0)

    def ticket(self, name: str, mail: EndUserMail) -> int:
        """The ticket that a posted mail came to; waits for it. Raises BrokenOff."""
        return self._wait(lambda: self._ticket_of(_id(name, mail)))

    def received(self, ticket_id: int, kind: Kind) -> SunkMail:
        """The mail of this kind that the ticket's requester got; waits for it. Raises BrokenOff."""
        return self._wait(lambda: self._sunk(ticket_id, kind))

    @property
    def _file(self) -> Path:
        return self.services.settings.data_folder / NAME

    def _wait(self, look: Callable[[], T | None]) -> T:
        until = monotonic() + PATIENCE_SECONDS
        while monotonic() < until:
            found = look()
            if found is not None:
                return found
            if self.stop.wait(LOOK_EVERY_SECONDS):
                break
        raise BrokenOff

    def _ticket_of(self, message_id: str) -> int | None:
        with reading(self.services.sessions) as session:
            return session.scalar(
                select(MessageId.ticket_id).where(MessageId.digest == id_digest(message_id)).limit(1)
            )

    def _sunk(self, ticket_id: int, kind: Kind) -> SunkMail | None:
        query = select(OutboxMail.message_id).where(
            OutboxMail.ticket_id == ticket_id, OutboxMail.kind == kind.value
        )
        with reading(self.services.sessions) as session:
            ids = set(session.scalars(query))
        return next((mail for mail in self.sink.all() if mail.message["Message-ID"] in ids), None)


def _id(name: str, mail: EndUserMail) -> str:
    return f"<demo-{name.replace(' ', '-')}@{mail.from_address.rpartition('@')[2]}>"
