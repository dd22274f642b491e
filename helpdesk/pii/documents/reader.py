"""`read_document`: ask the cache, then a child; whatever happens, a Document comes back."""

from __future__ import annotations

import atexit
import os
import sys
from dataclasses import fields
from functools import cache as once
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from helpdesk.errors import HelpdeskError
from helpdesk.pii.documents import wire
from helpdesk.pii.documents.cache import Cache, key_of
from helpdesk.pii.documents.pool import ChildFault, Pool, Wear
from helpdesk.pii.documents.values import Document, Limits, Unread, Why

if TYPE_CHECKING:  # the child imports this package too, and has no use for the settings library
    from helpdesk.config import Documents

MOST_CHILDREN = 2


class ReaderError(HelpdeskError):
    """Documents cannot be read on this machine at all."""


class Reader:
    """The pools and the cache of one process. Threads may share it."""

    def __init__(self, size: int = MOST_CHILDREN) -> None:
        self.text, self.ocr = Pool("text", size), Pool("ocr", max(1, size // 2), Wear(memory_mb=1_200))
        self.cache = Cache()

    def read(
        self, data: bytes, file_name: str, media_type: str, limits: Documents | Limits, *, ocr: bool
    ) -> Document:
        """Read one document. Never raises for what is in it: what failed is in `unscannable`."""
        if len(data) > limits.file_bytes:
            return Document(unscannable=(Unread("", Why.TOO_LARGE),), media_type=media_type)
        plain = plain_limits(limits)
        suffix = PurePath(file_name).suffix.lower()
        key = key_of(data, suffix, media_type, plain, ocr)
        document = self.cache.get(key)
        if document is None:
            document = self._ask(data, file_name, media_type, plain, ocr)
            self.cache.put(key, document)
        return document

    def close(self) -> None:
        self.text.close()
        self.ocr.close()

    def _ask(self, data: bytes, file_name: str, media_type: str, limits: Limits, ocr: bool) -> Document:
        head = request("read", file_name, media_type, limits, ocr=ocr)
        pool = self.ocr if ocr else self.text
        try:
            answer, _ = pool.ask(head, data, limits)
            return wire.document_from_plain(answer)
        except ChildFault as fault:
            return Document(unscannable=(Unread("", fault.why),), media_type=media_type)
        except wire.WireFault:
            return Document(unscannable=(Unread("", Why.CRASHED),), media_type=media_type)


def plain_limits(limits: Documents | Limits) -> Limits:
    return Limits(**{f.name: getattr(limits, f.name) for f in fields(Limits)})


def request(do: str, file_name: str, media_type: str, limits: Limits, **more: Any) -> dict[str, Any]:
    """The head of a frame to a child."""
    plain = {f.name: getattr(limits, f.name) for f in fields(Limits)}
    return {"do": do, "file_name": file_name, "media_type": media_type, "limits": plain, **more}


@once
def _reader_of(process: int) -> Reader:  # by process: a fork must not talk over its parent's links
    reader = Reader()
    atexit.register(lambda: reader.close() if os.getpid() == process else None)
    return reader


def shared_reader() -> Reader:
    """The reader of this process."""
    return _reader_of(os.getpid())


def read_document(data: bytes, file_name: str, media_type: str, limits: Documents, *, ocr: bool) -> Document:
    """Read a file in an isolated child process.

    `ocr=False` reads text only and sets `images_pending` where images that may hold text
    were left; `ocr=True` reads those too. The kind is found by content; name and label
    only help where content says nothing (CSV against plain text). Nothing is raised for
    what is in the file: what could not be read is in `Document.unscannable`.
    """
    return shared_reader().read(data, file_name, media_type, limits, ocr=ocr)


def isolation() -> dict[str, bool]:
    """Which protections a child has on this machine, for `doctor`: no_network, no_files, unprivileged,
    no_new_privileges, few_system_calls. CPU, memory, open-file and process limits always hold.

    Raises ReaderError when no child can be started, in which case every file is held as crashed.
    """
    try:
        return shared_reader().text.isolation()
    except ChildFault:
        raise ReaderError(
            "The document reader does not start, so every attachment would be held. "
            f"Run `{sys.executable} -c 'import helpdesk.pii.documents.services'` to see why."
        ) from None


def close() -> None:
    """End this process's children; the next reading starts new ones."""
    shared_reader().close()
