"""A demo in a process of its own, and a browser and a mail client to it."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any, TypeVar
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

from click.testing import CliRunner

from helpdesk.cli import main
from tests.support.ports import free_port

HELPDESK = [str(Path(sys.executable).parent / "helpdesk")]
T = TypeVar("T")


def eventually(look: Callable[[], T | None], seconds: float = 30) -> T:
    """What `look` finds within that time; fails when it finds nothing."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = look()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"not within {seconds} s")


@dataclass
class Browser:
    """Keeps cookies and sends the CSRF token of the page it last read."""

    base: str
    opener: OpenerDirector = field(default_factory=lambda: build_opener(HTTPCookieProcessor(CookieJar())))
    status: int = 0

    def get(self, path: str) -> str:
        return self._open(Request(self.base + path))  # noqa: S310 (our own server)

    def post(self, path: str, page: str, **fields: str) -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', page)
        data = urlencode({"csrf_token": found[1] if found else "", **fields}).encode()
        return self._open(Request(self.base + path, data))  # noqa: S310

    def sign_in(self, email: str, password: str) -> str:
        page = self.get("/sign-in")
        return self.post("/sign-in", page, email=email, password=password)

    def _open(self, request: Request) -> str:
        try:
            with self.opener.open(request, timeout=20) as answer:
                self.status = answer.status
                return str(answer.read().decode())
        except HTTPError as fault:
            self.status = fault.code
            return fault.read().decode()


@dataclass
class Demo:
    """A running demo."""

    folder: Path
    port: int
    process: "subprocess.Popen[str]"
    env: dict[str, str]
    output: Path

    @property
    def smtp_port(self) -> int:
        return int(json.loads((self.folder / "running.json").read_text())["smtp"])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def browser(self) -> Browser:
        return Browser(self.url)

    def command(self, *arguments: str, stdin: str = "") -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [*HELPDESK, *arguments], input=stdin, capture_output=True, text=True, env=self.env, timeout=60,
            cwd=self.folder.parent,
        )  # fmt: skip

    def rows(self, *arguments: str) -> list[dict[str, Any]]:
        """What a command lists, run in this process, which is faster than a new one for each look."""
        done = CliRunner().invoke(main, [*arguments, "--json"], env=self.env)
        assert done.exit_code == 0, done.output
        return [json.loads(line) for line in done.stdout.splitlines()]

    def ticket(self, subject: str) -> dict[str, Any] | None:
        rows = self.rows("tickets", "list", "--state", "all")
        return next((row for row in rows if row["subject"] == subject), None)

    def sunk(self, to: str) -> list[EmailMessage]:
        """What this end user got, newest first."""
        files = sorted((self.folder / "sink").glob(f"*-{to}.eml"), reverse=True)
        return [BytesParser(policy=policy.default).parsebytes(file.read_bytes()) for file in files]

    def stop(self) -> int:
        """The exit code. A demo that does not end says where each of its threads is."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGABRT)  # PYTHONFAULTHANDLER writes the stacks
            self.process.wait(10)
            raise AssertionError(f"not ended within 60 s:\n{self.output.read_text()}") from None


@contextmanager
def running_demo(folder: Path) -> Iterator[Demo]:
    """Start `helpdesk run` without settings, and wait until it says where it is."""
    port = free_port()
    env = {
        **os.environ,
        "HELPDESK_DATA_FOLDER": str(folder),
        "HELPDESK_WEB__PORT": str(port),
        "HELPDESK_PII__WORKERS": "1",
        "PYTHONFAULTHANDLER": "1",
    }
    env.pop("HELPDESK_SETTINGS", None)
    folder.parent.mkdir(parents=True, exist_ok=True)
    output = folder.parent / f"output-{port}.txt"
    with output.open("w") as file:
        process = subprocess.Popen(
            [*HELPDESK, "run"], stdout=file, stderr=file, text=True, env=env, cwd=folder.parent
        )
    try:
        demo = Demo(folder, port, process, env, output)
        eventually(lambda: "Be the end user" in output.read_text() or process.poll() is not None)
        assert process.poll() is None, output.read_text()
        yield demo
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(30)
