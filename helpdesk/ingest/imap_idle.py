"""Listening while a server is in IDLE (RFC 2177).

IMAPClient's own `idle_check` sees no line that came in one piece with the one before, and gives up
on a line that came in two; so here it is only noticed that something came, and `idle_done` reads it.
"""

import select
import ssl
import threading
import time
from collections.abc import Iterable

from imapclient import IMAPClient

STOP_SECONDS = 1.0  # how soon a stop is noticed while nothing comes


def listen(client: IMAPClient, seconds: float, stop: threading.Event) -> None:
    """Return when the server said something (or hung up), after `seconds`, or on `stop`."""
    if _has_read_ahead(client):
        return
    ends = time.monotonic() + seconds
    poll = select.poll()
    poll.register(client.socket(), select.POLLIN)
    while (left := ends - time.monotonic()) > 0 and not stop.is_set():
        if poll.poll(min(left, STOP_SECONDS) * 1_000):
            return


def tells_of_mail(answers: Iterable[tuple[object, ...]]) -> bool:
    """True when one of these answers, as IMAPClient parses them, says that there is mail."""
    return any(len(answer) > 1 and answer[1] in (b"EXISTS", b"RECENT") for answer in answers)


def _has_read_ahead(client: IMAPClient) -> bool:
    """True when bytes came that no poll of the socket shows, since they are in a buffer already."""
    sock = client.socket()
    limit = sock.gettimeout()
    sock.settimeout(0)
    try:
        return bool(client._imap.file.peek(1))
    except ssl.SSLWantReadError:
        return False
    finally:
        sock.settimeout(limit)
