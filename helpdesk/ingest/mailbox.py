"""One mailbox over one IMAP connection: select, list, fetch, move, wait.

Speaks IMAP4rev1 (RFC 3501) with MOVE (RFC 6851), UIDPLUS (RFC 4315) and IDLE (RFC 2177)
where offered. Reads with BODY.PEEK[] only, so nothing is marked as read. Every call ends
within a time limit.
"""

import contextlib
import threading
import time
from collections.abc import Collection, Iterator, Sequence

from imapclient import DELETED, IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, IMAPClientReadOnlyError

from helpdesk import config
from helpdesk.ingest import imap_idle as idle
from helpdesk.ingest import imap_moved
from helpdesk.ingest.imap_call import Calls
from helpdesk.ingest.imap_connect import abandon, connect
from helpdesk.ingest.imap_errors import (
    CommandRefused,
    FolderMissing,
    MailboxUnreachable,
    said,
    suggested_wait,
    where,
)
from helpdesk.ingest.imap_folders import Folders
from helpdesk.ingest.imap_moved import Moved
from helpdesk.ingest.imap_selected import Selected
from helpdesk.mailauth.tokens import Access

HEADER_BYTES = 64 * 2**10
UIDS_A_COMMAND = 500
IDLE_SECONDS = 28 * 60  # RFC 2177: issue it again within 29 minutes
# Some servers (pymap) tell of mail that came just before an IDLE only when it ends, so the first ends soon.
FIRST_IDLE_SECONDS = 1.0
LONGER = 4  # each further one, by so many times


class Mailbox:
    """A signed-in connection to one mailbox.

    Any method may raise MailboxUnreachable (then the connection is of no more use) or
    CommandRefused (then it goes on).
    """

    def __init__(self, key: str, settings: config.Mailbox, access: Access | None = None) -> None:
        """Raises TlsRefused, MailboxUnreachable, SignInRefused. `access`: gives tokens where settings have oauth."""
        self.key, self.settings = key, settings
        self._where = where(key, settings)
        self._client: IMAPClient = connect(key, settings, access)
        self._speaking = Calls(self._client, self._where, settings.timeout_seconds).speaking
        try:
            with self._speaking("asking for its folders"):
                self._folders = Folders(self._client)
        except BaseException:
            abandon(self._client)
            raise
        self._idles = self._client.has_capability("IDLE")

    def close(self) -> None:
        """Say goodbye where that is still possible, and close."""
        with contextlib.suppress(MailboxUnreachable, CommandRefused), self._speaking("signing out"):
            self._client.logout()
        abandon(self._client)

    def select(self) -> Selected:
        """Open the mailbox's folder, for reading only where no more is granted. Raises FolderMissing."""
        name = self._folders.resolve(self.settings.folder)
        with self._speaking("opening its folder"):
            try:
                answer, read_only = self._client.select_folder(name), False
            except IMAPClientReadOnlyError:
                answer, read_only = self._client.select_folder(name, readonly=True), True
            except IMAPClientAbortError:
                raise
            except IMAPClientError as fault:
                raise FolderMissing(
                    f"The folder {self.settings.folder!r} of {self._where} cannot be opened "
                    f"(the server says: {said(fault)}); mend mailboxes.{self.key}.folder.",
                    suggested_wait(fault),
                ) from None
        if b"UIDVALIDITY" not in answer:
            raise FolderMissing(
                f"The folder {self.settings.folder!r} of {self._where} has no lasting message numbers "
                "(UIDVALIDITY), so no mail in it could be told from another; choose another folder or server."
            )
        return Selected(
            uidvalidity=answer[b"UIDVALIDITY"],
            uidnext=answer.get(b"UIDNEXT"),
            mails=answer.get(b"EXISTS", 0),
            read_only=read_only or b"READ-ONLY" in answer,
        )

    def uids(self) -> list[int]:
        """All mails here that nobody marked as deleted, oldest first."""
        with self._speaking("listing"):
            return sorted(self._client.search("UNDELETED"))

    def still_here(self, uids: Sequence[int]) -> set[int]:
        """Those of `uids` that are here and not marked as deleted."""
        here: set[int] = set()
        for some in chunks(uids):
            with self._speaking("listing"):
                here.update(self._client.search(f"UID {','.join(map(str, some))} UNDELETED"))
        return here & set(uids)

    def sizes(self, uids: Sequence[int]) -> dict[int, int]:
        """RFC822.SIZE of each that is still here; some servers only estimate it."""
        found: dict[int, int] = {}
        for some in chunks(uids):
            with self._speaking("asking for sizes"):
                answers = self._client.fetch(some, ["RFC822.SIZE"])
            found.update(
                (uid, answer[b"RFC822.SIZE"]) for uid, answer in answers.items() if b"RFC822.SIZE" in answer
            )
        return found

    def bodies(self, uids: Sequence[int], size: int) -> dict[int, bytes]:
        """The raw bytes of each that is still here, in one command; `size`: about how many bytes in all.

        Whole, never in pieces: of mails stored with CRLF, Dovecot 2.4.1 gives wrong bytes at an offset. A server
        that refuses the whole since one mail vanished or cannot be read is asked for each alone.
        """
        try:
            with self._speaking("fetching mail", size):
                answers = self._client.fetch(uids, ["BODY.PEEK[]"])
        except CommandRefused as fault:
            if fault.retry_after:  # throttled: no word of this mail
                raise
            if len(uids) == 1:
                return {}
            return {uid: raw for one in uids for uid, raw in self.bodies([one], size).items()}
        return {uid: answer[b"BODY[]"] for uid, answer in answers.items() if answer.get(b"BODY[]")}

    def header(self, uid: int) -> bytes | None:
        """The header of a mail that is not fetched, at most 64 KiB of it; None when it is not here any more."""
        try:
            with self._speaking("fetching mail", HEADER_BYTES):
                answer = self._client.fetch([uid], [f"BODY.PEEK[HEADER]<0.{HEADER_BYTES}>"])
        except CommandRefused as fault:
            if fault.retry_after:
                raise
            return None
        data = answer.get(uid, {}).get(b"BODY[HEADER]<0>")
        return None if data is None else bytes(data)

    def move(self, uids: Sequence[int], folder: str) -> Moved:
        """Move what is still here of `uids`, at most UIDS_A_COMMAND, to `folder`, which is made where it is missing.

        Look again afterwards (`still_here`): a MOVE may stop part-way (RFC 6851 section 3.3).
        Raises FolderMissing when the folder cannot be made.
        """
        name = self._make(folder)
        try:
            return self._move(uids, name)
        except CommandRefused as fault:
            if fault.code != "TRYCREATE":
                raise
            self._folders.forget(name)  # somebody deleted it while we were connected
            return self._move(uids, self._make(folder))

    def _make(self, folder: str) -> str:
        try:
            with self._speaking("making a folder", tell=True):
                return self._folders.ensure(folder)
        except CommandRefused as fault:
            raise FolderMissing(
                f"The folder {folder!r} of {self._where} is missing and cannot be made; "
                f"make it there by hand or mend mailboxes.{self.key}. {fault}",
                fault.retry_after,
            ) from None

    def _move(self, uids: Sequence[int], name: str) -> Moved:
        untagged = self._client._imap.untagged_responses
        imap_moved.forget(untagged)
        with self._speaking("moving mail", tell=True):
            if self._client.has_capability("MOVE"):
                self._client.move(uids, name)
                return imap_moved.read(name, untagged)
            self._client.copy(uids, name)
            moved = imap_moved.read(name, untagged)
            self._client.add_flags(uids, [DELETED], silent=True)
            # Without UIDPLUS an EXPUNGE would take other people's deleted mails too, so ours stay marked.
            if self._client.has_capability("UIDPLUS"):
                self._client.uid_expunge(uids)
            return moved

    def open(self, folder: str) -> int | None:
        """Open any folder, by our name or the server's. Its UIDVALIDITY, or None when there is none to write in."""
        try:
            with self._speaking("opening a folder"), contextlib.suppress(IMAPClientReadOnlyError):
                answer: dict[bytes, int] = self._client.select_folder(self._folders.resolve(folder))
                return answer.get(b"UIDVALIDITY")
        except CommandRefused as fault:
            if fault.retry_after:
                raise
        return None  # it is missing, or read-only

    def of_size(self, least: int, most: int) -> list[int]:
        """The mails here whose RFC822.SIZE lies between the two, both included, marked as deleted or not."""
        with self._speaking("searching by size"):
            return sorted(self._client.search(f"LARGER {max(0, least - 1)} SMALLER {most + 1}"))

    @property
    def leaves_originals(self) -> bool:
        """True where a move only copies and marks what stays behind: no MOVE, and no EXPUNGE of single mails."""
        return not self._client.has_capability("MOVE") and not self._client.has_capability("UIDPLUS")

    def marked(self) -> set[int]:
        """Mails here that are marked as deleted."""
        with self._speaking("listing"):
            return set(self._client.search("DELETED"))

    def erase(self, uids: Sequence[int], ours: Collection[int] = ()) -> set[int]:
        """Mark these as deleted and expunge them. Returns those that are left nevertheless.

        Without UIDPLUS there is only a plain EXPUNGE: it is used where nothing else is marked as deleted but `ours`.
        """
        with self._speaking("erasing mail", tell=True):
            self._client.add_flags(uids, [DELETED], silent=True)
            if self._client.has_capability("UIDPLUS"):
                self._client.uid_expunge(uids)
            elif self.marked() <= {*uids, *ours}:
                self._client.expunge()
        with self._speaking("listing"):
            return set(self._client.search(f"UID {','.join(map(str, uids))}")) & set(uids)

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        """Wait until mail comes (True), `seconds` have passed or `stop` is set (False).

        Where the server has no IDLE, or refuses it, this only waits. Select first.
        """
        ends, longest = time.monotonic() + seconds, FIRST_IDLE_SECONDS
        while self._idles and (left := ends - time.monotonic()) > 0 and not stop.is_set():
            if self._idle(min(left, longest, IDLE_SECONDS), stop):
                return True
            longest *= LONGER
        stop.wait(max(0.0, ends - time.monotonic()))
        return False

    def _idle(self, seconds: float, stop: threading.Event) -> bool:
        """One IDLE, until the server says anything. True when that tells of mail."""
        try:
            with self._speaking("starting to wait for mail"):
                self._client.idle()
        except CommandRefused as fault:
            if fault.retry_after:
                raise
            self._idles = False
            return False
        with self._speaking("waiting for mail", limit=seconds):
            idle.listen(self._client, seconds, stop)
        with self._speaking("ending the wait for mail"):
            _, answers = self._client.idle_done()
        return idle.tells_of_mail(answers)


def chunks(uids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(uids), UIDS_A_COMMAND):
        yield uids[start : start + UIDS_A_COMMAND]
