"""Words that an officer names, so that they are taken out of a mail in which the scanner does not find them."""

from collections.abc import Iterator

from helpdesk.config import Settings
from helpdesk.errors import HelpdeskError
from helpdesk.ingest.scan import pieces
from helpdesk.ingest.values import Email
from helpdesk.pii.documents import read_document
from helpdesk.pii.html import read_html
from helpdesk.pii.redact.erase import Eraser
from helpdesk.pii.values import Finding, Kind, Piece, Zone


class WordsNotFound(HelpdeskError):
    """A line of the officer's is nowhere in the mail."""


def find_words(email: Email, words: str, settings: Settings) -> tuple[Finding, ...]:
    """Where each line of `words` stands, as findings. Raises WordsNotFound, which names the line by its number."""
    texts = [(piece, path, text) for piece in pieces(email) for path, text in _texts(piece, settings)]
    found: list[Finding] = []
    for number, line in enumerate(words.splitlines(), 1):
        eraser = Eraser.of([line])
        mine = [_finding(piece, path, *span) for piece, path, text in texts for span in eraser.spans(text)]
        if line.strip() and not mine:
            raise WordsNotFound(
                f"Line {number} of the words to take out is not in the mail, or is one character only. "
                "Nothing was released. Open the content and write the words as they stand there."
            )
        found += mine
    return tuple(found)


def words_left(email: Email, words: str, settings: Settings) -> bool:
    """Whether one of the lines is still in what a person would see of the mail."""
    eraser = Eraser.of(words.splitlines())
    return any(eraser.found_in(text) for piece in pieces(email) for text in _seen(piece, settings))


def _texts(piece: Piece, settings: Settings) -> Iterator[tuple[str, str]]:
    """(path, text) of a piece as findings count in it: a file's sections, else the text as it is."""
    if piece.kind is not Kind.FILE:
        yield "", piece.text
        return
    pii = settings.pii
    document = read_document(piece.data, piece.file_name, piece.media_type, pii.documents, ocr=pii.ocr)
    for section in document.sections:
        yield section.path, section.text


def _seen(piece: Piece, settings: Settings) -> Iterator[str]:
    if piece.kind is Kind.HTML:
        yield read_html(piece.text).text  # words may be parted by tags
    for _, text in _texts(piece, settings):
        yield text


def _finding(piece: Piece, path: str, start: int, end: int) -> Finding:
    zone = Zone.ATTACHMENT if piece.kind is Kind.FILE else Zone.BODY
    return Finding("NAMED_BY_OFFICER", piece.part, start, end, 1.0, zone, "officer", path=path)
