"""One case for each row of the decision table: the ticket before, the mail, and what must come of it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import select

from helpdesk.db import reading, writing
from helpdesk.models import AuditEntry, Message, OutboxMail, Receipt, Ticket
from helpdesk.outbound.compose import compose_answer
from helpdesk.outbound.enqueue import enqueue
from helpdesk.services import Services
from helpdesk.tickets import actions
from helpdesk.tickets.states import State
from tests.support.mails import DESK, FAILS, JO, PASSES, PATIENT_TEXT, delivery_report, mail

STRANGER = "sam.other@elsewhere.example"


@dataclass(frozen=True)
class Before:
    """The ticket that a case starts from: its number and the Message-ID of the mail that we sent on it."""

    number: str
    ours: str
    reply_address: str
    reactivate_address: str


@dataclass(frozen=True)
class Case:
    """A row of the design's table, as a mail."""

    row: int
    name: str
    state: State | None
    make: Callable[[Before | None], bytes]
    record: str
    answer: str | None
    state_after: State | None = None
    direction: str | None = None
    standing: str = "added"
    audited: tuple[str, ...] = ("mail.processed",)
    settings: dict[str, object] = field(default_factory=dict)


def _reply(before: Before | None, **over: object) -> bytes:
    assert before is not None
    headers = [("In-Reply-To", before.ours), ("References", before.ours), *over.pop("more", [])]  # type: ignore[misc]
    return mail(
        subject=f"Re: [{before.number}] Update", text="It still jams, sorry.\n\nJo\n", headers=headers, **over
    )  # type: ignore[arg-type]


def _automatic(before: Before | None) -> bytes:
    return _reply(before, more=[("Auto-Submitted", "auto-replied")])


CASES = [
    Case(1, "our own mail come back", None, lambda _: mail(sender=DESK), "dropped", None),
    Case(
        2,
        "a permanent delivery failure",
        State.IN_PROGRESS,
        lambda b: delivery_report(b.ours, JO),
        "delivery_failure",
        None,
        State.IN_PROGRESS,
        "automatic",
        audited=("mail.bounced", "mail.processed"),
    ),
    Case(
        3,
        "an out of office on a resolved ticket",
        State.RESOLVED,
        _automatic,
        "automatic",
        None,
        State.RESOLVED,
        "automatic",
    ),
    Case(
        3,
        "an out of office on no ticket",
        None,
        lambda _: mail(headers=[("Auto-Submitted", "auto-replied")]),
        "noted",
        None,
    ),
    Case(3, "a list", None, lambda _: mail(headers=[("List-Id", "<news.example.org>")]), "noted", None),
    Case(
        3,
        "a delivery failure of nothing of ours",
        None,
        lambda _: delivery_report("<someone.else@example.org>", JO),
        "noted",
        None,
    ),
    Case(
        4,
        "patient data, no ticket",
        None,
        lambda _: mail(text=PATIENT_TEXT),
        "quarantine",
        "held",
        State.NEW,
        "held",
        audited=("ticket.opened", "mail.held", "mail.processed"),
    ),
    Case(
        4,
        "patient data on a resolved ticket",
        State.RESOLVED,
        lambda b: mail(text=PATIENT_TEXT, headers=[("References", b.ours)]),
        "quarantine",
        "held",
        State.RESOLVED,
        "held",
        audited=("mail.held", "mail.processed"),
    ),
    Case(
        5,
        "claims our domain and failed, mode tag",
        State.IN_PROGRESS,
        lambda b: _reply(b, more=[("Authentication-Results", FAILS)]),
        "added_stranger",
        None,
        State.IN_PROGRESS,
        "inbound",
    ),
    Case(
        5,
        "claims our domain and failed, mode hold",
        State.IN_PROGRESS,
        lambda b: _reply(b, more=[("Authentication-Results", FAILS)]),
        "waits",
        None,
        State.IN_PROGRESS,
        "inbound",
        "unconfirmed",
        settings={"forged_own_domain": "hold"},
    ),
    Case(
        6,
        "no ticket",
        None,
        lambda _: mail(headers=[("Authentication-Results", PASSES)]),
        "new_ticket",
        "acknowledgement",
        State.NEW,
        "inbound",
        audited=("ticket.opened", "mail.processed"),
    ),
    Case(
        7, "open, from the requester", State.IN_PROGRESS, _reply, "added", None, State.IN_PROGRESS, "inbound"
    ),
    Case(
        7,
        "waiting for the user, from the requester",
        State.WAITING_USER,
        _reply,
        "added",
        None,
        State.IN_PROGRESS,
        "inbound",
        audited=("ticket.moved", "mail.processed"),
    ),
    Case(
        7,
        "open, by the signed address alone",
        State.ASSIGNED,
        lambda b: mail(to=b.reply_address),
        "added",
        None,
        State.ASSIGNED,
        "inbound",
    ),
    Case(
        8,
        "open, from a stranger",
        State.IN_PROGRESS,
        lambda b: _reply(b, sender=STRANGER, name="Sam Other"),
        "added_stranger",
        None,
        State.IN_PROGRESS,
        "inbound",
    ),
    Case(
        8,
        "open, the requester's address and only a tag in the subject",
        State.IN_PROGRESS,
        lambda b: mail(subject=f"Re: [{b.number}] again"),
        "added_stranger",
        None,
        State.IN_PROGRESS,
        "inbound",
    ),
    Case(
        9,
        "resolved, from the requester",
        State.RESOLVED,
        _reply,
        "aside",
        "next_ticket_action",
        State.RESOLVED,
        "inbound",
        "aside",
    ),
    Case(
        9,
        "resolved, from a stranger",
        State.RESOLVED,
        lambda b: _reply(b, sender=STRANGER, name="Sam Other"),
        "aside",
        "how_to_open",
        State.RESOLVED,
        "inbound",
        "aside",
    ),
    Case(
        9,
        "resolved, to the signed re-activation address",
        State.RESOLVED,
        lambda b: mail(to=b.reactivate_address),
        "reactivated",
        "reactivated",
        State.IN_PROGRESS,
        "inbound",
        audited=("ticket.moved", "ticket.reactivated", "mail.processed"),
    ),
    Case(
        11,
        "only the tag of a ticket of others",
        State.WAITING_USER,
        lambda b: mail(subject=f"Re: [{b.number}] mine too", sender=STRANGER, name="Sam Other"),
        "unmatched",
        None,
        State.WAITING_USER,
        audited=("mail.unmatched", "mail.processed"),
    ),
    Case(
        6,
        "no ticket, from an address that nobody reads",
        None,
        lambda _: mail(sender="noreply@elsewhere.example", name="Orders"),
        "new_ticket",
        None,
        State.NEW,
        "inbound",
        audited=("ticket.opened", "mail.processed"),
    ),
    Case(10, "closed", State.CLOSED, _reply, "kept", "closed", State.CLOSED, "inbound", "kept"),
]


def set_up(services: Services, state: State | None) -> Before | None:
    """A ticket of Jo's in that state, with one mail of ours on it."""
    if state is None:
        return None
    with writing(services.sessions) as session:
        ticket = actions.open_ticket(session, actions.NewTicket("it", "IT", JO, "Printer", "Jo Barnes", "it"))
        draft = compose_answer(
            "acknowledgement",
            settings=services.settings,
            tokens=services.tokens,
            desk_key="it",
            to_address=JO,
            in_reply_to="",
            references=(),
            ticket=ticket,
            state=State.NEW,
        )
        ours = enqueue(session, services.settings, draft)
        ticket.state, ticket.needs_agent = state.value, False
        if state is State.RESOLVED:
            ticket.resolved_at = ticket.created_at
        addresses = [services.tokens.address(p, ticket.number, DESK) for p in ("reply", "reactivate")]
        return Before(ticket.number, ours.message_id, *addresses)


def check(services: Services, case: Case, before: Before | None) -> None:
    """Compare ticket, message, outbox and audit with the case."""
    with reading(services.sessions) as session:
        receipt = session.scalars(select(Receipt)).one()
        assert (receipt.state, receipt.outcome) == ("done", case.record)
        answers = session.scalars(select(OutboxMail).where(OutboxMail.receipt_id == receipt.id)).all()
        assert [one.kind for one in answers] == ([case.answer] if case.answer else [])
        tickets = session.scalars(select(Ticket)).all()
        assert [State(one.state) for one in tickets] == ([case.state_after] if case.state_after else [])
        messages = session.scalars(select(Message)).all()
        shape = [(one.direction, one.standing) for one in messages]
        assert shape == ([(case.direction, case.standing)] if case.direction else [])
        acts = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
        assert tuple(acts) == case.audited
        for answer in answers:
            assert_carries_nothing_of_the_sender(answer)


def assert_carries_nothing_of_the_sender(answer: OutboxMail) -> None:
    words = f"{answer.subject}\n{answer.text}\n{answer.html}"
    for theirs in ("Whitlock", "jams", "Printer", "Jo Barnes", "999 000 0018", "Sam Other"):
        assert theirs not in words
