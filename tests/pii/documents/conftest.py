"""One pair of children for the whole room's tests."""

from collections.abc import Callable, Iterator

import pytest

from helpdesk.config import Documents
from helpdesk.pii.documents import Document
from helpdesk.pii.documents.reader import Reader

Read = Callable[..., Document]


@pytest.fixture(scope="session")
def reader() -> Iterator[Reader]:
    reader = Reader(size=1)
    yield reader
    reader.close()


@pytest.fixture
def read(reader: Reader) -> Read:
    """Read bytes with the limits given over the defaults."""

    def read_one(
        data: bytes, name: str = "file", *, label: str = "", ocr: bool = False, **limits: object
    ) -> Document:
        return reader.read(data, name, label, Documents(**limits), ocr=ocr)

    return read_one
