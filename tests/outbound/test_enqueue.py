"""What is queued, what is not sent and why, and how often a notice is repeated."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest
from sqlalchemy import event, insert, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from helpdesk.db import now, writing
from helpdesk.models import OutboxMail
from helpdesk.outbound import suppression
from helpdesk.outbound.enqueue import due_again, enqueue, lift, suppress
from helpdesk.services import Services
from tests.outbound.samples import NURSE, a_reply, a_ticket, an_answer

Change = Callable[..., Services]
NEVER = [
    ("servicedesk@northmoor.nhs.uk", suppression.OWN),
    ("SERVICEDESK@northmoor.nhs.uk", suppression.OWN),
    ("servicedesk+reply.it-000001.aaaaaaaaaaaaaaaa@northmoor.nhs.uk", suppression.OWN),
    ("hr@northmoor.nhs.uk", suppression.OWN),
    ("", suppression.INVALID),
    ("nobody", suppression.INVALID),
    ("a@b@c.example", suppression.INVALID),
    ("a b@c.example", suppression.INVALID),
    ('"a b"@c.example', suppression.INVALID),
    ("a@c.example\r\nrcpt to:<x@y.example>", suppression.INVALID),
    ("a@c.example>", suppression.INVALID),
    ("né@c.example", suppression.INVALID),
    (f"{'a' * 65}@c.example", suppression.INVALID),
    ("a@[192.0.2.1]", suppression.INVALID),
    ("noreply@c.example", suppression.UNREAD),
    ("no-reply@c.example", suppression.UNREAD),
    ("NoReply-Jira@c.example", suppression.UNREAD),
    ("team.no_reply@c.example", suppression.UNREAD),
    ("donotreply@c.example", suppression.UNREAD),
    ("do-not-reply+1@c.example", suppression.UNREAD),
    ("mailer-daemon@c.example", suppression.UNREAD),
]
NOT_AUTOMATICALLY = [
    "owner-staff@c.example",
    "staff-request@c.example",
    "staff-bounces@c.example",
    "bounces+123=x@c.example",
    "postmaster@c.example",
]


def put(services: Services, to: str = NURSE, **more: object) -> OutboxMail:
    with writing(services.sessions) as session:
        return enqueue(session, services.settings, an_answer(services, to, **more))


@pytest.mark.parametrize(("address", "reason"), NEVER)
def test_no_mail_goes_to_an_address_that_must_not_have_it(
    sqlite_services: Services, address: str, reason: str
) -> None:
    mail = put(sqlite_services, address)
    assert (mail.state, mail.last_error) == ("suppressed", reason)


@pytest.mark.parametrize("address", NOT_AUTOMATICALLY)
def test_lists_and_mail_systems_get_no_automatic_mail_but_an_agents(
    sqlite_services: Services, address: str
) -> None:
    assert put(sqlite_services, address).last_error == suppression.SYSTEM
    with writing(sqlite_services.sessions) as session:
        ticket = a_ticket(session, requester=address)
        mail = enqueue(session, sqlite_services.settings, a_reply(sqlite_services, ticket))
        assert mail.state == "queued"


@pytest.mark.parametrize(
    "address", ["o'neill+ward@c.example", "noreen.reply@c.example", "reply@c.example", "x@localhost"]
)
def test_people_get_their_mail(sqlite_services: Services, address: str) -> None:
    assert put(sqlite_services, address).state == "queued"


def test_a_suppressed_address_gets_no_mail_until_it_is_lifted(sqlite_services: Services) -> None:
    with writing(sqlite_services.sessions) as session:
        assert suppress(session, NURSE.upper(), "it came back")
        assert not suppress(session, NURSE, "again")
    mail = put(sqlite_services)
    assert (mail.state, mail.last_error) == ("suppressed", suppression.BOUNCED + "it came back")
    with writing(sqlite_services.sessions) as session:
        assert lift(session, NURSE)
        assert not lift(session, NURSE)
    assert put(sqlite_services).state == "queued"


CAPS = [
    ({"answers_per_address_a_day": 2}, [NURSE] * 3, suppression.ADDRESS_CAP),
    ({"answers_per_domain_a_day": 2}, ["a@w.example", "b@w.example", "c@w.example"], suppression.DOMAIN_CAP),
    ({"answers_a_day": 2}, ["a@v.example", "b@w.example", "c@x.example"], suppression.ALL_CAP),
    ({"answers_a_day": 0}, ["a@v.example"], suppression.ALL_CAP),
]


@pytest.mark.parametrize(("limits", "recipients", "reason"), CAPS)
def test_the_caps_stop_the_mail_that_is_too_many(
    with_settings: Change, limits: dict[str, int], recipients: list[str], reason: str
) -> None:
    services = with_settings(limits=limits)
    *before, last = [put(services, to) for to in recipients]
    assert {mail.state for mail in before} <= {"queued"}
    assert (last.state, last.last_error) == ("suppressed", reason)


@pytest.mark.parametrize("other", ["a@w.example", "b@x.example"])
def test_a_cap_of_one_address_is_not_anothers(with_settings: Change, other: str) -> None:
    services = with_settings(limits={"answers_per_address_a_day": 1})
    put(services)
    assert put(services, other).state == "queued"


def test_a_cap_that_bites_is_logged_without_the_address(
    with_settings: Change, caplog: pytest.LogCaptureFixture
) -> None:
    services = with_settings(limits={"answers_a_day": 0})
    put(services)
    assert "answers_a_day" in caplog.text
    assert NURSE not in caplog.text


@pytest.mark.parametrize("limit", ["answers_per_address_a_day", "answers_per_domain_a_day", "answers_a_day"])
def test_two_at_once_do_not_both_pass_the_last_one(each_engine: Services, limit: str) -> None:
    limits = each_engine.settings.limits.model_copy(update={limit: 1})
    settings = each_engine.settings.model_copy(update={"limits": limits})
    counted, begun = Event(), Event()

    def first() -> str:
        with writing(each_engine.sessions) as session:
            mail = enqueue(session, settings, an_answer(each_engine))
            counted.set()
            begun.wait(10)
            time.sleep(0.2)  # the other one counts now, if nothing keeps it
        return mail.state

    def second() -> str:
        counted.wait(10)
        begun.set()
        with writing(each_engine.sessions) as session:
            return enqueue(session, settings, an_answer(each_engine)).state

    with ThreadPoolExecutor(2) as threads:
        ends = [done.result(30) for done in (threads.submit(first), threads.submit(second))]
    assert ends == ["queued", "suppressed"]


def test_yesterdays_mails_do_not_count(with_settings: Change) -> None:
    services = with_settings(limits={"answers_per_address_a_day": 1})
    old = put(services)
    with writing(services.sessions) as session:
        session.merge(old).created_at = now() - timedelta(hours=25)
    assert put(services).state == "queued"


def test_an_agents_mail_is_neither_counted_nor_capped(with_settings: Change) -> None:
    services = with_settings(limits={"answers_per_address_a_day": 1})
    with writing(services.sessions) as session:
        ticket = a_ticket(session)
        for _ in range(3):
            assert enqueue(session, services.settings, a_reply(services, ticket)).state == "queued"
    assert put(services).state == "queued"


def test_the_caps_cost_a_fixed_number_of_queries_on_indexes(each_engine: Services) -> None:
    with writing(each_engine.sessions) as session:
        session.execute(insert(OutboxMail), [_row(n) for n in range(300)])
    with writing(each_engine.sessions) as session:
        statements: list[str] = []
        event.listen(session.get_bind(), "before_cursor_execute", lambda *a: statements.append(a[2]))
        draft = an_answer(each_engine, "nurse299@ward.example")
        enqueue(session, each_engine.settings, draft)
    assert len([one for one in statements if one.startswith("SELECT") and "advisory" not in one]) == 1
    assert len([one for one in statements if one.startswith("INSERT")]) == 1


def test_each_cap_is_counted_from_an_index(sqlite_services: Services) -> None:
    with sqlite_services.sessions() as session:
        plan = "\n".join(
            str(row[-1]) for row in session.execute(text(f"EXPLAIN QUERY PLAN {_caps_sql(session)}"))
        )
    for name in ("ix_outbox_to ", "ix_outbox_counted_domain", "ix_outbox_counted "):
        assert f"USING INDEX {name}" in plan or f"USING COVERING INDEX {name}" in plan
    assert "SCAN outbox" not in plan


def _caps_sql(session: Session) -> str:
    from helpdesk.config import Limits

    values = {"address": NURSE, "domain": NURSE.partition("@")[2], "since": now()}
    counting = suppression._counting(Limits()).params(values)
    return str(counting.compile(session.get_bind(), compile_kwargs={"literal_binds": True}))


def _row(n: int) -> dict[str, object]:
    return {
        "kind": "how_to_open",
        "automatic": True,
        "desk": "it",
        "from_address": "servicedesk@northmoor.nhs.uk",
        "from_name": "",
        "to_address": f"nurse{n}@ward.example",
        "to_domain": "ward.example",
        "message_id": f"<{n}@northmoor.nhs.uk>",
        "subject": "",
        "text": "",
    }


DUE = [
    ("how_to_open", None, NURSE, timedelta(days=1), False),
    ("how_to_open", None, NURSE.upper(), timedelta(days=1), False),
    ("how_to_open", 7, NURSE, timedelta(days=1), False),
    ("how_to_open", None, NURSE, timedelta(hours=1), True),
    ("closed", None, NURSE, timedelta(days=1), True),
    ("how_to_open", None, "b@ward.example", timedelta(days=1), True),
]


@pytest.mark.parametrize(("kind", "ticket_id", "to", "period", "due"), DUE)
def test_a_notice_is_due_again_after_its_period(
    sqlite_services: Services, kind: str, ticket_id: int | None, to: str, period: timedelta, due: bool
) -> None:
    mail = put(sqlite_services)
    with writing(sqlite_services.sessions) as session:
        session.merge(mail).created_at = now() - timedelta(hours=2)
        session.flush()
        assert due_again(session, kind, ticket_id, to, period) is due


def test_a_notice_on_one_ticket_leaves_another_tickets_due(sqlite_services: Services) -> None:
    with writing(sqlite_services.sessions) as session:
        one, other = a_ticket(session), a_ticket(session)
        draft = an_answer(sqlite_services, kind="closed", ticket=one)
        enqueue(session, sqlite_services.settings, draft)
        assert not due_again(session, "closed", one.id, NURSE, timedelta(days=1))
        assert due_again(session, "closed", other.id, NURSE, timedelta(days=1))


def test_a_suppressed_notice_was_not_given(sqlite_services: Services) -> None:
    put(sqlite_services, "noreply@c.example")
    with writing(sqlite_services.sessions) as session:
        assert due_again(session, "how_to_open", None, "noreply@c.example", timedelta(days=1))


def test_a_mail_is_queued_with_its_transaction_or_not_at_all(sqlite_services: Services) -> None:
    with pytest.raises(RuntimeError), writing(sqlite_services.sessions) as session:
        enqueue(session, sqlite_services.settings, an_answer(sqlite_services))
        raise RuntimeError
    with sqlite_services.sessions() as session:
        assert session.query(OutboxMail).count() == 0


def test_one_mail_taken_in_has_at_most_one_answer(sqlite_services: Services) -> None:
    from helpdesk.models import Receipt

    with writing(sqlite_services.sessions) as session:
        receipt = Receipt(mailbox="it", uidvalidity=1, uid=1, digest="d", size=1)
        session.add(receipt)
        session.flush()
        enqueue(session, sqlite_services.settings, an_answer(sqlite_services), receipt_id=receipt.id)
        with pytest.raises(IntegrityError):
            enqueue(session, sqlite_services.settings, an_answer(sqlite_services), receipt_id=receipt.id)
        session.rollback()
