"""Engine and sessions; what differs between SQLite and PostgreSQL lives here only."""

import contextlib
import fcntl
import hashlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    DateTime,
    Dialect,
    Engine,
    MetaData,
    TypeDecorator,
    create_engine,
    event,
    func,
    select,
    text,
)
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

from helpdesk.db_rows import write_waiting
from helpdesk.errors import HelpdeskError

Sessions = sessionmaker[Session]

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class DatabaseError(HelpdeskError):
    """The database cannot be used: where it is and what it said."""


class Base(DeclarativeBase):
    """The root of every table."""

    metadata = MetaData(naming_convention=NAMING)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Always aware and in UTC in Python, whatever the engine keeps."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without its zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


def now() -> datetime:
    """This instant, in UTC."""
    return datetime.now(UTC)


def make_engine(url: str) -> Engine:
    """An engine with the pragmas and the pool that its database wants."""
    if url.startswith("sqlite"):
        return _sqlite_engine(url)
    return create_engine(url, pool_pre_ping=True, pool_size=10, max_overflow=10)


def make_sessions(engine: Engine) -> Sessions:
    return sessionmaker(engine, expire_on_commit=False)


def check_reachable(engine: Engine) -> None:
    """Raise DatabaseError with a sentence when the database does not answer."""
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except (OperationalError, OSError) as fault:
        shown = engine.url.render_as_string(hide_password=True)
        raise DatabaseError(
            f"The database {shown} does not answer ({_first_line(fault)}); "
            "start it, or mend `database` in the settings."
        ) from None


def empty_log(engine: Engine, *, seconds: float = 1) -> bool:
    """Carry SQLite's log into the database and cut it to nothing, so that what was erased stands in neither.

    Until then an erased key is still in the log. False where a reader held it up for so long (writers wait meanwhile):
    try again later.
    """
    if engine.dialect.name != "sqlite":
        return True  # PostgreSQL's log is its administrator's: docs/operators.md
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        raw = connection.connection.cursor()
        raw.execute(f"PRAGMA busy_timeout={int(seconds * 1000)}")
        busy = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        raw.execute("PRAGMA busy_timeout=60000")
        raw.close()
    return not busy


def _first_line(fault: BaseException) -> str:
    cause = getattr(fault, "orig", None) or fault
    return str(cause).strip().split("\n", maxsplit=1)[0]


def _sqlite_engine(url: str) -> Engine:
    path = url.removeprefix("sqlite:///").split("?")[0]
    if path and path != ":memory:":
        _make_folder(Path(path).parent)
    engine = create_engine(url, connect_args={"timeout": 60})
    event.listen(engine, "connect", _sqlite_pragmas)
    event.listen(engine, "begin", _sqlite_begin)
    return engine


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise DatabaseError(
            f"The folder {folder} for the database cannot be made ({fault.strerror}); "
            "mend `data_folder` or `database` in the settings."
        ) from None


def _sqlite_pragmas(connection: Any, _record: object) -> None:
    # The driver's own implicit BEGIN is DEFERRED and comes late; ours is in _sqlite_begin.
    connection.isolation_level = None
    cursor = connection.cursor()
    # FULL: a committed receipt outlives a power cut, which is what lets us move the mail.
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=60000",
        "secure_delete=ON",
        "temp_store=MEMORY",
        "cache_size=-65536",
        "mmap_size=268435456",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _sqlite_begin(connection: Any) -> None:
    # A writer takes the write lock at its beginning, so that what it read stays true until it commits.
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


@contextlib.contextmanager
def reading(sessions: Sessions) -> Iterator[Session]:
    """A session for reading: one snapshot, nothing written."""
    with sessions() as session:
        yield session


@contextlib.contextmanager
def writing(sessions: Sessions) -> Iterator[Session]:
    """One transaction that writes: commits at the end, rolls back on any exception."""
    with sessions() as session, session.begin():
        session.connection(execution_options={"writing": True})
        yield session
        write_waiting(session)


def is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


def serialise(session: Session, name: str) -> None:
    """Wait until no other transaction holds this name; held until this one ends.

    SQLite has one writer at a time, so the transaction itself is the lock.
    """
    if is_postgresql(session):
        session.execute(select(func.pg_advisory_xact_lock(_lock_number(name))))


def without_holder(session: Session, names: Sequence[str]) -> list[str]:
    """Those names that no `sole_holder` holds now: whoever held one is gone, or has lost its session.

    None on SQLite, where a name's holder is seen by trying to be it.
    """
    if not is_postgresql(session):
        return []
    free = (select(func.pg_try_advisory_xact_lock(_lock_number(name))) for name in names)
    return [name for name, got in zip(names, map(session.scalar, free), strict=True) if got]


def _lock_number(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)


@contextlib.contextmanager
def sole_holder(engine: Engine, name: str, folder: Path) -> Iterator[bool]:
    """Yield True when this process alone holds `name`, False when another does.

    PostgreSQL: a session's advisory lock, released by the server when the process
    dies. SQLite: a locked file in `folder`, released by the system.
    """
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            got = connection.execute(select(func.pg_try_advisory_lock(_lock_number(name)))).scalar_one()
            connection.commit()
            try:
                yield bool(got)
            finally:
                if got:
                    with contextlib.suppress(SQLAlchemyError):  # a dead connection has let go already
                        connection.execute(select(func.pg_advisory_unlock(_lock_number(name))))
        return
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{hashlib.sha256(name.encode()).hexdigest()[:16]}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


# The trail cannot be rewritten through the application's own connection either.
APPEND_ONLY_UP = {
    "sqlite": [
        "CREATE TRIGGER audit_entries_no_update BEFORE UPDATE ON audit_entries BEGIN "
        "SELECT RAISE(ABORT, 'the audit trail is append-only'); END",
        "CREATE TRIGGER audit_entries_no_delete BEFORE DELETE ON audit_entries BEGIN "
        "SELECT RAISE(ABORT, 'the audit trail is append-only'); END",
    ],
    "postgresql": [
        "CREATE FUNCTION audit_entries_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit trail is append-only'; END $$",
        "CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_entries_refuse()",
    ],
}
APPEND_ONLY_DOWN = {
    "sqlite": ["DROP TRIGGER audit_entries_no_update", "DROP TRIGGER audit_entries_no_delete"],
    "postgresql": [
        "DROP TRIGGER audit_entries_append_only ON audit_entries",
        "DROP FUNCTION audit_entries_refuse()",
    ],
}


def run_ddl(connection: Any, statements: dict[str, list[str]]) -> None:
    """Run the statements of this connection's engine (for migrations)."""
    for statement in statements[connection.dialect.name]:
        connection.exec_driver_sql(statement)
