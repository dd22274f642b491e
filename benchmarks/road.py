"""The whole road, from a Dovecot to the queue: with the scanner, and with one that finds everything clear."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from benchmarks import ceiling
from benchmarks.figures import Figure, Options, timed
from benchmarks.letters import ham, made
from benchmarks.place import Ground, Place
from benchmarks.processes import children, cpu_seconds
from helpdesk.config import Settings
from helpdesk.db import reading
from helpdesk.ingest.pipeline import Pipeline
from helpdesk.ingest.poll import poll_once
from helpdesk.ingest.prepare import Preparer
from helpdesk.ingest.workers import Makes, Workers, make_preparer
from helpdesk.models import Receipt
from helpdesk.models.mail import ReceiptState
from helpdesk.outbound.tokens import Tokens
from helpdesk.pii.values import Context, Piece, Severity, Verdict

UNSCANNED_GOAL, SCANNED_GOAL, SHARE_GOAL = 280.0, 120.0, 0.5


class Clear:
    """Finds everything clear. Nothing but a measurement may use it."""

    def scan(self, pieces: Sequence[Piece], context: Context, **_how: bool) -> Verdict:  # noqa: ARG002 (as the scanner's)
        return Verdict(
            hold=False,
            severity=Severity.NONE,
            reasons=(),
            findings=(),
            unscannable=(),
            policy_version="",
            seconds=0.0,
        )


def unscanned(settings: Settings, token_key: bytes) -> Preparer:
    return Preparer(settings, Tokens(token_key), Clear())


@dataclass(frozen=True)
class Run:
    """Mails a second on the clock, and what each cost of processor time, which a busy machine changes less."""

    rate: float
    service_ms: float
    workers_ms: float

    @property
    def two_cores(self) -> float:
        """Mails a second that the processor time allows where two cores are free."""
        return 1_000 / max((self.service_ms + self.workers_ms) / 2, self.service_ms)


def measure(ground: Ground, options: Options) -> Iterator[Figure]:
    """Without the scan, as a share of the ceiling; then with it."""
    yield from _against_the_ceiling(ground, options)
    real = ham(options.count)
    for engine in options.engines:
        letters = made(options.count)
        yield from _rates(ground, options, engine, letters, unscanned, "without scan, 14 KB", UNSCANNED_GOAL)
        yield from _rates(ground, options, engine, letters, make_preparer, "with scan, 14 KB", None)
        if real:
            yield from _rates(
                ground, options, engine, real, make_preparer, "with scan, mailing-list mail", SCANNED_GOAL
            )


def _against_the_ceiling(ground: Ground, options: Options) -> Iterator[Figure]:
    """In turns, so that both meet the same load."""
    mails = made(options.count)
    ceilings, shares = [], []
    for _ in range(options.runs):
        ceilings.append(ceiling.once(ground, mails))
        with ground.place("sqlite", mails) as place:
            shares.append(once(place, len(mails), unscanned).rate / ceilings[-1])
    yield Figure(ceiling.NAME, "mails/s", tuple(ceilings))
    yield Figure("road without scan, SQLite, as a share of the ceiling", "", tuple(shares), SHARE_GOAL)


def _rates(
    ground: Ground,
    options: Options,
    engine: str,
    mails: list[bytes],
    make: Makes,
    name: str,
    goal: float | None,
) -> Iterator[Figure]:
    runs = []
    for _ in range(options.runs):
        with ground.place(engine, mails) as place:
            runs.append(once(place, len(mails), make))
    goal = goal if engine == "sqlite" else None
    yield Figure(f"road {name}, {engine}", "mails/s", tuple(run.rate for run in runs), goal)
    least = min(runs, key=lambda run: run.service_ms + run.workers_ms)
    note = f"{least.service_ms:.1f} ms a mail in the service, {least.workers_ms:.1f} ms in the workers"
    allowed = tuple(run.two_cores for run in runs)
    yield Figure(
        f"road {name}, {engine}, by its processor time on two free cores", "mails/s", allowed, goal, note=note
    )


def once(place: Place, count: int, make: Makes) -> Run:
    """From the first command to the mailbox until the last mail is moved; workers are warm."""
    services = place.services
    key = services.vault.signing_key("tokens")
    mine = os.getpid()
    servers = set(children(mine))  # Dovecot and PostgreSQL are ours too
    pipeline = Pipeline(services, Workers(services.settings, key, make=make))
    pipeline.workers.warm()
    before, pool = _ended(place), set(children(mine)) - servers
    service, workers = cpu_seconds([mine]), cpu_seconds(pool)
    spent = timed(lambda: poll_once(services, "it", pipeline))
    service, workers = cpu_seconds([mine]) - service, cpu_seconds(pool) - workers
    pipeline.close()
    ended = _ended(place) - before
    assert ended == count, f"{ended} of {count} mails came to their end"
    return Run(count / spent.wall, service / count * 1_000, workers / count * 1_000)


def _ended(place: Place) -> int:
    with reading(place.services.sessions) as session:
        done = select(func.count()).select_from(Receipt).where(Receipt.state == ReceiptState.DONE.value)
        return session.scalar(done) or 0
