"""The child: imports its parsers, shuts itself in, then answers one request after another.

Started by `pool` as `python -m helpdesk.pii.documents.worker FD KIND`. KIND `ocr` loads
the OCR models before the door closes, since no file can be opened after it.
"""

import importlib
import os
import resource
import signal
import socket
import sys
from typing import Any

from helpdesk.pii.documents import wire
from helpdesk.pii.documents.isolation import limit_for, shut_in
from helpdesk.pii.documents.values import Limits

IDLE_SECONDS = 30.0
MOST_REQUEST = 1 << 31


LINK = 3  # below the limit of open files, whatever number it had in a parent with many open


def _low(fd: int) -> int:
    if fd != LINK:
        os.dup2(fd, LINK)
        os.close(fd)
    return LINK


def main(fd: int, kind: str) -> None:
    """Serve until the parent goes away; whatever the parsers print is thrown away."""
    link = socket.socket(fileno=_low(fd))
    _be_silent()
    services = _load(kind)
    isolation = shut_in()
    wire.send(link, {"ready": True, "isolation": isolation, "memory_mb": _memory_mb()})
    parent = os.getppid()
    while _wait(link, parent):
        head, body = wire.receive(link, MOST_REQUEST)
        answer, blob = services.answer(head, body, Limits(**head["limits"]), limit_for)
        wire.send(link, {**answer, "memory_mb": _memory_mb()}, blob)


def _load(kind: str) -> Any:
    """Import late: a parser that fails to import must fail before the door closes."""
    services = importlib.import_module("helpdesk.pii.documents.services")
    services.prepare(ocr=kind == "ocr")
    return services


def _wait(link: socket.socket, parent: int) -> bool:
    """Until a request comes (true), or the parent is gone (false)."""
    link.settimeout(IDLE_SECONDS)
    while os.getppid() == parent:
        try:
            more = bool(link.recv(1, socket.MSG_PEEK))
        except TimeoutError:
            continue
        link.settimeout(None)
        return more
    return False


def _be_silent() -> None:
    nothing = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(nothing, fd)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's; it ends us by closing the link


def _memory_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    try:
        main(int(sys.argv[1]), sys.argv[2])
    except (wire.WireFault, OSError):
        sys.exit(0)  # the parent went away
