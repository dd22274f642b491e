"""A real PostgreSQL for the tests: its own cluster in a temporary folder, gone afterwards."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def binaries() -> Path | None:
    """The folder with initdb and pg_ctl, newest first; None when PostgreSQL is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[4]))
    return found[-1].parent if found else None


@contextmanager
def cluster() -> Iterator[str]:
    """Start a cluster on a free port; yields a URL without a database name."""
    folder = Path(tempfile.mkdtemp(prefix="helpdesk-pg-"))
    port = _free_port()
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
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
        _as_owner(folder, "pg_ctl", "-D", folder / "data", "-w", "-l", folder / "log", "-o", options, "start")
        yield f"postgresql+psycopg://helpdesk@127.0.0.1:{port}"
    finally:
        _as_owner(folder, "pg_ctl", "-D", folder / "data", "-m", "immediate", "stop", check=False)
        shutil.rmtree(folder, ignore_errors=True)


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


def _free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])
