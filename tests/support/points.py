"""Points on the road at which a test lets something happen: the process is killed, the database goes away.

A point lies before or after a call of one function; it is reached at that function's n-th call.
"""

import contextlib
import importlib
import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch


@dataclass(frozen=True)
class Point:
    """`owner`: a module, or a class of one as `module:Class`, in which `name` is looked up when it is called."""

    owner: str
    name: str
    before: bool = False
    call: int = 1


VISIT, ENDING = "helpdesk.ingest.visit:Visit", "helpdesk.ingest.ending"
POINTS = {
    "mails fetched": Point(VISIT, "_fetch"),
    "receipts written": Point("helpdesk.ingest.receipts", "take_in_batch"),
    "receipts committed": Point(VISIT, "_receive"),
    "prepared": Point("helpdesk.ingest.prepare:Preparer", "prepare", call=3),
    "matched": Point(ENDING, "match", call=4),
    "ticket written": Point("helpdesk.tickets.actions", "open_ticket", call=2),
    "message written": Point("helpdesk.tickets.actions", "add_message", call=3),
    "quarantine written": Point("helpdesk.ingest.keep", "quarantine"),
    "answer written": Point("helpdesk.ingest.answer", "enqueue", call=2),
    "before the audit trail": Point("helpdesk.audit", "record", before=True),
    "before the commit": Point("helpdesk.audit", "record"),
    "after the commit": Point(ENDING, "apply_all"),
    "before the move": Point("helpdesk.ingest.mailbox:Mailbox", "move", before=True),
    "after the move": Point("helpdesk.ingest.mailbox:Mailbox", "move"),
    "move noted": Point("helpdesk.ingest.receipts", "acknowledge"),
    "mails claimed": Point("helpdesk.outbound.deliver:_Run", "_claim"),
    "recipient told": Point("helpdesk.outbound.claims", "start_data", before=True, call=2),
    "start of DATA noted": Point("smtplib:SMTP", "docmd", before=True, call=2),
    "mail sent, not answered": Point("helpdesk.outbound.handover", "_end_of_data", before=True, call=2),
    "mail taken": Point("helpdesk.outbound.deliver", "hand_over", call=2),
    "outcome written": Point("helpdesk.outbound.outcomes", "write", call=2),
    "outcome committed": Point("helpdesk.outbound.deliver:_Run", "_settle", call=2),
}


def kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@contextlib.contextmanager
def at(name: str, act: Callable[[], object]) -> Iterator[None]:
    """Let `act` happen once when the point is reached. No name: nothing happens."""
    if not name:
        yield
        return
    point = POINTS[name]
    with patch.object(_owner(point), point.name, _acting(point, act)):
        yield


def _owner(point: Point) -> Any:
    module, _, name = point.owner.partition(":")
    found = importlib.import_module(module)
    return getattr(found, name) if name else found


def _acting(point: Point, act: Callable[[], object]) -> Callable[..., Any]:
    function = getattr(_owner(point), point.name)
    calls = 0

    def acting(*args: Any, **more: Any) -> Any:
        nonlocal calls
        calls += 1
        here = calls == point.call
        if here and point.before:
            act()
        result = function(*args, **more)
        if here and not point.before:
            act()
        return result

    return acting
