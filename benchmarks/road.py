"""The whole road, from a Dovecot to the queue: with the scanner, and with one that finds everything clear."""

from collections.abc import Callable, Iterator, Sequence

from sqlalchemy import func, select

from benchmarks import ceiling
from benchmarks.figures import Figure, Options, timed
from benchmarks.letters import ham, made
from benchmarks.place import Ground, Place
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

    def scan(self, pieces: Sequence[Piece], context: Context) -> Verdict:  # noqa: ARG002 (as the scanner's)
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


def measure(ground: Ground, options: Options) -> Iterator[Figure]:
    """Without the scan, as a share of the ceiling; then with it."""
    yield from _against_the_ceiling(ground, options)
    for engine in options.engines:
        yield _rate(ground, options, engine, made, unscanned, "without scan, 14 KB mails", UNSCANNED_GOAL)
        yield _rate(ground, options, engine, made, make_preparer, "with scan, 14 KB mails", None)
        if ham(1):
            real = lambda count: ham(count) or []  # noqa: E731 (one word for it)
            yield _rate(
                ground, options, engine, real, make_preparer, "with scan, mailing-list mail", SCANNED_GOAL
            )


def _against_the_ceiling(ground: Ground, options: Options) -> Iterator[Figure]:
    """In turns, so that both meet the same load."""
    mails = made(options.count)
    ceilings, shares = [], []
    for _ in range(options.runs):
        ceilings.append(ceiling.once(ground, mails))
        with ground.place("sqlite", mails) as place:
            shares.append(once(place, len(mails), unscanned) / ceilings[-1])
    yield Figure(
        "ceiling: fetch by 50, parse, one durable SQLite transaction a mail", "mails/s", tuple(ceilings)
    )
    yield Figure("road without scan, SQLite, as a share of the ceiling", "", tuple(shares), SHARE_GOAL)


def _rate(
    ground: Ground,
    options: Options,
    engine: str,
    letters: Callable[[int], list[bytes]],
    make: Makes,
    name: str,
    goal: float | None,
) -> Figure:
    mails, runs = letters(options.count), []
    for _ in range(options.runs):
        with ground.place(engine, mails) as place:
            runs.append(once(place, len(mails), make))
    return Figure(f"road {name}, {engine}", "mails/s", tuple(runs), goal if engine == "sqlite" else None)


def once(place: Place, count: int, make: Makes) -> float:
    """Mails a second, from the first command to the mailbox until the last mail is moved; workers are warm."""
    services = place.services
    key = services.vault.signing_key("tokens")
    pipeline = Pipeline(services, Workers(services.settings, key, make=make))
    pipeline.workers.warm()
    before = _ended(place)
    spent = timed(lambda: poll_once(services, "it", pipeline))
    pipeline.close()
    ended = _ended(place) - before
    assert ended == count, f"{ended} of {count} mails came to their end"
    return count / spent.wall


def _ended(place: Place) -> int:
    with reading(place.services.sessions) as session:
        done = select(func.count()).select_from(Receipt).where(Receipt.state == ReceiptState.DONE.value)
        return session.scalar(done) or 0
