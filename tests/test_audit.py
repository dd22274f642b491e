"""The trail holds: appended in order, refuses changes, shows any that happened."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError, IntegrityError

from helpdesk import audit
from helpdesk.audit import Act
from helpdesk.db import reading, writing
from helpdesk.services import Services


def _record(services: Services, count: int) -> None:
    for number in range(count):
        with writing(services.sessions) as session:
            audit.record(session, Act("test.done", "thing", number, detail=(("n", number),)))


def test_a_whole_trail_verifies(each_engine: Services) -> None:
    _record(each_engine, 7)
    with reading(each_engine.sessions) as session:
        assert audit.verify(session, batch=3) == (7, None)


@pytest.mark.parametrize("statement", ["UPDATE audit_entries SET actor = 'x'", "DELETE FROM audit_entries"])
def test_the_database_refuses_to_change_it(each_engine: Services, statement: str) -> None:
    _record(each_engine, 1)
    with (
        pytest.raises((DatabaseError, IntegrityError), match="append-only"),
        writing(each_engine.sessions) as session,
    ):
        session.execute(text(statement))


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("UPDATE audit_entries SET reason = 'other' WHERE id = 3", "changed"),
        ("UPDATE audit_entries SET previous = hash WHERE id = 3", "changed"),
        ("DELETE FROM audit_entries WHERE id = 3", "missing"),
    ],
)
def test_a_change_past_the_guard_shows(sqlite_services: Services, statement: str, why: str) -> None:
    _record(sqlite_services, 5)
    with writing(sqlite_services.sessions) as session:
        for trigger in ("update", "delete"):
            session.execute(text(f"DROP TRIGGER audit_entries_no_{trigger}"))
        session.execute(text(statement))
    with reading(sqlite_services.sessions) as session:
        read, broken = audit.verify(session)
    assert broken is not None
    assert (broken.entry_id, why in broken.why, read) == (3, True, 2)


def test_a_rolled_back_transaction_leaves_no_entry(each_engine: Services) -> None:
    with pytest.raises(ZeroDivisionError), writing(each_engine.sessions) as session:
        audit.record(session, Act("test.done", "thing", 1))
        raise ZeroDivisionError
    _record(each_engine, 2)
    with reading(each_engine.sessions) as session:
        assert audit.verify(session) == (2, None)
