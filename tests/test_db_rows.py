"""Rows written without the unit of work are what a flush would have written."""

from typing import Any

import pytest
from sqlalchemy import func, inspect, select

from helpdesk.db import reading, writing
from helpdesk.db_rows import insert_later, insert_now, update_later, write_waiting
from helpdesk.models import MessageId, OutboxMail, Receipt, Ticket
from helpdesk.services import Services


def a_ticket(number: str, **more: Any) -> Ticket:
    return Ticket(number=number, desk="it", subject="s", state="new", requester_address="a@b.example", **more)


def columns(row: object) -> dict[str, Any]:
    own = ("id", "number", "created_at", "updated_at")
    return {one.key: getattr(row, one.key) for one in inspect(row).mapper.column_attrs if one.key not in own}  # type: ignore[union-attr]


def test_a_row_has_the_id_and_the_defaults_that_a_flush_gives(each_engine: Services) -> None:
    with writing(each_engine.sessions) as session:
        now_, flushed = a_ticket("IT-000001"), a_ticket("IT-000002")
        insert_now(session, now_)
        session.add(flushed)
        session.flush()
        assert (now_.id, columns(now_)) == (flushed.id - 1, columns(flushed))
        assert not session.new
        assert not session.dirty
    with reading(each_engine.sessions) as session:
        stored = session.get_one(Ticket, now_.id)
        assert (stored.number, columns(stored)) == ("IT-000001", columns(now_))


def test_a_change_after_it_is_written_and_counted_in_its_version(each_engine: Services) -> None:
    with writing(each_engine.sessions) as session:
        ticket = a_ticket("IT-000001")
        insert_now(session, ticket)
        ticket.subject = "another"
    assert ticket.version == 2
    with reading(each_engine.sessions) as session:
        stored = session.get_one(Ticket, ticket.id)
        assert (stored.subject, stored.version) == ("another", 2)


def test_what_waits_is_there_when_asked_for_and_at_the_commit(each_engine: Services) -> None:
    count = select(func.count()).select_from(MessageId)
    with writing(each_engine.sessions) as session:
        ticket = a_ticket("IT-000001")
        insert_now(session, ticket)
        insert_later(session, MessageId, digest="1", ticket_id=ticket.id)
        insert_later(session, MessageId, digest="2", ticket_id=ticket.id)
        assert session.scalar(count) == 0
        write_waiting(session)
        assert session.scalar(count) == 2
        insert_later(session, MessageId, digest="3", ticket_id=ticket.id)
    with reading(each_engine.sessions) as session:
        assert session.scalar(count) == 3


def test_an_update_that_waits_shows_on_the_object_at_once(each_engine: Services) -> None:
    with writing(each_engine.sessions) as session:
        receipt = Receipt(mailbox="it", uidvalidity=1, uid=1, digest="d", size=1)
        insert_now(session, receipt)
        update_later(session, receipt, state="done", outcome="added")
        assert receipt.state == "done"
        assert not session.dirty
    with reading(each_engine.sessions) as session:
        stored = session.get_one(Receipt, receipt.id)
        assert (stored.state, stored.outcome) == ("done", "added")


def test_nothing_of_it_stays_when_the_transaction_fails(each_engine: Services) -> None:
    with pytest.raises(RuntimeError), writing(each_engine.sessions) as session:
        ticket = a_ticket("IT-000001")
        insert_now(session, ticket)
        insert_later(session, MessageId, digest="1", ticket_id=ticket.id)
        raise RuntimeError
    with reading(each_engine.sessions) as session:
        assert session.scalar(select(func.count()).select_from(Ticket)) == 0
        assert session.scalar(select(func.count()).select_from(MessageId)) == 0
        assert session.scalar(select(func.count()).select_from(OutboxMail)) == 0
