"""One visit to a mailbox: list, fetch, receive, process, move; at the end erase what was purged.

The order is the promise: a mail is moved only after its receipt is committed and it came to
its end. Whatever breaks in between, the next visit finds either a mail without a receipt, or
one with a receipt that waits, or one that ended and is still here, and goes on from there.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Protocol

from sqlalchemy.orm import Session

from helpdesk import audit
from helpdesk.db import reading, writing
from helpdesk.ingest import batches, mailbox_status, receipts
from helpdesk.ingest.erase import Erasure
from helpdesk.ingest.imap_errors import CommandRefused, FolderMissing
from helpdesk.ingest.imap_selected import Selected
from helpdesk.ingest.mailbox import Mailbox, chunks
from helpdesk.ingest.receipts import Known
from helpdesk.ingest.values import Record
from helpdesk.models import Receipt
from helpdesk.models.mail import ReceiptState
from helpdesk.services import Services

log = logging.getLogger(__name__)

ROUNDS_A_BATCH = 20  # of process_waiting, before the rest is left to the next visit

Fetched = Callable[[], dict[int, bytes]]  # waits for the mails, by UID
Progress = Callable[[int, int], None]  # (mails dealt with, mails found)
Told = Callable[[Session, Receipt], None]  # in the receipt's transaction, once a mail
# Before that transaction, with the mailbox's key and the mail's header: what is to be done in it, if anything.
RefusalNotice = Callable[[str, bytes], Told | None]


class Processor(Protocol):
    """What takes receipts to their ends: the pipeline."""

    def process_waiting(self, limit: int) -> Sequence[object]: ...


@dataclass
class Visit:
    """One visit over an open connection. `run` may raise any MailboxError."""

    services: Services
    box: Mailbox
    pipeline: Processor
    breaks: Mapping[int, int] = field(default_factory=dict)  # how often the line broke at a mail, by UID
    progress: Progress | None = None
    on_refused: RefusalNotice | None = None
    after_restart: bool = True  # look for moves that a crash left unrecorded
    counts: Counter[str] = field(default_factory=Counter)  # by the names of PollResult's fields
    warning: str = ""
    fetching: set[int] = field(default_factory=set)  # now, or when the line broke

    def run(self) -> Selected:
        """Deal with everything that lies in the mailbox now."""
        self.selected = self.box.select()
        if mailbox_status.saw_uidvalidity(self.services, self.box.key, self.selected.uidvalidity):
            log.info("mailbox %s: new UIDVALIDITY, all its mail is looked at again", self.box.key)
        if self.selected.read_only:
            self._warn(
                "is read-only for us, so mail that was taken in stays in it; grant the right to move mail"
            )
        listed = self.box.uids()
        there = self._known(listed)
        if self.after_restart:
            with writing(self.services.sessions) as session:
                receipts.acknowledge_gone(session, self.box.key, self.selected.uidvalidity, listed)
        with_receipt = {mail.uid for mail in there}
        fresh = [uid for uid in listed if uid not in with_receipt]
        self._go_on_with(there)
        self._take_in_all(fresh)
        self._erase_purged()
        return self.selected

    def _go_on_with(self, there: list[Known]) -> None:
        """Mails that an earlier visit took in and did not finish."""
        unfinished = [mail.uid for mail in there if not mail.ended]
        if unfinished:
            self._process(unfinished)
        if not self.selected.read_only:
            self._move([mail.uid for mail in there])

    def _take_in_all(self, fresh: list[int]) -> None:
        self.counts["found"] = len(fresh)
        self._tell(0)
        if not fresh:
            return
        sizes = self.box.sizes(fresh)
        dealt_with = 0
        # While mails are processed, the thread has the connection; at its end it is ours again.
        with ThreadPoolExecutor(1, "fetch") as ahead:
            left = batches.cut(sizes, self.breaks)
            batch, fetched = self._next(left, ahead)
            while batch:
                self._take_in(batch, fetched())
                done = list(batch)
                batch, fetched = self._next(left, ahead)
                self._process(done)
                if not self.selected.read_only:
                    ahead.submit(self._move, done).result()
                dealt_with += len(done)
                self._tell(dealt_with)

    def _next(self, left: Iterator[dict[int, int]], ahead: Executor) -> tuple[dict[int, int], Fetched]:
        """The next batch, and what gives its mails: they are fetched from now on.

        Large ones, and those at which the line broke, are fetched when it is their turn.
        """
        batch = next(left, {})
        wanted = self._of_fit_size(batch)
        if sum(wanted.values()) > batches.BYTES_A_BATCH or any(map(self.breaks.get, batch)):
            return batch, lambda: self._fetch(wanted)
        return batch, ahead.submit(self._fetch, wanted).result

    def _of_fit_size(self, sizes: dict[int, int]) -> dict[int, int]:
        limit = self.services.settings.limits.mail_bytes
        return {uid: size for uid, size in sizes.items() if size <= limit}

    def _take_in(self, sizes: dict[int, int], mails: dict[int, bytes]) -> None:
        limit = self.services.settings.limits.mail_bytes
        oversize = {uid: size for uid, size in sizes.items() if size > limit}
        for uid, raw in list(mails.items()):
            if len(raw) > limit:  # its RFC822.SIZE was an estimate
                oversize[uid] = len(mails.pop(uid))
        if mails:
            self._receive(mails)
        for uid, size in oversize.items():
            self._refuse(uid, size, limit)
        self.counts["unreadable"] += len(sizes) - len(mails) - len(oversize)

    def _fetch(self, sizes: dict[int, int]) -> dict[int, bytes]:
        if not sizes:
            return {}
        self.fetching = set(sizes)
        mails = self.box.bodies(list(sizes), sum(sizes.values()))
        self.fetching = set()
        # A server gives no body of a mail without a byte; it is taken in all the same and ends on the failed list.
        # One that vanished meanwhile may have size 0 as well.
        empty = [uid for uid, size in sizes.items() if size == 0]
        return mails | dict.fromkeys(self.box.still_here(empty) if empty else (), b"")

    def _receive(self, mails: dict[int, bytes]) -> None:
        with writing(self.services.sessions) as session:
            vault, key = self.services.vault, self.box.key
            made = receipts.take_in_batch(session, vault, key, self.selected.uidvalidity, mails)
        self.counts["taken"] += len(made)

    def _refuse(self, uid: int, size: int, limit: int) -> None:
        header = self.box.header(uid)
        if header is None:
            self.counts["unreadable"] += 1
            return
        key, uidvalidity = self.box.key, self.selected.uidvalidity
        tell = self.on_refused(key, header) if self.on_refused else None  # it may ask the DNS
        with writing(self.services.sessions) as session:
            receipt = receipts.refuse_too_large(session, key, uidvalidity, uid, header, size, limit)
            if receipt is None:
                return
            if receipt.first_digest and tell:
                tell(session, receipt)
            audit.record(session, receipts.refusal_act(receipt))
        self.counts.update(taken=1, refused=1)

    def _process(self, uids: list[int]) -> None:
        for _ in range(ROUNDS_A_BATCH):
            if not self._waiting(uids) or not self.pipeline.process_waiting(limit=batches.MAILS_A_BATCH):
                break
        for mail in self._known(uids):
            self.counts["processed"] += mail.state is ReceiptState.DONE
            self.counts["failed"] += mail.state is ReceiptState.FAILED
            self.counts["redelivered"] += mail.outcome == Record.REDELIVERY.value

    def _move(self, uids: list[int]) -> None:
        """Move those that ended, each kind to its folder."""
        ended = [mail for mail in self._known(uids) if mail.ended]
        refused = [mail.uid for mail in ended if mail.outcome == Record.REFUSED.value]
        done = [mail.uid for mail in ended if mail.outcome != Record.REFUSED.value]
        box = self.box.settings
        for some, folder in ((done, box.done_folder), (refused, box.refused_folder)):
            for part in chunks(some):
                if not self.warning:  # else a move was refused a moment ago
                    self._move_to(folder, part)

    def _move_to(self, folder: str, uids: Sequence[int]) -> None:
        """Move, then look again: only what is gone counts as moved."""
        moved = None
        try:
            moved = self.box.move(uids, folder)
        except (CommandRefused, FolderMissing) as fault:
            if fault.retry_after:  # throttled: the rest is for later, and not too soon
                raise
            self._warn(f"keeps mail that was taken in, since it cannot be moved: {fault}")
        here = self.box.still_here(uids)
        gone = [uid for uid in uids if uid not in here]
        if gone:
            with writing(self.services.sessions) as session:
                receipts.acknowledge(session, self.box.key, self.selected.uidvalidity, gone, moved)
        self.counts["moved"] += len(gone)

    def _erase_purged(self) -> None:
        """Last, for it leaves another folder open."""
        erasure = Erasure(self.services, self.box)
        erasure.run()
        self.counts["erased"] += erasure.counts["erased"]
        if erasure.warning and not self.warning:
            self._warn(erasure.warning)

    def _known(self, uids: list[int]) -> list[Known]:
        with reading(self.services.sessions) as session:
            return receipts.known(session, self.box.key, self.selected.uidvalidity, uids)

    def _waiting(self, uids: list[int]) -> bool:
        with reading(self.services.sessions) as session:
            return receipts.waiting(session, self.box.key, self.selected.uidvalidity, uids)

    def _warn(self, what: str) -> None:
        self.warning = f"The mailbox {self.box.key!r} {what}"

    def _tell(self, dealt_with: int) -> None:
        if self.progress:
            self.progress(dealt_with, self.counts["found"])
