"""Another desk's ticket is for an agent as one that is not there: on every route, in every list, in what they type."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from helpdesk.db import writing
from helpdesk.models.people import Role
from helpdesk.services import Services
from helpdesk.web import access
from tests.web import desks, reads, rows
from tests.web.conftest import NHS_NUMBER, Visitor
from tests.web.desks import HOME, SECRET

TICKET = "/tickets/<number>"
MESSAGE = f"{TICKET}/messages/<int:message_id>"
MAIL = "/to-be-matched/<int:mail_id>"


@dataclass(frozen=True)
class Way:
    """A route with a form that does something, and how it answers the right desk's agent."""

    method: str
    rule: str
    answer: int
    form: dict[str, str] = field(default_factory=dict)
    number: str = "HR-000001"
    message: str = "mail"

    def __str__(self) -> str:
        return f"{self.method} {self.rule}"

    def path(self, services: Services, number: str, mail: str = "1") -> str:
        found = desks.ids(services)
        parts = {"<number>": number, "<int:mail_id>": mail, "<int:file_id>": str(found.file)}
        parts["<int:message_id>"] = str(getattr(found, self.message))
        path = self.rule
        for part, value in parts.items():
            path = path.replace(part, value)
        return path


# Every route of agents that has something in its address. One that is not here fails the first test.
WAYS = [
    Way("GET", TICKET, 200),
    Way("GET", f"{TICKET}/resolve", 200),
    Way("POST", f"{TICKET}/resolve", 302, {"resolution": "It is done."}),
    Way("GET", f"{TICKET}/close", 200),
    Way("POST", f"{TICKET}/close", 302, {"reason": "a test"}),
    Way("POST", f"{TICKET}/assign", 302, {"owner": "me"}),
    Way("POST", f"{TICKET}/state", 302, {"to": "in_progress"}),
    Way("POST", f"{TICKET}/reopen", 302, number="HR-000004"),
    Way("POST", f"{TICKET}/reply", 302, {"reply": "We look at it."}),
    Way("POST", f"{TICKET}/note", 302, {"note": "They rang."}),
    Way("POST", f"{MESSAGE}/confirm", 302, {"confirm": "rang them"}, message="unconfirmed"),
    Way("GET", f"{MESSAGE}/same-person", 200),
    Way("POST", f"{MESSAGE}/same-person", 302, {"reason": "rang them"}),
    Way("GET", f"{MESSAGE}/report", 200),
    Way("POST", f"{MESSAGE}/report", 302, {"category": "health of a person"}),
    Way("POST", f"{TICKET}/other-addresses/remove", 302, {"address": HOME}),
    Way("GET", f"{TICKET}/merge", 200),
    Way("POST", f"{TICKET}/merge", 302, {"into": "HR-000002", "sure": "yes"}),
    Way("POST", f"{TICKET}/unmerge", 302, {"gone": "HR-000003"}),
    Way("GET", f"{TICKET}/desk", 200),
    Way("POST", f"{TICKET}/desk", 302, {"desk": "it"}),
    Way("GET", f"{TICKET}/files/<int:file_id>", 200),
    Way("GET", MAIL, 200),
    Way("POST", MAIL, 302, {"to": "HR-000001"}),
]
OF_TICKETS = [way for way in WAYS if "<number>" in way.rule]


def ask(visitor: Visitor, way: Way, path: str, form: dict[str, str], version: int) -> TestResponse:
    return visitor.get(path) if way.method == "GET" else visitor.post(path, version=version, **form)


def plain(answer: TestResponse, *numbers: str) -> str:
    """What is read of an answer, without what differs from one to the next."""
    text = re.sub(r'(nonce|name="csrf_token" value)="[^"]+"', r"\1", answer.text)
    for number in numbers:
        text = text.replace(number, "NUMBER")
    return text


@pytest.fixture
def filled(web_services: Services) -> Services:
    desks.fill(web_services)
    return web_services


@pytest.fixture
def hr(filled: Services, signed_in: Callable[[str], Visitor]) -> Visitor:
    return signed_in("agent")


@pytest.fixture
def it(filled: Services, signed_in: Callable[[str], Visitor]) -> Visitor:
    return signed_in("other")


def test_every_route_that_leads_to_something_is_walked(app: Flask) -> None:
    there = set()
    for route in app.url_map.iter_rules():
        rule = access.rule_of(app, route.endpoint)
        assert rule is not None
        if Role.AGENT in rule.roles and route.arguments:
            there |= {f"{method} {route.rule}" for method in route.methods - {"HEAD", "OPTIONS"}}
    assert there == {str(way) for way in WAYS}


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_the_right_desks_agent_works_as_before(hr: Visitor, filled: Services, way: Way) -> None:
    version = reads.ticket(filled, way.number).version
    answer = ask(hr, way, way.path(filled, way.number), way.form, version)
    assert answer.status_code == way.answer


@pytest.mark.parametrize("way", OF_TICKETS, ids=str)
def test_a_ticket_behind_the_wall_is_not_there_and_does_not_change(
    it: Visitor, filled: Services, way: Way
) -> None:
    version, before = reads.ticket(filled, way.number).version, desks.everything(filled)
    for form in (way.form, {}):
        behind = ask(it, way, way.path(filled, way.number), form, version)
        nowhere = ask(it, way, way.path(filled, "HR-000099"), form, version)
        assert plain(behind, way.number) == plain(nowhere, "HR-000099")
        assert behind.status_code == nowhere.status_code
        assert SECRET not in behind.text
        if form is way.form:
            assert behind.status_code == 404
    assert desks.everything(filled) == before


@pytest.mark.parametrize("what", ["reply", "note"])
def test_what_would_be_held_is_not_even_scanned_behind_the_wall(
    it: Visitor, filled: Services, what: str
) -> None:
    answer = it.post(f"/tickets/HR-000001/{what}", **{what: f"It is {NHS_NUMBER}."})
    assert (answer.status_code, NHS_NUMBER in answer.text) == (404, False)


@pytest.mark.parametrize("form", [{"to": "HR-000001"}, {"to": "new"}, {"to": "other", "number": "HR-1"}, {}])
def test_a_mail_to_match_behind_the_wall_is_not_there(
    it: Visitor, filled: Services, form: dict[str, str]
) -> None:
    before = desks.everything(filled)
    for behind, nowhere in (
        (it.get("/to-be-matched/1"), it.get("/to-be-matched/99")),
        (it.post("/to-be-matched/1", **form), it.post("/to-be-matched/99", **form)),
    ):
        assert (behind.status_code, behind.location) == (nowhere.status_code, nowhere.location)
        assert plain(behind) == plain(nowhere)
        assert SECRET not in behind.text
    assert desks.everything(filled) == before


@pytest.mark.parametrize(
    "address",
    [
        "/tickets",
        "/tickets?desk=hr",
        "/tickets?state=closed&state=resolved",
        "/tickets?owner=mine",
        "/tickets?owner=unassigned&needs_agent=1",
        "/tickets?q=wellensittich",
        "/tickets?q=HR-000001",
        "/tickets?q=pat.green@example.org&sort=requester",
        "/to-be-matched",
    ],
)
def test_no_list_and_no_search_shows_or_counts_it(
    it: Visitor, hr: Visitor, filled: Services, address: str
) -> None:
    page = it.get(address).text
    assert SECRET not in page
    assert "/tickets/HR-" not in page
    assert "waiting</span>" not in page  # mails to be matched
    assert "No tickets" in page or "Nothing to be matched" in page
    if "owner=mine" not in address:
        assert SECRET in hr.get(address).text


def test_a_search_is_noted_with_what_was_found_in_sight(it: Visitor, filled: Services) -> None:
    it.get("/tickets?q=wellensittich")
    assert [act.detail["found"] for act in reads.acts(filled, "tickets.searched")] == [0]


def test_the_desks_to_choose_from_are_those_in_sight(
    it: Visitor, filled: Services, signed_in: Callable[[str], Visitor]
) -> None:
    assert 'id="desk"' not in it.get("/tickets").text
    desks.place_people(filled, other=["it", "hr"])
    assert 'value="hr"' in it.get("/tickets").text
    assert SECRET in it.get("/tickets?desk=hr").text


def test_the_wall_moves_with_the_account_at_the_next_click(it: Visitor, filled: Services) -> None:
    assert it.get("/tickets/HR-000001").status_code == 404
    desks.place_people(filled, other=None)
    assert it.get("/tickets/HR-000001").status_code == 200
    desks.place_people(filled, other=["it"])
    assert it.get("/tickets/HR-000001").status_code == 404


@pytest.mark.parametrize("seen", [["vanished"], []])
def test_an_account_whose_desks_vanished_sees_nothing_and_is_told(
    it: Visitor, filled: Services, seen: list[str]
) -> None:
    with writing(filled.sessions) as session:
        rows.add_ticket(session)
        rows.add_ticket(session).desk = "vanished"
    desks.place_people(filled, other=seen)
    page = it.get("/tickets").text
    assert "You are at no desk" in page
    assert "/tickets/IT-" not in page
    assert it.get("/tickets/IT-000001").status_code == it.get("/tickets/IT-000002").status_code == 404


def test_a_ticket_is_given_only_to_who_sees_it(hr: Visitor, filled: Services) -> None:
    assert "Jo Price" not in hr.get("/tickets/HR-000002").text
    version = reads.ticket(filled, "HR-000002").version
    assert hr.post("/tickets/HR-000002/assign", owner="2", version=version).status_code == 400
    assert reads.ticket(filled, "HR-000002").owner_id is None
    desks.place_people(filled, other=["it", "hr"])
    assert "Jo Price" in hr.get("/tickets/HR-000002").text
    assert hr.post("/tickets/HR-000002/assign", owner="2", version=version).status_code == 302
    assert reads.ticket(filled, "HR-000002").owner_id == 2


def test_a_ticket_is_handed_over_to_a_desk_that_one_does_not_see(
    hr: Visitor, it: Visitor, filled: Services
) -> None:
    assert "you will not see it afterwards" in hr.get("/tickets/HR-000002/desk").text
    version = reads.ticket(filled, "HR-000002").version
    answer = hr.post("/tickets/HR-000002/desk", desk="it", version=version)
    assert (answer.status_code, answer.location) == (302, "/tickets")
    said = hr.get("/tickets").text
    assert "The ticket is at IT Service Desk now" in said
    assert "You do not see the tickets of that desk" in said
    for number in ("HR-000002", "IT-000001"):
        assert hr.get(f"/tickets/{number}").status_code == 404
    assert it.get("/tickets/HR-000002").location == "/tickets/IT-000001"
    assert SECRET in it.get("/tickets").text


def test_who_sees_both_desks_is_not_warned_and_stays_with_the_ticket(hr: Visitor, filled: Services) -> None:
    desks.place_people(filled, agent=["hr", "it"])
    assert "you will not see it afterwards" not in hr.get("/tickets/HR-000002/desk").text
    version = reads.ticket(filled, "HR-000002").version
    answer = hr.post("/tickets/HR-000002/desk", desk="it", version=version)
    assert hr.get(answer.location).location == "/tickets/IT-000001"


@pytest.mark.parametrize("sure", ["", "yes"])
def test_merging_takes_sight_of_both(it: Visitor, filled: Services, sure: str) -> None:
    with writing(filled.sessions) as session:
        rows.add_ticket(session)
    before = desks.everything(filled)
    assert (
        "HR-0" not in it.get("/tickets/IT-000001/merge").text
    )  # nor are other tickets of the requester told
    version = reads.ticket(filled).version
    answers = [
        it.post("/tickets/IT-000001/merge", into=into, version=version, sure=sure)
        for into in ("HR-000001", "HR-000099")
    ]
    assert [answer.status_code for answer in answers] == [409, 409]
    assert plain(answers[0], "HR-000001") == plain(answers[1], "HR-000099")
    assert desks.everything(filled) == before


def test_a_merge_is_undone_only_by_who_sees_both(it: Visitor, hr: Visitor, filled: Services) -> None:
    with writing(filled.sessions) as session:
        rows.add_ticket(session)
    desks.place_people(filled, other=None)
    version = reads.ticket(filled).version
    it.post("/tickets/IT-000001/merge", into="HR-000002", version=version, sure="yes")
    assert "Undo" in it.get("/tickets/HR-000002").text
    page = hr.get("/tickets/HR-000002").text
    assert "IT-000001" in page
    assert "Undo" not in page
    version = reads.ticket(filled, "HR-000002").version
    refused = hr.post("/tickets/HR-000002/unmerge", gone="IT-000001", version=version)
    assert (refused.status_code, "is not merged" in refused.text) == (409, True)
    assert it.post("/tickets/HR-000002/unmerge", gone="IT-000001", version=version).status_code == 302


def test_another_desks_merge_is_not_undone_from_a_ticket_of_ones_own(it: Visitor, filled: Services) -> None:
    with writing(filled.sessions) as session:
        rows.add_ticket(session)
    before, version = desks.everything(filled), reads.ticket(filled).version
    answers = [
        it.post("/tickets/IT-000001/unmerge", gone=gone, version=version)
        for gone in ("HR-000003", "HR-000099")
    ]
    assert plain(answers[0], "HR-000003") == plain(answers[1], "HR-000099")
    assert desks.everything(filled) == before


def test_of_a_mail_to_match_only_the_signs_in_sight_are_told(it: Visitor, filled: Services) -> None:
    with writing(filled.sessions) as session:
        rows.add_ticket(session)
        signs = [
            {"kind": "reference", "ticket": "HR-000001", "header": "references"},
            {"kind": "subject_tag", "ticket": "IT-000001", "header": "subject"},
        ]
        desks.add_unmatched(filled, session, subject="Where to?", evidence=signs, flags=[])
    for page in (it.get("/to-be-matched").text, it.get("/to-be-matched/2").text):
        assert "IT-000001" in page
        assert "HR-000001" not in page
        assert SECRET not in page
    assert "desks that you do not see" in it.get("/to-be-matched/2").text
    before = desks.everything(filled)
    answers = [
        it.post("/to-be-matched/2", "/to-be-matched/2", to="other", number=number)
        for number in ("HR-000001", "HR-000099")
    ]
    assert [answer.status_code for answer in answers] == [409, 409]
    assert plain(answers[0], "HR-000001") == plain(answers[1], "HR-000099")
    assert desks.everything(filled) == before
    assert it.post("/to-be-matched/2", to="IT-000001").status_code == 302


def test_officers_see_the_held_mail_of_all_desks(officer: Visitor, it: Visitor, filled: Services) -> None:
    desks.place_people(filled, officer=["it"])  # left over from when they were an agent
    path = f"/tickets/HR-000001/messages/{desks.ids(filled).mail}/report"
    assert officer.get(path).status_code == 200
    assert officer.post(path, category="health of a person").status_code == 302
    for page in ("/quarantine", "/quarantine/1"):
        assert "HR-000001" in officer.get(page).text
    assert it.get("/tickets/HR-000001").status_code == 404


def test_the_wall_costs_no_query(it: Visitor, filled: Services) -> None:
    def cost(address: str) -> int:
        with reads.counted_queries(filled) as seen:
            it.get(address)
        return len(seen)

    with writing(filled.sessions) as session:
        for number in range(30):
            rows.add_ticket(session, f"Ticket {number}")
    pages = ("/tickets", "/tickets?q=printer", "/tickets/IT-000001", "/tickets/IT-000001/merge")
    walled = [cost(page) for page in pages]
    desks.place_people(filled, other=None)
    assert walled == [cost(page) for page in pages]
