"""A real SMTP server for tests: keeps what it takes, and fails where it is told to."""

import asyncio
import email
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from enum import StrEnum
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from tests.support.ports import free_port


class Step(StrEnum):
    CONNECT = "connect"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"  # before the 354
    CONTENT = "content"  # after the 354, in the middle of the mail; with a delay: reads nothing for so long
    END = "end"  # after the whole mail


@dataclass
class Fault:
    """What goes wrong at a step: an answer, a closed socket, a wait; `keep`: the mail is taken all the same."""

    at: Step
    reply: str = ""
    close: bool = False
    delay: float = 0
    keep: bool = False
    only: str = ""  # for this recipient; from RCPT on
    after: int = 0  # not on the first so many
    times: int = 1_000_000


@dataclass(frozen=True)
class Taken:
    """A mail that the server has taken."""

    mail_from: str
    recipients: list[str]
    content: bytes

    @property
    def message(self) -> EmailMessage:
        return email.message_from_bytes(self.content, policy=policy.default)  # type: ignore[return-value]


@dataclass
class SmtpServer:
    """Runs in a thread on the loopback. `faults` may be changed while it runs."""

    port: int = 0
    host: str = "127.0.0.1"
    tls: ssl.SSLContext | None = None
    starttls: ssl.SSLContext | None = None
    sign_in: tuple[str, str] | None = None
    faults: list[Fault] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    connections: int = 0

    def __enter__(self) -> "SmtpServer":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        self.port = self.port or free_port()
        self._loop = asyncio.new_event_loop()
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        self._thread.start()
        assert ready.wait(10)

    def stop(self) -> None:
        """From now on connections are refused."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(10)

    def fault(self, at: Step, reply: str = "", **more: Any) -> None:
        self.faults.append(Fault(at, reply, **more))

    def due(self, at: Step, recipient: str = "") -> Fault | None:
        for fault in self.faults:
            if fault.at is not at or fault.times <= 0 or fault.only not in ("", recipient):
                continue
            if fault.after > 0:
                fault.after -= 1
                continue
            fault.times -= 1
            return fault
        return None

    def _run(self, ready: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        listening = self._loop.run_until_complete(
            self._loop.create_server(lambda: _Protocol(self), self.host, self.port, ssl=self.tls)
        )
        ready.set()
        self._loop.run_forever()
        listening.close()
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        self._loop.close()


class _Handler:
    def __init__(self, server: SmtpServer) -> None:
        self.server = server

    async def handle_DATA(self, protocol: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        fault = self.server.due(Step.END, envelope.rcpt_tos[0])
        if fault is None or fault.keep or (fault.delay and not fault.reply and not fault.close):
            self.server.taken.append(
                Taken(envelope.mail_from or "", envelope.rcpt_tos, envelope.original_content or b"")
            )
        if fault is None:
            return "250 2.0.0 OK"
        await asyncio.sleep(fault.delay)
        if fault.close:
            protocol.transport.abort()
        return fault.reply or "250 2.0.0 OK"


class _Protocol(SMTP):
    def __init__(self, server: SmtpServer) -> None:
        super().__init__(
            _Handler(server),
            tls_context=server.starttls,
            authenticator=self._check if server.sign_in else None,
            auth_require_tls=False,
            hostname="mx.test",
        )
        self.sink = server

    def _check(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, data: Any
    ) -> AuthResult:
        user, password = self.sink.sign_in or ("", "")
        good = (data.login, data.password) == (user.encode(), password.encode())
        return AuthResult(success=good, handled=False)  # not handled: the server answers, 235 or 535

    def connection_made(self, transport: Any) -> None:
        self.sink.connections += 1
        fault = self.sink.due(Step.CONNECT)
        if fault is None:
            super().connection_made(transport)
            return
        if fault.reply:
            transport.write(fault.reply.encode() + b"\r\n")
            transport.close()
        else:
            transport.abort()

    def connection_lost(self, error: Exception | None) -> None:
        if self.transport is not None:
            super().connection_lost(error)

    async def _fails(self, at: Step) -> bool:
        recipients = self.envelope.rcpt_tos if self.envelope else []
        fault = self.sink.due(at, recipients[0] if recipients else "")
        if fault is None:
            return False
        await asyncio.sleep(fault.delay)
        if fault.close:
            self.transport.abort()
        elif fault.reply:
            await self.push(fault.reply)
        return fault.close or bool(fault.reply)

    async def smtp_MAIL(self, arg: str) -> None:  # noqa: N802
        if not await self._fails(Step.MAIL):
            await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg: str) -> None:  # noqa: N802
        recipient = arg.partition("<")[2].partition(">")[0]
        fault = self.sink.due(Step.RCPT, recipient)
        if fault is None:
            await super().smtp_RCPT(arg)
            return
        await asyncio.sleep(fault.delay)
        if fault.close:
            self.transport.abort()
        else:
            await self.push(fault.reply)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        if await self._fails(Step.DATA):
            return
        fault = self.sink.due(Step.CONTENT, self.envelope.rcpt_tos[0])
        if fault is not None and fault.delay:
            self.transport.pause_reading()
            asyncio.get_running_loop().call_later(fault.delay, self.transport.resume_reading)
        if fault is None or fault.delay:
            await super().smtp_DATA(arg)
            return
        await self.push("354 go on")
        await self._reader.readuntil(b"\r\n")
        self.transport.abort()


Serve = Callable[..., SmtpServer]
