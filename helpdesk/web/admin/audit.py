"""The trail, a page at a time, the latest first."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from sqlalchemy import select

from helpdesk.db import reading
from helpdesk.models import AuditEntry
from helpdesk.models.people import Role
from helpdesk.web.access import access
from helpdesk.web.site import site

blueprint = Blueprint("audit", __name__)
SIZE = 50


@blueprint.get("/admin/audit")
@access(Role.ADMIN)
def show() -> str:
    """Entries before the one named, optionally of one person; by number, so that deep pages cost no more."""
    before, actor = _before(), request.args.get("actor", "").strip()[:255]
    wanted = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(SIZE + 1)
    if before:
        wanted = wanted.where(AuditEntry.id < before)
    if actor:
        wanted = wanted.where(AuditEntry.actor == actor)
    with reading(site().services.sessions) as session:
        rows = session.scalars(wanted).all()
    older = rows[SIZE - 1].id if len(rows) > SIZE else 0
    return render_template(
        "admin/audit.jinja",
        rows=rows[:SIZE],
        actor=actor,
        newest=url_for("audit.show", actor=actor or None) if before else "",
        older=url_for("audit.show", actor=actor or None, before=older) if older else "",
        detail=detail_words,
    )


def detail_words(detail: dict[str, Any]) -> str:
    """What belongs to an act, as `from: new, to: assigned`."""
    return ", ".join(f"{name}: {_value(value)}" for name, value in detail.items() if value not in ("", None))


def _value(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _before() -> int:
    text = request.args.get("before", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0
