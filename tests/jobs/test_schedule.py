"""Jobs run again and again, one run of each at a time, whatever a run does."""

import errno
import logging
import threading
import time
from datetime import timedelta

import pytest

from helpdesk.errors import HelpdeskError
from helpdesk.jobs.schedule import Counts, Job, Schedule, run_once

OFTEN = timedelta(milliseconds=50)
NEVER = timedelta(hours=1)


def _until(met: threading.Event) -> None:
    assert met.wait(10)


def test_a_job_runs_at_once_and_again() -> None:
    runs: list[int] = []
    thrice = threading.Event()

    def work() -> Counts:
        runs.append(1)
        if len(runs) == 3:
            thrice.set()
        return {}

    schedule = Schedule([Job("work", OFTEN, work)])
    schedule.start()
    _until(thrice)
    schedule.stop()


def test_a_job_that_fails_runs_again() -> None:
    runs: list[int] = []
    twice = threading.Event()

    def work() -> Counts:
        runs.append(1)
        if len(runs) == 2:
            twice.set()
        raise KeyError("x")

    schedule = Schedule([Job("work", OFTEN, work)])
    schedule.start()
    _until(twice)
    schedule.stop()


def test_one_run_at_a_time_and_missed_ones_are_not_made_up() -> None:
    at_once: list[int] = []
    running = threading.Semaphore(1)
    runs: list[int] = []

    def slow() -> Counts:
        runs.append(1)
        if not running.acquire(blocking=False):
            at_once.append(1)
        time.sleep(0.3)
        running.release()
        return {}

    schedule = Schedule([Job("slow", OFTEN, slow)])
    schedule.start()
    time.sleep(1)
    schedule.stop()
    assert at_once == []
    assert len(runs) <= 5


def test_a_job_that_is_woken_runs_now() -> None:
    ran = threading.Event()
    schedule = Schedule([Job("late", NEVER, lambda: ran.set() or {}, first_at_once=False)])
    schedule.wake("late")  # before the start it is not an error
    schedule.start()
    assert not ran.is_set()
    schedule.wake("late")
    _until(ran)
    schedule.stop()


def test_stopping_waits_for_a_run_under_way() -> None:
    began, ended = threading.Event(), threading.Event()

    def work() -> Counts:
        began.set()
        time.sleep(0.3)
        ended.set()
        return {}

    schedule = Schedule([Job("work", NEVER, work)])
    schedule.start()
    _until(began)
    schedule.stop()
    assert ended.is_set()


def test_a_run_is_logged_by_its_counts_alone(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="helpdesk"):
        assert run_once(Job("deliver", NEVER, lambda: {"sent": 3, "failed": 0}))
        assert run_once(Job("deliver", NEVER, lambda: {"sent": 0}))
    assert [record.getMessage() for record in caplog.records] == ["deliver: 3 sent"]


class _Known(HelpdeskError):
    pass


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (_Known("Mend this."), "Mend this."),
        (OSError(errno.ENOSPC, "No space left on device"), "The disk is full"),
        (KeyError("words of a mail"), "KeyError at work, line"),
    ],
)
def test_a_failure_is_logged_by_its_sentence_or_its_place(
    caplog: pytest.LogCaptureFixture, fault: Exception, said: str
) -> None:
    def work() -> Counts:
        raise fault

    assert not run_once(Job("work", NEVER, work))
    assert said in caplog.text
    assert "words of a mail" not in caplog.text
