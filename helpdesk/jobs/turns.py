"""The pipeline as the threads of one service share it."""

from collections.abc import Callable, Sequence
from threading import Lock

from helpdesk.ingest.pipeline import Outcome, Pipeline


class Turns:
    """Lets one thread at a time take what waits, so that no mail is scanned by two of them.

    The pipeline itself spreads a batch over its workers. `on_done` is called after each batch
    that ended something, so that its answers go out at once.
    """

    def __init__(self, pipeline: Pipeline, on_done: Callable[[], None]) -> None:
        self._pipeline, self._on_done = pipeline, on_done
        self._lock = Lock()

    def process_waiting(self, limit: int) -> Sequence[Outcome]:
        with self._lock:
            outcomes = self._pipeline.process_waiting(limit)
        if outcomes:
            self._on_done()
        return outcomes
