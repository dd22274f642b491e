"""The embedded SMTP server: takes the helpdesk's mails for end users, and theirs for the desks.

It stands for the organisation's mail system, so it also does what that does on the way in:
it takes out Authentication-Results in its own name and writes its own (RFC 8601 section 5),
and writes the Return-Path (RFC 5321 section 4.4).
"""

import re
from asyncio import Server, get_running_loop
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from email.utils import format_datetime, getaddresses
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from helpdesk.db import now
from helpdesk.demo.settings import AUTHSERV_ID, MAIL_PASSWORD, MAIL_USER
from helpdesk.demo.sink import Sink

# With this header an end user of the demo asks that the mail fail authentication, as a forged one would.
FORGED_HEADER = "X-Demo-Forged"
_OWN_RESULTS = re.compile(
    rb"^authentication-results:\s*" + re.escape(AUTHSERV_ID.encode()) + rb"\b.*\r?\n(?:[ \t].*\r?\n)*",
    re.IGNORECASE | re.MULTILINE,
)
LARGEST = 50 * 2**20


@dataclass(frozen=True)
class Handler:
    """Where each recipient's mail goes: a desk's mailbox, or the sink."""

    desks: frozenset[str]
    deliver: Callable[[str, bytes], Awaitable[None]]
    sink: Sink

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 (aiosmtpd's name)
        raw = received(envelope.original_content or b"", envelope.mail_from or "", _helo(session))
        for address in dict.fromkeys(to.lower() for to in envelope.rcpt_tos):
            desk = base_address(address)
            if desk in self.desks:
                await self.deliver(desk, raw)
            else:
                self.sink.put(address, raw)
        return "250 OK"


async def serve_smtp(handler: Handler, host: str, port: int) -> Server:
    """Listen. Raises OSError when the port is taken; port 0 takes a free one."""
    loop = get_running_loop()
    return await loop.create_server(lambda: _protocol(handler), host=host, port=port)


def base_address(address: str) -> str:
    """An address without its plus part."""
    local, _, domain = address.rpartition("@")
    return f"{local.split('+')[0]}@{domain}"


def received(raw: bytes, mail_from: str, helo: str) -> bytes:
    """The mail as the organisation's own server hands it on."""
    head, gap, body = _split(raw)
    head = _OWN_RESULTS.sub(b"", head)
    trace = [
        f"Return-Path: <{mail_from.strip('<>')}>",
        f"Received: from {helo} by {AUTHSERV_ID} with ESMTP; {format_datetime(now())}",
        f"Authentication-Results: {AUTHSERV_ID}; {_result(head)}",
    ]
    return "\r\n".join(trace).encode() + b"\r\n" + head + gap + body


def _split(raw: bytes) -> tuple[bytes, bytes, bytes]:
    ends = re.search(rb"\r?\n\r?\n", raw)
    if not ends:
        return raw, b"", b""
    first_line_end = raw.index(b"\n", ends.start()) + 1
    return raw[:first_line_end], raw[first_line_end : ends.end()], raw[ends.end() :]


def _result(head: bytes) -> str:
    text = head.decode("utf-8", "replace")
    found = re.search(r"^from:((?:.*\r?\n)(?:[ \t].*\r?\n)*)", text, re.IGNORECASE | re.MULTILINE)
    addresses = [address for _, address in getaddresses([found[1] if found else ""]) if "@" in address]
    domain = addresses[0].rpartition("@")[2].lower() if addresses else "unknown"
    safe = re.sub(r"[^a-z0-9.-]", "", domain) or "unknown"
    forged = re.search(rf"^{FORGED_HEADER}:", text, re.IGNORECASE | re.MULTILINE)
    return f"dmarc={'fail' if forged else 'pass'} header.from={safe}"


def _protocol(handler: Handler) -> SMTP:
    return SMTP(
        handler,
        hostname=AUTHSERV_ID,
        data_size_limit=LARGEST,
        enable_SMTPUTF8=True,
        auth_require_tls=False,
        authenticator=_signs_in,
    )


def _signs_in(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, who: Any) -> AuthResult:
    right = (who.login, who.password) == (MAIL_USER.encode(), MAIL_PASSWORD.encode())
    return AuthResult(success=right, handled=False)


def _helo(session: Session) -> str:
    return re.sub(r"[^A-Za-z0-9.-]", "", session.host_name or "") or "unknown"
