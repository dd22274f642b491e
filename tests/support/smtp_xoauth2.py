"""A real SMTP server that is signed in to by tokens, which it asks the token endpoint about."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from tests.support.ports import free_port
from tests.support.token_endpoint import TokenEndpoint

REFUSED = base64.b64encode(b'{"status":"401","schemes":"bearer"}').decode()


@dataclass
class Kept:
    """What the server took and refused. `handle_DATA` is aiosmtpd's hook."""

    port: int
    taken: list[bytes] = field(default_factory=list)
    signed_in: list[str] = field(default_factory=list)
    refused: int = 0

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.taken.append(envelope.original_content or b"")
        return "250 2.0.0 OK"


@contextmanager
def token_smtp(endpoint: TokenEndpoint) -> Iterator[Kept]:
    """Offers XOAUTH2 alone; refuses as Gmail does, with a challenge before the 535."""
    kept = Kept(free_port())

    class Protocol(SMTP):
        async def auth_XOAUTH2(self, _server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802
            user, bearer, *_ = base64.b64decode(args[1]).decode().split("\1")
            name = endpoint.knows(bearer.removeprefix("auth=Bearer "))
            if name and user == f"user={name}":
                kept.signed_in.append(name)
                return AuthResult(success=True, handled=False)
            kept.refused += 1
            assert await self.challenge_auth(REFUSED, encode_to_b64=False) == b""
            return AuthResult(success=False, handled=False)

    class OnPort(Controller):
        def factory(self) -> SMTP:
            return Protocol(
                kept,
                auth_require_tls=False,
                auth_exclude_mechanism=["LOGIN", "PLAIN"],
                hostname="mx.test",
            )

    server = OnPort(kept, hostname="127.0.0.1", port=kept.port)
    server.start()
    try:
        yield kept
    finally:
        server.stop()
