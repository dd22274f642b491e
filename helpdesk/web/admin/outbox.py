"""Outgoing mails by state, and what a person decides of those that need one. No content, no subject."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from helpdesk.db import reading, writing
from helpdesk.models import OutboxMail
from helpdesk.models.outbound import OutboxState
from helpdesk.models.people import Role
from helpdesk.outbound import resend
from helpdesk.outbound.kinds import Kind
from helpdesk.web.access import access, signed_in
from helpdesk.web.paging import asked_for, page_of, wanted_page
from helpdesk.web.site import site

blueprint = Blueprint("outbox", __name__)

SIZE = 25
NAMES = {
    OutboxState.UNCERTAIN: "Uncertain",
    OutboxState.FAILED: "Failed",
    OutboxState.SUPPRESSED: "Not sent",
    OutboxState.QUEUED: "Waiting",
    OutboxState.SENT: "Sent",
}
# A person decides about these; a suppressed mail was not sent on purpose.
UNDECIDED = (OutboxState.UNCERTAIN.value, OutboxState.FAILED.value)
SHOWN = (
    OutboxMail.id,
    OutboxMail.state,
    OutboxMail.kind,
    OutboxMail.desk,
    OutboxMail.to_address,
    OutboxMail.tries,
    OutboxMail.last_error,
    OutboxMail.created_at,
    OutboxMail.next_try_at,
    OutboxMail.sent_at,
)


@dataclass(frozen=True)
class Wanted:
    """Which mails are listed."""

    state: OutboxState
    to: str = ""
    kind: str = ""
    desk: str = ""

    @property
    def is_filtered(self) -> bool:
        return bool(self.to or self.kind or self.desk)

    @property
    def conditions(self) -> list[ColumnElement[bool]]:
        states = (
            [OutboxState.QUEUED, OutboxState.SENDING] if self.state is OutboxState.QUEUED else [self.state]
        )
        found: list[ColumnElement[bool]] = [OutboxMail.state.in_([state.value for state in states])]
        if self.to:
            found.append(OutboxMail.to_address.contains(self.to.lower(), autoescape=True))
        if self.kind:
            found.append(OutboxMail.kind == self.kind)
        if self.desk:
            found.append(OutboxMail.desk == self.desk)
        return found

    def address(self, page: int) -> str:
        return url_for(
            "outbox.show",
            state=self.state.value,
            to=self.to or None,
            kind=self.kind or None,
            desk=self.desk or None,
            page=page,
        )


@blueprint.get("/admin/outbox")
@access(Role.ADMIN)
def show() -> str:
    wanted, number = _wanted(), wanted_page()
    with reading(site().services.sessions) as session:
        total = session.scalar(select(func.count()).select_from(OutboxMail).where(*wanted.conditions)) or 0
        rows = session.execute(
            select(*SHOWN)
            .where(*wanted.conditions)
            .order_by(OutboxMail.id.desc())
            .offset((number - 1) * SIZE)
            .limit(SIZE + 1)
        ).all()
    return render_template(
        "admin/outbox.jinja",
        page=page_of(rows, number, SIZE, total),
        wanted=wanted,
        names=NAMES,
        kinds=[("", "Any"), *((kind.value, kind.replace("_", " ").capitalize()) for kind in Kind)],
        desks=[("", "Any"), *((key, desk.name) for key, desk in site().settings.desks.items())],
        address=wanted.address,
    )


@blueprint.post("/admin/outbox/<int:mail_id>/retry")
@access(Role.ADMIN)
def retry(mail_id: int) -> Response:
    """Send once more. Of an uncertain mail the recipient may then have two."""
    return _decide(mail_id, resend.retry, "The mail will be sent again.")


@blueprint.post("/admin/outbox/<int:mail_id>/give-up")
@access(Role.ADMIN)
def give_up(mail_id: int) -> Response:
    return _decide(mail_id, resend.give_up, "The mail will not be sent.")


def _decide(mail_id: int, act: Callable[[Session, int, str], OutboxMail], said: str) -> Response:
    with writing(site().services.sessions) as session:
        mail = session.get(OutboxMail, mail_id, with_for_update=True)
        if mail is None:
            abort(404)
        was = mail.state
        if was not in UNDECIDED:
            abort(409)
        act(session, mail_id, signed_in().email)
    flash(said)
    return redirect(url_for("outbox.show", state=was))


def _wanted() -> Wanted:
    asked, kind, desk = (request.args.get(name, "") for name in ("state", "kind", "desk"))
    return Wanted(
        OutboxState(asked) if asked in [state.value for state in NAMES] else OutboxState.UNCERTAIN,
        asked_for("to"),
        kind if kind in set(Kind) else "",
        desk if desk in site().settings.desks else "",
    )
