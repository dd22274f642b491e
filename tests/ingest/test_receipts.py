"""Receipts on both engines."""

import threading

import pytest
from sqlalchemy import event, func, select, text

from helpdesk.db import reading, writing
from helpdesk.ingest import receipts
from helpdesk.ingest.receipts import refuse_too_large, take_in, take_in_batch
from helpdesk.models import AuditEntry, Blob, Receipt
from helpdesk.services import Services
from tests.support.ends import Ends
from tests.support.mails import mail

LARGEST = 2**32 - 1  # of UIDs and UIDVALIDITYs (RFC 9051 section 2.3.1.1)


def count(services: Services, table: type) -> int:
    with reading(services.sessions) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def take(
    services: Services, raw: bytes, uid: int = 1, uidvalidity: int = 7, mailbox: str = "it"
) -> Receipt | None:
    with writing(services.sessions) as session:
        return take_in(session, services.vault, mailbox, uidvalidity, uid, raw)


def test_the_raw_bytes_come_back_as_they_came_and_lie_encrypted(each_engine: Services) -> None:
    raw = mail(text="Canary-5f2c\n")
    receipt = take(each_engine, raw)
    assert receipt is not None
    with reading(each_engine.sessions) as session:
        blob = session.get_one(Blob, receipt.blob_id)
        assert each_engine.vault.get(session, blob.id) == raw
        assert b"Canary-5f2c" not in blob.content
    assert (receipt.state, receipt.size, receipt.first_digest) == ("received", len(raw), None)


def test_the_same_place_is_taken_in_once(each_engine: Services) -> None:
    assert take(each_engine, mail()) is not None
    assert take(each_engine, mail(subject="whatever it says")) is None
    assert count(each_engine, Receipt) == count(each_engine, Blob) == 1


@pytest.mark.parametrize(
    "place", [{"uid": 2}, {"uidvalidity": 8}, {"mailbox": "hr"}, {"uid": LARGEST, "uidvalidity": LARGEST}]
)
def test_another_place_is_another_receipt(each_engine: Services, place: dict[str, int]) -> None:
    take(each_engine, mail())
    assert take(each_engine, mail(subject="Other"), **place) is not None
    assert count(each_engine, Receipt) == 2


def test_a_content_that_ended_before_ends_at_once_without_a_second_copy(each_engine: Services) -> None:
    raw = mail()
    take(each_engine, raw)
    Ends(each_engine).process_waiting(10)
    again = take(each_engine, b"Received: by relay.example; now\r\n" + raw, uid=2)
    assert again is not None
    assert (again.state, again.outcome, again.blob_id) == ("done", "redelivery", None)
    assert count(each_engine, Blob) == 1
    with reading(each_engine.sessions) as session:
        assert "mail.redelivered" in session.scalars(select(AuditEntry.action)).all()


def test_a_content_whose_first_copy_failed_gets_its_own_try(each_engine: Services) -> None:
    raw = mail(text="CRASH")
    take(each_engine, raw)
    Ends(each_engine).process_waiting(10)
    again = take(each_engine, raw, uid=2)
    assert again is not None
    assert (again.state, again.blob_id is None) == ("received", False)


def test_a_batch_keeps_its_order_and_skips_what_is_there(each_engine: Services) -> None:
    take(each_engine, mail(), uid=2)
    batch = {uid: mail(subject=str(uid)) for uid in (1, 2, 3)}
    with writing(each_engine.sessions) as session:
        made = take_in_batch(session, each_engine.vault, "it", 7, batch)
    assert [one.uid for one in made] == [1, 3]
    assert made[0].id < made[1].id


def test_a_batch_that_breaks_leaves_nothing(each_engine: Services) -> None:
    with pytest.raises(RuntimeError), writing(each_engine.sessions) as session:
        take_in_batch(session, each_engine.vault, "it", 7, {1: mail(), 2: mail()})
        raise RuntimeError
    assert count(each_engine, Receipt) == count(each_engine, Blob) == 0


def test_two_that_take_in_the_same_at_once_make_one_receipt(each_engine: Services) -> None:
    batch = {uid: mail(subject=str(uid)) for uid in range(1, 30)}
    made: list[int] = []

    def run() -> None:
        with writing(each_engine.sessions) as session:
            made.append(len(take_in_batch(session, each_engine.vault, "it", 7, batch)))

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made) == [0, 0, 29]


def test_a_mail_over_the_limit_ends_as_failed_and_refused_with_its_reason(each_engine: Services) -> None:
    with writing(each_engine.sessions) as session:
        first = refuse_too_large(session, "it", 7, 1, b"Subject: x\r\n\r\n", 50_000_000, 36_700_160)
        again = refuse_too_large(session, "it", 7, 2, b"Subject: x\r\n\r\n", 50_000_000, 36_700_160)
        same_place = refuse_too_large(session, "it", 7, 1, b"Subject: x\r\n\r\n", 50_000_000, 36_700_160)
    assert first is not None
    assert again is not None
    assert same_place is None
    assert (first.state, first.outcome, first.failed_step) == ("failed", "refused", "too_large")
    assert "50000000" in first.failure
    assert "limits.mail_bytes" in first.failure
    assert (first.first_digest is None, again.first_digest is None) == (False, True)


def test_only_what_ended_is_acknowledged(each_engine: Services) -> None:
    take(each_engine, mail(), uid=1)
    Ends(each_engine).process_waiting(10)
    take(each_engine, mail(subject="waits"), uid=2)
    with writing(each_engine.sessions) as session:
        receipts.acknowledge(session, "it", 7, [1, 2])
    with reading(each_engine.sessions) as session:
        moved = session.scalars(select(Receipt.uid).where(Receipt.acknowledged_at.is_not(None))).all()
    assert moved == [1]


def test_what_a_crash_left_unrecorded_is_acknowledged_when_it_is_gone(each_engine: Services) -> None:
    for uid in (1, 2):
        take(each_engine, mail(subject=str(uid)), uid=uid)
    Ends(each_engine).process_waiting(10)
    with writing(each_engine.sessions) as session:
        receipts.acknowledge_gone(session, "it", 7, here=[2])
    with reading(each_engine.sessions) as session:
        moved = session.scalars(select(Receipt.uid).where(Receipt.acknowledged_at.is_not(None))).all()
    assert moved == [1]


def test_thousands_of_uids_are_looked_up_at_once(each_engine: Services) -> None:
    take(each_engine, mail(), uid=40_000)
    with reading(each_engine.sessions) as session:
        found = receipts.known(session, "it", 7, range(1, 70_001))
    assert [one.uid for one in found] == [40_000]


def test_the_look_for_moved_mails_reads_none_that_were_noted_before(sqlite_services: Services) -> None:
    looks: list[tuple[str, object]] = []
    event.listen(sqlite_services.engine, "before_cursor_execute", lambda *seen: looks.append(seen[2:4]))
    with writing(sqlite_services.sessions) as session:
        receipts.acknowledge_gone(session, "it", 1, [])
    with sqlite_services.engine.connect() as connection:
        statement, values = next(one for one in looks if one[0].startswith("SELECT"))
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()  # type: ignore[arg-type]
    assert "ix_receipts_not_moved" in str(plan)


def test_every_copy_of_a_content_is_found_by_indexes(sqlite_services: Services) -> None:
    raw = mail()
    for uid in (1, 2):
        take(sqlite_services, raw, uid=uid)
    Ends(sqlite_services).process_waiting(10)
    with writing(sqlite_services.sessions) as session:
        digest = session.scalars(select(Receipt.digest).where(Receipt.uid == 1)).one()
        found = select(Receipt.uid).where(Receipt.with_content([digest]))
        assert set(session.scalars(found)) == {1, 2}
        sql = found.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
        plan = str(session.execute(text(f"EXPLAIN QUERY PLAN {sql}")).all())
    assert "ix_receipts_digest" in plan
    assert "SCAN receipts" not in plan
