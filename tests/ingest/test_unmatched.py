"""Mail with signs of several tickets, or with the tag of somebody else's: it waits, and an agent says where it belongs."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from helpdesk import audit
from helpdesk.db import reading, writing
from helpdesk.ingest import unmatched
from helpdesk.ingest.unmatched import NothingToMatch
from helpdesk.models import AuditEntry, HeldMail, Message, OutboxMail, Receipt, Ticket, UnmatchedMail
from helpdesk.services import Services
from helpdesk.tickets.conversation import ticket_by_number
from helpdesk.tickets.merging import merge, pair_of
from helpdesk.tickets.states import State
from helpdesk.tickets.wall import EVERY_DESK
from tests.support.mails import DESK, JO, PATIENT_TEXT, mail
from tests.support.road import STRANGER, assert_carries_nothing_of_the_sender
from tests.support.running import take
from tests.support.two_tickets import WHO, A, B, TwoTickets


class Road(TwoTickets):
    def send_both(self, **over: object) -> int:
        """A mail that names both tickets: B by the id it answers, A in the subject. Returns what waits."""
        raw = mail(subject=f"Re: [{A}] Update", headers=[("In-Reply-To", self.b.ours)], **over)  # type: ignore[arg-type]
        assert self.send(raw) == "unmatched"
        return self.only().id

    def only(self) -> UnmatchedMail:
        with reading(self.services.sessions) as session:
            return session.scalars(select(UnmatchedMail)).one()

    def messages(self) -> list[tuple[str, str, str]]:
        with reading(self.services.sessions) as session:
            rows = select(Ticket.number, Message.standing, Message.sender).join(Message.ticket)
            return [tuple(row) for row in session.execute(rows.order_by(Message.id))]

    def answers(self) -> list[tuple[str, str]]:
        with reading(self.services.sessions) as session:
            found = session.scalars(
                select(OutboxMail).where(OutboxMail.receipt_id.is_not(None)).order_by(OutboxMail.id)
            ).all()
            for one in found:
                assert_carries_nothing_of_the_sender(one)
            return [(one.kind, one.to_address) for one in found]

    def acts(self) -> list[str]:
        with reading(self.services.sessions) as session:
            return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))

    def state(self, number: str, state: State) -> None:
        with writing(self.services.sessions) as session:
            ticket = session.scalars(select(Ticket).where(Ticket.number == number)).one()
            ticket.state, ticket.resolved_at = state.value, ticket.created_at


@pytest.fixture
def make(scanner: object) -> Callable[[Services], Road]:
    def made(services: Services) -> Road:
        return Road.of(services, scanner, State.IN_PROGRESS)

    return made


@pytest.fixture
def road(each_engine: Services, make: Callable[[Services], Road]) -> Road:
    return make(each_engine)


@pytest.fixture
def quick(sqlite_services: Services, make: Callable[[Services], Road]) -> Road:
    """On SQLite alone: where the engine makes no difference."""
    return make(sqlite_services)


def test_it_waits_on_no_ticket_and_nobody_is_answered(road: Road) -> None:
    waits = road.send_both()
    assert (road.messages(), road.answers()) == ([], [])
    assert road.acts()[-2:] == ["mail.unmatched", "mail.processed"]
    seen = unmatched.look(road.services, waits, EVERY_DESK)
    assert seen.email.text.startswith("Hello, the printer")
    signs = [(one.kind, one.header, one.ticket.number) for one in seen.signs]
    assert signs == [("token_message_id", "in-reply-to", B), ("subject_tag", "subject", A)]
    assert [one.number for one in seen.tickets] == [B, A]
    with reading(road.services.sessions) as session:
        assert unmatched.count(session, EVERY_DESK) == len(unmatched.waiting(session, EVERY_DESK)) == 1
        receipt = session.scalars(select(Receipt)).one()
        assert (receipt.state, receipt.outcome, receipt.ticket_id) == ("done", "unmatched", None)


@pytest.mark.parametrize(
    ("number", "sender"), [(B, "participant"), (A, "stranger"), (B.lower(), "participant")]
)
def test_an_agent_puts_it_on_a_ticket_where_it_takes_the_table(road: Road, number: str, sender: str) -> None:
    assert unmatched.settle(road.services, road.send_both(), number, EVERY_DESK, who=WHO) == number.upper()
    assert road.messages() == [(number.upper(), "added", sender)]
    assert road.answers() == []
    assert road.acts()[-3:] == ["mail.processed", "mail.matched", "ticket.mail_matched"]
    with reading(road.services.sessions) as session:
        mailed = session.scalars(select(UnmatchedMail)).one()
        ticket = session.scalars(select(Ticket).where(Ticket.number == number.upper())).one()
        assert (mailed.state, mailed.decided_by, mailed.ticket_id) == ("matched", WHO, ticket.id)
        assert ticket.needs_agent


def test_a_new_ticket_is_made_of_it_and_acknowledged(road: Road) -> None:
    assert unmatched.settle(road.services, road.send_both(), "", EVERY_DESK, who=WHO) == "IT-000003"
    assert [number for number, *_ in road.messages()] == ["IT-000003"]
    assert road.answers() == [("acknowledgement", JO)]


def test_what_is_settled_is_settled_once(road: Road) -> None:
    waits = road.send_both()
    with pytest.raises(NothingToMatch, match="no ticket IT-000099"):
        unmatched.settle(road.services, waits, "IT-000099", EVERY_DESK, who=WHO)
    unmatched.settle(road.services, waits, A, EVERY_DESK, who=WHO)
    for again in (A, B, ""):
        with pytest.raises(NothingToMatch, match="already"):
            unmatched.settle(road.services, waits, again, EVERY_DESK, who=WHO)
    with pytest.raises(NothingToMatch, match="already"):
        unmatched.look(road.services, waits, EVERY_DESK)
    with pytest.raises(NothingToMatch, match="no such mail"):
        unmatched.look(road.services, 99, EVERY_DESK)
    assert len(road.messages()) == 1


@pytest.mark.parametrize(
    ("state", "standing", "answer"),
    [(State.RESOLVED, "aside", "next_ticket_action"), (State.CLOSED, "kept", "closed")],
)
def test_the_ticket_is_as_it_is_when_the_agent_chooses(
    quick: Road, state: State, standing: str, answer: str
) -> None:
    waits = quick.send_both()
    quick.state(B, state)
    unmatched.settle(quick.services, waits, B, EVERY_DESK, who=WHO)
    assert quick.messages() == [(B, standing, "participant")]
    assert quick.answers() == [(answer, JO)]


def test_a_ticket_that_was_merged_meanwhile_is_the_one_that_stayed(quick: Road) -> None:
    waits = quick.send_both()
    with writing(quick.services.sessions) as session:
        audit.record(session, *merge(session, pair_of(session, A, B, EVERY_DESK, lock=True), who=WHO))
    assert [one.number for one in unmatched.look(quick.services, waits, EVERY_DESK).tickets] == [B]
    assert unmatched.settle(quick.services, waits, A, EVERY_DESK, who=WHO) == B


def test_the_tag_of_somebody_elses_ticket_waits(road: Road) -> None:
    raw = mail(subject=f"[{A}] my colleague's printer", sender=STRANGER, name="Sam Other")
    assert road.send(raw) == "unmatched"
    assert (road.messages(), road.answers()) == ([], [])
    unmatched.settle(road.services, road.only().id, A, EVERY_DESK, who=WHO)
    assert road.messages() == [(A, "added", "stranger")]
    assert road.answers() == []
    with reading(road.services.sessions) as session:
        ticket = ticket_by_number(session, A, EVERY_DESK)
        assert ticket is not None
        assert [one.address for one in ticket.participants] == [JO]


def test_a_stranger_whose_mail_did_not_name_the_closed_ticket_learns_nothing_of_it(quick: Road) -> None:
    quick.state(B, State.CLOSED)
    assert quick.send(mail(subject=f"[{A}] x", sender=STRANGER, name="Sam Other")) == "unmatched"
    unmatched.settle(quick.services, quick.only().id, B, EVERY_DESK, who=WHO)
    assert quick.messages() == [(B, "kept", "stranger")]
    assert quick.answers() == []


def test_a_held_mail_shows_on_none_of_the_tickets_that_it_names(road: Road) -> None:
    raw = mail(subject=f"Re: [{A}] Update", text=PATIENT_TEXT, headers=[("In-Reply-To", road.b.ours)])
    assert road.send(raw) == "quarantine"
    assert road.messages() == [("IT-000003", "added", "stranger")]
    assert road.answers() == [("held", JO)]
    with reading(road.services.sessions) as session:
        assert session.scalars(select(UnmatchedMail)).all() == []
        held = session.scalars(select(HeldMail)).one()
        assert held.ticket.number == "IT-000003"
        assert [one.held_messages for one in session.scalars(select(Ticket).order_by(Ticket.id))] == [0, 0, 1]


def test_one_that_comes_again_is_a_redelivery_while_it_waits(quick: Road) -> None:
    raw = mail(subject=f"Re: [{A}] Update", headers=[("In-Reply-To", quick.b.ours)])
    assert quick.send(raw) == "unmatched"
    again = take(quick.services, raw, uid=2)
    with reading(quick.services.sessions) as session:
        assert session.get_one(Receipt, again).outcome == "redelivery"
    unmatched.settle(quick.services, quick.only().id, B, EVERY_DESK, who=WHO)
    assert len(quick.messages()) == 1


def test_an_automatic_mail_with_several_signs_waits_for_nobody(quick: Road) -> None:
    headers = [("In-Reply-To", quick.b.ours), ("Auto-Submitted", "auto-replied")]
    assert quick.send(mail(subject=f"Re: [{A}] Update", headers=headers)) == "automatic"


def test_replies_find_the_ticket_that_the_mail_was_put_on(quick: Road) -> None:
    waits = quick.send_both(message_id="<hers@x.example>")
    unmatched.settle(quick.services, waits, A, EVERY_DESK, who=WHO)
    assert quick.send(mail(subject="Re: Update", headers=[("In-Reply-To", "<hers@x.example>")])) == "added"
    assert quick.messages()[-1][0] == A


def test_a_person_copied_in_who_replies_is_a_third_party_and_takes_no_part(road: Road) -> None:
    copied = mail(to=DESK, headers=[("Cc", f"Sam Other <{STRANGER}>")], message_id="<first@x.example>")
    assert road.send(copied) == "new_ticket"
    reply = mail(
        subject="RE: Printer",
        sender=STRANGER,
        name="Sam Other",
        headers=[("References", "<first@x.example>")],
    )
    assert road.send(reply) == "added_stranger"
    assert road.messages()[-1] == ("IT-000003", "added", "stranger")
    assert road.answers() == [("acknowledgement", JO)]
    road.state("IT-000003", State.RESOLVED)
    later = mail(sender=STRANGER, name="Sam Other", headers=[("In-Reply-To", "<first@x.example>")])
    assert road.send(later) == "aside"
    assert road.answers()[1:] == [("how_to_open", STRANGER)]
    with reading(road.services.sessions) as session:
        ticket = ticket_by_number(session, "IT-000003", EVERY_DESK)
        assert ticket is not None
        assert [one.address for one in ticket.participants] == [JO]
