"""Ports for the servers that tests start.

A port that the system gave for the asking (bind to 0, look, close) may be anybody's a moment later: the next such
question gets it, or an outgoing connection does, of this worker or the other. So ports come from below the range
that the system gives from, each worker counts up in a stretch of its own, and none is given twice.
"""

import itertools
import os
import re
import socket

FIRST, STRETCH, STRETCHES = 20_000, 500, 24  # up to 32,000; Linux gives from 32,768 on (ip_local_port_range)
MOST_TRIES = STRETCH


def _stretch() -> int:
    """Workers of one run have stretches side by side; runs started at one time most likely different ones."""
    worker = re.sub(r"\D", "", os.environ.get("PYTEST_XDIST_WORKER", "")) or "0"
    run = os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()
    return (run * 8 + int(worker)) % STRETCHES


_next = itertools.count(os.getpid() % STRETCH)


def free_port() -> int:
    """A port of 127.0.0.1 on which nothing listens, for TCP and for UDP."""
    for _ in range(MOST_TRIES):
        port = FIRST + _stretch() * STRETCH + next(_next) % STRETCH
        if _is_free(port):
            return port
    raise AssertionError(
        f"No free port among {STRETCH} from {FIRST + _stretch() * STRETCH} on; stop what listens there."
    )


def _is_free(port: int) -> bool:
    with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
        tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tcp.bind(("127.0.0.1", port))
            udp.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
