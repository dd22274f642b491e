"""Mails in files: .eml, mbox, Maildir, and folders of them."""

import mailbox
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from helpdesk.errors import HelpdeskError

MBOX_MARK = b"From "
MAIL_SUFFIXES = frozenset((".eml", ".mbox", ".mbx"))


class NoSuchFile(HelpdeskError):
    """A path that was named is not there or cannot be read."""


@dataclass(frozen=True, slots=True)
class FileMail:
    """One mail of a file. `source` names the file, and the place in it for an mbox."""

    source: str
    raw: bytes = field(repr=False)


def mails(paths: Iterable[Path]) -> Iterator[FileMail]:
    """Every mail of these files and folders, in the order of their names. Raises NoSuchFile."""
    for path in paths:
        for file in _files(path):
            yield from _mails_of(file)


def count(paths: Iterable[Path]) -> int:
    """How many mails there are, for a progress bar. Reads mbox files, not the others."""
    return sum(_count_of(file) for path in paths for file in _files(path))


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
        return
    if not path.is_dir():
        raise NoSuchFile(f"There is no file or folder {path}; mend its name.")
    if _is_maildir(path):
        yield from (file for part in ("cur", "new") for file in _entries(path / part) if file.is_file())
        # Maildir++ keeps its subfolders beside cur and new, under names that start with a dot
        yield from (file for sub in _entries(path) if _is_maildir(sub) for file in _files(sub))
        return
    for entry in _entries(path):
        if entry.is_dir():
            yield from _files(entry)
        elif entry.suffix.lower() in MAIL_SUFFIXES:
            yield entry


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError as fault:
        raise NoSuchFile(f"The folder {folder} cannot be read ({fault.strerror}); mend its rights.") from None


def _is_maildir(path: Path) -> bool:
    return (path / "cur").is_dir() and (path / "new").is_dir()


def _mails_of(file: Path) -> Iterator[FileMail]:
    if not _is_mbox(file):
        yield FileMail(str(file), _read(file))
        return
    box = mailbox.mbox(file, create=False)
    try:
        for number, key in enumerate(box.keys(), start=1):
            yield FileMail(f"{file} (mail {number})", box.get_bytes(key))
    finally:
        box.close()


def _count_of(file: Path) -> int:
    if not _is_mbox(file):
        return 1
    box = mailbox.mbox(file, create=False)
    try:
        return len(box)
    finally:
        box.close()


def _is_mbox(file: Path) -> bool:
    try:
        with file.open("rb") as opened:
            return opened.read(len(MBOX_MARK)) == MBOX_MARK
    except OSError as fault:
        raise _unreadable(file, fault) from None


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as fault:
        raise _unreadable(file, fault) from None


def _unreadable(file: Path, fault: OSError) -> NoSuchFile:
    return NoSuchFile(f"The file {file} cannot be read ({fault.strerror}); mend its rights.")
