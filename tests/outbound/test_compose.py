"""An automatic answer says what to do next, repeats nothing, and tells a stranger nothing of a ticket."""

import itertools
from datetime import timedelta

import pytest

from helpdesk.config import Settings
from helpdesk.db import now
from helpdesk.models import Participant, Ticket
from helpdesk.outbound.compose import compose_agent_reply, compose_answer, compose_resolution
from helpdesk.outbound.draft import Draft
from helpdesk.outbound.kinds import Kind
from helpdesk.outbound.thread import Parent
from helpdesk.outbound.tokens import Tokens
from helpdesk.tickets.states import State

NURSE, STRANGER = "nurse@ward.example", "stranger@elsewhere.example"
CANARY = "xyzzy-canary"
TOKENS = Tokens(b"k" * 32)
AUTOMATIC = [kind for kind in Kind if kind.automatic]
NUMBER = "IT-000123"


def ticket_in(state: State) -> Ticket:
    return Ticket(
        id=1,
        number=NUMBER,
        desk="it",
        subject=f"Re: [{NUMBER}] {CANARY}",
        state=state.value,
        requester_address=NURSE,
        requester_name=CANARY,
        resolved_at=now(),
    )


def answer(settings: Settings, kind: str, to: str = NURSE, state: State = State.NEW, **more: object) -> Draft:
    values = {
        "in_reply_to": "<a@b.example>",
        "references": ("<0@b.example>",),
        "ticket": ticket_in(state),
        "state": state,
    }
    return compose_answer(
        kind,
        settings=settings,
        tokens=TOKENS,
        desk_key="it",
        to_address=to,
        **{**values, **more},  # type: ignore[arg-type]
    )


def everything(draft: Draft) -> str:
    return "\n".join(
        [
            draft.subject,
            draft.text,
            draft.html,
            draft.from_name,
            draft.reply_to,
            draft.message_id,
            *draft.references,
        ]
    )


@pytest.mark.parametrize(("kind", "state"), list(itertools.product(AUTOMATIC, State)))
def test_no_word_of_the_ticket_or_its_requester_is_in_an_automatic_answer(
    settings: Settings, kind: Kind, state: State
) -> None:
    for to in (NURSE, STRANGER):
        said = everything(answer(settings, kind, to, state, aside=True))
        assert CANARY not in said
        assert "nurse" not in said


@pytest.mark.parametrize(("kind", "state"), list(itertools.product(AUTOMATIC, State)))
def test_a_stranger_learns_no_number_no_link_and_no_id_that_matches(
    settings: Settings, kind: Kind, state: State
) -> None:
    draft = answer(settings, kind, STRANGER, state)
    said = everything(draft).lower()
    assert NUMBER.lower() not in said
    assert "reactivate" not in said
    assert not draft.threads
    assert TOKENS.ticket_of_message_id(draft.message_id) == "IT-000000"


def test_a_stranger_gets_how_to_open_instead_of_the_guidance(settings: Settings) -> None:
    assert answer(settings, "next_ticket_action", STRANGER, State.RESOLVED).kind == "how_to_open"


def test_a_participant_who_is_not_the_requester_is_no_stranger(settings: Settings) -> None:
    ticket = ticket_in(State.RESOLVED)
    ticket.participants.append(Participant(address=STRANGER))
    draft = answer(settings, "next_ticket_action", STRANGER.upper(), State.RESOLVED, ticket=ticket)
    assert (draft.kind, draft.to_address) == ("next_ticket_action", STRANGER)


@pytest.mark.parametrize("kind", AUTOMATIC)
def test_every_automatic_answer_works_without_a_ticket(settings: Settings, kind: Kind) -> None:
    draft = answer(settings, kind, ticket=None)
    assert draft.automatic
    assert draft.text.strip()
    assert draft.ticket_id is None
    assert "[" not in draft.subject


def test_the_acknowledgement_has_the_number_and_the_desks_self_service(settings: Settings) -> None:
    desk = settings.desks["it"].model_copy(update={"self_service_url": "https://help.example/it"})
    settings = settings.model_copy(update={"desks": {"it": desk}})
    draft = answer(settings, "acknowledgement")
    assert draft.subject.startswith(f"[{NUMBER}] ")
    for said in (draft.text, draft.html):
        assert NUMBER in said
        assert "https://help.example/it" in said


HELD = [
    (State.NEW, ["The ticket is open", NUMBER], ["Next Ticket Action", "is closed"]),
    (State.WAITING_USER, ["The ticket is open", NUMBER], ["Next Ticket Action", "is closed"]),
    (
        State.RESOLVED,
        ["Next Ticket Action", "/reactivate/", "+reactivate.it-000123."],
        ["The ticket is open"],
    ),
    (
        State.CLOSED,
        ["is closed", "cannot be opened again", "new email"],
        ["/reactivate/", "The ticket is open"],
    ),
]


@pytest.mark.parametrize(("state", "says", "leaves_out"), HELD)
def test_the_held_notice_carries_the_guidance_of_the_state(
    settings: Settings, state: State, says: list[str], leaves_out: list[str]
) -> None:
    draft = answer(settings, "held", NURSE, state)
    for said in (draft.text, draft.html):
        assert "patient or personal details" in said
        assert "has read it" in said
        assert "0151 496 0100" in said
        assert all(words in said for words in says)
        assert not any(words in said for words in leaves_out)


@pytest.mark.parametrize("make", ["guidance", "resolution"])
def test_the_resolved_guidance_has_a_link_and_an_address_that_work(settings: Settings, make: str) -> None:
    ticket = ticket_in(State.RESOLVED)
    draft = (
        answer(settings, "next_ticket_action", NURSE, State.RESOLVED)
        if make == "guidance"
        else compose_resolution(settings=settings, tokens=TOKENS, ticket=ticket, text="It works again.")
    )
    for said in (draft.text, draft.html):
        assert "Next Ticket Action" in said
        signed = said.split(f"{settings.web.url}/reactivate/")[1].split()[0].rstrip('"')
        assert TOKENS.ticket_of_link(signed, 60) == NUMBER
        address = next(
            word for word in said.replace("<", " ").replace(">", " ").split() if "+reactivate." in word
        )
        assert TOKENS.ticket_of_address(address) == ("reactivate", NUMBER)


def test_the_guidance_says_when_the_ticket_closes_in_the_desks_time(settings: Settings) -> None:
    ticket = ticket_in(State.RESOLVED)
    ticket.resolved_at = now().replace(year=2025, month=6, day=3, hour=23, minute=30)
    draft = answer(settings, "next_ticket_action", NURSE, State.RESOLVED, ticket=ticket)
    assert "Wednesday 11 June 2025" in draft.text
    assert settings.periods.resolved_closes_after == timedelta(days=7)


@pytest.mark.parametrize(("aside", "says"), [(True, True), (False, False)])
def test_a_message_that_was_kept_aside_is_said_to_be(settings: Settings, aside: bool, says: bool) -> None:
    draft = answer(settings, "next_ticket_action", NURSE, State.RESOLVED, aside=aside)
    assert ("We have kept your message" in draft.text) is says
    assert ("We have kept your message" in draft.html) is says


def test_the_closed_answer_says_so_and_how_to_get_a_new_ticket(settings: Settings) -> None:
    for to in (NURSE, STRANGER):
        draft = answer(settings, "closed", to, State.CLOSED)
        assert "closed" in draft.text
        assert "send a new email to servicedesk@northmoor.nhs.uk" in draft.text


def reply(
    settings: Settings, text: str = "Please restart it.", subject: str = "Printer", **more: object
) -> Draft:
    ticket = ticket_in(State.IN_PROGRESS)
    ticket.subject = subject
    return compose_agent_reply(settings=settings, tokens=TOKENS, ticket=ticket, text=text, **more)  # type: ignore[arg-type]


SUBJECTS = [
    ("Printer", "Printer"),
    ("Re: RE: Fwd: Printer", "Printer"),
    (f"Re: [{NUMBER}] Re: Printer", "Printer"),
    ("Printer\r\nBcc: all@nhs.example", "Printer Bcc: all@nhs.example"),
    ("", "(no subject)"),
    ("a\u2028b\u202ec\x00d", "a bc d"),
]


@pytest.mark.parametrize(("given", "shown"), SUBJECTS)
def test_a_reply_has_the_number_once_and_a_subject_of_one_line(
    settings: Settings, given: str, shown: str
) -> None:
    assert reply(settings, subject=given).subject == f"[{NUMBER}] Re: {shown}"


def test_a_reply_is_a_persons_mail_from_the_desk_to_the_requester(settings: Settings) -> None:
    draft = reply(settings)
    assert not draft.automatic
    assert (draft.to_address, draft.from_address) == (NURSE, "servicedesk@northmoor.nhs.uk")
    assert TOKENS.ticket_of_address(draft.reply_to) == ("reply", NUMBER)
    assert TOKENS.ticket_of_message_id(draft.message_id) == NUMBER


def test_what_an_agent_writes_is_text_in_the_html_too(settings: Settings) -> None:
    draft = reply(
        settings, "Try <b>this</b>:\n{{ desk_name }}\n\nThen that.", agent_name="Sam\nBcc: x@y.example"
    )
    assert "Try <b>this</b>:\n{{ desk_name }}\n\nThen that." in draft.text
    assert "<p>Try &lt;b&gt;this&lt;/b&gt;:<br>\n{{ desk_name }}</p>\n<p>Then that.</p>" in draft.html
    assert "Sam Bcc: x@y.example" in draft.text


def test_a_reply_is_threaded_under_its_parent(settings: Settings) -> None:
    draft = reply(settings, parent=Parent("<p@b.example>", ("<0@b.example>",)))
    assert (draft.in_reply_to, draft.references) == ("<p@b.example>", ("<0@b.example>", "<p@b.example>"))


def test_a_drafts_repr_shows_no_content(settings: Settings) -> None:
    shown = repr(reply(settings, CANARY, CANARY))
    assert CANARY not in shown
    assert NURSE not in shown
