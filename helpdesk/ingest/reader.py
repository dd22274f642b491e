"""A mailbox that is read again and again over one long-lived connection."""

import threading
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from helpdesk.db import sole_holder
from helpdesk.ingest import mailbox_status, refusals
from helpdesk.ingest.imap_errors import MailboxError, MailboxUnreachable
from helpdesk.ingest.imap_selected import Selected
from helpdesk.ingest.mailbox import Mailbox
from helpdesk.ingest.visit import Processor, Progress, RefusalNotice, Visit
from helpdesk.mailauth.fresh import keep_fresh
from helpdesk.mailauth.tokens import access_to
from helpdesk.services import Services

RECONNECTS_A_POLL = 10
TRIES_A_MAIL = 3  # with others, alone, alone and last


class UnknownMailbox(MailboxError):
    """The settings have no mailbox of this key."""


@dataclass(frozen=True, slots=True)
class PollResult:
    """What one visit to a mailbox did, in mails."""

    mailbox: str
    found: int = 0  # without a receipt, when the visit began
    taken: int = 0  # new receipts
    redelivered: int = 0  # ended done, since the same content came before
    refused: int = 0  # of those: too large, not fetched
    processed: int = 0  # ended done, as redeliveries do
    failed: int = 0  # ended on the failed list, as refused ones do
    unreadable: int = 0  # vanished before they were fetched, or the server did not give them
    moved: int = 0  # out of the mailbox
    erased: int = 0  # for good, since they were purged
    busy: bool = False  # another poller is at it, nothing was done
    warning: str = ""  # done, but an operator should mend something
    error: str = ""  # not done, and why; only from poll_all, everything else raises


class MailboxReader:
    """One connection to a mailbox, opened when first needed and again after a failure.

    Use as a context manager, from one thread. `wait_until`: after a failed poll, when to try again.
    """

    def __init__(
        self, services: Services, mailbox_key: str, *, on_refused: RefusalNotice | None = None
    ) -> None:
        """Raises UnknownMailbox. Nothing is connected yet. `on_refused`: something other than the usual notice."""
        if mailbox_key not in services.settings.mailboxes:
            raise UnknownMailbox(
                f"There is no mailbox {mailbox_key!r} in the settings; add [mailboxes.{mailbox_key}] "
                f"or name one of: {', '.join(services.settings.mailboxes) or 'none yet'}."
            )
        self.key = mailbox_key
        self.settings = services.settings.mailboxes[mailbox_key]
        self.wait_until: datetime | None = None
        self._account = f"mailboxes.{mailbox_key}"
        self._services = services
        self._on_refused = on_refused or refusals.notice(services)
        self._box: Mailbox | None = None
        self._last: tuple[Selected, int] | None = None  # what the last visit found, and how many it moved
        self._breaks: Counter[int] = Counter()  # how often the line broke while a mail was fetched, by UID
        self._broke_at: set[int] = set()
        self._visited = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Sign out and close; the next poll opens a new connection."""
        box, self._box = self._box, None
        if box is not None:
            box.close()

    def poll(self, pipeline: Processor, *, progress: Progress | None = None) -> PollResult:
        """Take in, process and move everything that lies in the mailbox now.

        Raises MailboxError, after noting it in the mailbox's status and closing the connection.
        """
        name, folder = f"mailbox:{self.key}", self._services.settings.data_folder
        with sole_holder(self._services.engine, name, folder) as alone:
            if not alone:
                return PollResult(self.key, busy=True)
            try:
                visit = self._visit_all(pipeline, progress)
            except MailboxError as fault:
                self.close()
                self.wait_until = mailbox_status.failed(self._services, self.key, fault)
                raise
            warning = visit.warning or keep_fresh(self._services, self._account, self.settings)
            mailbox_status.succeeded(self._services, self.key, warning)
        counts: dict[str, Any] = dict(visit.counts)
        return PollResult(self.key, warning=warning, **counts)

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        """True as soon as there is new mail, by IDLE where the server has it; False after `seconds` or on `stop`.

        Raises MailboxError when the connection broke; poll again to open a new one.
        """
        if self._box is None:
            stop.wait(seconds)
            return False
        try:
            # Mail that came during the last visit was announced then, and IDLE does not repeat it.
            if self._last is None or self._box.select().has_new_mail_since(*self._last):
                return True
            return self._box.wait(seconds, stop)
        except MailboxError:
            self.close()
            raise

    def _visit_all(self, pipeline: Processor, progress: Progress | None) -> Visit:
        """A visit; when the line breaks while mails are fetched, further ones that leave those to the end."""
        for _ in range(RECONNECTS_A_POLL):
            try:
                return self._visit(pipeline, progress)
            except MailboxUnreachable:
                if not self._worth_another_visit():
                    raise
                self.close()
        return self._visit(pipeline, progress)

    def _worth_another_visit(self) -> bool:
        """True unless the line broke for another reason, or again at a mail that was fetched alone and last."""
        return bool(self._broke_at) and max(self._breaks[uid] for uid in self._broke_at) < TRIES_A_MAIL

    def _visit(self, pipeline: Processor, progress: Progress | None) -> Visit:
        self._broke_at = set()
        if self._box is None:
            self._box = Mailbox(
                self.key, self.settings, access_to(self._services, self._account, self.settings)
            )
        visit = Visit(
            self._services,
            self._box,
            pipeline,
            breaks=self._breaks,
            progress=progress,
            on_refused=self._on_refused,
            after_restart=not self._visited,
        )
        self._visited = False
        try:
            self._last = None
            self._last = visit.run(), visit.counts["moved"]
        finally:
            self._broke_at = visit.fetching
            self._breaks.update(visit.fetching)
        self._visited = True
        self._breaks.clear()
        return visit
