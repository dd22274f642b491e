"""A real PostgreSQL for the tests: its own cluster in a temporary folder, gone afterwards."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.ports import free_port


def binaries() -> Path | None:
    """The folder with initdb and pg_ctl, newest first; None when PostgreSQL is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[4]))
    return found[-1].parent if found else None


@dataclass(frozen=True)
class Cluster:
    """A server of our own that can be stopped and started again."""

    folder: Path
    port: int
    durable: bool = False

    @property
    def url(self) -> str:
        """Without a database name."""
        return f"postgresql+psycopg://helpdesk@127.0.0.1:{self.port}"

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder}"
        options += "" if self.durable else " -c fsync=off"
        self._control("-w", "-l", self.folder / "log", "-o", options, "start")

    def stop(self) -> None:
        """At once, as if the machine had lost its power; what was committed is there after the next start."""
        self._control("-m", "immediate", "stop", check=False)

    def _control(self, *arguments: object, check: bool = True) -> None:
        _as_owner(self.folder, "pg_ctl", "-D", self.folder / "data", *arguments, check=check)


@contextmanager
def running(*, durable: bool = False) -> Iterator[Cluster]:
    """Start a cluster on a free port. `durable`: it writes to the disk, as one in use does."""
    folder = Path(tempfile.mkdtemp(prefix="helpdesk-pg-"))
    made = Cluster(folder, free_port(), durable)
    try:
        _as_owner(
            folder,
            "initdb",
            "-D",
            folder / "data",
            "-A",
            "trust",
            "-U",
            "helpdesk",
            "-E",
            "UTF8",
            "--no-sync",
        )
        made.start()
        yield made
    finally:
        made.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def cluster(*, durable: bool = False) -> Iterator[str]:
    """Start a cluster; yields a URL without a database name."""
    with running(durable=durable) as made:
        yield made.url


def _as_owner(folder: Path, program: str, *arguments: object, check: bool = True) -> None:
    """Run a program of PostgreSQL, which refuses to run as root."""
    found = binaries()
    assert found is not None
    owner = {}
    if os.geteuid() == 0:
        name = "postgres" if _has_user("postgres") else "nobody"
        shutil.chown(folder, name)
        owner = {"user": name}
    command = [str(found / program), *map(str, arguments)]
    subprocess.run(command, check=check, capture_output=True, cwd=folder, **owner)


def _has_user(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True
