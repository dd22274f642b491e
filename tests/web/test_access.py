"""Who may use which page, as one table; a route that is not in it fails here."""

from collections.abc import Callable

import pytest
from flask import Flask

from helpdesk.db import writing
from helpdesk.models import Message
from helpdesk.models.people import Role
from helpdesk.outbound import alarms
from helpdesk.outbound.suppression import suppress
from helpdesk.services import Services
from helpdesk.tickets.states import State
from helpdesk.web import access
from tests.web import rows
from tests.web.conftest import Visitor

EVERYONE = frozenset(Role)
AGENT, OFFICER, ADMIN = (frozenset({role}) for role in (Role.AGENT, Role.IG_OFFICER, Role.ADMIN))
PUBLIC = None

# (method, path of a route, who may use it)
TABLE = [
    ("GET", "/", EVERYONE),
    ("GET", "/assets/<path:name>", PUBLIC),
    ("GET", "/healthz", PUBLIC),
    ("GET", "/sign-in", PUBLIC),
    ("POST", "/sign-in", PUBLIC),
    ("POST", "/sign-out", EVERYONE),
    ("GET", "/account/password", EVERYONE),
    ("POST", "/account/password", EVERYONE),
    ("GET", "/tickets", AGENT),
    ("GET", "/tickets/<number>", AGENT),
    ("GET", "/tickets/<number>/resolve", AGENT),
    ("POST", "/tickets/<number>/resolve", AGENT),
    ("GET", "/tickets/<number>/close", AGENT),
    ("POST", "/tickets/<number>/close", AGENT),
    ("POST", "/tickets/<number>/assign", AGENT),
    ("POST", "/tickets/<number>/state", AGENT),
    ("POST", "/tickets/<number>/reopen", AGENT),
    ("POST", "/tickets/<number>/reply", AGENT),
    ("POST", "/tickets/<number>/note", AGENT),
    ("POST", "/tickets/<number>/messages/<int:message_id>/confirm", AGENT),
    ("GET", "/tickets/<number>/messages/<int:message_id>/same-person", AGENT),
    ("POST", "/tickets/<number>/messages/<int:message_id>/same-person", AGENT),
    ("GET", "/tickets/<number>/messages/<int:message_id>/report", AGENT | OFFICER),
    ("POST", "/tickets/<number>/messages/<int:message_id>/report", AGENT | OFFICER),
    ("POST", "/tickets/<number>/other-addresses/remove", AGENT),
    ("GET", "/tickets/<number>/merge", AGENT),
    ("POST", "/tickets/<number>/merge", AGENT),
    ("POST", "/tickets/<number>/unmerge", AGENT),
    ("GET", "/tickets/<number>/desk", AGENT),
    ("POST", "/tickets/<number>/desk", AGENT),
    ("GET", "/to-be-matched", AGENT),
    ("GET", "/to-be-matched/<int:mail_id>", AGENT),
    ("POST", "/to-be-matched/<int:mail_id>", AGENT),
    ("GET", "/tickets/<number>/files/<int:file_id>", AGENT),
    ("GET", "/quarantine", OFFICER),
    ("GET", "/quarantine/<int:held_id>", OFFICER),
    ("POST", "/quarantine/<int:held_id>/open", OFFICER),
    ("POST", "/quarantine/<int:held_id>/decide", OFFICER),
    ("GET", "/reactivate/<token>", PUBLIC),
    ("POST", "/reactivate/<token>", PUBLIC),
    ("GET", "/admin/mailboxes", ADMIN),
    ("GET", "/admin/failed", ADMIN),
    ("POST", "/admin/failed/replay", ADMIN),
    ("GET", "/admin/outbox", ADMIN),
    ("POST", "/admin/outbox/<int:mail_id>/retry", ADMIN),
    ("POST", "/admin/outbox/<int:mail_id>/give-up", ADMIN),
    ("GET", "/admin/outbox/stopped", ADMIN),
    ("GET", "/admin/outbox/stopped/<int:stop_id>", ADMIN),
    ("POST", "/admin/outbox/stopped/<int:stop_id>", ADMIN),
    ("GET", "/admin/alarms", ADMIN),
    ("POST", "/admin/alarms/<int:alarm_id>/acknowledge", ADMIN),
    ("GET", "/admin/texts", ADMIN),
    ("GET", "/admin/texts/<desk>/<kind>", ADMIN),
    ("POST", "/admin/texts/<desk>/<kind>", ADMIN),
    ("POST", "/admin/texts/<desk>/<kind>/back", ADMIN),
    ("GET", "/admin/users", ADMIN),
    ("GET", "/admin/users/add", ADMIN),
    ("POST", "/admin/users/add", ADMIN),
    ("GET", "/admin/users/<int:user_id>", ADMIN),
    ("GET", "/admin/users/<int:user_id>/change", ADMIN),
    ("POST", "/admin/users/<int:user_id>/change", ADMIN),
    ("POST", "/admin/users/<int:user_id>/password", ADMIN),
    ("POST", "/admin/users/<int:user_id>/disable", ADMIN),
    ("POST", "/admin/users/<int:user_id>/enable", ADMIN),
    ("GET", "/admin/audit", ADMIN),
]
SIGNED_IN = [row for row in TABLE if row[2] is not PUBLIC]
WHO = {"agent": Role.AGENT, "officer": Role.IG_OFFICER, "admin": Role.ADMIN}


def test_every_route_stands_in_the_table_with_those_who_may_use_it(app: Flask) -> None:
    found = set()
    for route in app.url_map.iter_rules():
        rule = access.rule_of(app, route.endpoint)
        assert rule is not None, f"{route.rule} does not say who may use it"
        for method in route.methods - {"HEAD", "OPTIONS"}:
            found.add((method, route.rule, PUBLIC if rule.is_public else rule.roles))
    assert found == set(TABLE)


def test_a_view_without_a_mark_stops_the_start(app: Flask) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    with pytest.raises(access.UnmarkedRoute, match="/forgotten"):
        access.check_all_marked(app)


def test_a_view_without_a_mark_is_refused_even_to_an_admin(
    app: Flask, signed_in: Callable[[str], Visitor]
) -> None:
    admin = signed_in("admin")
    app._got_first_request = False  # so that a route can still be added
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    answer = admin.get("/forgotten")
    assert answer.status_code == 403
    assert "secret" not in answer.text


@pytest.fixture
def filled(web_services: Services) -> Services:
    """One of each thing, so that no route is refused for want of it."""
    with writing(web_services.sessions) as session:
        ticket = rows.add_ticket(session, state=State.RESOLVED)
        message = rows.add_message(session, ticket, "with a file")
        rows.add_file(web_services, session, message, "a.txt")
        session.get_one(Message, 1).receipt_id = rows.add_receipt(web_services, session, rows.HELD_RAW).id
        rows.add_held(web_services, session, ticket)
        rows.add_outgoing(session, ticket, state="failed")
        suppress(session, "gone@example.org", "it came back")
        alarms.raise_alarm(session, web_services.settings, alarms.Kind.CAP, "limits.answers_a_day", "x")
    return web_services


def path_of(rule: str) -> str:
    for part, value in [
        ("<number>", "IT-000001"),
        ("<int:message_id>", "1"),
        ("<int:file_id>", "1"),
        ("<int:held_id>", "1"),
        ("<int:mail_id>", "1"),
        ("<int:user_id>", "2"),
        ("<int:stop_id>", "1"),
        ("<int:alarm_id>", "1"),
        ("<desk>", "it"),
        ("<kind>", "closed"),
    ]:
        rule = rule.replace(part, value)
    return rule


@pytest.mark.parametrize(("method", "rule", "roles"), SIGNED_IN, ids=[f"{m} {r}" for m, r, _ in SIGNED_IN])
def test_each_role_reaches_its_own_pages_and_no_other(
    filled: Services,
    signed_in: Callable[[str], Visitor],
    visitor: Visitor,
    method: str,
    rule: str,
    roles: frozenset[Role],
) -> None:
    path = path_of(rule)
    for who, role in WHO.items():
        person = signed_in(who)
        answer = person.get(path) if method == "GET" else person.post(path)
        if role in roles:
            assert answer.status_code not in (401, 403, 404, 405, 500), who
        else:
            assert answer.status_code == 403, who
            assert "Printer on ward 4" not in answer.text
    stranger = visitor.get(path) if method == "GET" else visitor.post(path)
    assert stranger.status_code == (302 if method == "GET" else 401)
    if method == "GET":
        assert stranger.location.startswith("/sign-in")


@pytest.mark.parametrize(
    ("method", "rule"), [(m, r) for m, r, _ in TABLE if m == "POST" and "token" not in r and r != "/sign-in"]
)
def test_no_form_is_taken_without_its_token(
    filled: Services, signed_in: Callable[[str], Visitor], method: str, rule: str
) -> None:
    roles = next(roles for m, r, roles in TABLE if (m, r) == (method, rule))
    who = next(who for who, role in WHO.items() if role in roles)
    person = signed_in(who)
    before = person.get(f"/{'account/password'}").status_code
    answer = person.client.post(path_of(rule), data={"text": "x"})
    assert (before, answer.status_code) == (200, 400)
    assert "could not be accepted" in answer.text


def test_the_public_forms_want_their_token_too(visitor: Visitor, web_services: Services) -> None:
    email = rows.PEOPLE["agent"][0]
    assert (
        visitor.client.post("/sign-in", data={"email": email, "password": rows.PASSWORD}).status_code == 400
    )
    assert visitor.client.post("/reactivate/x").status_code == 400


def test_after_signing_in_a_person_comes_to_the_page_they_wanted(visitor: Visitor) -> None:
    asked = visitor.get("/tickets?owner=mine")
    page = visitor.get(asked.location)
    assert 'value="/tickets?owner=mine"' in page.text
    answer = visitor.sign_in(rows.PEOPLE["agent"][0], next="/tickets?owner=mine")
    assert answer.location == "/tickets?owner=mine"


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "\t//x", ""],
)
def test_no_one_is_sent_to_another_host_after_signing_in(visitor: Visitor, elsewhere: str) -> None:
    assert visitor.sign_in(rows.PEOPLE["agent"][0], next=elsewhere).location == "/"


@pytest.mark.parametrize(
    ("who", "page"), [("agent", "/tickets"), ("officer", "/quarantine"), ("admin", "/admin/mailboxes")]
)
def test_each_role_starts_on_its_own_first_page(
    signed_in: Callable[[str], Visitor], who: str, page: str
) -> None:
    person = signed_in(who)
    assert person.get("/").location == page
    assert person.get(page).status_code == 200
