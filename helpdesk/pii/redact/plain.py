"""Text files: written anew in UTF-8."""

import csv
import io
import json
from contextlib import suppress

from helpdesk.pii.documents.formats.charset import decode
from helpdesk.pii.documents.formats.markup import declared
from helpdesk.pii.documents.formats.plain import delimiter_of
from helpdesk.pii.redact.html import redact_html
from helpdesk.pii.redact.job import Job, RefusedError
from helpdesk.pii.redact.text import cut, joined
from helpdesk.pii.values import Finding, Zone


def text(data: bytes, job: Job) -> tuple[bytes, str]:
    """Text as it stands: where the section is the very text by its offsets, else by the strings found."""
    whole = decode(data, declared(data))
    if [section.text for section in job.sections] == [whole]:
        return _coded(cut(whole, joined(job.at(job.sections[0].path)), "[removed]")), ""
    return _coded(job.eraser.clean(whole)), ""


def json_file(data: bytes, job: Job) -> tuple[bytes, str]:
    """JSON with its escapes undone, as it was read; what is not quite JSON is text."""
    whole = decode(data)
    if "\\u" not in whole:
        return text(data, job)
    with suppress(ValueError):
        whole = json.dumps(json.loads(whole), ensure_ascii=False, indent=1)
    return _coded(job.eraser.clean(whole)), ""


def csv_file(data: bytes, job: Job) -> tuple[bytes, str]:
    """Cell by cell; the delimiter stays."""
    whole = decode(data)
    mark = delimiter_of(whole)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=mark, lineterminator="\n")
    for row in csv.reader(io.StringIO(whole, newline=""), delimiter=mark):
        writer.writerow([job.eraser.clean(cell) for cell in row])
    return _coded(out.getvalue()), ""


def html_file(data: bytes, job: Job) -> tuple[bytes, str]:
    """HTML by offsets; one with pictures inside is refused where they were found to say something."""
    whole = decode(data, declared(data))
    section = next((s for s in job.sections if s.kind == "html"), None)
    if section is None or section.text != whole:
        raise RefusedError("place")
    found = [Finding("", "", start, end, 1.0, Zone.ATTACHMENT, "") for start, end in job.at(section.path)]
    return _coded(redact_html(whole, found)), ""


def _coded(text_: str) -> bytes:
    return text_.encode("utf-8", "replace")
