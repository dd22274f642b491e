"""What was read lately, by digest of the content: the logo of every signature is read once."""

import hashlib
from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock

from helpdesk.pii.documents.values import Document, Why

PASSING = frozenset({Why.TIMED_OUT, Why.CRASHED})  # may go better next time, so not remembered


def key_of(data: bytes, *rest: Hashable) -> tuple[Hashable, ...]:
    return (hashlib.sha256(data).digest(), *rest)


class Cache:
    """Least recently used first out, bounded by the characters it holds. In memory only."""

    def __init__(self, characters: int = 8_000_000, entries: int = 4_096) -> None:
        self._characters, self._entries = characters, entries
        self._held = 0
        self._documents: OrderedDict[tuple[Hashable, ...], Document] = OrderedDict()
        self._lock = Lock()

    def get(self, key: tuple[Hashable, ...]) -> Document | None:
        with self._lock:
            document = self._documents.get(key)
            if document is not None:
                self._documents.move_to_end(key)
            return document

    def put(self, key: tuple[Hashable, ...], document: Document) -> None:
        if any(unread.why in PASSING for unread in document.unscannable):
            return
        with self._lock:
            if key in self._documents:
                return
            self._documents[key] = document
            self._held += _size(document)
            while self._held > self._characters or len(self._documents) > self._entries:
                _, oldest = self._documents.popitem(last=False)
                self._held -= _size(oldest)

    def __len__(self) -> int:
        return len(self._documents)


def _size(document: Document) -> int:
    return sum(len(s.path) + len(s.text) + 200 for s in document.sections) + 200
