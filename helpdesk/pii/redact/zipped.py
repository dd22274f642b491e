"""Zip archives, member by member; names are content too."""

import io
import zipfile
from pathlib import PurePosixPath

from helpdesk.pii.documents.formats.archive import junk, read_up_to
from helpdesk.pii.documents.reading import Place as ReadingPlace
from helpdesk.pii.documents.reading import Reading
from helpdesk.pii.redact.job import Job

MARK = "removed"


def redact(data: bytes, job: Job) -> tuple[bytes, str]:
    """The archive with each member redacted that needs it; one that cannot be refuses the whole."""
    limits = ReadingPlace(Reading(job.limits, {}, ocr=False))
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        for number, info in enumerate(old.infolist(), 1):
            if info.is_dir() or junk(info.filename):
                continue
            with old.open(info) as member:
                content = read_up_to(member, limits)
            part = job.member(info.filename, info.filename)
            made = job.redact_one(content, part).data if part.touched else content
            new.writestr(_name(info.filename, job, number), made)
    return held.getvalue(), ""


def _name(name: str, job: Job, number: int) -> str:
    path = PurePosixPath(job.eraser.clean(name, MARK))
    found = job.at(f"name of {name}")
    return f"{MARK}-{number}{path.suffix}" if found and str(path) == name else str(path)
