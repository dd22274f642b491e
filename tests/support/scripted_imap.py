"""A server that says lines from a script: for what no server at hand would say (throttling, an attacker's greeting)."""

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Scripted:
    """A running script. `heard` holds what clients sent."""

    port: int
    heard: list[bytes] = field(default_factory=list)
    connections: int = 0


Answer = bytes | list[bytes]


@contextmanager
def scripted(greeting: bytes, answers: Sequence[tuple[bytes, Answer]]) -> Iterator[Scripted]:
    """Greet, then answer each command with the first of `answers` whose word it contains.

    TAG stands for its tag, LAST for that of the command before. Of a list each is said once, in order and over
    all connections, and the last one from then on. After `* BYE` the line is closed.
    """
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = Scripted(listener.getsockname()[1])
        threading.Thread(target=_serve, args=(listener, greeting, list(answers), server), daemon=True).start()
        yield server


def _serve(
    listener: socket.socket, greeting: bytes, answers: list[tuple[bytes, Answer]], server: Scripted
) -> None:
    while True:
        try:
            client, _ = listener.accept()
        except OSError:
            return
        server.connections += 1
        with client, client.makefile("rb") as lines:
            client.sendall(greeting + b"\r\n")
            tag = b""
            for line in lines:
                server.heard.append(line)
                last, tag = tag, line.split(b" ", 1)[0]
                answer = next((_next(reply) for word, reply in answers if word in line), b"TAG BAD unknown")
                client.sendall(answer.replace(b"TAG", tag).replace(b"LAST", last) + b"\r\n")
                if b"* BYE" in answer:
                    break


def _next(reply: Answer) -> bytes:
    if isinstance(reply, bytes):
        return reply
    return reply.pop(0) if len(reply) > 1 else reply[0]
