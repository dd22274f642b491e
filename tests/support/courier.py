"""A real Courier for the tests: another server than Dovecot, with folders below INBOX, COPYUID and no MOVE.

Debian's courier-imap cannot be installed beside dovecot-imapd, so .ci/run only unpacks it. Courier signs users
in with a program that then turns into `imapd`; a few lines here stand for that program (as for authdaemond,
which would want the whole machine), and the real `imapd` speaks from there on.
"""

import itertools
import os
import shutil
import socket
import subprocess
import tempfile
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.support.dovecot import PASSWORD, MailUser

PLACES = (Path("/opt/helpdesk-tests/courier/usr/bin/imapd"), Path("/usr/bin/imapd"))
CAPABILITIES = "IMAP4rev1 UIDPLUS CHILDREN NAMESPACE IDLE"
SETTINGS = {
    "PROTOCOL": "IMAP",
    "IMAP_CAPABILITY": CAPABILITIES,
    "IMAP_KEYWORDS": "1",
    "IMAP_ACL": "1",
    "IMAP_USELOCKS": "1",
    "IMAP_IDLE_TIMEOUT": "1",
    "IMAP_ULIMITD": "131072",
    "TCPREMOTEIP": "127.0.0.1",
    "TCPREMOTEPORT": "1",
}
_UIDVALIDITIES = itertools.count(1_000)


@dataclass(frozen=True)
class Courier:
    """A running server; its users are those of tests.support.dovecot."""

    folder: Path
    port: int
    owner: tuple[int, int]

    def user(self) -> MailUser:
        """A new user with an empty INBOX."""
        user = CourierUser(self, f"user-{uuid.uuid4().hex[:10]}")  # type: ignore[arg-type]  # alike in what is used
        for sub in ("cur", "new", "tmp"):
            (user.maildir / sub).mkdir(parents=True)
        # Left to itself it takes the second as UIDVALIDITY, and tests are faster than that.
        (user.maildir / "courierimapuiddb").write_text(f"1 {next(_UIDVALIDITIES)} 1\n")
        return user


class CourierUser(MailUser):
    """Folders lie as Dovecot's do (`INBOX.Helpdesk-Done` is `.Helpdesk-Done`); mails with Unix line endings."""

    def deliver(self, *mails: bytes) -> list[Path]:
        return super().deliver(*[raw.replace(b"\r\n", b"\n") for raw in mails])

    def raws(self, folder: str = "INBOX") -> list[bytes]:
        """As they come over the line."""
        return [path.read_bytes().replace(b"\n", b"\r\n") for path in self.files(folder)]


def binary() -> Path | None:
    return next((place for place in PLACES if place.exists()), None)


@contextmanager
def running() -> Iterator[Courier]:
    folder = Path(tempfile.mkdtemp(prefix="hd-courier-"))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = Courier(folder, listener.getsockname()[1], (os.geteuid(), os.getegid()))
        threading.Thread(target=_accept, args=(listener, server), daemon=True).start()
        try:
            yield server
        finally:
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            shutil.rmtree(folder, ignore_errors=True)


def _accept(listener: socket.socket, server: Courier) -> None:
    while True:
        try:
            client, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_sign_in, args=(client, server), daemon=True).start()


def _sign_in(client: socket.socket, server: Courier) -> None:
    with client, suppress(OSError):
        client.sendall(f"* OK [CAPABILITY {CAPABILITIES}] Courier-IMAP ready\r\n".encode())
        while line := _line(client):
            tag, command, *words = line.split()
            if command.upper() == "CAPABILITY":
                client.sendall(f"* CAPABILITY {CAPABILITIES}\r\n{tag} OK done\r\n".encode())
            elif command.upper() == "LOGIN" and words[1].strip('"') == PASSWORD:
                _serve(client, server, tag, words[0].strip('"'))
                return
            else:
                client.sendall(f"{tag} NO Login failed.\r\n".encode())


def _line(client: socket.socket) -> str:
    """Byte by byte: what comes after the line is for imapd."""
    line = b""
    while not line.endswith(b"\n") and (byte := client.recv(1)):
        line += byte
    return line.decode()


def _serve(client: socket.socket, server: Courier, tag: str, user: str) -> None:
    home = server.folder / "mail" / user
    imapd = binary()
    assert imapd is not None
    who = {"AUTHENTICATED": user, "AUTHADDR": user, "HOME": str(home), "IMAPLOGINTAG": tag}
    subprocess.run(
        [str(imapd), "Maildir"],
        stdin=client,
        stdout=client,
        stderr=subprocess.DEVNULL,
        cwd=home,
        env={"PATH": os.environ["PATH"], **SETTINGS, **who},
        check=False,
    )
