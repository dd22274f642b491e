"""How often one network address may try to sign in: a brake on guessing over many accounts."""

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable

WINDOW_SECONDS = 60.0
ADDRESSES_KEPT = 10_000


class Pace:
    """At most `tries` in a minute from one address; kept in the process, forgotten when it ends."""

    def __init__(self, tries: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._tries = tries
        self._clock = clock
        self._seen: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def allows(self, address: str) -> bool:
        """Count one try, unless there were too many already."""
        at = self._clock()
        with self._lock:
            times = self._seen.setdefault(address, deque())
            self._seen.move_to_end(address)
            while times and times[0] <= at - WINDOW_SECONDS:
                times.popleft()
            if len(self._seen) > ADDRESSES_KEPT:
                self._seen.popitem(last=False)
            if len(times) >= self._tries:
                return False
            times.append(at)
            return True
