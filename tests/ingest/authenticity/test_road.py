"""From the mailbox to the ticket: whom our own checks let speak for the requester."""

import dataclasses
from typing import Any

import pytest
from sqlalchemy import select, text

from helpdesk.db import reading, writing
from helpdesk.governance import decisions
from helpdesk.ingest import failures, unmatched
from helpdesk.ingest.prepare import Preparer
from helpdesk.models import HeldMail, Message, OutboxMail, Receipt, Ticket, UnmatchedMail
from helpdesk.services import Services
from helpdesk.tickets.states import State
from helpdesk.tickets.wall import EVERY_DESK
from tests.ingest.authenticity.conftest import CLIENT, World, delivered
from tests.support import mails
from tests.support.mails import JO
from tests.support.road import Before, set_up
from tests.support.running import pipeline_for, take
from tests.support.signing import Signer, rsa_key

DOMAIN = JO.partition("@")[2]


@pytest.fixture
def desk(world: World, sqlite_services: Services) -> Services:
    """Services that check senders themselves, and a DNS that knows the requester's domain."""
    trust = world.trust(own_domains=[DOMAIN])
    signer = Signer(DOMAIN, "s1", rsa_key())
    world.zone.txt(signer.name, signer.record)
    world.zone.txt(DOMAIN, f"v=spf1 ip4:{CLIENT} -all")
    world.zone.txt(f"_dmarc.{DOMAIN}", "v=DMARC1; p=reject")
    return dataclasses.replace(
        sqlite_services, settings=sqlite_services.settings.model_copy(update={"trust": trust})
    )


def reply(before: Before, *more: tuple[str, str]) -> bytes:
    """To the ticket's signed reply address, so that all but the sender's proof is there."""
    headers = [("In-Reply-To", before.ours), ("References", before.ours), *more]
    return mails.mail(subject=f"Re: [{before.number}] Printer", text="It still jams.\n", to=before.reply_address, headers=headers)  # fmt: skip


def road(desk: Services, scanner: object, raw: bytes, mailbox: str = "it") -> tuple[Any, Message]:
    outcome = pipeline_for(desk, scanner).process(take(desk, raw, mailbox=mailbox))
    with reading(desk.sessions) as session:
        return outcome, session.scalars(select(Message)).one()


def signed(raw: bytes) -> bytes:
    return Signer(DOMAIN, "s1", rsa_key()).sign(raw)


def forged(raw: bytes) -> bytes:
    return delivered(raw, client="203.0.113.66", sender=JO)


def test_a_reply_that_is_proved_is_the_requester_s(desk: Services, scanner: object) -> None:
    before = set_up(desk, State.WAITING_USER)
    assert before is not None
    outcome, message = road(desk, scanner, delivered(signed(reply(before)), sender=JO))
    assert (outcome.row, message.sender, message.trust) == (7, "participant", "verified")
    proof = next(one for one in message.evidence if one["kind"] == "sender")
    assert proof["header"] == "ourselves"
    assert proof["said"][0] == f"dmarc=pass {DOMAIN} (p=reject)"


def test_a_forged_reply_is_a_stranger_s_and_is_not_answered(desk: Services, scanner: object) -> None:
    before = set_up(desk, State.WAITING_USER)
    assert before is not None
    outcome, message = road(desk, scanner, forged(reply(before)))
    assert (outcome.row, message.sender, message.trust) == (8, "stranger", "failed")
    assert "forged_own_domain" in message.flags
    with reading(desk.sessions) as session:
        assert not session.scalars(select(OutboxMail).where(OutboxMail.receipt_id.is_not(None))).all()


def test_a_forger_s_own_results_change_nothing(desk: Services, scanner: object) -> None:
    before = set_up(desk, State.WAITING_USER)
    assert before is not None
    said = ("Authentication-Results", f"mx.{DOMAIN}; dmarc=pass header.from={DOMAIN}")
    assert road(desk, scanner, forged(reply(before, said)))[1].trust == "failed"


def test_a_list_that_added_a_footer_is_automatic_and_proves_nothing(desk: Services, scanner: object) -> None:
    before = set_up(desk, State.WAITING_USER)
    assert before is not None
    posted = signed(reply(before, ("List-Id", "<ward.lists.example>"))) + b"-- \r\nThe ward list\r\n"
    outcome, message = road(
        desk, scanner, delivered(posted, client="203.0.113.5", sender="ward@lists.example")
    )
    assert (outcome.row, message.direction, message.trust) == (3, "automatic", "failed")


def test_a_dns_that_is_silent_blocks_no_mail(desk: Services, world: World, scanner: object) -> None:
    before = set_up(desk, State.WAITING_USER)
    assert before is not None
    world.zone.broken |= {DOMAIN, f"_dmarc.{DOMAIN}", f"s1._domainkey.{DOMAIN}"}
    outcome, message = road(desk, scanner, forged(signed(reply(before))))
    assert (outcome.failed, message.trust) == (False, "unknown")
    assert "sender_unproved" in message.flags


def test_mail_that_was_not_read_from_a_mailbox_asks_nobody(
    desk: Services, world: World, scanner: Any
) -> None:
    raw = delivered(signed(mails.mail()), sender=JO)
    prepared = Preparer(desk.settings, desk.tokens, scanner).prepare(raw, "import")
    assert (prepared.origin.trust.value, prepared.origin.vouched_by) == ("unknown", "")
    assert not world.zone.asked


@pytest.mark.parametrize(("client", "signs", "trust", "sender"), [(CLIENT, True, "verified", "participant"), ("203.0.113.66", False, "failed", "stranger")])  # fmt: skip
def test_what_was_found_stands_when_an_officer_releases_the_mail(
    desk: Services, world: World, scanner: object, client: str, signs: bool, trust: str, sender: str
) -> None:
    before = set_up(desk, State.WAITING_USER)
    assert before is not None
    raw = mails.mail(text=mails.PATIENT_TEXT, to=before.reply_address, headers=[("References", before.ours)])
    _, held = road(desk, scanner, delivered(signed(raw) if signs else raw, client=client, sender=JO))
    assert (held.direction, held.trust) == ("held", trust)
    world.zone.clear()  # the keys are gone by now
    with reading(desk.sessions) as session:
        number = session.scalars(select(HeldMail.id)).one()
    decisions.release(desk, pipeline_for(desk, scanner), number, "officer@northmoor.nhs.uk", "A work matter")
    with reading(desk.sessions) as session:
        message = session.scalars(select(Message)).one()
        ticket = session.scalars(select(Ticket)).one()
    assert (message.direction, message.trust, message.sender) == ("inbound", trust, sender)
    assert (ticket.state == State.IN_PROGRESS.value) is (sender == "participant")
    assert not world.zone.asked


@pytest.mark.parametrize(("client", "trust", "dmarc"), [(CLIENT, "verified", "pass"), ("203.0.113.66", "failed", "fail")])  # fmt: skip
@pytest.mark.parametrize("new", [False, True])
def test_what_was_found_stands_when_an_agent_says_where_the_mail_belongs(
    desk: Services, world: World, scanner: object, client: str, trust: str, dmarc: str, new: bool
) -> None:
    one, other = set_up(desk, State.WAITING_USER), set_up(desk, State.WAITING_USER)
    assert one is not None
    assert other is not None
    raw = mails.mail(subject=f"Re: [{one.number}] Printer", headers=[("In-Reply-To", other.ours)])
    taken = take(desk, delivered(raw, client=client, sender=JO))
    assert pipeline_for(desk, scanner).process(taken).record == "unmatched"
    world.zone.clear()  # the records are gone by now
    world.zone.asked.clear()
    with reading(desk.sessions) as session:
        waits = session.scalars(select(UnmatchedMail)).one()
        assert unmatched.named(waits) == [other.number, one.number]
    assert [sign.ticket.number for sign in unmatched.look(desk, waits.id, EVERY_DESK).signs] == [
        other.number,
        one.number,
    ]
    unmatched.settle(desk, waits.id, "" if new else other.number, EVERY_DESK, who="agent@northmoor.nhs.uk")
    with reading(desk.sessions) as session:
        message = session.scalars(select(Message)).one()
    (proof,) = [one for one in message.evidence if one["kind"] == "sender"]
    assert (message.trust, proof["header"]) == (trust, "ourselves")
    assert proof["said"][0] == f"dmarc={dmarc} {DOMAIN} (p=reject)"
    assert not world.zone.asked


class Stumbles:
    """A scanner that has a defect."""

    def scan(self, *_: object, **__: object) -> None:
        raise RuntimeError


def fails_in_the_scan(desk: Services, scanner: object, receipt: int) -> None:
    for _ in range(desk.settings.limits.ingest_tries):
        pipeline_for(desk, Stumbles()).process(receipt)


def fails_when_applied(desk: Services, scanner: object, receipt: int) -> None:
    stop = "CREATE TRIGGER stop BEFORE INSERT ON messages BEGIN SELECT RAISE(ABORT, 'stopped'); END"
    with writing(desk.sessions) as session:
        session.execute(text(stop))
    for _ in range(desk.settings.limits.ingest_tries):
        pipeline_for(desk, scanner).process(receipt)
    with writing(desk.sessions) as session:
        session.execute(text("DROP TRIGGER stop"))


@pytest.mark.parametrize("fails", [fails_in_the_scan, fails_when_applied])
@pytest.mark.parametrize(("client", "signs", "trust", "said"), [(CLIENT, True, "verified", "dmarc=pass"), ("203.0.113.66", False, "failed", "dmarc=fail")])  # fmt: skip
def test_what_was_found_stands_when_a_failed_mail_is_replayed(
    desk: Services, world: World, scanner: object, fails: Any, client: str, signs: bool, trust: str, said: str
) -> None:
    before = set_up(desk, State.WAITING_USER)
    assert before is not None
    raw = signed(reply(before)) if signs else reply(before)
    taken = take(desk, delivered(raw, client=client, sender=JO))
    fails(desk, scanner, taken)
    world.zone.clear()  # the keys are gone by now
    world.zone.txt(f"_dmarc.{DOMAIN}", "v=DMARC1; p=reject")
    with reading(desk.sessions) as session:
        receipt = session.get_one(Receipt, taken)
        assert receipt.state == "failed"
        assert DOMAIN not in str(receipt.sender)  # nothing of its words while nobody may read it
    with writing(desk.sessions) as session:
        failures.replay(session, None, who="cli:test")
    assert pipeline_for(desk, scanner).process(taken).record
    with reading(desk.sessions) as session:
        message = session.scalars(select(Message)).one()
    assert (message.trust, message.sender == "participant") == (trust, signs)
    (proof,) = [one for one in message.evidence if one["kind"] == "sender"]
    assert (proof["header"], proof["said"][0]) == ("ourselves", said)
