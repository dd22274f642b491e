"""Where mails are parsed and scanned: worker processes, so that no mail can take the service down.

A mail that kills its worker is found by preparing the batch's mails one by one; it alone
is counted as crashed. Models are loaded once a worker; workers are replaced after a number of mails.
"""

import contextlib
import multiprocessing
import os
import signal
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.connection import wait
from threading import Lock
from typing import TypeVar

from helpdesk.config import Settings
from helpdesk.errors import HelpdeskError
from helpdesk.ingest import worker
from helpdesk.ingest.prepare import Preparer
from helpdesk.ingest.values import Email, Prepared
from helpdesk.ingest.worker import Crashed, Mail, Makes, make_preparer
from helpdesk.pii.values import Piece, Verdict

__all__ = ["Crashed", "Makes", "NotScanned", "Workers", "make_preparer"]

MAILS_A_WORKER = 5_000
MAILS_A_PIECE = 5  # handed to a worker at once: each handing over costs as much as a small mail
# For a piece, then for each of its mails alone; documents have shorter limits of their own.
SECONDS_A_MAIL = 300
CLOSING_SECONDS = 10.0
T = TypeVar("T")
Asked = TypeVar("Asked")


class NotScanned(HelpdeskError):
    """The workers did not come back with a verdict, nor did new ones."""


@dataclass(frozen=True, slots=True)
class _Work:
    """Some mails in one piece, and their results to come; no future where there was no pool for them."""

    mails: list[Mail]
    future: Future[list[Prepared | Crashed]] | None

    @property
    def is_ready(self) -> bool:
        return self.future is not None and self.future.done()


class Workers:
    """A pool of processes that prepare mails, or none: then this process does."""

    def __init__(
        self,
        settings: Settings,
        token_key: bytes,
        *,
        in_process: bool = False,
        preparer: Preparer | None = None,
        make: Makes | None = None,
    ) -> None:
        """`make`: makes each worker's preparer; a function of a module, since workers import it by name."""
        self._make = make or make_preparer
        self._settings = settings
        self._token_key = token_key
        self._in_process = in_process or preparer is not None
        self._lock = Lock()
        self._pool: ProcessPoolExecutor | None = None
        self._here = preparer

    @property
    def size(self) -> int:
        return self._settings.pii.workers or os.cpu_count() or 1

    def prepare(self, mails: list[Mail], *, at_once: int = 1) -> Iterator[list[Prepared | Crashed]]:
        """Prepare mails. The workers begin now; results come in the order of `mails`, up to `at_once`
        of those that are ready together."""
        if self._in_process:
            return (
                [worker.attempt(self._preparer(), mail) for mail in some] for some in _chunks(mails, at_once)
            )
        return self._results(deque(self._submit(_pieces(mails, self.size))), at_once)

    def prepare_one(self, raw: bytes, mailbox: str = "") -> Prepared | Crashed:
        return next(self.prepare([(raw, mailbox)]))[0]

    def scan_pieces(self, pieces: list[Piece]) -> Verdict:
        """Scan what a person wrote into a page, and the files with it. Raises NotScanned."""
        if self._in_process:
            return worker.scan_written(self._preparer(), pieces)
        return self._asked(worker.scan_pieces, pieces)

    def scan_email(self, email: Email) -> Verdict:
        """Scan a mail that was changed (redacted) once more, strictly. Raises NotScanned."""
        if self._in_process:
            return self._preparer().scan(email, strict=True)
        return self._asked(worker.scan_email, email)

    def warm(self) -> None:
        """Start the workers and load their models, before the first mail comes."""
        if self._in_process:
            self._preparer()
        else:
            for future in [_handed(self._ready(), worker.is_ready, None) for _ in range(self.size)]:
                future.result()
        worker.settle()

    def close(self) -> None:
        """End the workers. One that is still at a mail after CLOSING_SECONDS is killed: the mail waits in its receipt."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is None:
            return
        processes = list((pool._processes or {}).values())
        pool.shutdown(wait=False, cancel_futures=True)
        ends = time.monotonic() + CLOSING_SECONDS
        for process in processes:
            if not wait([process.sentinel], max(0.0, ends - time.monotonic())):
                process.kill()
            process.join()  # its link closes a moment before it has ended

    def _asked(self, ask: Callable[[T], Asked], what: T) -> Asked:
        """Ask a worker. The pool may have broken over something else: then new workers are asked once."""
        for _ in range(2):
            pool = self._ready()
            try:
                return _handed(pool, ask, what).result(SECONDS_A_MAIL)
            except (BrokenProcessPool, CancelledError):
                self._drop(pool)
            except TimeoutError:
                self._drop(pool, end=True)
                break
        raise NotScanned(
            "It could not be scanned, since the scanner's process ended or hung; try again, "
            "and look at memory and the log if it stays so."
        )

    def _submit(self, pieces: list[list[Mail]]) -> list[_Work]:
        try:
            pool = self._ready()
            return [_Work(mails, _handed(pool, worker.prepare, mails)) for mails in pieces]
        except BrokenProcessPool:
            self._drop()
            return [_Work(mails, None) for mails in pieces]

    def _results(self, works: deque[_Work], at_once: int) -> Iterator[list[Prepared | Crashed]]:
        while works:
            ready = self._result(works.popleft())
            while works and works[0].is_ready and len(ready) < at_once:
                ready += self._result(works.popleft())
            yield from _chunks(ready, at_once)

    def _result(self, work: _Work) -> list[Prepared | Crashed]:
        if work.future is not None:
            try:
                return work.future.result(SECONDS_A_MAIL)
            except (BrokenProcessPool, CancelledError):
                self._drop()
            except TimeoutError:
                self._drop(end=True)
        return [self._alone(mail) for mail in work.mails]

    def _alone(self, mail: Mail) -> Prepared | Crashed:
        """Prepare one mail in a pool of its own: if that breaks or hangs too, it was this mail."""
        pool = self._new_pool(1)
        try:
            return _handed(pool, worker.prepare, [mail]).result(SECONDS_A_MAIL)[0]
        except BrokenProcessPool:
            return Crashed("prepare", "the worker was ended by this mail")
        except TimeoutError:
            _end_processes(pool)
            return Crashed("prepare", f"not done within {SECONDS_A_MAIL} seconds", final=True)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    def _ready(self) -> ProcessPoolExecutor:
        with self._lock:
            if self._pool is None:
                self._pool = self._new_pool(self.size)
            return self._pool

    def _drop(self, only: ProcessPoolExecutor | None = None, *, end: bool = False) -> None:
        """Let the pool go; the next mail gets a new one. `end`: its processes do not come back by themselves.

        `only`: unless another thread was first and there is a new one.
        """
        with self._lock:
            if self._pool is not None and only in (None, self._pool):
                if end:
                    _end_processes(self._pool)
                self._pool.shutdown(wait=False, cancel_futures=True)
                self._pool = None

    def _new_pool(self, size: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            size,
            # spawn: a fork of a process with threads (web, IMAP) may hang
            mp_context=multiprocessing.get_context("spawn"),
            initializer=worker.start,
            initargs=(self._make, self._settings, self._token_key),
            max_tasks_per_child=MAILS_A_WORKER,
        )

    def _preparer(self) -> Preparer:
        with self._lock:
            if self._here is None:
                self._here = self._make(self._settings, self._token_key)
            return self._here


@contextlib.contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Processes and threads that are started here are deaf to Ctrl-C for good; a worker's first second too is then
    no place for its traceback."""
    resource_tracker.ensure_running()  # whoever starts it has the signals unblocked again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _handed(pool: ProcessPoolExecutor, work: Callable[[T], Asked], what: T) -> Future[Asked]:
    """The result to come; processes of the pool that are missing are started first."""
    with _deaf_to_interrupts():
        return pool.submit(work, what)


def _pieces(mails: list[Mail], workers: int) -> list[list[Mail]]:
    """Cut so that each worker has several pieces, and a mail that ends its worker few neighbours."""
    return list(_chunks(mails, max(1, min(MAILS_A_PIECE, len(mails) // (workers * 4)))))


def _chunks(values: list[T], most: int) -> Iterator[list[T]]:
    for start in range(0, len(values), most):
        yield values[start : start + most]


def _end_processes(pool: ProcessPoolExecutor) -> None:
    """A hung process hears nothing but SIGKILL; the pool then says that it is broken."""
    for process in list((pool._processes or {}).values()):
        process.kill()
