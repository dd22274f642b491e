"""The files that an agent chose in a form: each is safe to keep and to send, or the form says what is wrong with it.

A browser never fills in a file again. So when a form comes back it remembers how many there were, and is not sent
without them unless the agent says so.
"""

import re

from flask import request
from markupsafe import Markup
from werkzeug.datastructures import FileStorage

from helpdesk.config import Limits
from helpdesk.ingest.parsing.names import apart
from helpdesk.outbound.files import OPAQUE, File
from helpdesk.tickets.file_names import chosen_name
from helpdesk.tickets.refused_files import why_refused
from helpdesk.web.fields import Fields
from helpdesk.web.uploads import Kept, count, megabytes

MOST_BEFORE = 1_000
_MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9][a-z0-9.+-]{0,100}")


def take(form: Fields, field: str, limits: Limits) -> list[File]:
    """The files of a field. What is wrong with the file of place n is `form.errors["field:n"]`, with all `["field"]`."""
    came = [one for one in request.files.getlist(field) if one.filename or _kept(one).size]
    _remember(form, field, len(came))
    names = apart([chosen_name(one.filename or "") for one in came])
    sizes = [_kept(one).size for one in came]
    if fault := _fault_of_all(sizes, limits):
        form.errors[field] = fault
    for place, (name, one) in enumerate(zip(names, came, strict=True), 1):
        if fault := _fault(name, _kept(one), limits):
            form.errors[f"{field}:{place}"] = Markup("<bdi>{}</bdi>{}").format(name, fault)
    return [
        File(name, _media_type(one), _kept(one).getvalue()) for name, one in zip(names, came, strict=True)
    ]


def _remember(form: Fields, field: str, came: int) -> None:
    """How many there were; a form that lost them is asked about."""
    before = min(form.number(f"{field}_before"), MOST_BEFORE)
    without = request.form.get(f"{field}_without") == "1"
    if came or (before and not without):
        form.values[f"{field}_before"] = str(came or before)
    if before and not came and not without:
        form.errors[field] = (
            f"Choose your {count(before)} again, since a browser does not keep them, or say that you send without"
        )


def _fault_of_all(sizes: list[int], limits: Limits) -> str:
    if sizes and not limits.written_files:
        return "No files can be sent from here; leave them out"
    if len(sizes) > limits.written_files:
        return f"You chose {len(sizes)} files; choose {limits.written_files} or fewer"
    if sum(sizes) > limits.written_files_bytes:
        together = f"Together the files are {megabytes(sum(sizes))}"
        return f"{together}; choose files of {megabytes(limits.written_files_bytes)} or less in all"
    return ""


def _fault(name: str, kept: Kept, limits: Limits) -> str:
    """What is wrong with one file, to stand after its name."""
    if not kept.size:
        return " is empty; choose another, or leave it out"
    if kept.size > limits.written_file_bytes:
        return f" is {megabytes(kept.size)}; choose a file of {megabytes(limits.written_file_bytes)} or less"
    if why := why_refused(name, kept.getvalue()):
        return f" cannot be sent, since {why}; put it on a shared drive and send its address"
    return ""


def _kept(one: FileStorage) -> Kept:
    assert isinstance(one.stream, Kept), "the application's own kind of request makes it"  # noqa: S101
    return one.stream


def _media_type(one: FileStorage) -> str:
    said = (one.mimetype or "").lower()
    return said if _MEDIA_TYPE.fullmatch(said) else OPAQUE
