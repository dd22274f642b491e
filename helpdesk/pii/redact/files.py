"""`redact_file`: the parent's side. The work is done in a child, as reading is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from helpdesk.pii.documents.pool import ChildFault
from helpdesk.pii.documents.reader import plain_limits, request, shared_reader
from helpdesk.pii.documents.values import Why
from helpdesk.pii.redact.values import RedactedFile
from helpdesk.pii.values import Finding

if TYPE_CHECKING:  # the child imports this package too, and has no use for the settings library
    from helpdesk.config import Documents

SENTENCES = {
    "kind": "This file held personal data and is of a kind that cannot be redacted safely, so it was removed.",
    "place": "This file held personal data in a place that cannot be redacted safely, so it was removed.",
    "left": "This file held personal data, and some was left after redaction, so it was removed.",
    Why.TIMED_OUT.value: "This file held personal data and took too long to redact, so it was removed.",
    Why.CRASHED.value: "This file held personal data and could not be redacted, so it was removed.",
}


def redact_file(
    data: bytes, file_name: str, media_type: str, findings: Iterable[Finding], limits: Documents
) -> RedactedFile:
    """A file without what was found in it.

    `findings` are those of a scan of this very file: `path` names the section of the
    Document, `start` and `end` are offsets in its text. Each found string is removed
    wherever it stands in the file, metadata is dropped, and the result is read again in
    the child: where anything is left, or the kind cannot be redacted safely, the answer
    is a tombstone. Nothing is raised for what is in the file.
    """
    plain = plain_limits(limits)
    places = [[finding.path, finding.start, finding.end] for finding in findings]
    head = request("redact", file_name, media_type, plain, findings=places)
    reader = shared_reader()
    try:
        answer, blob = reader.text.ask({**head, "ocr": False}, data, plain)
        if answer.get("needs_ocr"):
            answer, blob = reader.ocr.ask({**head, "ocr": True}, data, plain)
    except ChildFault as fault:
        return RedactedFile(None, media_type, SENTENCES[fault.why.value])
    if answer.get("done"):
        return RedactedFile(blob, str(answer["media_type"]))
    return RedactedFile(None, media_type, SENTENCES.get(str(answer.get("refusal")), SENTENCES["kind"]))
