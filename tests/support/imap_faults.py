"""A TCP proxy before a server that cuts or stalls the line after a number of the server's bytes."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Line:
    """What happens on the line, to be changed between connections. `sent` counts the server's bytes, all told."""

    port: int
    cut_after: int | None = None  # bytes of one connection, then both ends are closed
    stall_after: int | None = None  # bytes of one connection, then silence
    cut_at: bytes = b""  # what a mail may say that breaks the line each time
    dribble_after: int | None = None  # bytes of one connection, then one byte at a time
    sent: int = 0
    connections: int = 0
    stalled: int = 0
    stop: threading.Event = field(default_factory=threading.Event)


@contextmanager
def faulty_line(server_port: int) -> Iterator[Line]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        line = Line(listener.getsockname()[1])
        threading.Thread(target=_accept, args=(listener, server_port, line), daemon=True).start()
        try:
            yield line
        finally:
            line.stop.set()
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)


def _accept(listener: socket.socket, server_port: int, line: Line) -> None:
    while not line.stop.is_set():
        try:
            client, _ = listener.accept()
        except OSError:
            return
        line.connections += 1
        server = socket.create_connection(("127.0.0.1", server_port))
        threading.Thread(target=_copy, args=(client, server), daemon=True).start()
        threading.Thread(target=_copy_faultily, args=(server, client, line), daemon=True).start()


def _copy(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    _close(source, target)


def _copy_faultily(server: socket.socket, client: socket.socket, line: Line) -> None:
    passed = 0
    with contextlib.suppress(OSError):
        while data := server.recv(65536):
            if line.dribble_after is not None and passed >= line.dribble_after:
                _dribble(client, data, line)
            if line.cut_at and line.cut_at in data:
                break
            end = next((n for n in (line.cut_after, line.stall_after) if n is not None), None)
            data = data if end is None else data[: max(0, end - passed)]
            client.sendall(data)
            passed += len(data)
            line.sent += len(data)
            if end is not None and passed >= end:
                if line.cut_after is None:
                    line.stalled += 1
                    line.stop.wait(60)
                break
    _close(server, client)


def _dribble(client: socket.socket, data: bytes, line: Line) -> None:
    for start in range(len(data)):
        client.sendall(data[start : start + 1])
        if line.stop.wait(0.05):
            return


def _close(*sockets: socket.socket) -> None:
    for one in sockets:
        with contextlib.suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
        one.close()
