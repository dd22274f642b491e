"""The road without scan into a helpdesk that has 200,000 messages stored: no slower than into an empty one.

On SQLite the pages are counted too that a mail writes into the log: that is what there is to be slow, whatever the load.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import event

from benchmarks import road
from benchmarks.figures import Figure, Options
from benchmarks.fill import fill
from benchmarks.letters import made
from benchmarks.place import Ground, Place
from helpdesk.db import empty_log

TICKETS = 100_000
NO_SLOWER = 0.9  # less is within what runs differ by
COUNTED = 300  # mails
FRAME = 4096 + 24  # bytes of a page in SQLite's log, with its header


def measure(ground: Ground, options: Options) -> Iterator[Figure]:
    for engine in options.engines:
        yield _share(ground, options, engine)
    if "sqlite" in options.engines:
        tickets = 5_000 if options.quick else TICKETS
        yield from (_pages(ground, stored) for stored in (0, tickets))


def _share(ground: Ground, options: Options, engine: str) -> Figure:
    """Rates into the full one over rates into an empty one, in turns so that both meet the same load."""
    tickets, shares = (5_000 if options.quick else TICKETS), []
    with ground.place(engine) as full:
        fill(full.services, tickets)
        for run in range(options.runs):
            mails = made(options.count, seed=100 + run)
            with ground.place(engine, mails) as empty:
                alone = road.once(empty, len(mails), road.unscanned).rate
            full.user.deliver(*mails)
            shares.append(road.once(full, len(mails), road.unscanned).rate / alone)
    name = f"road without scan with {2 * tickets:,} messages stored, of the rate with none, {engine}"
    return Figure(name, "", tuple(shares), NO_SLOWER)


def _pages(ground: Ground, tickets: int) -> Figure:
    """Pages that a mail writes into the log, none of which is brought into the file meanwhile."""
    mails = made(COUNTED, seed=5)
    with ground.place("sqlite", mails) as place:
        fill(place.services, tickets)
        engine = place.services.engine
        event.listen(engine, "connect", _never_emptied)
        engine.dispose()  # so that each connection is a new one
        empty_log(engine)
        before = _log_bytes(place)
        road.once(place, len(mails), road.unscanned)
        pages = (_log_bytes(place) - before) / FRAME / len(mails)
    return Figure(f"pages written a mail, {2 * tickets:,} messages stored, sqlite", "pages", (pages,), more_is_better=False)  # fmt: skip


def _never_emptied(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA wal_autocheckpoint=0")


def _log_bytes(place: Place) -> int:
    log = Path(f"{place.services.engine.url.database}-wal")
    return log.stat().st_size if log.exists() else 0
