"""The demo's mail servers in a thread of their own: real sockets on this machine only."""

import asyncio
import logging
from asyncio import AbstractEventLoop, Server
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from threading import Thread
from typing import Any, TypeVar

from helpdesk.demo import imap, smtp
from helpdesk.demo.ports import Ports, forget_ports, write_ports
from helpdesk.demo.sink import Sink

HOST = "127.0.0.1"
T = TypeVar("T")
Listen = Callable[[int], Awaitable[Server]]


class MailServers:
    """An IMAP server with a mailbox for each desk, and an SMTP server that delivers to it and to the sink.

    What was sent to end users is in `folder`/sink. Between runs what no one took in is in `folder`/spool.
    """

    def __init__(self, folder: Path, users: list[str], password: str) -> None:
        self.sink = Sink(folder / "sink")
        self._folder = folder
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=_run, args=(self._loop,), name="demo-mail", daemon=True)
        self._users, self._password = users, password
        self._servers: list[Server] = []
        self._boxes: imap.ImapBoxes | None = None

    def start(self, wanted: Ports | None = None) -> Ports:
        """Listen and return where. A wanted port that is taken is replaced by a free one."""
        # our own clients and servers are quiet about what they carry
        for name in ("mail.log", "mail.debug", "pymap", "asyncio"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        self._thread.start()
        ports = self._wait(self._start(wanted or Ports()))
        write_ports(self._folder, ports)
        return ports

    def stop(self) -> None:
        """Close, and keep what is still in the mailboxes for the next start."""
        if self._thread.is_alive():
            self._wait(self._stop())
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(5)
        forget_ports(self._folder)

    async def _start(self, wanted: Ports) -> Ports:
        boxes = self._boxes = await imap.open_boxes(self._users, self._password)
        await imap.restore(boxes, self._folder / "spool")
        handler = smtp.Handler(frozenset(self._users), boxes.deliver, self.sink)
        imap_port = await self._listen(lambda port: imap.serve_imap(boxes, HOST, port), wanted.imap)
        smtp_port = await self._listen(lambda port: smtp.serve_smtp(handler, HOST, port), wanted.smtp)
        return Ports(imap_port, smtp_port)

    async def _listen(self, listen: Listen, wanted: int) -> int:
        try:
            server = await listen(wanted)
        except OSError:  # taken, or not ours to take
            server = await listen(0)
        self._servers.append(server)
        return int(server.sockets[0].getsockname()[1])

    async def _stop(self) -> None:
        for server in self._servers:
            server.close()
        if self._boxes:
            await imap.save(self._boxes, self._folder / "spool")
        talks = asyncio.all_tasks() - {asyncio.current_task()}
        for talk in talks:
            talk.cancel()
        if talks:
            await asyncio.wait(talks, timeout=2)

    def _wait(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)


def _run(loop: AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    loop.run_forever()
    loop.close()
