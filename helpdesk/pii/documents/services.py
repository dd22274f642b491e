"""What a child answers. `prepare` runs before it shuts itself in, `answer` after."""

import encodings
import importlib
import pkgutil
from collections.abc import Callable
from typing import Any

from helpdesk.pii.documents import engine, formats, wire
from helpdesk.pii.documents.reading import Reading, read
from helpdesk.pii.documents.values import Document, Limits, Unread, Why
from helpdesk.pii.redact import child as redact

Answer = tuple[dict[str, Any], bytes]


def prepare(*, ocr: bool) -> None:
    """Import everything that a parser may ask for later: after this no file can be opened."""
    for module in pkgutil.iter_modules(encodings.__path__):
        if module.name not in ("mbcs", "oem", "cp65001"):  # Windows only
            importlib.import_module(f"encodings.{module.name}")
    if ocr:
        engine.load()


def answer(head: dict[str, Any], body: bytes, limits: Limits, limit_for: Callable[[Limits], None]) -> Answer:
    """Do one request within its limits."""
    limit_for(limits)
    if head["do"] == "redact":
        return redact.answer(head, body, limits)
    reading = Reading(limits, formats.FORMATS, ocr=bool(head["ocr"]))
    try:
        document = read(reading, body, str(head["file_name"]), str(head["media_type"]))
    except MemoryError:
        reading.release()
        document = Document(unscannable=(Unread("", Why.TOO_LARGE),), media_type=str(head["media_type"]))
    return wire.document_to_plain(document), b""
