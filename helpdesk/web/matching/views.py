"""To be matched: the list, one mail with its signs in order, and the buttons that say where it belongs."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from helpdesk.db import reading
from helpdesk.ingest import unmatched
from helpdesk.ingest.unmatched import NothingToMatch, Sign
from helpdesk.models.people import Role
from helpdesk.web.access import access, signed_in
from helpdesk.web.fields import Fields
from helpdesk.web.matching import evidence
from helpdesk.web.paging import page_of, wanted_page
from helpdesk.web.site import site
from helpdesk.web.ticket import mail_html, marks, quoted

blueprint = Blueprint("matching", __name__)

Answer = Response | str | tuple[str, int]


@dataclass(frozen=True)
class Text:
    """A mail's text as the ticket's own template shows it."""

    text: str
    html: str
    direction: str = "inbound"


@blueprint.get("/to-be-matched")
@access(Role.AGENT)
def show() -> str:
    number, sight = wanted_page(), signed_in().sight
    with reading(site().services.sessions) as session:
        found = unmatched.waiting(session, sight, number)
        total = unmatched.count(session, sight)
        named = unmatched.named_in_sight(session, found, sight)
    return render_template(
        "matching/list.jinja",
        page=page_of(found, number, unmatched.PAGE, total),
        named=named,
        address=lambda page: url_for("matching.show", page=page),
    )


@blueprint.get("/to-be-matched/<int:mail_id>")
@access(Role.AGENT)
def mail(mail_id: int) -> Answer:
    try:
        return _page(mail_id, Fields())
    except NothingToMatch as fault:
        flash(str(fault))
        return redirect(url_for("matching.show"))


@blueprint.post("/to-be-matched/<int:mail_id>")
@access(Role.AGENT)
def settle(mail_id: int) -> Answer:
    """`to`: a ticket's number, or `new`, or `other`, for the number that was typed."""
    form = Fields()
    to = form.line("to", "Choose what to do with the mail")
    number = form.line("number", "Write the number of the ticket" if to == "other" else "", longest=24)
    if not form:
        return _again(mail_id, form, "This mail does not wait any more."), 400
    wanted = {"new": "", "other": number}.get(to, to)
    try:
        me = signed_in()
        called = unmatched.settle(site().services, mail_id, wanted, me.sight, who=me.email)
    except NothingToMatch as fault:
        form.errors["number"] = str(fault)
        return _again(mail_id, form, str(fault)), 409
    flash("The mail is a new ticket." if to == "new" else f"The mail was added to {called}.")
    return redirect(url_for("ticket.show", number=called, _anchor="latest"))


def _again(mail_id: int, form: Fields, said: str) -> str:
    """The mail once more with what is wrong; where it does not wait any more, the list."""
    try:
        return _page(mail_id, form)
    except NothingToMatch:
        flash(said)
        return show()


def _page(mail_id: int, form: Fields) -> str:
    seen = unmatched.look(site().services, mail_id, signed_in().sight)
    return render_template(
        "matching/mail.jinja",
        mail=seen.mail,
        body_of_mail=Text(seen.email.text, seen.email.html),
        email=seen.email,
        why=evidence.why(seen),
        signs=[_shown(sign) for sign in seen.signs],
        tickets=seen.tickets,
        marks=[marks.MARKS[flag] for flag in seen.mail.flags if flag in marks.MARKS],
        safe_html=mail_html.safe_html,
        split=quoted.split,
        form=form,
    )


def _shown(sign: Sign) -> evidence.Line:
    return evidence.line(sign.kind, sign.header, sign.written, sign.ticket.number)
