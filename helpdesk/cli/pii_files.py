"""Files as the scanner gets them: a mail in its pieces, any other document as one."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from helpdesk.config import Settings
from helpdesk.errors import HelpdeskError
from helpdesk.ingest.parse import ParseError, parse
from helpdesk.ingest.prepare import Preparer, Scans
from helpdesk.ingest.scan import context, pieces
from helpdesk.outbound.tokens import Tokens
from helpdesk.pii.values import Context, Kind, Piece, Severity, Unscannable, Verdict

MAIL_SUFFIX = ".eml"
NOT_A_MAIL = "it is no mail"


class NoFiles(HelpdeskError):
    """A path without files in it."""


def files_of(paths: list[Path]) -> list[Path]:
    """The files of these paths: those that are named, and in folders all but hidden ones, at any depth."""
    return [file for path in paths for file in _files_of(path)]


def _files_of(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    found = sorted(file for file in path.rglob("*") if file.is_file() and not _is_hidden(file, path))
    if not found:
        what = "has no files in it" if path.is_dir() else "is not there"
        raise NoFiles(f"{path} {what}; name a mail (.eml), a document, or a folder of these.")
    return found


def _is_hidden(file: Path, below: Path) -> bool:
    return any(part.startswith(".") for part in file.relative_to(below).parts)


def pieces_of(file: Path, settings: Settings) -> tuple[list[Piece], Context]:
    """What the scanner is given for a file. Raises OSError, and ParseError for a mail that is none."""
    if file.suffix.lower() != MAIL_SUFFIX:
        return list(pieces_of_document(file)), Context()
    email = parse(file.read_bytes())
    return pieces(email), context(email, settings)


def pieces_of_document(file: Path) -> Iterator[Piece]:
    """A loose document: its bytes and its name, which is content too."""
    yield Piece("attachment:1", Kind.FILE, data=file.read_bytes(), file_name=file.name)
    yield Piece("file_name:1", Kind.FILE_NAME, text=file.name)


@dataclass(frozen=True)
class FileScanner:
    """Scans files as the pipeline scans mails."""

    scanner: Scans
    settings: Settings

    def scan(self, file: Path) -> Verdict:
        """The verdict on a file. Raises OSError when it cannot be read."""
        if file.suffix.lower() == MAIL_SUFFIX:
            return self._mail(file.read_bytes())
        return self.scanner.scan(list(pieces_of_document(file)), Context())

    def _mail(self, raw: bytes) -> Verdict:
        # an empty key: a scan reads no token
        preparer = Preparer(self.settings, Tokens(b""), self.scanner)
        try:
            return preparer.scan(parse(raw))
        except ParseError:
            return _held_unread()


def _held_unread() -> Verdict:
    """Fail closed: what is no mail at all was not scanned."""
    return Verdict(True, Severity.LOW, (), (), (Unscannable("mail", NOT_A_MAIL),), "", 0.0)
