"""What an agent does to a ticket: each act checked against its version, and in the trail."""

from collections.abc import Callable

import pytest

from helpdesk import audit
from helpdesk.db import reading, writing
from helpdesk.services import Services
from helpdesk.tickets.states import State
from tests.web import reads, rows
from tests.web.conftest import NHS_NUMBER, RULE, Visitor

PAGE = "/tickets/IT-000001"
AGENT = rows.PEOPLE["agent"][0]


@pytest.fixture
def ticket(web_services: Services) -> Callable[..., None]:
    def make(state: State = State.NEW, **columns: object) -> None:
        with writing(web_services.sessions) as session:
            made = rows.add_ticket(session, state=state)
            if columns:
                rows.add_message(session, made, "another", **columns)

    return make


@pytest.fixture
def act(agent: Visitor, web_services: Services) -> Callable[..., int]:
    """Press a button of the ticket's page as it stands now."""

    def press(path: str, **fields: object) -> int:
        version = fields.pop("version", reads.ticket(web_services).version)
        return agent.post(f"{PAGE}/{path}", version=version, **fields).status_code

    return press


def actions(services: Services) -> list[str]:
    return [one.action for one in reads.acts(services) if one.subject_kind in ("ticket", "message")]


def test_a_reply_is_kept_mailed_and_in_the_trail(
    ticket: Callable[..., None], act: Callable[..., int], web_services: Services
) -> None:
    ticket()
    assert act("reply", reply="Please restart it.\r\nAmal", next_state="waiting_user") == 302
    message, mail = reads.messages(web_services)[-1], reads.outbox(web_services)[-1]
    assert (message.direction, message.text, message.author_address) == (
        "outbound",
        "Please restart it.\nAmal",
        AGENT,
    )
    assert (mail.kind, mail.to_address, mail.state, mail.automatic) == (
        "reply",
        "pat.green@example.org",
        "queued",
        False,
    )
    assert message.outbox_id == mail.id
    assert "Please restart it." in mail.text
    now_is = reads.ticket(web_services)
    assert (now_is.state, now_is.needs_agent) == ("waiting_user", False)
    assert actions(web_services) == ["ticket.assigned", "ticket.moved", "ticket.moved", "ticket.replied"]


def test_who_first_answers_a_ticket_that_nobody_owns_becomes_its_owner(
    ticket: Callable[..., None],
    act: Callable[..., int],
    signed_in: Callable[[str], Visitor],
    web_services: Services,
) -> None:
    ticket()
    act("reply", reply="Hello", next_state="same")
    first = reads.ticket(web_services)
    assert (first.state, first.owner_id) == ("assigned", 1)
    version = first.version
    signed_in("other").post(f"{PAGE}/reply", reply="Me too", next_state="same", version=version)
    assert len(reads.outbox(web_services)) == 2
    assert reads.ticket(web_services).owner_id == 1


def test_an_agents_words_can_be_searched(
    ticket: Callable[..., None], act: Callable[..., int], agent: Visitor
) -> None:
    ticket()
    act("note", note="the fuser unit is worn")
    assert "IT-000001" in agent.get("/tickets?q=fuser").text


@pytest.mark.parametrize("path", ["reply", "resolve"])
def test_nothing_is_overwritten_when_somebody_else_was_faster(
    ticket: Callable[..., None], agent: Visitor, web_services: Services, path: str
) -> None:
    ticket()
    field = "reply" if path == "reply" else "resolution"
    stale = reads.ticket(web_services).version - 1
    answer = agent.post(f"{PAGE}/{path}", version=stale, **{field: "My long answer"})
    assert answer.status_code == 409
    assert "changed while you were working" in answer.text
    assert "My long answer" in answer.text
    assert len(reads.messages(web_services)) == 1
    assert reads.outbox(web_services) == []


@pytest.mark.parametrize(
    ("path", "fields"),
    [("assign", {"owner": "me"}), ("state", {"to": "in_progress"}), ("close", {"reason": "duplicate"})],
)
def test_no_button_works_from_a_stale_page(
    ticket: Callable[..., None],
    act: Callable[..., int],
    web_services: Services,
    path: str,
    fields: dict[str, str],
) -> None:
    ticket()
    before = reads.ticket(web_services)
    assert act(path, version=before.version - 1, **fields) == 409
    after = reads.ticket(web_services)
    assert (after.state, after.owner_id, after.version) == (before.state, None, before.version)
    assert actions(web_services) == []


def test_a_note_stays_inside_and_does_not_mind_what_changed(
    ticket: Callable[..., None], act: Callable[..., int], web_services: Services
) -> None:
    ticket()
    assert act("note", note="Only for us.", version=0) == 302
    assert reads.messages(web_services)[-1].direction == "note"
    assert reads.outbox(web_services) == []
    assert actions(web_services) == ["ticket.noted"]


@pytest.mark.parametrize(
    ("path", "field", "words"),
    [("reply", "reply", "Write your reply"), ("note", "note", "Write the note"),
     ("resolve", "resolution", "Write what was done")],
)  # fmt: skip
def test_an_empty_text_is_asked_for(
    ticket: Callable[..., None], agent: Visitor, web_services: Services, path: str, field: str, words: str
) -> None:
    ticket()
    version = reads.ticket(web_services).version
    answer = agent.post(f"{PAGE}/{path}", version=version, **{field: "  \r\n "})
    assert answer.status_code == 400
    assert words in answer.text
    assert 'class="nhsuk-error-summary"' in answer.text
    assert len(reads.messages(web_services)) == 1


@pytest.mark.parametrize(("path", "field"), [("reply", "reply"), ("note", "note"), ("resolve", "resolution")])
def test_personal_data_in_a_typed_text_is_asked_about_and_not_kept(
    ticket: Callable[..., None], agent: Visitor, web_services: Services, path: str, field: str
) -> None:
    ticket()
    version = reads.ticket(web_services).version
    answer = agent.post(f"{PAGE}/{path}", version=version, **{field: f"It is {NHS_NUMBER}."})
    assert answer.status_code == 422
    assert "Patient identifiers</strong>: NHS number, or Scotland&#39;s</li>" in answer.text
    assert len(reads.messages(web_services)) == 1
    assert reads.outbox(web_services) == []
    assert actions(web_services) == []


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({}, 422),
        ({"override_reason": "the requester asked for it"}, 422),  # the rules were not shown yet
        ({"seen_rule": RULE}, 422),
        ({"seen_rule": RULE, "override_reason": " "}, 422),
        ({"seen_rule": "another", "override_reason": "the requester asked for it"}, 422),
        ({"seen_rule": RULE, "override_reason": "the requester asked for it"}, 302),
    ],
)
def test_the_text_is_kept_only_with_a_reason_and_after_the_agent_saw_why(
    ticket: Callable[..., None],
    act: Callable[..., int],
    web_services: Services,
    fields: dict[str, str],
    code: int,
) -> None:
    ticket()
    assert act("note", note=f"It is {NHS_NUMBER}.", **fields) == code
    kept = reads.acts(web_services, "typed.kept")
    assert [one.reason for one in kept] == (["the requester asked for it"] if code == 302 else [])
    assert len(reads.messages(web_services)) == (2 if code == 302 else 1)
    assert all(NHS_NUMBER not in str(one.detail) for one in kept)


def test_a_text_that_cannot_be_scanned_is_not_taken_for_clear(
    ticket: Callable[..., None],
    act: Callable[..., int],
    web_services: Services,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from helpdesk.errors import HelpdeskError
    from tests.web.conftest import ScansTypedText

    def broken(self: object, text: str, files: object) -> None:
        raise HelpdeskError("the scanner is down")

    monkeypatch.setattr(ScansTypedText, "scan_written", broken)
    ticket()
    assert act("reply", reply="Hello") == 422
    assert reads.outbox(web_services) == []


def test_resolving_tells_the_requester_and_how_to_come_back(
    ticket: Callable[..., None], act: Callable[..., int], web_services: Services
) -> None:
    ticket(State.IN_PROGRESS)
    assert act("resolve", resolution="The fuser was replaced.") == 302
    mail = reads.outbox(web_services)[-1]
    assert mail.kind == "resolution"
    assert "The fuser was replaced." in mail.text
    assert "/reactivate/" in mail.text
    now_is = reads.ticket(web_services)
    assert (now_is.state, now_is.needs_agent) == ("resolved", False)
    assert now_is.resolved_at is not None


def test_closing_wants_a_reason_and_mails_nobody(
    ticket: Callable[..., None], act: Callable[..., int], web_services: Services
) -> None:
    ticket()
    assert act("close", reason="") == 400
    assert act("close", reason="a duplicate of IT-000002") == 302
    assert reads.ticket(web_services).state == "closed"
    assert reads.acts(web_services, "ticket.moved")[-1].reason == "a duplicate of IT-000002"
    assert reads.outbox(web_services) == []


@pytest.mark.parametrize("to", ["resolved", "closed", "nonsense", ""])
def test_the_move_button_leads_to_no_end_and_nowhere_unknown(
    ticket: Callable[..., None], act: Callable[..., int], web_services: Services, to: str
) -> None:
    ticket()
    assert act("state", to=to) == 400
    assert reads.ticket(web_services).state == "new"


@pytest.mark.parametrize(
    ("path", "fields"),
    [("reply", {"reply": "x"}), ("resolve", {"resolution": "x"}), ("reopen", {}), ("state", {"to": "new"}),
     ("close", {"reason": "again"})],
)  # fmt: skip
def test_a_closed_ticket_stays_closed(
    ticket: Callable[..., None],
    act: Callable[..., int],
    web_services: Services,
    path: str,
    fields: dict[str, str],
) -> None:
    ticket(State.CLOSED)
    assert act(path, **fields) == 409
    assert reads.ticket(web_services).state == "closed"
    assert reads.outbox(web_services) == []


def test_a_ticket_goes_from_hand_to_hand_and_back(
    ticket: Callable[..., None], act: Callable[..., int], web_services: Services
) -> None:
    ticket()
    act("assign", owner="me")
    assert reads.ticket(web_services).owner_id == 1
    act("assign", owner="2")
    assert reads.ticket(web_services).owner_id == 2
    act("assign", owner="")
    after = reads.ticket(web_services)
    assert (after.owner_id, after.state) == (None, "new")
    owners = [one.detail["owner"] for one in reads.acts(web_services, "ticket.assigned")]
    assert owners == [AGENT, rows.PEOPLE["other"][0], ""]


@pytest.mark.parametrize("owner", ["3", "4", "99", "x", "-1"])
def test_a_ticket_is_given_to_agents_only(
    ticket: Callable[..., None], act: Callable[..., int], web_services: Services, owner: str
) -> None:
    ticket()
    assert act("assign", owner=owner) == 400
    assert reads.ticket(web_services).owner_id is None


def test_an_agent_opens_a_resolved_ticket_and_what_waited_joins_it(
    ticket: Callable[..., None], act: Callable[..., int], web_services: Services
) -> None:
    ticket(State.RESOLVED, standing="aside")
    assert act("reopen") == 302
    assert reads.ticket(web_services).state == "in_progress"
    assert [message.standing for message in reads.messages(web_services)] == ["added", "added"]


@pytest.mark.parametrize(
    ("state", "standing"), [(State.NEW, "added"), (State.RESOLVED, "aside"), (State.CLOSED, "kept")]
)
def test_a_confirmed_sender_counts_as_the_tickets_state_has_it(
    ticket: Callable[..., None], act: Callable[..., int], web_services: Services, state: State, standing: str
) -> None:
    ticket(state, standing="unconfirmed")
    number = reads.messages(web_services)[-1].id
    assert act(f"messages/{number}/confirm") == 400  # without a reason
    assert act(f"messages/{number}/confirm", confirm="rang her on ward 4") == 302
    assert reads.messages(web_services)[-1].standing == standing
    confirmed = reads.acts(web_services, "message.confirmed")
    assert [(one.actor, one.reason) for one in confirmed] == [(AGENT, "rang her on ward 4")]
    assert act(f"messages/{number}/confirm", confirm="again") == 409


def test_the_history_tells_what_was_done(
    ticket: Callable[..., None], act: Callable[..., int], agent: Visitor
) -> None:
    ticket()
    act("assign", owner="me")
    page = agent.get(PAGE).text
    assert f"Assigned to {AGENT}" in page
    assert "New → Assigned" in page


def test_the_trail_holds_after_all_of_it(
    ticket: Callable[..., None], act: Callable[..., int], web_services: Services
) -> None:
    ticket()
    for path, fields in [
        ("assign", {"owner": "me"}),
        ("reply", {"reply": "x"}),
        ("resolve", {"resolution": "y"}),
    ]:
        act(path, **fields)
    with reading(web_services.sessions) as session:
        count, broken = audit.verify(session)
    assert broken is None
    assert count >= 5
