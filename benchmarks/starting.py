"""How long a person waits for the program: its help, and the sign-in page of `helpdesk run`."""

import subprocess
import time
from collections.abc import Iterator

from benchmarks.figures import Figure, Options, timed
from benchmarks.place import Ground
from benchmarks.service import PROGRAM, answers, launch, log_of, wait_for

HELP_GOAL, PAGE_GOAL = 0.5, 5.0


def measure(ground: Ground, options: Options) -> Iterator[Figure]:
    help_ = [timed(lambda: subprocess.run([PROGRAM, "--help"], check=True, capture_output=True)).wall
             for _ in range(options.runs)]  # fmt: skip
    yield Figure("helpdesk --help", "s", tuple(help_), HELP_GOAL, more_is_better=False)
    starts = [_start(ground) for _ in range(options.runs)]
    pages, scanners = zip(*starts, strict=True)
    yield Figure("helpdesk run to the sign-in page", "s", pages, PAGE_GOAL, more_is_better=False)
    yield Figure("helpdesk run to the first mail scanned", "s", scanners, more_is_better=False)


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
