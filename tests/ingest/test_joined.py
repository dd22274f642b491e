"""Replies to tickets that were merged or moved, and from the requester's other addresses: the whole road, on both engines."""

import pytest
from sqlalchemy import select

from helpdesk import audit
from helpdesk.db import reading, writing
from helpdesk.governance import decisions
from helpdesk.models import HeldMail, Message, OutboxMail, Ticket, User
from helpdesk.services import Services
from helpdesk.tickets.conversation import ticket_by_number
from helpdesk.tickets.merging import merge, pair_of
from helpdesk.tickets.moving import move_to_desk
from helpdesk.tickets.persons import join, part
from helpdesk.tickets.states import State
from helpdesk.tickets.wall import EVERY_DESK
from tests.support.mails import JO, PATIENT_TEXT, mail
from tests.support.running import pipeline_for
from tests.support.two_tickets import WHO, A, B, TwoTickets

HOME = "jo@home.example"
HOME_PASSES = "mx.northmoor.nhs.uk; dmarc=pass header.from=home.example"


class Road(TwoTickets):
    def latest(self) -> tuple[str, str, str]:
        with reading(self.services.sessions) as session:
            rows = select(Ticket.number, Message.standing, Message.sender).join(Message.ticket)
            return tuple(session.execute(rows.order_by(Message.id.desc())).first() or ())  # type: ignore[return-value]

    def answers(self) -> list[OutboxMail]:
        with reading(self.services.sessions) as session:
            return list(session.scalars(select(OutboxMail).where(OutboxMail.receipt_id.is_not(None))))

    def merge(self) -> None:
        with writing(self.services.sessions) as session:
            audit.record(session, *merge(session, pair_of(session, A, B, EVERY_DESK, lock=True), who=WHO))

    def move(self) -> str:
        with writing(self.services.sessions) as session:
            ticket = ticket_by_number(session, A, EVERY_DESK, lock=True)
            assert ticket is not None
            audit.record(session, *move_to_desk(session, ticket, "hr", "HR", who=WHO))
            return ticket.number

    def state(self, state: State) -> None:
        with writing(self.services.sessions) as session:
            ticket = ticket_by_number(session, B, EVERY_DESK, lock=True)
            assert ticket is not None
            ticket.state, ticket.resolved_at = state.value, ticket.created_at


@pytest.fixture
def road(each_engine: Services, scanner: object) -> Road:
    return Road.of(each_engine, scanner, State.WAITING_USER)


BY = {
    "token": lambda before: mail(to=before.reply_address),
    "our id": lambda before: mail(headers=[("In-Reply-To", before.ours)]),
    "reference and tag": lambda before: mail(
        subject=f"Re: [{before.number}] x", headers=[("References", before.ours)]
    ),
}


@pytest.mark.parametrize("by", BY)
def test_a_reply_to_a_merged_ticket_is_one_to_the_ticket_that_stays(road: Road, by: str) -> None:
    road.merge()
    for before in (road.a, road.b):
        assert road.send(BY[by](before)) == "added"
        assert road.latest() == (B, "added", "participant")


def test_a_tag_alone_leads_there_as_well_and_is_as_weak_as_ever(road: Road) -> None:
    road.merge()
    assert road.send(mail(subject=f"Re: [{A}] x")) == "added_stranger"
    assert road.latest() == (B, "added", "stranger")


def test_both_numbers_of_a_merged_ticket_in_one_mail_are_no_conflict(road: Road) -> None:
    raw = mail(subject=f"[{A}] [{B}]", headers=[("References", f"{road.a.ours} {road.b.ours}")])
    road.merge()
    assert road.send(raw) == "added"


@pytest.mark.parametrize(
    ("state", "record", "answer"),
    [(State.RESOLVED, "aside", "next_ticket_action"), (State.CLOSED, "kept", "closed")],
)
def test_the_ticket_that_stays_decides_what_becomes_of_a_reply(
    road: Road, state: State, record: str, answer: str
) -> None:
    road.merge()
    road.state(state)
    assert road.send(BY["token"](road.a)) == record
    assert [one.kind for one in road.answers()] == [answer]
    assert f"[{B}]" in road.answers()[0].subject


def test_the_re_activation_address_of_the_merged_one_re_activates_the_one_that_stays(road: Road) -> None:
    road.merge()
    road.state(State.RESOLVED)
    assert road.send(mail(to=road.a.reactivate_address)) == "reactivated"
    assert road.latest()[0] == B


@pytest.mark.parametrize("by", BY)
def test_a_reply_to_a_moved_ticket_finds_it_under_its_new_number(road: Road, by: str) -> None:
    number = road.move()
    assert road.send(BY[by](road.a)) == "added"
    assert road.latest() == (number, "added", "participant")
    with reading(road.services.sessions) as session:
        assert len(session.scalars(select(Ticket)).all()) == 2


def test_a_held_mail_goes_along_and_is_released_where_the_ticket_is(road: Road) -> None:
    assert road.send(mail(text=PATIENT_TEXT, to=road.a.reply_address)) == "quarantine"
    road.merge()
    with writing(road.services.sessions) as session:
        session.add(User(email=WHO, name="Ines", role="ig_officer", password_hash="x"))
        held = session.scalars(select(HeldMail)).one()
        assert (held.ticket.number, held.ticket.held_messages) == (B, 1)
        held_id = held.id
    pipeline = pipeline_for(road.services, road.scanner)
    decisions.release(road.services, pipeline, held_id, WHO, "the patient's name is needed")
    assert road.latest() == (B, "added", "participant")
    with reading(road.services.sessions) as session:
        assert set(session.scalars(select(Ticket.held_messages))) == {0}


def test_a_verified_mail_from_the_persons_other_address_is_theirs_until_it_is_taken_back(road: Road) -> None:
    headers = [("References", road.a.ours), ("Authentication-Results", HOME_PASSES)]
    said = {"ticket": A, "who": WHO}
    assert road.send(mail(sender=HOME, headers=headers)) == "added_stranger"
    with writing(road.services.sessions) as session:
        audit.record(session, *join(session, HOME, JO, reason="rang her", **said))
    assert road.send(mail(sender=HOME, headers=headers)) == "added"
    assert road.latest() == (A, "added", "participant")
    assert road.send(mail(sender=HOME, headers=headers[:1])) == "added_stranger"  # nobody vouches for it
    with writing(road.services.sessions) as session:
        audit.record(session, *part(session, HOME, JO, **said))
    assert road.send(mail(sender=HOME, headers=headers)) == "added_stranger"
