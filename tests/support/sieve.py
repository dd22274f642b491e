"""A real autoresponder: Dovecot's delivery agent (LMTP) with Pigeonhole's `vacation` (RFC 5230).

A user whose Sieve script says that they are away; what their server sends by itself goes to `submission`.
"""

import os
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support import dovecot
from tests.support.dovecot import Dovecot, MailUser
from tests.support.ports import free_port

LMTP = Path("/usr/lib/dovecot/lmtp")
PLUGIN = Path("/usr/lib/dovecot/modules/lib90_sieve_plugin.so")
# As Debian's package would set it, on ports of our own.
SETTINGS = """
protocols {{
  imap = yes
  lmtp = yes
}}
service lmtp {{
  chroot =
  user = {{user}}
  inet_listener lmtp {{
    listen = 127.0.0.1
    port = {port}
  }}
}}
protocol lmtp {{
  auth_username_format = %{{user | username | lower}}
  mail_plugins {{
    sieve = yes
  }}
}}
userdb_static_allow_all_users = yes
hostname = mail.away.example
submission_host = 127.0.0.1:{submission}
sieve_script personal {{
  driver = file
  path = ~/sieve
  active_path = ~/away.sieve
}}
"""
SCRIPT = """require ["vacation"];
vacation :days 1 :addresses ["{address}"] "I am away until Monday. Your mail is not read before.";
"""


@dataclass(frozen=True)
class AwayServer:
    """A server whose users may be away."""

    dovecot: Dovecot
    port: int

    def person(self, *, away: bool = True) -> "Person":
        user = self.dovecot.user()
        made = Person(self, user, f"{user.name}@away.example")
        if away:
            script = user.maildir.parent / "away.sieve"
            script.write_text(SCRIPT.format(address=made.address))
            os.chown(script, *self.dovecot.owner)
        return made


@dataclass(frozen=True)
class Person:
    """One of its users."""

    server: AwayServer
    user: MailUser
    address: str

    def receive(self, mail_from: str, raw: bytes) -> None:
        """Hand a mail over as the last server on its way does (RFC 2033)."""
        with smtplib.LMTP("127.0.0.1", self.server.port, timeout=20) as lmtp:
            refused = lmtp.sendmail(mail_from, [self.address], raw)
        assert refused == {}, self.server.dovecot.log()


def installed() -> bool:
    """Whether the parts are there, in the version whose settings we know."""
    return dovecot.takes_tokens() and LMTP.exists() and PLUGIN.exists()


@contextmanager
def running(submission: int) -> Iterator[AwayServer]:
    port = free_port()
    with dovecot.running(more=SETTINGS.format(port=port, submission=submission)) as server:
        yield AwayServer(server, port)
