"""What runs in a worker process: it makes its preparer once, then prepares and scans what it is handed."""

import gc
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import wait
from typing import Self

from helpdesk.config import Settings
from helpdesk.errors import HelpdeskError
from helpdesk.ingest.prepare import Preparer, ScanStopped
from helpdesk.ingest.values import Email, Origin, Prepared
from helpdesk.outbound.tokens import Tokens
from helpdesk.pii.values import Context, Piece, Verdict

Mail = tuple[bytes, str]  # as it came, and the key of the mailbox that it was read from
Makes = Callable[[Settings, bytes], Preparer]


@dataclass(frozen=True, slots=True)
class Crashed:
    """A step that did not come back with a value: which, and what kind of fault. No content."""

    step: str
    kind: str
    final: bool = False  # trying again would do the same
    origin: Origin | None = field(default=None, repr=False)  # where the sender had been looked up by then

    @classmethod
    def of(cls, step: str, fault: BaseException, origin: Origin | None = None) -> Self:
        """Only the fault's type goes on, except for our own errors, whose sentences carry no content."""
        known = isinstance(fault, HelpdeskError)
        return cls(step, str(fault) if known else type(fault).__name__, final=known, origin=origin)


_mine: Preparer | None = None  # one a process: set when it starts, read by its tasks


def make_preparer(settings: Settings, token_key: bytes) -> Preparer:
    """With the real scanner, its models loaded: no mail waits for that while others come."""
    from helpdesk.pii.scanner import Scanner  # noqa: PLC0415 (heavy: only where mails are scanned)

    scanner = Scanner(settings)
    scanner.warm()
    return Preparer(settings, Tokens(token_key), scanner)


def start(make: Makes, settings: Settings, token_key: bytes) -> None:
    """The first thing that a worker does. Ctrl-C at the terminal is the parent's, which ends us in order."""
    global _mine
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_the_service, daemon=True).start()
    _mine = make(settings, token_key)
    settle()


def _end_with_the_service() -> None:
    """A pool's worker waits for work on a pipe that it holds open itself: killed, its parent would leave it for ever."""
    service = multiprocessing.parent_process()
    if service is not None:
        wait([service.sentinel])
        os._exit(1)


def settle() -> None:
    """What is loaded by now stays; without this the garbage collector looks at it again with every few mails."""
    gc.collect()
    gc.freeze()


def is_ready(_nothing: None = None) -> bool:
    return _mine is not None


def prepare(mails: list[Mail]) -> list[Prepared | Crashed]:
    return [attempt(_own(), mail) for mail in mails]


def scan_pieces(pieces: list[Piece]) -> Verdict:
    return scan_written(_own(), pieces)


def scan_email(email: Email) -> Verdict:
    return _own().scan(email, strict=True)


def _own() -> Preparer:
    assert _mine is not None, "the pool's initializer runs first"  # noqa: S101
    return _mine


def attempt(preparer: Preparer, mail: Mail) -> Prepared | Crashed:
    try:
        return preparer.prepare(*mail)
    except ScanStopped as stopped:
        return Crashed.of("prepare", stopped.fault, stopped.origin)
    except Exception as fault:  # noqa: BLE001 (whatever a mail does to a parser, it is that mail's failure alone)
        return Crashed.of("prepare", fault)


def scan_written(preparer: Preparer, pieces: list[Piece]) -> Verdict:
    return preparer.scanner.scan(pieces, Context())
