"""A page that hands a message to information governance: it says what happens and asks what kind of data it is."""

import logging
from concurrent.futures.process import BrokenProcessPool

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from helpdesk.db import reading
from helpdesk.errors import HelpdeskError
from helpdesk.governance import reporting
from helpdesk.governance.reporting import NOT_SURE, NothingToReport, ReportedAlready, Said
from helpdesk.models.people import Role
from helpdesk.tickets.conversation import ticket_by_number
from helpdesk.web.access import access, signed_in
from helpdesk.web.fields import Fields
from helpdesk.web.site import site
from helpdesk.web.ticket import typed

log = logging.getLogger(__name__)
blueprint = Blueprint("reporting", __name__)

Answer = Response | str | tuple[str, int]
LONGEST_NOTE = 500
# The policy's categories in plain words, with examples; a policy of one's own may have others.
LABELS = {
    "patient identifiers": ("A patient's number or record", "For example an NHS number or a hospital number"),
    "health of a person": (
        "Somebody's health or care",
        "For example an illness, a test result, a clinic letter",
    ),
    "date of birth": ("A date of birth", ""),
    "home address": ("A home address", ""),
    "employment": ("Somebody's work", "For example sickness, pay, or a complaint about them"),
    "identity and bank": ("A passport, a card or a bank account", ""),
    "safeguarding and special": ("Safeguarding, crime, religion or sexual life", ""),
    "cv or application": ("A CV or job application", ""),
    NOT_SURE: ("Something else, or I am not sure", ""),
}


@blueprint.get("/tickets/<number>/messages/<int:message_id>/report")
@access(Role.AGENT, Role.IG_OFFICER)
def ask(number: str, message_id: int) -> Answer:
    return _page(number, message_id, Fields())


@blueprint.post("/tickets/<number>/messages/<int:message_id>/report")
@access(Role.AGENT, Role.IG_OFFICER)
def hand_over(number: str, message_id: int) -> Answer:
    """Hide the message, then let the scanner look. What somebody else reported a moment ago is as good as done."""
    form = Fields()
    category = form.line("category", "Choose what kind of data it is")
    note = form.text("note", longest=LONGEST_NOTE)
    if category and category not in site().kinds_of_data:
        abort(400)
    if form and note:
        _check_note(form, note)
    if not form:
        return _page(number, message_id, form), 400
    me = signed_in()
    said = Said(me.id, me.email, category, site().kinds_of_data[category], note)
    try:
        _look_again(reporting.report(site().services, number, message_id, said, me.sight))
        flash("The message is hidden. Information governance has it now.")
    except NothingToReport:
        abort(404)
    except ReportedAlready:
        flash("Somebody has reported this message already. It is hidden.")
    return redirect(_back(number))


def _check_note(form: Fields, note: str) -> None:
    """The note stands beside the data, not instead of it."""
    checked = typed.check(site().pipeline, note)
    if checked.unchecked:
        form.errors["note"] = "The note could not be checked just now; leave it empty and report the message"
    elif not checked.is_clear:
        form.errors["note"] = "The note looks as if it has personal data in it; say it without"


def _look_again(held_id: int) -> None:
    """The officer sees what the scanner finds, where it finds something; the message is hidden either way."""
    try:
        reporting.note_findings(site().services, site().pipeline, held_id)
    except (HelpdeskError, BrokenProcessPool) as fault:
        log.warning("held mail %d was not scanned again (%s)", held_id, type(fault).__name__)


def _page(number: str, message_id: int, form: Fields) -> str:
    with reading(site().services.sessions) as session:
        ticket = ticket_by_number(session, number, signed_in().sight)
        if ticket is None:
            abort(404)
        try:
            message = reporting.shown_message(session, ticket, message_id)
        except NothingToReport:
            abort(404)
        except ReportedAlready:
            message = None
        return render_template(
            "ticket/report.jinja",
            ticket=ticket,
            message=message,
            form=form,
            kinds=[(one, *LABELS.get(one, ("", ""))) for one in site().kinds_of_data],
            back=_back(number),
            longest=LONGEST_NOTE,
        )


def _back(number: str) -> str:
    """Where the person came from; an officer has no tickets."""
    if signed_in().role is Role.AGENT:
        return url_for("ticket.show", number=number)
    return url_for("quarantine.show")
