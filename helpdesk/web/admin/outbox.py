"""Outgoing mails that need a person: not delivered, or nobody knows. No content, no subject."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from helpdesk import audit
from helpdesk.audit import Act
from helpdesk.db import now, reading, writing
from helpdesk.models import OutboxMail
from helpdesk.models.outbound import OutboxState
from helpdesk.models.people import Role
from helpdesk.web.access import access, signed_in
from helpdesk.web.paging import Page, wanted_page
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


@blueprint.get("/admin/outbox")
@access(Role.ADMIN)
def show() -> str:
    state, number = _wanted_state(), wanted_page()
    chosen = OutboxMail.state == state.value
    with reading(site().services.sessions) as session:
        total = session.scalar(select(func.count()).select_from(OutboxMail).where(chosen)) or 0
        rows = session.execute(
            select(
                OutboxMail.id,
                OutboxMail.kind,
                OutboxMail.to_address,
                OutboxMail.tries,
                OutboxMail.last_error,
                OutboxMail.created_at,
                OutboxMail.sent_at,
            )
            .where(chosen)
            .order_by(OutboxMail.id.desc())
            .offset((number - 1) * SIZE)
            .limit(SIZE + 1)
        ).all()
    return render_template(
        "admin/outbox.jinja",
        page=Page(rows[:SIZE], number, SIZE, len(rows) > SIZE, total),
        state=state,
        names=NAMES,
        address=lambda page: url_for("outbox.show", state=state.value, page=page),
    )


@blueprint.post("/admin/outbox/<int:mail_id>/retry")
@access(Role.ADMIN)
def retry(mail_id: int) -> Response:
    """Send once more. Of an uncertain mail the recipient may then have two."""

    def again(mail: OutboxMail) -> None:
        mail.state, mail.tries, mail.next_try_at = OutboxState.QUEUED.value, 0, now()
        mail.claimed_at = mail.data_started_at = None

    return _decide(mail_id, "mail.retried", again, "The mail will be sent again.")


@blueprint.post("/admin/outbox/<int:mail_id>/give-up")
@access(Role.ADMIN)
def give_up(mail_id: int) -> Response:
    def leave(mail: OutboxMail) -> None:
        mail.state, mail.last_error = OutboxState.SUPPRESSED.value, "given up by an administrator"

    return _decide(mail_id, "mail.given_up", leave, "The mail will not be sent.")


def _decide(mail_id: int, action: str, act: Callable[[OutboxMail], None], said: str) -> Response:
    with writing(site().services.sessions) as session:
        mail = session.get(OutboxMail, mail_id, with_for_update=True)
        if mail is None:
            abort(404)
        if mail.state not in UNDECIDED:
            abort(409)
        was = mail.state
        act(mail)
        audit.record(session, Act(action, "outbox", mail.id, actor=signed_in().email, detail=(("was", was),)))
    flash(said)
    return redirect(url_for("outbox.show", state=was))


def _wanted_state() -> OutboxState:
    asked = request.args.get("state", "")
    return OutboxState(asked) if asked in [state.value for state in NAMES] else OutboxState.UNCERTAIN
