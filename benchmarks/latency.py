"""From delivery to visible in the queue, under 5 mails a second, in the real service with IDLE and the scanner."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

from sqlalchemy import select

from benchmarks.figures import Figure, Options, percentile
from benchmarks.letters import ham, made
from benchmarks.place import Ground, Place
from benchmarks.service import serving
from helpdesk.db import reading
from helpdesk.models import Receipt

A_SECOND = 5
SECONDS = 60
PATIENCE = 60
P95_GOAL = 2.0


def measure(ground: Ground, options: Options) -> Iterator[Figure]:
    seconds = 8 if options.quick else SECONDS
    for engine in options.engines:
        with ground.place(engine) as place, serving(place):
            waits = _waits(place, seconds)
        for share, goal in ((0.5, None), (0.95, P95_GOAL)):
            name = f"delivery to visible at {A_SECOND} mails/s, {engine}, p{share * 100:.0f}"
            yield Figure(name, "s", (percentile(waits, share),), goal, False, f"{len(waits)} mails")


def _waits(place: Place, seconds: int) -> list[float]:
    """Deliver at a steady pace; how long each took until the transaction that shows it was written."""
    letters = ham(seconds * A_SECOND) or made(seconds * A_SECOND, size=3_000)
    delivered = []
    for raw in letters:
        place.user.deliver(raw)
        delivered.append(datetime.now(UTC))
        time.sleep(1 / A_SECOND)
    ended = _ended(place, len(letters))
    # UIDs are given in the order of arrival, and a Maildir that is read while it fills keeps to it.
    return [(there - here).total_seconds() for here, there in zip(delivered, ended, strict=True)]


def _ended(place: Place, count: int) -> list[datetime]:
    until = time.monotonic() + PATIENCE
    while True:
        with reading(place.services.sessions) as session:
            ended = session.scalars(
                select(Receipt.ended_at).where(Receipt.ended_at.is_not(None)).order_by(Receipt.uid)
            ).all()
        if len(ended) >= count:
            return [one for one in ended if one is not None]
        assert time.monotonic() < until, f"{len(ended)} of {count} mails came to their end"
        time.sleep(0.1)
