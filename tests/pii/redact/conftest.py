"""Find strings in a file as a scan would, and have them redacted."""

import re
from collections.abc import Callable, Iterator

import pytest

from helpdesk.config import Documents
from helpdesk.pii.documents import Document, close, read_document
from helpdesk.pii.redact import RedactedFile, redact_file
from helpdesk.pii.values import Finding, Zone

LIMITS = Documents()
Redact = Callable[..., RedactedFile]


@pytest.fixture(scope="session", autouse=True)
def _children() -> Iterator[None]:
    yield
    close()


def finding(start: int, end: int, path: str = "") -> Finding:
    return Finding("NHS_NUMBER", "attachment:1", start, end, 1.0, Zone.ATTACHMENT, "test", path=path)


def found(document: Document, *strings: str) -> list[Finding]:
    """A finding for the first place of each string in each section; at least one each."""
    out = []
    for string in strings:
        pattern = re.compile(r"\s*".join(map(re.escape, string.replace(" ", ""))))  # OCR loses spaces
        places = [(match.span(), s.path) for s in document.sections if (match := pattern.search(s.text))]
        assert places, "the string to remove was not read"
        out += [finding(start, end, path) for (start, end), path in places]
    return out


@pytest.fixture
def redact() -> Redact:
    """Read a file, find the strings, redact it."""

    def one(data: bytes, *strings: str, name: str = "file", ocr: bool = False) -> RedactedFile:
        document = read_document(data, name, "", LIMITS, ocr=ocr)
        return redact_file(data, name, "", found(document, *strings), LIMITS)

    return one
