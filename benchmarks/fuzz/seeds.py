"""What is changed: the mails of the shared corpora where they are, and those of the tests; files for the readers of documents."""

from collections.abc import Sequence
from pathlib import Path

from benchmarks.letters import CORPUS, made
from tests.support.mails import PATIENT_TEXT, delivery_report, mail
from tests.support.road import CASES, Before

LARGEST = 200_000


def mails(before: Before | None = None) -> Sequence[bytes]:
    """Mails, smallest first. `before`: a ticket whose signed addresses and ids some of them carry."""
    ours = [case.make(before) for case in CASES if case.state is None or before is not None]
    ours += [
        mail(html="<p>Hello <b>you</b></p>", files=[("a.txt", "text/plain", b"one")]),
        mail(text=PATIENT_TEXT),
    ]
    ours += [delivery_report("<a@b.example>", "c@d.example"), *made(3)]
    found = [*_files(CORPUS / "mail"), *_files(CORPUS / "hostile")]
    return sorted({*ours, *found}, key=lambda raw: (len(raw), raw))


def files() -> Sequence[tuple[str, bytes]]:
    """(name, bytes) of documents; the corpus', or a few words of text without it."""
    folder = CORPUS / "files"
    found = [(path.name, path.read_bytes()) for path in sorted(folder.glob("*")) if path.suffix != ".jsonl"]
    return found or [("note.txt", b"Hello"), ("page.html", b"<p>Hello</p>"), ("a.rtf", b"{\\rtf1 Hello}")]


def _files(folder: Path) -> list[bytes]:
    paths = [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix not in (".jsonl", ".json")
    ]
    return [path.read_bytes() for path in paths if 0 < path.stat().st_size <= LARGEST]
