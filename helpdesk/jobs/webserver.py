"""The web server: waitress in a thread, on a socket that is bound before anything else starts."""

import errno
import logging
import socket
from collections.abc import Callable
from threading import Thread
from typing import Any

from waitress.server import create_server

from helpdesk.config import Web
from helpdesk.errors import HelpdeskError

log = logging.getLogger(__name__)
STOP_SECONDS = 5


class PortTaken(HelpdeskError):
    """The address that the settings name cannot be listened on."""


def listen(web: Web) -> socket.socket:
    """A socket on the address of the settings; port 0 takes a free one. Raises PortTaken."""
    family = socket.AF_INET6 if ":" in web.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((web.host, web.port))
    except OSError as fault:
        listener.close()
        why = "another program uses it" if fault.errno == errno.EADDRINUSE else fault.strerror
        raise PortTaken(
            f"The pages cannot be served at {web.host}:{web.port} ({why}); "
            f"stop that program or choose another with HELPDESK_WEB__PORT={web.port + 1 if web.port else 8001}."
        ) from None
    return listener


class WebServer:
    """Serves one WSGI application until it is stopped.

    `largest_body`: more bytes of a request are not taken in; what waitress takes in it keeps in a file that has no name,
    before the application says what it takes.
    """

    def __init__(
        self, app: Callable[..., Any], listener: socket.socket, web: Web, largest_body: int = 2**27
    ) -> None:
        # behind a proxy the application itself reads X-Forwarded-*; without one waitress takes them out
        self._server = create_server(
            app,
            sockets=[listener],
            threads=web.threads,
            ident=None,
            max_request_body_size=largest_body,
            clear_untrusted_proxy_headers=web.trusted_proxies == 0,
        )
        self._thread = Thread(target=self._server.run, name="web", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Answer what is being answered, then close. Returns within a few seconds; a second call does nothing."""
        if not self._thread.is_alive():
            return
        self._server.task_dispatcher.shutdown(cancel_pending=True, timeout=STOP_SECONDS)
        self._server.trigger.pull_trigger(self._close_all)
        self._thread.join(STOP_SECONDS)

    def _close_all(self) -> None:
        # runs in the server's own thread; with no socket left its loop ends
        for channel in list(self._server._map.values()):
            channel.close()
