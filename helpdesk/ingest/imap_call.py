"""A call to an IMAP server: bounded in time, and what goes wrong turned into our own errors."""

import contextlib
import socket
import threading
from collections.abc import Iterator

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from helpdesk.ingest.imap_errors import (
    CommandRefused,
    MailboxUnreachable,
    SignInRefused,
    response_code,
    said,
    suggested_wait,
)

SLOWEST_BYTES_A_SECOND = 50_000
NO_MAILBOX = "authenticated but not connected"  # Exchange Online, to every command
PATIENCE = 4  # a whole call may take so many times the limit of one read


class Calls:
    """Every call over one connection goes through `speaking`.

    A silent server is noticed by the socket's limit, a dribbling one by the watchdog.
    """

    def __init__(self, client: IMAPClient, where: str, timeout_seconds: float) -> None:
        self._client, self._where, self._timeout = client, where, timeout_seconds

    @contextlib.contextmanager
    def speaking(self, doing: str, size: int = 0, *, limit: float = 0, tell: bool = False) -> Iterator[None]:
        """Bound a call in time. Raises MailboxUnreachable, CommandRefused and SignInRefused.

        `size`: about how many bytes are expected; `limit`: seconds that it may take beside; `tell`: the server's
        words may be shown, for the command has nothing to do with content.
        """
        patience = self._timeout * PATIENCE + size / SLOWEST_BYTES_A_SECOND + limit
        watchdog = _Watchdog(self._client, patience)
        try:
            with watchdog:
                yield
        except IMAPClientAbortError as fault:  # before IMAPClientError, whose kind it is
            why = f"took more than {patience:g} s" if watchdog.bit else "the connection was lost"
            raise self._unreachable(doing, why, fault) from None
        except IMAPClientError as fault:
            if NO_MAILBOX in str(fault):
                raise self._no_mailbox() from None
            words = f" (the server says: {said(fault)})" if tell else ""
            raise CommandRefused(
                f"{self._where} refused us while {doing}{words}.", suggested_wait(fault), response_code(fault)
            ) from None
        except (OSError, ValueError, AttributeError) as fault:
            # imaplib and IMAPClient raise the latter two on answers that are cut or no IMAP.
            why = f"took more than {patience:g} s" if watchdog.bit else type(fault).__name__
            raise self._unreachable(doing, why, fault) from None

    def _no_mailbox(self) -> SignInRefused:
        return SignInRefused(
            f"The server of {self._where} took our sign-in, but lets us into no mailbox; see that the user in the "
            "settings is the mailbox, that it has a licence, and that our application was given access to it."
        )

    def _unreachable(self, doing: str, why: str, fault: BaseException) -> MailboxUnreachable:
        return MailboxUnreachable(
            f"The server of {self._where} broke off while {doing} ({why}); it will be tried again.",
            suggested_wait(fault),
        )


class _Watchdog:
    """Ends a call that takes too long by shutting its socket."""

    def __init__(self, client: IMAPClient, seconds: float) -> None:
        self.bit = False
        self._client = client
        self._timer = threading.Timer(seconds, self._bite)
        self._timer.daemon = True

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def _bite(self) -> None:
        self.bit = True
        with contextlib.suppress(OSError):
            # The plain socket's method: that of an SSL socket would pull its state away under the reader.
            socket.socket.shutdown(self._client.socket(), socket.SHUT_RDWR)
