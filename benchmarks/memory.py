"""Memory while 20,000 mails are taken in: the service and its workers do not grow."""

import os
from collections.abc import Iterator

from benchmarks.figures import Figure, Options
from benchmarks.letters import ham, made
from benchmarks.place import Ground, Place
from benchmarks.processes import children, own_mb
from helpdesk.ingest.pipeline import Pipeline
from helpdesk.ingest.poll import poll_once
from helpdesk.ingest.workers import Workers, make_preparer

MAILS, ROUND = 20_000, 2_000
GROWTH_GOAL = 10.0  # percent, from the first quarter to the end


def measure(ground: Ground, options: Options) -> Iterator[Figure]:
    mails = 1_200 if options.quick else MAILS
    with ground.place("sqlite") as place:
        sizes = list(_taking_in(place, mails, 300 if options.quick else ROUND))
    service, workers = zip(*sizes, strict=True)
    early = max(1, len(sizes) // 4)
    for name, column in (("service", service), ("workers", workers)):
        growth = (column[-1] / max(column[:early]) - 1) * 100
        yield Figure(
            f"growth of the {name} from the first quarter of {mails:,} mails to the last",
            "%",
            (growth,),
            GROWTH_GOAL,
            False,
            f"{column[0]:.0f} MB at first, {max(column):.0f} MB at most, {column[-1]:.0f} MB at the end",
        )


def _taking_in(place: Place, mails: int, a_round: int) -> Iterator[tuple[float, float]]:
    """(service, workers) in MB after each round."""
    services = place.services
    workers = Workers(services.settings, services.vault.signing_key("tokens"), make=make_preparer)
    pipeline = Pipeline(services, workers)
    workers.warm()
    for start in range(0, mails, a_round):
        place.user.deliver(*_different(a_round, start))
        poll_once(services, "it", pipeline)
        mine = os.getpid()
        yield own_mb(mine), sum(map(own_mb, children(mine)))
    pipeline.close()


def _different(count: int, start: int) -> list[bytes]:
    """Mails that are no redeliveries of an earlier round's."""
    texts = ham(count) or made(count, size=3_000, seed=start)
    return [raw.replace(b"Message-ID: <", b"Message-ID: <%d." % start, 1) for raw in texts]
