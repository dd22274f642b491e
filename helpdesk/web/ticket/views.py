"""The ticket's page, and the pages that ask before it is resolved or closed."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for

from helpdesk.db import reading
from helpdesk.models import Ticket
from helpdesk.models.people import Role
from helpdesk.outbound.suppression import stop_of
from helpdesk.tickets import conversation, wall
from helpdesk.tickets.states import Actor, State, moves_for
from helpdesk.web.access import access, signed_in
from helpdesk.web.fields import Fields
from helpdesk.web.site import site
from helpdesk.web.ticket import known, mail_html, marks, quoted

blueprint = Blueprint("ticket", __name__)

REPLY_STATES = (State.IN_PROGRESS, State.WAITING_USER, State.WAITING_THIRD_PARTY)


@blueprint.get("/tickets/<number>")
@access(Role.AGENT)
def show(number: str) -> str:
    return ticket_page(number, Fields())


@blueprint.get("/tickets/<number>/resolve")
@access(Role.AGENT)
def resolve(number: str) -> str:
    return resolve_page(number, Fields())


@blueprint.get("/tickets/<number>/close")
@access(Role.AGENT)
def close(number: str) -> str:
    return close_page(number, Fields())


def ticket_page(number: str, form: Fields) -> str:
    """The whole ticket, with what was typed and what was wrong with it."""
    desks, sight = site().settings.desks, signed_in().sight
    with reading(site().services.sessions) as session:
        ticket = conversation.ticket_by_number(session, number, sight)
        if ticket is None:
            abort(404)
        if ticket.number != number.upper() and request.method == "GET":
            abort(redirect(url_for("ticket.show", number=ticket.number)))  # it was moved, or merged
        said = conversation.conversation(session, ticket, before=_before())
        return render_template(
            "ticket/ticket.jinja",
            ticket=ticket,
            said=said,
            agents=wall.owners_for(session, ticket.desk, desks),
            history=conversation.history(session, ticket),
            form=form,
            known=known.known(session, ticket, sight),
            several_desks=len(desks) > 1,
            desk=desks.get(ticket.desk),
            stop=stop_of(session, ticket.requester_address),
            marks_of=marks.marks_of,
            act_words=marks.act_words,
            mail_kind=marks.mail_kind,
            evidence_of=marks.evidence_of,
            checks_of=marks.checks_of,
            safe_html=mail_html.safe_html,
            split=quoted.split,
            **_moves(ticket),
        )


def resolve_page(number: str, form: Fields) -> str:
    return _ask_page(number, form, "ticket/resolve.jinja", State.RESOLVED)


def close_page(number: str, form: Fields) -> str:
    return _ask_page(number, form, "ticket/close.jinja", State.CLOSED)


def _ask_page(number: str, form: Fields, template: str, to: State) -> str:
    with reading(site().services.sessions) as session:
        ticket = conversation.ticket_by_number(session, number, signed_in().sight)
        if ticket is None:
            abort(404)
        allowed = to in moves_for(State(ticket.state), Actor.AGENT)
        days = site().settings.periods.resolved_closes_after_days
        return render_template(
            template,
            ticket=ticket,
            form=form,
            allowed=allowed,
            closes_after_days=days,
            stop=stop_of(session, ticket.requester_address),
        )


def _moves(ticket: Ticket) -> dict[str, Any]:
    """What the agent may do with the ticket as it is now."""
    state = State(ticket.state)
    legal = moves_for(state, Actor.AGENT)
    plain = [] if state is State.RESOLVED else [to for to in legal if to.is_open and to is not State.NEW]
    waits = state in (State.WAITING_USER, State.WAITING_THIRD_PARTY)
    return {
        "state": state,
        "moves": [(to.value, to.label) for to in plain],
        "can_resolve": State.RESOLVED in legal,
        "can_close": State.CLOSED in legal,
        "can_reopen": state is State.RESOLVED,
        "reply_states": [("same", f"{state.label} (unchanged)")]
        + [(to.value, to.label) for to in REPLY_STATES if to in legal],
        "next_state": "same" if waits else State.WAITING_USER.value,
    }


def _before() -> int:
    text = request.args.get("before", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0
