"""Download of a file of a cleared message: always saved, never opened in the page."""

import unicodedata
from urllib.parse import quote

from flask import Blueprint, abort
from sqlalchemy import Select, select
from werkzeug.wrappers import Response

from helpdesk import audit
from helpdesk.audit import Act
from helpdesk.db import reading, writing
from helpdesk.models import Attachment, Message, Ticket
from helpdesk.models.people import Role
from helpdesk.models.tickets import Direction
from helpdesk.tickets.file_names import safe_name
from helpdesk.tickets.numbers import is_called
from helpdesk.vault import ContentDestroyed
from helpdesk.web.access import access, signed_in
from helpdesk.web.site import site

blueprint = Blueprint("files", __name__)

HEADERS = {
    "Content-Type": "application/octet-stream",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Download-Options": "noopen",
}


@blueprint.get("/tickets/<number>/files/<int:file_id>")
@access(Role.AGENT)
def download(number: str, file_id: int) -> Response:
    with reading(site().services.sessions) as session:
        found = session.scalar(_of_ticket(number, file_id))
        if found is None or found.blob_id is None or found.tombstone:
            abort(404)
        try:
            data = site().services.vault.get(session, found.blob_id)
        except ContentDestroyed:
            abort(404)
    _audit(number, file_id)
    answer = Response(data, headers=HEADERS)
    answer.headers["Content-Disposition"] = disposition(found.file_name)
    return answer


def _of_ticket(number: str, file_id: int) -> Select[tuple[Attachment]]:
    return (
        select(Attachment)
        .join(Attachment.message)
        .join(Message.ticket)
        .where(
            Attachment.id == file_id,
            is_called(number),
            signed_in().sight.reaches(Ticket.desk),
            Message.direction != Direction.HELD.value,
        )
    )


def disposition(name: str) -> str:
    """`attachment` with a plain name for old readers and the real one beside it (RFC 6266, RFC 8187)."""
    safe = safe_name(name)
    plain = unicodedata.normalize("NFKD", safe).encode("ascii", "ignore").decode().strip() or "file"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(safe, safe='')}"


def _audit(number: str, file_id: int) -> None:
    act = Act(
        "file.downloaded", "ticket", number.upper(), actor=signed_in().email, detail=(("file", file_id),)
    )
    with writing(site().services.sessions) as session:
        audit.record(session, act)
