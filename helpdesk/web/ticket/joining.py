"""Tickets that become one or go to another desk. Each is asked about on a page of its own before it is done."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from helpdesk import audit
from helpdesk.audit import Act
from helpdesk.db import reading, writing
from helpdesk.models import Ticket
from helpdesk.models.people import Role
from helpdesk.tickets.conversation import ticket_by_number
from helpdesk.tickets.merging import CannotMerge, merge, pair_of, unmerge
from helpdesk.tickets.moving import CannotMove, check_can_move, move_to_desk
from helpdesk.tickets.states import State
from helpdesk.web.access import access, signed_in
from helpdesk.web.fields import Fields
from helpdesk.web.site import site
from helpdesk.web.ticket import views
from helpdesk.web.ticket.changes import CHANGED, ChangedMeanwhile, change

blueprint = Blueprint("joining", __name__)

Answer = Response | str | tuple[str, int]
SUGGESTED = 5


@blueprint.get("/tickets/<number>/merge")
@access(Role.AGENT)
def ask_merge(number: str) -> Answer:
    return _merge_page(number, Fields())


@blueprint.post("/tickets/<number>/merge")
@access(Role.AGENT)
def merge_into(number: str) -> Answer:
    """First shows both tickets; `sure`: does it."""
    form = Fields()
    into = form.line("into", "Write the number of the ticket that this one becomes part of", longest=24)
    if not form:
        return _merge_page(number, form), 400
    try:
        if request.form.get("sure") != "yes":
            return _ask_sure(number, into)
        called = _merge(number, into, form.number("version"))
    except (CannotMerge, ChangedMeanwhile) as fault:
        form.errors["into"] = str(fault)
        return _merge_page(number, form), 409
    flash("The two tickets are one now.")
    return redirect(url_for("ticket.show", number=called))


@blueprint.post("/tickets/<number>/unmerge")
@access(Role.AGENT)
def take_apart(number: str) -> Answer:
    """`gone`: the ticket that was merged into this one."""
    gone = request.form.get("gone", "")

    def act(session: Session, _ticket: Ticket) -> list[Act]:
        return unmerge(session, gone, signed_in().sight, who=signed_in().email)

    try:
        change(number, Fields().number("version"), act)
    except (CannotMerge, ChangedMeanwhile) as fault:
        return views.ticket_page(number, Fields(errors={"ticket": str(fault)})), 409
    flash(f"{gone} is a ticket of its own again.")
    return redirect(url_for("ticket.show", number=gone))


@blueprint.get("/tickets/<number>/desk")
@access(Role.AGENT)
def ask_desk(number: str) -> Answer:
    return _desk_page(number, Fields())


@blueprint.post("/tickets/<number>/desk")
@access(Role.AGENT)
def move_desk(number: str) -> Answer:
    form = Fields()
    desk = form.line("desk")
    known = site().settings.desks.get(desk)
    if known is None:
        abort(400)

    def act(session: Session, ticket: Ticket) -> list[Act]:
        return move_to_desk(session, ticket, desk, known.prefix, who=signed_in().email)

    try:
        change(number, form.number("version"), act)
    except (CannotMove, ChangedMeanwhile) as fault:
        form.errors["desk"] = str(fault)
        return _desk_page(number, form), 409
    moved = f"The ticket is at {known.name} now, under a new number."
    if not signed_in().sight.sees(desk):
        flash(f"{moved} You do not see the tickets of that desk.")
        return redirect(url_for("queue.show"))
    flash(moved)
    return redirect(url_for("ticket.show", number=number))  # which leads to its new number


def _merge(number: str, into: str, version: int) -> str:
    with writing(site().services.sessions) as session:
        pair = pair_of(session, number, into, signed_in().sight, lock=True)
        if pair.gone.version != version:
            raise ChangedMeanwhile(CHANGED)
        audit.record(session, *merge(session, pair, who=signed_in().email))
        return pair.stays.number


def _ask_sure(number: str, into: str) -> str:
    with reading(site().services.sessions) as session:
        pair = pair_of(session, number, into, signed_in().sight)
        return render_template("ticket/merge_sure.jinja", gone=pair.gone, stays=pair.stays)


def _merge_page(number: str, form: Fields) -> str:
    with reading(site().services.sessions) as session:
        ticket = _ticket(session, number)
        same = select(Ticket).where(
            Ticket.requester_address == ticket.requester_address,
            Ticket.id != ticket.id,
            Ticket.state != State.CLOSED.value,
            signed_in().sight.reaches(Ticket.desk),
        )
        others = session.scalars(same.order_by(Ticket.id.desc()).limit(SUGGESTED)).all()
        return render_template("ticket/merge.jinja", ticket=ticket, form=form, others=others)


def _desk_page(number: str, form: Fields) -> str:
    desks = site().settings.desks
    with reading(site().services.sessions) as session:
        ticket = _ticket(session, number)
        why_not = _why_not(ticket)
        others = [(key, desk.name) for key, desk in desks.items() if key != ticket.desk]
        unseen = [name for key, name in others if not signed_in().sight.sees(key)]
        return render_template(
            "ticket/desk.jinja", ticket=ticket, form=form, choices=others, unseen=unseen, why_not=why_not
        )


def _why_not(ticket: Ticket) -> str:
    try:
        check_can_move(ticket, "")
    except CannotMove as fault:
        return str(fault)
    return ""


def _ticket(session: Session, number: str) -> Ticket:
    ticket = ticket_by_number(session, number, signed_in().sight)
    if ticket is None:
        abort(404)
    return ticket
