"""Who may use which page. Every view names its roles or says why it is public; what says nothing is refused.

@blueprint.get("/tickets")
@access(Role.AGENT)
def show() -> str: ...
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response

from helpdesk.errors import HelpdeskError
from helpdesk.models.people import Role
from helpdesk.web.auth import sessions
from helpdesk.web.auth.sessions import SignedIn
from helpdesk.web.site import site

View = TypeVar("View", bound=Callable[..., Any])
MARK = "__who_may__"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class UnmarkedRoute(HelpdeskError):
    """A view that does not say who may use it."""


@dataclass(frozen=True)
class Rule:
    """Who may use a view: some roles, or everybody and why."""

    roles: frozenset[Role] = frozenset()
    public_because: str = ""
    knows_who: bool = True  # False: not even looked up, for what is asked often and is the same for all

    @property
    def is_public(self) -> bool:
        return bool(self.public_because)


def access(*roles: Role) -> Callable[[View], View]:
    """Only signed-in people of these roles."""
    if not roles:
        raise UnmarkedRoute("access() names no role; name one, or use everyone_signed_in.")
    return _mark(Rule(frozenset(roles)))


def everyone_signed_in(view: View) -> View:
    return _mark(Rule(frozenset(Role)))(view)


def public(why: str, *, knows_who: bool = True) -> Callable[[View], View]:
    """Everybody, signed in or not; `why` is for the reader of the route table."""
    return _mark(Rule(public_because=why, knows_who=knows_who))


def _mark(rule: Rule) -> Callable[[View], View]:
    def mark(view: View) -> View:
        setattr(view, MARK, rule)
        return view

    return mark


def rule_of(app: Flask, endpoint: str) -> Rule | None:
    found: Rule | None = getattr(app.view_functions[endpoint], MARK, None)
    return found


def check_all_marked(app: Flask) -> None:
    """Raise UnmarkedRoute when a route does not say who may use it, so that the service does not start."""
    for route in app.url_map.iter_rules():
        if rule_of(app, route.endpoint) is None:
            raise UnmarkedRoute(f"The route {route.rule} does not say who may use it; mark its view.")


def guard() -> Response | None:
    """Before each request: find who is signed in, and refuse what they may not use."""
    rule = rule_of(current_app, request.endpoint) if request.endpoint else None
    if rule and not rule.knows_who:
        return None
    g.user = sessions.find(site(), sessions.token_of_request())
    if request.endpoint is None:
        return None  # no such page: 404 for everybody
    if rule is None:
        abort(403)
    if rule.is_public:
        return None
    if g.user is None:
        return _ask_to_sign_in()
    if g.user.role not in rule.roles:
        abort(403)
    return None


def _ask_to_sign_in() -> Response:
    """A page is come back to after signing in; what was typed into a form stays in the browser's history."""
    if request.headers.get("HX-Request"):
        answer = current_app.response_class(status=204)
        answer.headers["HX-Refresh"] = "true"
        return answer
    if request.method not in SAFE_METHODS:
        abort(401)
    wanted = request.full_path.rstrip("?")
    return redirect(url_for("auth.sign_in", next=wanted if wanted != "/" else None))


def signed_in() -> SignedIn:
    """The person of this request; only for views that are not public."""
    user: SignedIn | None = g.get("user")
    if user is None:
        abort(401)
    return user
