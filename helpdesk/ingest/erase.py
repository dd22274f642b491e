"""Erasing purged mails from the mailbox that they came by.

What is erased is first recognised by its digest, wherever it was said to lie: an expunge cannot be
taken back. Where no place is known (no COPYUID, or a crash before it was kept) the mail is looked
for by its size. What the server itself keeps of expunged mail (Exchange: Recoverable Items) is
governed there.
"""

import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from helpdesk.db import reading, writing
from helpdesk.ingest import purged
from helpdesk.ingest.digest import content_digest
from helpdesk.ingest.imap_errors import CommandRefused
from helpdesk.ingest.mailbox import Mailbox, chunks
from helpdesk.ingest.purged import Place, Purged
from helpdesk.services import Services

log = logging.getLogger(__name__)

# Some servers only estimate RFC822.SIZE (Exchange); then mails of about the size are looked at, so many at most.
SLACK_SHARE, SLACK_BYTES = 0.05, 4_096
MOST_LOOKED_AT = 500


@dataclass
class Erasure:
    """One round over an open connection; leaves another folder selected. May raise MailboxUnreachable."""

    services: Services
    box: Mailbox
    counts: Counter[str] = field(default_factory=Counter)  # erased, missed, left

    def run(self) -> None:
        """Erase what was purged since, and what could not be erased before."""
        with reading(self.services.sessions) as session:
            asked = purged.waiting(session, self.box.key, self.box.settings.folder)
        if not asked:
            return
        with writing(self.services.sessions) as session:
            purged.mark_copies(session, [one.digest for one in asked])
        for one in asked:
            try:
                self._erase(one)
            except CommandRefused as fault:  # of this mail or folder; the others are tried
                if fault.retry_after:
                    raise
                log.warning("receipt %d is not erased yet: %s", one.receipt_id, fault)
                self.counts["left"] += 1

    @property
    def warning(self) -> str:
        """What an operator should know of this round, or nothing."""
        missed, left = self.counts["missed"], self.counts["left"]
        if missed:
            return (
                f"does not have {missed} of the purged mails where we put them; see mail.not_found_in_mailbox in the "
                "audit trail, look for them by hand, and grant the right to delete if it is missing"
            )
        return f"still has {left} purged mails, since its server does not let us erase them" if left else ""

    def _erase(self, one: Purged) -> None:
        place = self._find(one)
        if place is None and not one.found:
            self._miss(one)
            return
        if place is not None:
            with writing(self.services.sessions) as session:
                purged.note_found(session, one.receipt_id, place)
            if self.box.erase([place.uid]):
                self.counts["left"] += 1
                return
        if self.box.leaves_originals and self._original_is_left(one):
            self.counts["left"] += 1
            return
        with writing(self.services.sessions) as session:
            purged.note_erased(session, one.receipt_id)
        self.counts["erased"] += 1

    def _original_is_left(self, one: Purged) -> bool:
        """Erase what the move left behind, marked as deleted. True when that cannot be done yet."""
        came_to = one.came_to
        if self.box.open(came_to.folder) != came_to.uidvalidity or not self._is(one, came_to.uid):
            return False
        ours: set[int] = set()
        with reading(self.services.sessions) as session:
            for some in chunks(sorted(self.box.marked())):
                ours |= purged.acknowledged(session, self.box.key, came_to.uidvalidity, some)
        return bool(self.box.erase([came_to.uid], ours))

    def _miss(self, one: Purged) -> None:
        self.counts["missed"] += 1
        with writing(self.services.sessions) as session:
            purged.note_missed(session, one)

    def _find(self, one: Purged) -> Place | None:
        """Where it lies; its folder is then open."""
        if one.place is not None and self.box.open(one.place.folder) == one.place.uidvalidity:
            if self._is(one, one.place.uid):
                return one.place
            if one.found:  # it was there, and it has gone since: a crash of ours came between
                return None
        return next(self._search(one), None)

    def _search(self, one: Purged) -> Iterator[Place]:
        box = self.box.settings
        known = [one.place.folder] if one.place else []
        for folder in dict.fromkeys((*known, box.done_folder, box.refused_folder, box.folder)):
            uidvalidity = self.box.open(folder)
            if uidvalidity is None:
                continue
            for uid in self._about_its_size(one.size):
                if self._is(one, uid):
                    yield Place(folder, uidvalidity, uid)

    def _about_its_size(self, size: int) -> Iterator[int]:
        """Those of exactly its size, then the newest of about its size."""
        exact = self.box.of_size(size, size)
        yield from exact
        slack = int(size * SLACK_SHARE) + SLACK_BYTES
        others = [uid for uid in self.box.of_size(size - slack, size + slack) if uid not in set(exact)]
        yield from reversed(others[-MOST_LOOKED_AT:])

    def _is(self, one: Purged, uid: int) -> bool:
        raw = self.box.bodies([uid], one.size).get(uid)
        return raw is not None and content_digest(raw) == one.digest
