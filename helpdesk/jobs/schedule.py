"""Jobs that run again and again (APScheduler): one run of each at a time, missed runs made up by one."""

import logging
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from helpdesk.db import now
from helpdesk.jobs.faults import sentence

log = logging.getLogger(__name__)
Counts = Mapping[str, int]


@dataclass(frozen=True)
class Job:
    """What runs and how often. `run` returns what it did, as counts by name."""

    name: str
    every: timedelta
    run: Callable[[], Counts]
    first_at_once: bool = True


class Schedule:
    """The jobs of one process."""

    def __init__(self, jobs: list[Job]) -> None:
        # APScheduler warns of each run that it leaves out while the last one goes on; that is as meant
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        self._scheduler = BackgroundScheduler(
            timezone="UTC", executors={"default": ThreadPoolExecutor(max(len(jobs), 1))}
        )
        for job in jobs:
            first = {"next_run_time": now()} if job.first_at_once else {}
            self._scheduler.add_job(
                run_once,
                "interval",
                args=[job],
                seconds=job.every.total_seconds(),
                id=job.name,
                max_instances=1,
                coalesce=True,
                misfire_grace_time=None,
                **first,
            )

    def start(self) -> None:
        self._scheduler.start()

    def wake(self, name: str) -> None:
        """Run a job now instead of at its next time."""
        if self._scheduler.running:
            self._scheduler.modify_job(name, next_run_time=now())

    def stop(self) -> None:
        """Start no more runs and wait for those that go on."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)


def run_once(job: Job) -> bool:
    """Run a job and log what it did, or why it failed. True when it went well; never raises."""
    try:
        counts = job.run()
    except Exception as fault:  # noqa: BLE001 (a failed run must not end the job; it runs again)
        log.error("The job '%s' failed and will run again: %s", job.name, sentence(fault) or place_of(fault))
        return False
    done = {name: count for name, count in counts.items() if count}
    if done:
        log.info("%s: %s", job.name, ", ".join(f"{count} {name}" for name, count in done.items()))
    return True


def place_of(fault: BaseException) -> str:
    """A defect's kind and where it arose. Its text stays out: it may hold what a mail says."""
    frames = traceback.extract_tb(fault.__traceback__)
    where = f" at {frames[-1].name}, line {frames[-1].lineno}" if frames else ""
    return f"{type(fault).__name__}{where}"
