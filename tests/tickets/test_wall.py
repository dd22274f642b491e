"""Whose tickets an account sees: decided in one place, which answers in Python as it does in a query."""

import pytest
from sqlalchemy import select

from helpdesk.db import now, reading, writing
from helpdesk.models import Ticket, User
from helpdesk.models.people import Role
from helpdesk.services import Services
from helpdesk.tickets import actions, numbers, wall
from helpdesk.tickets.merging import merge, pair_of
from helpdesk.tickets.states import State
from helpdesk.tickets.wall import EVERY_DESK, NO_DESK, Sight
from tests.web import reads, rows

KNOWN = ("it", "hr", "estates")
DESKS = ("it", "hr", "estates", "vanished")

# (role, the desks of the account, those whose tickets it sees)
TABLE: list[tuple[Role, list[str] | None, set[str]]] = [
    (Role.AGENT, None, set(DESKS)),
    (Role.AGENT, ["it"], {"it"}),
    (Role.AGENT, ["it", "hr"], {"it", "hr"}),
    (Role.AGENT, ["it", "vanished"], {"it"}),
    (Role.AGENT, ["vanished"], set()),
    (Role.AGENT, [], set()),
    (Role.IG_OFFICER, None, set(DESKS)),
    (Role.IG_OFFICER, ["it"], set(DESKS)),
    (Role.ADMIN, ["it"], set(DESKS)),
]
IDS = [f"{role.value}-{desks}" for role, desks, _ in TABLE]


def account(role: Role, desks: list[str] | None, **columns: object) -> User:
    return User(email="a@x.example", name="A", role=role.value, desks=desks, **columns)


@pytest.mark.parametrize(("role", "desks", "seen"), TABLE, ids=IDS)
def test_an_account_sees(role: Role, desks: list[str] | None, seen: set[str]) -> None:
    sight = wall.sight_of(account(role, desks), KNOWN)
    assert {desk for desk in DESKS if sight.sees(desk)} == seen


def test_the_query_says_the_same(each_engine: Services) -> None:
    with writing(each_engine.sessions) as session:
        for desk in DESKS:
            actions.open_ticket(session, actions.NewTicket(desk, "TT", "pat@x.example", desk))
    with reading(each_engine.sessions) as session:
        for role, desks, seen in TABLE:
            sight = wall.sight_of(account(role, desks), KNOWN)
            found = session.scalars(select(Ticket.desk).where(sight.reaches(Ticket.desk)))
            assert set(found) == seen, (role, desks)


def test_a_list_of_desks_is_kept_and_none_at_all_is_not_a_list(each_engine: Services) -> None:
    with writing(each_engine.sessions) as session:
        people = rows.add_people(session)
        people["agent"].desks, people["other"].desks = ["hr", "it"], []
    with reading(each_engine.sessions) as session:
        kept = dict(session.execute(select(User.email, User.desks)).tuples().all())
        everybodys = select(User.email).where(User.desks.is_(None)).order_by(User.id)
        assert [kept[rows.PEOPLE[who][0]] for who in ("agent", "other", "admin")] == [["hr", "it"], [], None]
        assert list(session.scalars(everybodys)) == [rows.PEOPLE[who][0] for who in ("officer", "admin")]


@pytest.mark.parametrize(
    ("sight", "desk", "left"),
    [
        (EVERY_DESK, "", EVERY_DESK),
        (EVERY_DESK, "hr", Sight(frozenset({"hr"}))),
        (Sight(frozenset({"it", "hr"})), "", Sight(frozenset({"it", "hr"}))),
        (Sight(frozenset({"it", "hr"})), "hr", Sight(frozenset({"hr"}))),
        (Sight(frozenset({"it"})), "hr", NO_DESK),
        (NO_DESK, "it", NO_DESK),
    ],
)
def test_a_sight_is_narrowed_to_a_desk_and_never_widened(sight: Sight, desk: str, left: Sight) -> None:
    assert sight.within(desk) == left


def test_a_ticket_is_owned_by_agents_who_see_it(each_engine: Services) -> None:
    with writing(each_engine.sessions) as session:
        people = rows.add_people(session)
        people["other"].desks = ["it"]
        session.add(account(Role.AGENT, None, password_hash="x", disabled_at=now()))
    with reading(each_engine.sessions) as session:
        for desk, names in (("it", ["Amal Khan", "Jo Price"]), ("hr", ["Amal Khan"])):
            assert [one.name for one in wall.owners_for(session, desk, KNOWN)] == names


def test_what_an_agent_does_not_see_any_more_goes_back_to_its_queue(each_engine: Services) -> None:
    with writing(each_engine.sessions) as session:
        people = rows.add_people(session)
        for prefix in ("IT", "HR"):
            rows.add_ticket(session, prefix=prefix, owner=people["agent"], state=State.ASSIGNED)
    with writing(each_engine.sessions) as session:
        agent = session.scalars(select(User).where(User.email == rows.PEOPLE["agent"][0])).one()
        acts = actions.hand_back_unseen(session, agent, Sight(frozenset({"it"})), who="x")
    assert [(act.action, act.subject_id) for act in acts] == [
        ("ticket.assigned", "HR-000001"),
        ("ticket.moved", "HR-000001"),
    ]
    hr, it = reads.ticket(each_engine, "HR-000001"), reads.ticket(each_engine, "IT-000001")
    assert (hr.owner_id, hr.state) == (None, "new")
    assert (it.owner_id, it.state) == (agent.id, "assigned")


def test_a_number_is_in_sight_where_it_leads_to_now(each_engine: Services) -> None:
    with writing(each_engine.sessions) as session:
        for prefix in ("IT", "IT", "HR"):
            rows.add_ticket(session, prefix=prefix)
        merge(session, pair_of(session, "IT-000001", "HR-000001", EVERY_DESK), who="x")
    every = ["IT-000001", "IT-000002", "HR-000001", "HR-000009"]
    with reading(each_engine.sessions) as session:
        for desk, seen in (("it", {"IT-000002"}), ("hr", {"IT-000001", "HR-000001"})):
            with reads.counted_queries(each_engine) as queries:
                assert numbers.in_sight(session, every, Sight(frozenset({desk}))) == seen
            assert len(queries) == 1
