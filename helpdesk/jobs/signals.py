"""Waiting for the signal that ends the service."""

import os
import select
import signal
from types import FrameType

STOPS = (signal.SIGTERM, signal.SIGINT)


class StopSignal:
    """Hears SIGTERM and Ctrl-C from its making on; to be made and waited for in the main thread.

    The kernel may hand a signal to any thread. Python's handlers run in the main thread alone, which a signal that
    another thread got does not wake from a lock: one stop in some thousands never began. What wakes it is
    a byte in a pipe, which the interpreter writes in whatever thread the signal comes
    (https://docs.python.org/3/library/signal.html#signal.set_wakeup_fd).
    """

    def __init__(self) -> None:
        self._asked = False
        self._heard, self._writes = os.pipe()
        os.set_blocking(self._writes, False)
        signal.set_wakeup_fd(self._writes, warn_on_full_buffer=False)
        for number in STOPS:
            signal.signal(number, self._ask)

    def wait(self) -> None:
        """Until the first of these signals. A second one ends the process at once."""
        while not self._asked:
            select.select([self._heard], [], [])
            os.read(self._heard, 64)  # of other signals too, which are none of ours

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self._asked = True
        for number in STOPS:
            signal.signal(number, signal.SIG_DFL)
