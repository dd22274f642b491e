"""Checks of what is stored: the database and the keys that open it."""

import stat
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine, func, make_url, select
from sqlalchemy.orm import Session

from helpdesk import migrations
from helpdesk.cli.checks.values import Finding, fault, ok, warning
from helpdesk.config import Settings
from helpdesk.db import DatabaseError, check_reachable, is_postgresql, make_engine, now
from helpdesk.errors import HelpdeskError
from helpdesk.models import AuditEntry, Blob
from helpdesk.vault import open_vault

SKEW = timedelta(minutes=1)
NOT_YET = "It is not there yet; `helpdesk run` or `helpdesk db upgrade` makes it."


def database(settings: Settings) -> Iterator[Finding]:
    """It answers, has this program's tables, and agrees on the time."""
    shown = make_url(settings.database_url).render_as_string(hide_password=True)
    if is_missing_file(settings):
        yield warning("database", f"{shown}: {NOT_YET}")
        return
    engine = make_engine(settings.database_url)
    try:
        check_reachable(engine)
        yield from _tables(engine, shown)
    except DatabaseError as problem:
        yield fault("database", str(problem))
    finally:
        engine.dispose()


def keys(settings: Settings) -> Iterator[Finding]:
    """The master keys: where they are, who can read them, and that they open what is stored."""
    if settings.keys.master:
        yield ok("keys", f"{len(settings.keys.master)} in the settings (not shown).")
    elif not settings.key_file.exists():
        yield warning("keys", f"{settings.key_file} is not there yet; the first start makes it.")
        return
    else:
        yield _rights(settings.key_file)
    if not is_missing_file(settings):
        yield from _opens(settings)


def is_missing_file(settings: Settings) -> bool:
    url = make_url(settings.database_url)
    return url.get_backend_name() == "sqlite" and not Path(url.database or "").exists()


def in_the_database(
    settings: Settings, look: Callable[[Session, Settings], Iterator[Finding]]
) -> Iterator[Finding]:
    """What `look` finds there; nothing where there is no database of this release yet, of which `database` tells."""
    if is_missing_file(settings):
        return
    engine = make_engine(settings.database_url)
    try:
        if migrations.current(engine) == migrations.head():
            with Session(engine) as session:
                yield from look(session, settings)
    finally:
        engine.dispose()


def _tables(engine: Engine, shown: str) -> Iterator[Finding]:
    at, newest = migrations.current(engine), migrations.head()
    if at is None:
        yield warning(
            "database", f"{shown} answers and is empty; `helpdesk run` or `helpdesk db upgrade` fills it."
        )
    elif at != newest:
        yield fault("database", f"{shown} is at {at}, this program at {newest}; run `helpdesk db upgrade`.")
    else:
        yield ok("database", f"{shown} answers and is at {at}.")
        with Session(engine) as session:
            yield from _time(session)


def _time(session: Session) -> Iterator[Finding]:
    last = session.scalar(select(func.max(AuditEntry.at)))
    if last is not None and last > now() + SKEW:
        yield fault(
            "clock", "The audit trail has entries from the future: the clock was set back; set it right."
        )
    if is_postgresql(session):
        skew = abs(session.execute(select(func.now())).scalar_one() - now())
        if skew > SKEW:
            yield fault(
                "clock", f"The database's clock differs by {skew.total_seconds():.0f} s; set both right."
            )


def _rights(path: Path) -> Finding:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        return fault("keys", f"Others can read {path} (its rights are {mode:o}); run `chmod 600 {path}`.")
    return ok("keys", f"{path} can be read by its owner only. Keep a copy of it apart from the database's.")


def _opens(settings: Settings) -> Iterator[Finding]:
    engine = make_engine(settings.database_url)
    try:
        if migrations.current(engine) != migrations.head():
            return
        with Session(engine) as session:
            newest = session.scalar(select(func.max(Blob.id)).where(Blob.wrapped_key.is_not(None)))
            if newest is not None:
                open_vault(settings).get(session, newest)
                yield ok("keys", "They open what was stored last.")
    except HelpdeskError as problem:
        yield fault("keys", str(problem))
    finally:
        engine.dispose()
