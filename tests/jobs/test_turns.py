"""The threads of a service take what waits one at a time, and answers go out at once."""

import threading
import time
from typing import Any, cast

from helpdesk.ingest.pipeline import Outcome, Pipeline
from helpdesk.jobs.turns import Turns


class _Slow:
    """Says how many were in it at once. A stand-in: the real pipeline cannot be asked that."""

    def __init__(self) -> None:
        self.inside = self.most = 0

    def process_waiting(self, limit: int) -> list[Outcome]:
        self.inside += 1
        self.most = max(self.most, self.inside)
        time.sleep(0.05)
        self.inside -= 1
        return [Outcome(1)] * limit


def test_one_thread_at_a_time_takes_what_waits() -> None:
    slow = _Slow()
    turns = Turns(cast("Pipeline", cast("Any", slow)), lambda: None)
    threads = [threading.Thread(target=turns.process_waiting, args=(1,)) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert slow.most == 1


def test_what_was_done_wakes_the_deliverer_and_nothing_does_not() -> None:
    woken: list[int] = []
    turns = Turns(cast("Pipeline", cast("Any", _Slow())), lambda: woken.append(1))
    turns.process_waiting(0)
    assert woken == []
    turns.process_waiting(2)
    assert woken == [1]
