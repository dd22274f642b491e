"""How long a person waits for the program: its help, and the sign-in page of `helpdesk run`; and what a worker takes."""

import os
import subprocess
import time
from collections.abc import Iterator

from benchmarks.figures import Figure, Options, timed
from benchmarks.place import Ground
from benchmarks.processes import children, own_mb
from benchmarks.service import PROGRAM, answers, launch, log_of, wait_for
from helpdesk.ingest.workers import Workers, make_preparer

HELP_GOAL, PAGE_GOAL, WORKER_GOAL, WORKER_MB_GOAL = 0.5, 5.0, 3.0, 500.0


def measure(ground: Ground, options: Options) -> Iterator[Figure]:
    help_ = [timed(lambda: subprocess.run([PROGRAM, "--help"], check=True, capture_output=True)).wall
             for _ in range(options.runs)]  # fmt: skip
    yield Figure("helpdesk --help", "s", tuple(help_), HELP_GOAL, more_is_better=False)
    starts = [_start(ground) for _ in range(options.runs)]
    pages, scanners = zip(*starts, strict=True)
    yield Figure("helpdesk run to the sign-in page", "s", pages, PAGE_GOAL, more_is_better=False)
    yield Figure("helpdesk run to the first mail scanned", "s", scanners, more_is_better=False)
    workers = [_worker(ground) for _ in range(options.runs)]
    seconds, sizes = zip(*workers, strict=True)
    yield Figure("a worker with all its models, alone", "s", seconds, WORKER_GOAL, more_is_better=False)
    yield Figure("the memory of its own", "MB", sizes, WORKER_MB_GOAL, more_is_better=False)


def _start(ground: Ground) -> tuple[float, float]:
    with ground.place("sqlite") as place:
        begun = time.perf_counter()
        process, address = launch(place)
        try:
            wait_for(process, lambda: answers(address))
            page = time.perf_counter() - begun
            wait_for(process, lambda: "The scanner is ready" in log_of(place))
            return page, time.perf_counter() - begun
        finally:
            process.terminate()
            process.wait(30)


def _worker(ground: Ground) -> tuple[float, float]:
    """Seconds until one worker has loaded its models, and MB of its own then."""
    with ground.place("sqlite", pii={"workers": 1}) as place:
        services = place.services
        workers = Workers(services.settings, services.vault.signing_key("tokens"), make=make_preparer)
        begun = time.perf_counter()
        workers.warm()
        seconds = time.perf_counter() - begun
        size = max(map(own_mb, children(os.getpid())))
        workers.close()
        return seconds, size
