"""What an agent writes: a reply, an internal note, a resolution. Each is scanned before it is kept."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from helpdesk.audit import Act
from helpdesk.models import Ticket
from helpdesk.models.people import Role
from helpdesk.tickets.states import IllegalMove
from helpdesk.web.access import access
from helpdesk.web.fields import Fields
from helpdesk.web.site import site
from helpdesk.web.ticket import chosen, typed, views
from helpdesk.web.ticket.changes import ChangedMeanwhile, change, check_there
from helpdesk.web.ticket.keeping import Written, keep_note, keep_reply, keep_resolution
from helpdesk.web.ticket.typed import Checked
from helpdesk.web.uploads import takes_files

blueprint = Blueprint("replies", __name__)

Answer = Response | str | tuple[str, int]
LONGEST = 50_000


@dataclass(frozen=True)
class Kind:
    """One way of writing: its field, its words, and what keeping it does."""

    field: str
    noun: str
    button: str
    missing: str
    done: str
    keep: Callable[[Session, Ticket, Written], list[Act]]
    checks_version: bool = True

    @property
    def files(self) -> str:
        """The field of its files."""
        return f"{self.field}_files"


@blueprint.post("/tickets/<number>/reply")
@access(Role.AGENT)
@takes_files
def reply(number: str) -> Answer:
    return _write(number, REPLY)


@blueprint.post("/tickets/<number>/note")
@access(Role.AGENT)
@takes_files
def note(number: str) -> Answer:
    return _write(number, NOTE)


@blueprint.post("/tickets/<number>/resolve")
@access(Role.AGENT)
@takes_files
def resolve(number: str) -> Answer:
    return _write(number, RESOLUTION)


def _write(number: str, kind: Kind) -> Answer:
    """Validate, scan, keep. The scan is outside the transaction, so that a slow one holds no lock."""
    check_there(number)  # before the scan, which would be for nothing
    form = Fields()
    text = form.text(kind.field, kind.missing, LONGEST)
    form.line("next_state")
    files = chosen.take(form, kind.files, site().settings.limits)
    if not form:
        return _again(number, kind, form), 400
    checked = typed.check(site().pipeline, text, files)
    if not checked.is_clear and not typed.is_kept_knowingly(checked, form):
        return _ask(number, kind, form, checked), 422
    written = Written(text, files, form["next_state"])
    try:
        change(
            number,
            _version(form, kind),
            lambda session, ticket: _kept(session, ticket, kind, written, form, checked),
        )
    except (ChangedMeanwhile, IllegalMove) as fault:
        form.errors[kind.field] = str(fault)
        return _again(number, kind, form), 409
    flash(kind.done)
    return redirect(url_for("ticket.show", number=number, _anchor="latest"))


def _version(form: Fields, kind: Kind) -> int | None:
    return form.number("version") if kind.checks_version else None


def _kept(
    session: Session, ticket: Ticket, kind: Kind, written: Written, form: Fields, checked: Checked
) -> list[Act]:
    acts = kind.keep(session, ticket, written)
    if not checked.is_clear:
        acts.append(typed.override_act(checked, ticket, form["override_reason"]))
    return acts


def _again(number: str, kind: Kind, form: Fields) -> str:
    return views.resolve_page(number, form) if kind is RESOLUTION else views.ticket_page(number, form)


def _ask(number: str, kind: Kind, form: Fields, checked: Checked) -> str:
    """Show why the text would be held, with the text still there to be changed."""
    return render_template(
        "ticket/check.jinja",
        number=number,
        kind=kind,
        form=form,
        checked=checked,
        version=form.number("version"),
        action=request.path,
    )


REPLY = Kind("reply", "reply", "Send reply", "Write your reply", "Your reply is on its way.", keep_reply)
NOTE = Kind(
    "note", "note", "Add note", "Write the note", "The note was added.", keep_note, checks_version=False
)
RESOLUTION = Kind(
    "resolution",
    "resolution",
    "Resolve and send",
    "Write what was done, for the requester",
    "The ticket is resolved and the requester is told.",
    keep_resolution,
)
