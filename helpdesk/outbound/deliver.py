"""Sending what is due: at most once each, one failure blocking no other.

Each mail passes: claimed (committed), sender and recipient told to the server, its start
committed, its bytes sent, its outcome committed. A crash before the start leaves it to be
sent; a crash after it leaves it uncertain, for a person to decide.
"""

import contextlib
import logging
import secrets
import smtplib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from helpdesk import audit
from helpdesk.config import Server, Settings
from helpdesk.db import reading, sole_holder, writing
from helpdesk.mailauth.tokens import access_to
from helpdesk.models.outbound import OutboxState
from helpdesk.outbound import claims, connection, manners, outcomes
from helpdesk.outbound.claims import Claim, Recovered
from helpdesk.outbound.connection import MailServerDown
from helpdesk.outbound.files import File, FileGone, files_of
from helpdesk.outbound.handover import Envelope, Handed, Outcome, hand_over
from helpdesk.outbound.render import render
from helpdesk.outbound.signing.keys import SigningError
from helpdesk.outbound.signing.signers import sign
from helpdesk.services import Services
from helpdesk.vault import VaultError

log = logging.getLogger(__name__)

BATCH = 20
MOST_LOSSES = 3
LOCK = "outbox"


@dataclass(frozen=True, slots=True)
class DeliveryResult:
    """What a run did. `server_error` is a sentence when it ended early; what was left is still queued."""

    sent: int = 0
    queued_again: int = 0
    failed: int = 0
    uncertain: int = 0
    recovered: int = 0  # given back to the queue from processes that died
    busy: bool = False  # another process delivers
    server_error: str = ""

    @property
    def counts(self) -> dict[str, int]:
        return {name: value for name, value in asdict(self).items() if type(value) is int}


def deliver_due(services: Services, *, limit: int = 100) -> DeliveryResult:
    """Send up to `limit` mails that are due. Safe to run in several processes at once.

    A mail server that is down is in the result, not an exception; a database that is
    down is an exception, and nothing is sent twice for it.
    """
    with _turn(services) as turn:
        if turn is None:
            return DeliveryResult(busy=True)
        recovered = _recover(services, alone=turn.alone)
        run = _Run(services, turn.name)
        if services.settings.smtp is None:
            run.error = "No mail server is set, so no mail goes out; add [smtp] to the settings."
        else:
            run.send_due(services.settings.smtp, limit)
        return run.result(recovered)


@dataclass(frozen=True, slots=True)
class _Turn:
    """A run's right to send. `name`: a lock that is held while it lasts, by which others see that we live."""

    alone: bool
    name: str = ""


@contextlib.contextmanager
def _turn(services: Services) -> Iterator[_Turn | None]:
    """None: another process delivers and this one may not."""
    engine, folder = services.engine, services.settings.data_folder
    if engine.dialect.name == "postgresql":
        name = f"{LOCK}-{secrets.token_hex(8)}"
        with sole_holder(engine, name, folder):
            yield _Turn(alone=False, name=name)
        return
    with sole_holder(engine, LOCK, folder) as held:
        yield _Turn(alone=True) if held else None


def _recover(services: Services, *, alone: bool) -> Recovered:
    with writing(services.sessions) as session:
        found = claims.recover(session, alone=alone)
        acts = outcomes.acts_for(session, found.uncertain, OutboxState.UNCERTAIN)
        if acts:
            audit.record(session, *acts)
    return found


class _Run:
    """One run over one connection, which is opened when first needed and again when lost."""

    def __init__(self, services: Services, name: str) -> None:
        self.error = ""
        self._services, self._name = services, name
        self._smtp: smtplib.SMTP | None = None
        self._used = False
        self._losses = 0
        self._counts: Counter[Outcome] = Counter()

    def result(self, recovered: Recovered) -> DeliveryResult:
        if self.error:
            log.warning("mail is not going out: %s", self.error)
        return DeliveryResult(
            sent=self._counts[Outcome.SENT],
            queued_again=self._counts[Outcome.TEMPORARY],
            failed=self._counts[Outcome.PERMANENT],
            uncertain=self._counts[Outcome.UNCERTAIN] + len(recovered.uncertain),
            recovered=recovered.queued,
            server_error=self.error,
        )

    def send_due(self, server: Server, limit: int) -> None:
        try:
            while limit > 0 and not self.error and (batch := self._claim(min(limit, BATCH))):
                limit -= len(batch)
                self._send_batch(server, batch)
        finally:
            self._hang_up()

    def _claim(self, count: int) -> list[Claim]:
        with writing(self._services.sessions) as session:
            return claims.claim_due(session, count, self._name)

    def _send_batch(self, server: Server, batch: list[Claim]) -> None:
        for index, claim in enumerate(batch):
            try:
                self._send(server, claim)
            except (MailServerDown, SigningError) as fault:
                self.error = str(fault)
                with writing(self._services.sessions) as session:
                    claims.release(session, batch[index:])
                return

    def _send(self, server: Server, claim: Claim) -> None:
        envelope = self._written(claim)
        if isinstance(envelope, Handed):
            self._settle(claim, envelope)
            return
        worn = self._used
        mark, handed = self._attempt(server, claim, envelope)
        if worn and handed and handed.closed_early:  # a server may allow only so many mails a connection
            mark, handed = self._attempt(server, claim, envelope)
        if handed is None:  # another process has taken it over
            return
        if handed.refuses_us:
            raise MailServerDown(f"{handed.why} Mend smtp.user and smtp.password.")
        self._settle(mark, handed)
        self._mind_losses(server, handed)

    def _written(self, claim: Claim) -> Envelope | Handed:
        """The mail with its files as they are in the store now, or why it cannot be written, which blocks no other."""
        try:
            with reading(self._services.sessions) as session:
                files = files_of(session, self._services.vault, claim.mail)
        except FileGone as fault:
            return Handed(Outcome.PERMANENT, str(fault))
        except VaultError as fault:  # a master key is missing or a file was changed: for a person to mend
            return Handed(Outcome.TEMPORARY, str(fault))
        try:
            return _envelope(self._services.settings, claim, files)
        except SigningError:
            raise  # the fault is in a key, not in this mail: it waits
        except Exception:  # noqa: BLE001 (whatever the reason)
            return Handed(Outcome.PERMANENT, "It cannot be written as a mail.")

    def _attempt(self, server: Server, claim: Claim, envelope: Envelope) -> tuple[Claim, Handed | None]:
        """The claim as it is now, and what came of it."""
        marks = [claim]

        def start() -> bool:
            with writing(self._services.sessions) as session:
                started = claims.start_data(session, claim)
            marks.extend([started] if started else [])
            return started is not None

        handed = hand_over(self._connected(server), envelope, start)
        self._used = True
        if handed and handed.connection_lost:
            self._hang_up()
        return marks[-1], handed

    def _connected(self, server: Server) -> smtplib.SMTP:
        if self._smtp is None:
            access = access_to(self._services, "smtp", server, patient=True)
            self._smtp = connection.connect(server, access)
        return self._smtp

    def _hang_up(self) -> None:
        if self._smtp is not None:
            connection.say_goodbye(self._smtp)
        self._smtp, self._used = None, False

    def _settle(self, claim: Claim, handed: Handed) -> None:
        most = self._services.settings.limits.delivery_tries
        ended = outcomes.ended(handed, claim.mail.tries + 1, most)
        with writing(self._services.sessions) as session:
            acts = outcomes.write(session, claim, ended)
            if acts:
                audit.record(session, *acts)
        self._counts[ended.outcome] += 1

    def _mind_losses(self, server: Server, handed: Handed) -> None:
        self._losses = self._losses + 1 if handed.connection_lost else 0
        if self._losses >= MOST_LOSSES:
            raise MailServerDown(
                f"The mail server {server.host} closes our connection again and again; look there why."
            )


def _envelope(settings: Settings, claim: Claim, files: Sequence[File]) -> Envelope:
    mail = claim.mail
    content = sign(render(mail, files), settings, mail.desk, mail.from_address, mail.created_at)
    return Envelope(
        manners.envelope_sender(mail, settings.outbound.automatic_sender), mail.to_address, content
    )
