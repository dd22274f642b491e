"""The real service in a process of its own."""

import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.place import DESK, Place
from tests.support.dovecot import PASSWORD
from tests.support.ports import free_port

PROGRAM = str(Path(sys.executable).parent / "helpdesk")
SECONDS_TO_START = 120
SETTINGS = """
data_folder = "{folder}"
database = "{database}"
[desks.it]
name = "IT Service Desk"
address = "{desk}"
prefix = "IT"
[mailboxes.it]
desk = "it"
address = "{desk}"
host = "127.0.0.1"
port = {port}
tls = "plaintext"
user = "{user}"
password = "{password}"
[web]
port = {web}
"""


@contextmanager
def serving(place: Place) -> Iterator[str]:
    """`helpdesk run` on this place; yields its address once mails are scanned."""
    process, address = launch(place)
    try:
        wait_for(process, lambda: "The scanner is ready" in log_of(place))
        yield address
    finally:
        process.terminate()
        process.wait(30)


def launch(place: Place) -> tuple["subprocess.Popen[bytes]", str]:
    """Start it; nothing is waited for."""
    port = free_port()
    file = place.folder / "helpdesk.toml"
    file.write_text(
        SETTINGS.format(
            folder=place.folder, database=place.services.settings.database_url, desk=DESK, web=port,
            port=place.user.server.port, user=place.user.name, password=PASSWORD,
        )
    )  # fmt: skip
    with (place.folder / "service.log").open("w") as log:
        process = subprocess.Popen([PROGRAM, "--settings", str(file), "run"], stdout=log, stderr=log)
    return process, f"http://127.0.0.1:{port}"


def log_of(place: Place) -> str:
    return (place.folder / "service.log").read_text()


def answers(address: str) -> bool:
    """True when the sign-in page is there."""
    try:
        with urllib.request.urlopen(f"{address}/sign-in", timeout=5) as page:  # noqa: S310 (our own server)
            return bool(page.status == 200)
    except OSError:
        return False


def wait_for(process: "subprocess.Popen[bytes]", look: Callable[[], bool]) -> None:
    ends = time.monotonic() + SECONDS_TO_START
    while not look():
        assert process.poll() is None, "the service ended by itself"
        assert time.monotonic() < ends, "the service did not start"
        time.sleep(0.02)
