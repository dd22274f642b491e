"""The end users' mailboxes: what the helpdesk sent, kept in memory and as files."""

import re
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from threading import Lock

NAME = re.compile(r"(\d{6})-(.+)\.eml")


@dataclass(frozen=True)
class SunkMail:
    """One mail to one end user."""

    number: int
    to: str
    raw: bytes = field(repr=False)

    @property
    def message(self) -> EmailMessage:
        return BytesParser(policy=policy.default).parsebytes(self.raw)


class Sink:
    """Mails by number, in the order they came. Files outlive the process: `000001-address.eml`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = Lock()
        folder.mkdir(parents=True, exist_ok=True)
        found = (_read(path) for path in sorted(folder.glob("*.eml")))
        self._mails = {mail.number: mail for mail in found if mail}

    def put(self, to: str, raw: bytes) -> SunkMail:
        """Keep a mail; when this returns it is on disk. Raises OSError when that fails."""
        with self._lock:
            mail = SunkMail(max(self._mails, default=0) + 1, to.lower(), raw)
            # an address is a stranger's text: only what is safe in a file name goes into one
            safe = re.sub(r"[^a-z0-9@.+_-]", "_", mail.to)[:100]
            (self._folder / f"{mail.number:06d}-{safe}.eml").write_bytes(raw)
            self._mails[mail.number] = mail
            return mail

    def get(self, number: int) -> SunkMail | None:
        return self._mails.get(number)

    def all(self, to: str = "") -> list[SunkMail]:
        """The mails of everyone, or of one address, newest first."""
        with self._lock:
            mails = list(self._mails.values())
        return [mail for mail in reversed(mails) if not to or mail.to == to.lower()]


def _read(path: Path) -> SunkMail | None:
    named = NAME.fullmatch(path.name)
    return SunkMail(int(named[1]), named[2], path.read_bytes()) if named else None
