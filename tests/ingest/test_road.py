"""Every row of the decision table, from the raw mail to what is in the database, on both engines."""

import dataclasses

import pytest
from sqlalchemy import select

from helpdesk.db import reading
from helpdesk.models import OutboxMail, Receipt, Suppression, Ticket
from helpdesk.services import Services
from tests.support.mails import JO, delivery_report, mail
from tests.support.road import CASES, STRANGER, Case, check, set_up
from tests.support.running import pipeline_for, take


def with_trust(services: Services, **over: object) -> Services:
    trust = services.settings.trust.model_copy(update=over)
    return dataclasses.replace(services, settings=services.settings.model_copy(update={"trust": trust}))


@pytest.mark.parametrize("case", CASES, ids=[f"{case.row}-{case.name}" for case in CASES])
def test_row(each_engine: Services, scanner: object, case: Case) -> None:
    services = with_trust(each_engine, **case.settings)
    before = set_up(services, case.state)
    outcome = pipeline_for(services, scanner).process(take(services, case.make(before)))
    assert not outcome.failed
    check(services, case, before)


def test_every_row_of_the_design_has_a_mail() -> None:
    assert {case.row for case in CASES} == set(range(1, 12))


def test_the_same_mail_in_two_mailboxes_is_added_and_answered_once(
    each_engine: Services, scanner: object
) -> None:
    raw, pipeline = mail(), pipeline_for(each_engine, scanner)
    trace = b"Received: from a by b; Tue, 3 Nov 2026 09:31:00 +0000\r\n"
    take(each_engine, raw, mailbox="it")
    take(each_engine, trace + raw, mailbox="hr")
    outcomes = pipeline.process_waiting()
    assert [o.record.value for o in outcomes if o.record] == ["new_ticket", "redelivery"]
    with reading(each_engine.sessions) as session:
        assert len(session.scalars(select(Ticket)).all()) == 1
        assert len(session.scalars(select(OutboxMail)).all()) == 1
        assert len({r.ticket_id for r in session.scalars(select(Receipt))}) == 1


def test_two_different_mails_under_one_message_id_are_two(each_engine: Services, scanner: object) -> None:
    pipeline = pipeline_for(each_engine, scanner)
    take(each_engine, mail(subject="One", message_id="<same@x.example>"), uid=1)
    take(each_engine, mail(subject="Two", message_id="<same@x.example>"), uid=2)
    pipeline.process_waiting()
    with reading(each_engine.sessions) as session:
        assert sorted(session.scalars(select(Ticket.subject))) == ["One", "Two"]


def test_the_guidance_goes_once_a_day(each_engine: Services, scanner: object) -> None:
    case = next(c for c in CASES if c.name == "resolved, from the requester")
    before, pipeline = set_up(each_engine, case.state), pipeline_for(each_engine, scanner)
    for uid in (1, 2, 3):
        take(each_engine, case.make(before), uid=uid)
    pipeline.process_waiting()
    with reading(each_engine.sessions) as session:
        kinds = session.scalars(select(OutboxMail.kind).where(OutboxMail.receipt_id.is_not(None))).all()
    assert kinds == ["next_ticket_action"]


def test_a_mail_that_is_none_goes_to_the_failed_list_and_blocks_no_other(
    each_engine: Services, scanner: object
) -> None:
    pipeline = pipeline_for(each_engine, scanner)
    take(each_engine, b"", uid=1)
    take(each_engine, mail(), uid=2)
    pipeline.process_waiting()
    pipeline.process_waiting()
    with reading(each_engine.sessions) as session:
        states = session.execute(select(Receipt.uid, Receipt.state).order_by(Receipt.uid)).all()
        assert [tuple(row) for row in states] == [(1, "failed"), (2, "done")]
        assert session.scalars(select(Receipt.failure).where(Receipt.uid == 1)).one()


def test_a_permanent_bounce_ends_mail_to_the_address_that_we_wrote_to(
    each_engine: Services, scanner: object
) -> None:
    before = set_up(each_engine, CASES[1].state)
    assert before is not None
    raw = delivery_report(before.ours, STRANGER)  # a report may name whom it likes
    pipeline_for(each_engine, scanner).process(take(each_engine, raw))
    with reading(each_engine.sessions) as session:
        assert list(session.scalars(select(Suppression.address))) == [JO]
