"""What the child does with a request to redact: read, remove, read again."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from helpdesk.pii.documents import kinds
from helpdesk.pii.documents.formats import FORMATS
from helpdesk.pii.documents.reading import Reading, Refusal, read
from helpdesk.pii.documents.values import Document, Limits
from helpdesk.pii.redact import mail, office, pdf, pictures, plain, zipped
from helpdesk.pii.redact.job import Job, Place, RefusedError
from helpdesk.pii.redact.job import Redactor as Redact

Answer = tuple[dict[str, Any], bytes]

REDACTORS: dict[str, Redact] = {
    "text": plain.text,
    "json": plain.json_file,
    "xml": plain.text,
    "svg": plain.text,
    "calendar": plain.text,
    "vcard": plain.text,
    "csv": plain.csv_file,
    "html": plain.html_file,
    "image": pictures.redact,
    "pdf": pdf.redact,
    "docx": office.redact,
    "pptx": office.redact,
    "xlsx": office.redact,
    "odf": office.redact,
    "zip": zipped.redact,
    "eml": mail.redact,
}


def answer(head: dict[str, Any], body: bytes, limits: Limits) -> Answer:
    """One request: `done` with the new bytes, `needs_ocr`, or a `refusal` with its reason."""
    ocr = bool(head["ocr"])
    places = [Place(str(path), int(start), int(end)) for path, start, end in head["findings"]]
    name, media_type = str(head["file_name"]), str(head["media_type"])
    document = read(Reading(limits, FORMATS, ocr=ocr), body, name, media_type)
    if not ocr and (document.images_pending or kinds.sniff(body, name, media_type) == "image"):
        return {"needs_ocr": True}, b""
    try:
        job = Job.of(document, places, limits, name, media_type, redact_one)
        made = redact_one(body, job)
        _check(made.data, job, ocr)
    except RefusedError as refused:
        return {"refusal": refused.reason}, b""
    except Exception:  # noqa: BLE001 - as in reading: whatever a parser raises on a hostile file means that it is not safe
        return {"refusal": "place"}, b""
    return {"done": True, "media_type": made.media_type}, made.data


@dataclass(frozen=True, slots=True)
class Made:
    data: bytes
    media_type: str


def redact_one(data: bytes, job: Job) -> Made:
    """A file, or a member of one, by its kind; RefusedError where it cannot be done safely."""
    kind = kinds.sniff(data, job.name, job.media_type)
    redactor: Callable[[bytes, Job], tuple[bytes, str]] | None = REDACTORS.get(kind)
    if kind in kinds.HARMLESS:
        return Made(data, job.media_type)
    if redactor is None:
        raise RefusedError("kind")
    new, media_type = redactor(data, job)
    return Made(new, media_type or kinds.MEDIA_TYPES.get(kind, job.media_type))


def _check(data: bytes, job: Job, ocr: bool) -> None:
    """Read the result; RefusedError where a removed string is still said, or a part cannot be read any more."""
    try:
        again: Document = read(Reading(job.limits, FORMATS, ocr=ocr), data, job.name, job.media_type)
    except (Refusal, MemoryError):
        raise RefusedError("left") from None
    if again.unscannable or any(job.eraser.found_in(section.text) for section in again.sections):
        raise RefusedError("left")
