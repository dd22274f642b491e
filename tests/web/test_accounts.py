"""Staff accounts, as an admin changes them: role and desks, on and off, each in the trail; and never the last admin."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from helpdesk.db import now, reading, writing
from helpdesk.models import User
from helpdesk.models.people import Role
from helpdesk.services import Services
from helpdesk.tickets.states import State
from helpdesk.web import create_app
from helpdesk.web.auth import accounts
from helpdesk.web.auth.accounts import CannotChange
from tests.conftest import settings_for
from tests.web import desks, reads, rows
from tests.web.conftest import ScansTypedText, Visitor

ADMIN = rows.PEOPLE["admin"][0]
AGENT_PAGE, OWN_PAGE = "/admin/users/1", "/admin/users/4"
CHANGE = f"{AGENT_PAGE}/change"


def user(services: Services, who: str = "agent") -> User:
    with reading(services.sessions) as session:
        return session.scalars(select(User).where(User.email == rows.PEOPLE[who][0])).one()


def details(services: Services, action: str) -> list[dict[str, Any]]:
    return [act.detail for act in reads.acts(services, action)]


@pytest.mark.parametrize(
    ("form", "seen"),
    [
        ({"sees": "some", "desk": ["hr"]}, ["hr"]),
        ({"sees": "some", "desk": ["hr", "it", "nowhere"]}, ["it", "hr"]),
        ({"sees": "all"}, None),
        ({}, None),
    ],
)
def test_an_agent_is_added_for_desks(
    admin: Visitor, web_services: Services, form: dict[str, Any], seen: list[str] | None
) -> None:
    answer = admin.post("/admin/users/add", name="New", email="new@x.example", role="agent", **form)
    assert answer.status_code == 200
    with reading(web_services.sessions) as session:
        assert session.scalars(select(User).where(User.email == "new@x.example")).one().desks == seen
    (added,) = details(web_services, "user.added")
    assert added == {"email": "new@x.example", "role": "agent"} | ({"desks": ", ".join(seen)} if seen else {})


def test_desks_count_for_agents_alone(admin: Visitor, web_services: Services) -> None:
    form = {"sees": "some", "desk": ["hr"]}
    admin.post("/admin/users/add", name="New", email="new@x.example", role="ig_officer", **form)
    with reading(web_services.sessions) as session:
        assert session.scalars(select(User).where(User.email == "new@x.example")).one().desks is None


@pytest.mark.parametrize("path", ["/admin/users/add", CHANGE])
def test_what_may_not_be_meant_is_asked_about(admin: Visitor, web_services: Services, path: str) -> None:
    person = {"name": "New", "email": "new@x.example"} if path.endswith("add") else {}
    for form, said in (
        ({"sees": "some"}, "Choose one desk or more"),
        ({"sees": "some", "desk": "nowhere"}, "Choose one desk or more"),
        ({"sees": "all", "desk": "hr"}, "You chose all desks and some of them"),
        ({"sees": "", "desk": "hr"}, "You chose all desks and some of them"),
    ):
        answer = admin.post(path, role="agent", **person, **form)
        assert (answer.status_code, said in answer.text) == (400, True)
        assert not form["sees"] or f'value="{form["sees"]}" checked' in answer.text
    assert reads.acts(web_services, "user.added") == reads.acts(web_services, "user.desks_changed") == []


def test_role_and_desks_are_shown_as_they_are_and_changed_together(
    admin: Visitor, web_services: Services
) -> None:
    desks.place_people(web_services, officer=["it"])
    page = admin.get("/admin/users/3/change").text
    assert 'value="ig_officer" aria-describedby="role-ig_officer-hint" checked' in page
    answer = admin.post("/admin/users/3/change", role="agent", sees="some", desk="hr")
    assert (answer.status_code, answer.location) == (302, "/admin/users/3")
    assert "The account of Ines Reed is changed." in admin.get("/admin/users/3").text
    changed = user(web_services, "officer")
    assert (changed.role, changed.desks) == ("agent", ["hr"])
    assert [act.actor for act in reads.acts(web_services) if act.action.startswith("user.")] == [ADMIN] * 2
    (role,), (seen,) = details(web_services, "user.role_changed"), details(web_services, "user.desks_changed")
    assert (role["role"], role["was"], seen["desks"], seen["was"]) == ("agent", "ig_officer", "hr", "it")


def test_another_role_signs_out_and_other_desks_do_not(
    admin: Visitor, agent: Visitor, web_services: Services
) -> None:
    admin.post(CHANGE, role="agent", sees="some", desk="it")
    assert agent.get("/tickets").status_code == 200
    admin.post(CHANGE, role="ig_officer")
    assert agent.get("/tickets").location.startswith("/sign-in")
    assert user(web_services).desks == ["it"]  # should they come back


def test_what_is_as_it_was_is_not_in_the_trail(admin: Visitor, web_services: Services) -> None:
    admin.post(CHANGE, role="agent", sees="all")
    assert "Nothing was changed." in admin.get(AGENT_PAGE).text
    assert [act for act in reads.acts(web_services) if act.action.startswith("user.")] == []


def test_tickets_behind_the_wall_go_back_to_their_queue_and_it_is_said(
    admin: Visitor, web_services: Services
) -> None:
    with writing(web_services.sessions) as session:
        agent = session.merge(user(web_services))
        for prefix in ("IT", "HR", "HR"):
            rows.add_ticket(session, prefix=prefix, owner=agent, state=State.ASSIGNED)
    admin.post(CHANGE, role="agent", sees="some", desk="it")
    assert "2 of their tickets are back in the queue" in admin.get(AGENT_PAGE).text
    assert reads.ticket(web_services, "HR-000002").owner_id is None
    assert reads.ticket(web_services, "IT-000001").owner_id == 1


@pytest.mark.parametrize(("role", "code"), [("", 400), ("king", 400)])
def test_a_role_that_is_none_is_refused(admin: Visitor, web_services: Services, role: str, code: int) -> None:
    answer = admin.post(CHANGE, role=role, sees="all")
    assert (answer.status_code, "Choose a role" in answer.text) == (code, True)
    assert user(web_services).role == "agent"


@pytest.mark.parametrize("role", list(Role))
def test_nobody_changes_the_role_of_their_own_account(
    admin: Visitor, web_services: Services, role: Role
) -> None:
    with writing(web_services.sessions) as session:
        session.add(User(email="b@x.example", name="B", role="admin", password_hash="x"))
    assert admin.get(f"{OWN_PAGE}/change").location == OWN_PAGE
    assert admin.post(f"{OWN_PAGE}/change", role=role.value).location == OWN_PAGE
    page = admin.get(OWN_PAGE).text
    assert "cannot change the role of your own account" in page
    assert "Switch off</button>" not in page
    assert user(web_services, "admin").role == "admin"


@pytest.mark.parametrize("path", ["/admin/users/99/change", "/admin/users/99"])
def test_there_is_no_page_for_an_account_that_is_not_there(admin: Visitor, path: str) -> None:
    assert admin.get(path).status_code == 404
    assert admin.post("/admin/users/99/change", role="agent").status_code == 404


def test_the_list_tells_the_desks_by_name(admin: Visitor, web_services: Services) -> None:
    desks.place_people(web_services, agent=["hr", "it"], other=["vanished"])
    page = admin.get("/admin/users").text
    for words in ("HR Desk, IT Service Desk", "vanished (not a desk any more)", "Staff accounts"):
        assert words in page
    assert "vanished, which is not a desk any more" in admin.get("/admin/users/2/change").text


def test_where_there_is_one_desk_nobody_hears_of_it(
    web_services: Services, make_visitor: Callable[[Flask, str], Visitor]
) -> None:
    settings = web_services.settings
    one = settings_for(settings.data_folder, **_of_one_desk(settings))
    app = create_app(_with(web_services, one), ScansTypedText())  # type: ignore[arg-type]
    admin = make_visitor(app, "admin")
    for path in ("/admin/users", AGENT_PAGE, CHANGE, "/admin/users/add"):
        page = admin.get(path).text
        assert "desk" not in page.split("<main", 1)[1].split("</main", 1)[0].lower().replace(
            "helpdesk", ""
        ), path
    assert admin.post(CHANGE, role="ig_officer").status_code == 302
    desks.place_people(web_services, other=["it"])
    assert "Whose tickets an agent sees" in admin.get("/admin/users/2/change").text


def _of_one_desk(settings: Any) -> dict[str, object]:
    dumped = settings.model_dump(mode="python")
    return {
        "desks": {"it": dumped["desks"]["it"]},
        "mailboxes": {"it": dumped["mailboxes"]["it"]},
    }


def _with(services: Services, settings: Any) -> Services:
    return replace(services, settings=settings)


# What takes away the last admin, by whatever way.
AWAY: list[Callable[..., Any]] = [
    lambda session, admin: accounts.disable(session, admin, who="x"),
    lambda session, admin: accounts.set_role(session, admin, "agent", who="x"),
]


@pytest.mark.parametrize("take", AWAY, ids=["disable", "role"])
def test_the_last_admin_stays(each_engine: Services, take: Callable[..., Any]) -> None:
    with writing(each_engine.sessions) as session:
        rows.add_people(session)
        off = {"password_hash": "x", "disabled_at": now()}
        session.add(User(email="off@x.example", name="Off", role="admin", **off))
    with pytest.raises(CannotChange, match="only admin"), writing(each_engine.sessions) as session:
        take(session, session.merge(user(each_engine, "admin")))
    left = user(each_engine, "admin")
    assert (left.role, left.disabled_at) == ("admin", None)
    with writing(each_engine.sessions) as session:
        session.add(User(email="b@x.example", name="B", role="admin", password_hash="x"))
        take(session, session.merge(left))
    left = user(each_engine, "admin")
    assert left.role == "agent" or left.disabled_at is not None


def test_whoever_is_no_admin_can_go(each_engine: Services) -> None:
    with writing(each_engine.sessions) as session:
        people = rows.add_people(session)
        for who in ("agent", "officer"):
            accounts.disable(session, people[who], who="x")
        accounts.set_role(session, people["other"], "ig_officer", who="x")
