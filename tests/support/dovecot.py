"""A real Dovecot for the tests: its own configuration in a temporary folder, Maildir, free ports, gone afterwards.

It runs as an ordinary user (nobody, when the tests run as root). Any user signs in with the
password `secret`, so each test takes a user of its own.
"""

import grp
import itertools
import os
import pwd
import re
import shutil
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.authority import Certificates, make_certificates
from tests.support.ports import free_port

PASSWORD = "secret"
_UIDVALIDITIES = itertools.count(int(time.time()) + 1_000)

CONFIG_2_4 = """
dovecot_config_version = {version}
dovecot_storage_version = {version}
base_dir = {folder}/run
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
auth_allow_cleartext = yes
auth_mechanisms = plain login{token_mechanism}
auth_failure_delay = 0
{oauth2}
ssl = yes
ssl_server_cert_file = {certificate}
ssl_server_key_file = {key}
mail_driver = maildir
mail_home = {folder}/mail/%{{user}}
mail_path = ~/Maildir
mail_uid = {user}
mail_gid = {group}
first_valid_uid = 1
first_valid_gid = 1
mail_plugins {{
  acl = yes
}}
acl_driver = vfile
acl_cache_ttl = 0
protocol imap {{
  mail_plugins {{
    imap_acl = yes
  }}
  mail_max_userip_connections = 50
  imap_capability {{
{capabilities}
  }}
}}
passdb static {{
  password = "{password}"
}}
userdb static {{
  fields {{
    uid = {user}
    gid = {group}
    home = {folder}/mail/%{{user}}
  }}
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  restart_request_count = unlimited
  process_min_avail = 1
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
namespace inbox {{
  inbox = yes
  prefix = {prefix}
  separator = {separator}
}}
"""

OAUTH2_2_4 = """
oauth2 {{
  introspection_mode = post
  introspection_url = {introspection}
  username_attribute = username
  active_attribute = active
  active_value = true
}}
"""

# Ubuntu 24.04 has 2.3, whose settings have other names.
CONFIG_2_3 = """
base_dir = {folder}/run
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{key}
mail_home = {folder}/mail/%u
mail_location = maildir:~/Maildir
mail_uid = {user}
mail_gid = {group}
first_valid_uid = 1
first_valid_gid = 1
mail_plugins = acl
plugin {{
  acl = vfile:cache_secs=0
}}
protocol imap {{
  mail_plugins = acl imap_acl
  mail_max_userip_connections = 50
{capability_line}
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/mail/%u
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
service imap-login {{
  chroot =
  service_count = 0
  process_min_avail = 1
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
namespace inbox {{
  inbox = yes
  prefix = {prefix}
  separator = {separator}
}}
"""


@dataclass(frozen=True)
class Dovecot:
    """A running server."""

    folder: Path
    port: int
    tls_port: int
    owner: tuple[int, int]
    certificates: Certificates

    def user(self) -> "MailUser":
        """A new user with an empty INBOX."""
        user = MailUser(self, f"user-{uuid.uuid4().hex[:10]}")
        user.maildir.parent.mkdir()
        for sub in ("", "cur", "new", "tmp"):
            (user.maildir / sub).mkdir()
        for path in (user.maildir.parent, user.maildir, *user.maildir.iterdir()):
            os.chown(path, *self.owner)
        user._number_from()
        return user

    def log(self) -> str:
        return (self.folder / "log").read_text(errors="replace")


@dataclass(frozen=True)
class MailUser:
    """One account; its mails are files."""

    server: Dovecot
    name: str

    @property
    def maildir(self) -> Path:
        return self.server.folder / "mail" / self.name / "Maildir"

    def deliver(self, *mails: bytes) -> list[Path]:
        """Put mails into the INBOX as a delivery agent does: written in tmp, renamed into new."""
        paths = []
        for raw in mails:
            name = f"{time.time_ns()}.{uuid.uuid4().hex[:8]}.test"
            written = self.maildir / "tmp" / name
            written.write_bytes(raw)
            os.chown(written, *self.server.owner)
            paths.append(written.rename(self.maildir / "new" / name))
        return paths

    def files(self, folder: str = "INBOX") -> list[Path]:
        """The mails of a folder as files."""
        base = self.maildir if folder == "INBOX" else self.maildir / f".{folder}"
        return sorted(p for part in ("cur", "new") for p in (base / part).glob("*"))

    def raws(self, folder: str = "INBOX") -> list[bytes]:
        return [path.read_bytes() for path in self.files(folder)]

    def grant(self, rights: str) -> None:
        """Leave the owner only these rights on the INBOX (RFC 4314 letters)."""
        path = self.maildir / "dovecot-acl"
        path.write_text(f"owner {rights}\n")
        os.chown(path, *self.server.owner)

    def forget_uids(self) -> None:
        """Lose the index, as a restore from backup does: the server starts with a new UIDVALIDITY."""
        for path in self.maildir.glob("dovecot*"):
            path.unlink()
        self._number_from()

    def _number_from(self) -> None:
        """Name the next UIDVALIDITY: left to itself the server counts seconds, and tests are faster than that."""
        number = f"{next(_UIDVALIDITIES):08x}"
        for name, text in (("dovecot-uidvalidity", number), (f"dovecot-uidvalidity.{number}", "")):
            (self.maildir / name).write_text(text)
            os.chown(self.maildir / name, *self.server.owner)


def takes_tokens() -> bool:
    """True for 2.4, whose settings for OAuth 2.0 we know."""
    return binary() is not None and not _version().startswith("2.3.")


def binary() -> Path | None:
    """The server's program, or None when it is not installed."""
    found = Path("/usr/sbin/dovecot")
    return found if found.exists() and Path("/usr/lib/dovecot/imap").exists() else None


@contextmanager
def running(
    *,
    prefix: str = "",
    separator: str = "/",
    without: tuple[str, ...] = (),
    password: str = PASSWORD,
    introspection: str = "",
    more: str = "",
) -> Iterator[Dovecot]:
    """Start a server. `prefix` and `separator` shape its personal namespace; `without` names capabilities it hides.

    `more`: further settings, with `{user}` for the account that it runs as.
    `introspection`: where it asks whether a token is good (RFC 7662); it then offers XOAUTH2 (2.4 only).
    """
    # Not pytest's folder: that is closed to other users, and sockets want short paths.
    folder = Path(tempfile.mkdtemp(prefix="hd-imap-"))
    name, uid, gid = _owner()
    process = None
    try:
        (folder / "mail").mkdir()
        certificates = make_certificates(folder)
        port, tls_port = free_port(), free_port()
        config = folder / "dovecot.conf"
        config.write_text(
            _config(
                folder=folder,
                user=name,
                group=grp.getgrgid(gid).gr_name,
                certificate=certificates.server,
                key=certificates.key,
                password=password.replace("\\", "\\\\").replace('"', '\\"'),
                port=port,
                tls_port=tls_port,
                prefix=prefix,
                separator=separator,
                without=without,
                introspection=introspection,
            )
            + more.replace("{user}", name)
        )
        for path in (folder, *folder.iterdir()):
            os.chown(path, uid, gid)
        process = _start(config, uid, gid)
        server = Dovecot(folder, port, tls_port, (uid, gid), certificates)
        _wait_for(server)
        yield server
    finally:
        if process is not None:
            process.terminate()
            process.wait(10)
        shutil.rmtree(folder, ignore_errors=True)


def _config(*, prefix: str, without: tuple[str, ...], introspection: str, **values: object) -> str:
    version = _version()
    values |= {"version": version, "prefix": prefix}
    values["capabilities"] = "\n".join(f"    {name} = no" for name in without)
    values["token_mechanism"] = " xoauth2" if introspection else ""
    values["oauth2"] = OAUTH2_2_4.format(introspection=introspection) if introspection else ""
    values["capability_line"] = _capability_line(without)
    return (CONFIG_2_3 if version.startswith("2.3.") else CONFIG_2_4).format(**values)


def _version() -> str:
    version = subprocess.run(["/usr/sbin/dovecot", "--version"], capture_output=True, text=True).stdout
    number = re.match(r"(\d+\.\d+\.\d+)", version)
    assert number is not None, version
    return number.group(1)


def _capability_line(without: tuple[str, ...]) -> str:
    """2.3 takes a whole list only."""
    known = ("IMAP4rev1", "SASL-IR", "ID", "ENABLE", "IDLE", "CHILDREN", "NAMESPACE", "UIDPLUS", "MOVE")
    left = " ".join(name for name in known if name not in without)
    return f"  imap_capability = {left}" if without else ""


def _owner() -> tuple[str, int, int]:
    entry = pwd.getpwuid(os.geteuid()) if os.geteuid() else pwd.getpwnam("nobody")
    return entry.pw_name, entry.pw_uid, entry.pw_gid


def _start(config: Path, uid: int, gid: int) -> subprocess.Popen[bytes]:
    as_owner = {"user": uid, "group": gid, "extra_groups": []} if os.geteuid() == 0 else {}
    return subprocess.Popen(
        ["/usr/sbin/dovecot", "-F", "-c", str(config)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=config.parent,
        **as_owner,
    )


def _wait_for(server: Dovecot, seconds: float = 10) -> None:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        try:
            with socket.create_connection(("127.0.0.1", server.port), timeout=1) as s:
                if s.recv(4) == b"* OK":
                    return
        except OSError:
            time.sleep(0.02)
    raise AssertionError(f"Dovecot did not start:\n{server.log()}")
