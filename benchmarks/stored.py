"""The road without scan into a helpdesk that has 200,000 messages stored: no slower than into an empty one."""

from collections.abc import Iterator

from benchmarks import road
from benchmarks.figures import Figure, Options
from benchmarks.fill import fill
from benchmarks.letters import made
from benchmarks.place import Ground

TICKETS = 100_000
NO_SLOWER = 0.9  # less is within what runs differ by


def measure(ground: Ground, options: Options) -> Iterator[Figure]:
    for engine in options.engines:
        yield _share(ground, options, engine)


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
