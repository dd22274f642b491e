"""The queue: one address that says all of what is shown, so that a view can be linked to and come back to."""

from typing import Any

from flask import Blueprint, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from helpdesk import audit
from helpdesk.audit import Act
from helpdesk.db import reading, writing
from helpdesk.db_search import search_words
from helpdesk.ingest import unmatched
from helpdesk.models.people import Role
from helpdesk.tickets import queue
from helpdesk.tickets.queue import Filters, Order, Owner
from helpdesk.tickets.states import LABELS, OPEN_STATES, State
from helpdesk.tickets.wall import NO_DESK
from helpdesk.web.access import access, signed_in
from helpdesk.web.paging import Page, wanted_page
from helpdesk.web.site import site

blueprint = Blueprint("queue", __name__)

# The views that agents come back to all day: their name, and the filters they stand for.
VIEWS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("Open", {}),
    ("Mine", {"owner": "mine"}),
    ("Unassigned", {"owner": "unassigned"}),
    ("Needs an agent", {"needs_agent": "1"}),
    ("Resolved", {"state": "resolved"}),
    ("Closed", {"state": "closed"}),
)
COLUMNS = (
    ("Number", Order.NUMBER),
    ("Subject", None),
    ("Requester", Order.REQUESTER),
    ("State", Order.STATE),
    ("Owner", None),
    ("Updated", Order.UPDATED),
)


@blueprint.get("/tickets")
@access(Role.AGENT)
def show() -> Response:
    filters = wanted_filters()
    with reading(site().services.sessions) as session:
        found = queue.find(session, filters)
        to_match = unmatched.count(session, filters.sight)
    _audit_search(filters, found.total)
    page = Page(found.tickets, filters.page, queue.PAGE_SIZE, found.more, found.total, capped=found.capped)
    template = "queue/update.jinja" if _is_update() else "queue/list.jinja"
    answer = make_response(
        render_template(
            template, filters=filters, page=page, address=address, to_match=to_match, **_choices(filters)
        )
    )
    answer.vary.add("HX-Request")
    return answer


def wanted_filters() -> Filters:
    """The filters that the address names; what it names wrongly is left out."""
    args, sight = request.args, signed_in().sight
    states = tuple(State(text) for text in args.getlist("state") if text in list(State))
    desk = args.get("desk", "")
    return Filters(
        agent_id=signed_in().id,
        sight=sight,
        states=states or (tuple(State) if args.get("q", "").strip() else OPEN_STATES),
        owner=Owner(args["owner"]) if args.get("owner") in list(Owner) else Owner.ANYONE,
        desk=desk if desk in site().settings.desks and sight.sees(desk) else "",
        needs_agent=args.get("needs_agent") == "1",
        words=args.get("q", "").strip()[:200],
        order=Order(args["sort"]) if args.get("sort") in list(Order) else Order.UPDATED,
        descending=args.get("dir") != "asc",
        page=wanted_page(),
    )


def address(page: int = 1, **change: Any) -> str:
    """The address of this view, at another page or in another order."""
    kept: dict[str, Any] = {
        name: request.args.getlist(name)
        for name in ("state", "owner", "desk", "needs_agent", "q", "sort", "dir")
        if request.args.get(name)
    }
    return url_for("queue.show", **(kept | change), page=page if page > 1 else None)


def sort_address(order: Order, filters: Filters) -> str:
    """Another order; a click on the present one turns it round."""
    newest_first = order in (Order.UPDATED, Order.NUMBER)
    falling = not filters.descending if order is filters.order else newest_first
    return address(sort=order.value, dir="desc" if falling else "asc")


def _choices(filters: Filters) -> dict[str, Any]:
    desks = [one for one in site().settings.desks.items() if filters.sight.sees(one[0])]
    return {
        "views": [
            {"text": text, "href": url_for("queue.show", **query), "current": _is_view(query)}
            for text, query in VIEWS
        ],
        "columns": [
            {
                "text": text,
                "href": sort_address(order, filters) if order else "",
                "sorted": ("descending" if filters.descending else "ascending")
                if order is filters.order
                else "",
            }
            for text, order in COLUMNS
        ],
        "states": [(state, LABELS[state]) for state in State],
        "chosen": set(request.args.getlist("state")),
        "desks": [(key, desk.name) for key, desk in desks],
        "at_no_desk": filters.sight == NO_DESK,
    }


def _is_view(query: dict[str, Any]) -> bool:
    asked = {
        name: request.args[name]
        for name in ("state", "owner", "desk", "needs_agent", "q")
        if request.args.get(name) and request.args.get(name) != "anyone"
    }
    return asked == query and len(request.args.getlist("state")) <= 1


def _is_update() -> bool:
    """True when the script asks for the list alone."""
    return bool(request.headers.get("HX-Request")) and not request.headers.get("HX-History-Restore-Request")


def _audit_search(filters: Filters, found: int) -> None:
    """A search over people's mail is an act. Its words may be somebody's name, so only their number is kept."""
    words = len(search_words(filters.words))
    if not words or filters.page > 1:
        return
    act = Act(
        "tickets.searched",
        "queue",
        "tickets",
        actor=signed_in().email,
        reason="finding a ticket",
        detail=(("words", words), ("found", found)),
    )
    with writing(site().services.sessions) as session:
        audit.record(session, act)
