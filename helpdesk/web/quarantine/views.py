"""The quarantine: what is held, why, and what the officer decides. Nothing of a mail shows before its opening."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from helpdesk.db import reading
from helpdesk.governance import decisions, quarantine
from helpdesk.governance.quarantine import HeldView, NotHeld, ReasonMissing
from helpdesk.governance.words import WordsNotFound
from helpdesk.models import HeldMail, User
from helpdesk.models.governance import HeldState
from helpdesk.models.people import Role
from helpdesk.web.access import access, signed_in
from helpdesk.web.fields import Fields
from helpdesk.web.paging import Page, wanted_page
from helpdesk.web.quarantine import marking
from helpdesk.web.site import site

blueprint = Blueprint("quarantine", __name__)

Answer = Response | str | tuple[str, int]
LONGEST_REASON = 1_900
LONGEST_WORDS = 5_000

# Each act: the button's words, what is said when it is done, and what it means for the mail.
ACTS: dict[str, tuple[str, str, str]] = {
    "redacted": (
        "Release redacted",
        "The mail was released without what was found.",
        "The desk gets the mail without what the scanner found. The rest is scanned once more first.",
    ),
    "release": (
        "Release",
        "The mail was released.",
        "The desk gets the whole mail as it came. Choose this when nothing in it needs protecting from them.",
    ),
    "purge": (
        "Purge",
        "The mail was erased for good.",
        "The mail is erased and nothing brings it back. The record of what was held and why stays.",
    ),
}


@blueprint.get("/quarantine")
@access(Role.IG_OFFICER)
def show() -> str:
    state = _wanted_state()
    with reading(site().services.sessions) as session:
        found = quarantine.list_held(session, state=state, page=wanted_page())
    listed = Page(found.rows, found.page, quarantine.PAGE, found.page < found.pages, found.total)
    return render_template(
        "quarantine/list.jinja",
        page=listed,
        state=state,
        states=[(one, STATE_NAMES[one]) for one in HeldState],
        clock=marking.clock,
        address=lambda page: url_for("quarantine.show", state=state.value, page=page),
    )


STATE_NAMES = {
    HeldState.HELD: "Waiting for you",
    HeldState.RELEASED: "Released",
    HeldState.REDACTED: "Released redacted",
    HeldState.PURGED: "Purged",
}


@blueprint.get("/quarantine/<int:held_id>")
@access(Role.IG_OFFICER)
def held(held_id: int) -> Answer:
    return _page(held_id, Fields())


@blueprint.post("/quarantine/<int:held_id>/open")
@access(Role.IG_OFFICER)
def look(held_id: int) -> Answer:
    """Show the content, after the reason to look at it is in the trail."""
    form = Fields()
    reason = form.line("look_reason", "Say in a few words why you need to see the content", LONGEST_REASON)
    if not form:
        return _page(held_id, form), 400
    try:
        view = quarantine.open_held(site().services, held_id, signed_in().email, reason)
    except (ReasonMissing, NotHeld) as fault:
        form.errors["look_reason"] = str(fault)
        return _page(held_id, form), 400
    return _page(held_id, form, view)


@blueprint.post("/quarantine/<int:held_id>/decide")
@access(Role.IG_OFFICER)
def decide(held_id: int) -> Answer:
    """One of the three acts. A purge is asked about once more, with its reason kept."""
    form = Fields()
    act = form.line("act", "Choose what to do with the mail")
    form.text("words", longest=LONGEST_WORDS)
    reason = form.line("reason", "Say in a few words why; it is kept in the record", LONGEST_REASON)
    if act and act not in ACTS:
        abort(400)
    if not form:
        return _page(held_id, form), 400
    if act == "purge" and request.form.get("sure") != "yes":
        return _ask_purge(held_id, form)
    return _decide(held_id, act, reason, form)


def _decide(held_id: int, act: str, reason: str, form: Fields) -> Answer:
    officer = signed_in().email
    services, pipeline = site().services, site().pipeline
    try:
        if act == "purge":
            decisions.purge(services, held_id, officer, reason)
        elif act == "release":
            decisions.release(services, pipeline, held_id, officer, reason)
        else:
            decisions.release_redacted(services, pipeline, held_id, officer, reason, form["words"])
    except ReasonMissing as fault:
        form.errors["reason"] = str(fault)
    except (WordsNotFound, decisions.NothingToTakeOut) as fault:
        form.errors["words"] = str(fault)
    except (NotHeld, decisions.StillFound, decisions.CannotPrepare) as fault:
        form.errors["act"] = str(fault)
    if not form:
        return _page(held_id, form), 409
    flash(ACTS[act][1])
    return redirect(url_for("quarantine.show"))


def _page(held_id: int, form: Fields, view: HeldView | None = None) -> str:
    mail, decided_by, again = _held_mail(held_id)
    return render_template(
        "quarantine/held.jinja",
        held=mail,
        decided_by=decided_by,
        again=again,
        reports=[marking.told(site().services, one) for one in mail.reports],
        form=form,
        view=view,
        acts=ACTS,
        state_name=STATE_NAMES[HeldState(mail.state)],
        parts=marking.by_part(mail),
        marked=marking.marked,
        piece_name=marking.piece_name,
        found_in_file=marking.found_in_file,
        clock=marking.clock,
    )


def _ask_purge(held_id: int, form: Fields) -> str:
    mail, _, _ = _held_mail(held_id)
    return render_template("quarantine/purge.jinja", held=mail, form=form)


def _held_mail(held_id: int) -> tuple[HeldMail, User | None, int | None]:
    """The row, who decided, and the message that the desk sees of it, if it does."""
    with reading(site().services.sessions) as session:
        try:
            mail = quarantine.get_held(session, held_id)
        except NotHeld:
            abort(404)
        decided_by = session.get(User, mail.decided_by) if mail.decided_by else None
        return mail, decided_by, quarantine.message_shown(session, mail)


def _wanted_state() -> HeldState:
    asked: Any = request.args.get("state", "")
    return HeldState(asked) if asked in list(HeldState) else HeldState.HELD
