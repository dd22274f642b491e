"""`helpdesk run` with a settings file: real IMAP and SMTP servers, started, stopped, and told apart from the demo."""

import ctypes
import os
import platform
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from helpdesk import config
from helpdesk.db import reading
from helpdesk.models import OutboxMail, Ticket
from helpdesk.services import start
from tests.conftest import need
from tests.demo.running import Browser, eventually
from tests.support import dovecot
from tests.support.dovecot import PASSWORD, MailUser
from tests.support.ports import free_port
from tests.support.smtp import SmtpServer

PROGRAM = str(Path(sys.executable).parent / "helpdesk")
pytestmark = [pytest.mark.slow, pytest.mark.server]
TGKILL = {"x86_64": 234, "aarch64": 131}  # Linux's number of the call that sends a signal to one thread

SETTINGS = """
data_folder = "{folder}"
[desks.it]
name = "IT Service Desk"
address = "servicedesk@northmoor.example"
prefix = "IT"
[mailboxes.it]
desk = "it"
address = "servicedesk@northmoor.example"
host = "127.0.0.1"
port = {imap}
tls = "plaintext"
user = "{user}"
password = "{password}"
poll_seconds = 1
[smtp]
host = "127.0.0.1"
port = {smtp}
tls = "plaintext"
[web]
port = {web}
[pii]
workers = 1
"""
MAIL = (
    b"From: Jo <jo@x.example>\r\nTo: servicedesk@northmoor.example\r\nSubject: Printer %d\r\n"
    b"Message-ID: <%d@x.example>\r\n\r\nThe printer on ward 4 jams.\r\n"
)


@pytest.fixture(scope="module")
def user() -> Iterator[MailUser]:
    need(dovecot.binary(), "Dovecot (dovecot-imapd)")
    with dovecot.running() as server:
        yield server.user()


@pytest.fixture
def write(tmp_path: Path, user: MailUser) -> Callable[..., Path]:
    def make(smtp_port: int, web_port: int = 0, password: str = PASSWORD) -> Path:
        file = tmp_path / "helpdesk.toml"
        file.write_text(
            SETTINGS.format(
                folder=tmp_path / "var", imap=user.server.port, user=user.name, password=password,
                smtp=smtp_port, web=web_port or free_port(),
            )
        )  # fmt: skip
        return file

    return make


@contextmanager
def _running(file: Path) -> Iterator["subprocess.Popen[str]"]:
    output = file.with_suffix(".txt")
    with output.open("w") as out:
        process = subprocess.Popen(
            [PROGRAM, "--settings", str(file), "run"],
            stdout=out,
            stderr=out,
            text=True,
            start_new_session=True,
        )
    try:
        eventually(lambda: "The helpdesk runs at" in output.read_text() or process.poll() is not None)
        assert process.poll() is None, output.read_text()
        yield process
    finally:
        if process.poll() is None:
            process.kill()
            process.wait(10)


def _tickets(file: Path) -> list[str]:
    services = start(config.load(file))
    with reading(services.sessions) as session:
        found = [ticket.subject for ticket in session.query(Ticket).order_by(Ticket.id)]
    services.engine.dispose()
    return found


def _outgoing(file: Path) -> list[str]:
    services = start(config.load(file))
    with reading(services.sessions) as session:
        found = [mail.state for mail in session.query(OutboxMail).order_by(OutboxMail.id)]
    services.engine.dispose()
    return found


def test_a_mail_in_the_mailbox_becomes_a_ticket_and_its_answer_goes_out(
    write: Callable[..., Path], user: MailUser
) -> None:
    with SmtpServer() as smtp:
        web_port = free_port()
        file = write(smtp.port, web_port)
        with _running(file) as process:
            user.deliver(MAIL % (1, 1))
            eventually(lambda: smtp.taken)
            assert _tickets(file) == ["Printer 1"]
            assert smtp.taken[0].recipients == ["jo@x.example"]
            browser = Browser(f"http://127.0.0.1:{web_port}")
            assert "Sign in" in browser.get("/sign-in")
            browser.get("/demo/")
            assert browser.status == 404  # nothing of the demo runs here
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0


def test_a_signal_that_the_kernel_hands_to_another_thread_ends_it_too(write: Callable[..., Path]) -> None:
    """It does so rarely, when the main thread has not yet taken note of another signal; here every time."""
    with SmtpServer() as smtp, _running(write(smtp.port)) as process:
        threads = {int(task.name) for task in Path(f"/proc/{process.pid}/task").iterdir()} - {process.pid}
        for thread in sorted(threads)[:1]:
            ctypes.CDLL(None).syscall(TGKILL[platform.machine()], process.pid, thread, int(signal.SIGTERM))
        assert process.wait(30) == 0


def test_a_dead_mail_server_loses_nothing_and_its_mails_go_out_later(
    write: Callable[..., Path], user: MailUser
) -> None:
    port = free_port()
    file = write(port)
    with _running(file) as process:
        user.deliver(MAIL % (2, 2))
        eventually(lambda: _tickets(file))
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    assert _outgoing(file) == ["queued"]
    with SmtpServer(port=port) as smtp, _running(file):
        eventually(lambda: len(smtp.taken) == 1)
        eventually(lambda: _outgoing(file) == ["sent"])


def test_a_wrong_password_is_logged_and_the_pages_are_served(write: Callable[..., Path]) -> None:
    web_port = free_port()
    file = write(free_port(), web_port, password="not-the-password")
    with _running(file):
        output = file.with_suffix(".txt")
        eventually(lambda: "refused the sign-in" in output.read_text())
        assert "not-the-password" not in output.read_text()
        assert "Sign in" in Browser(f"http://127.0.0.1:{web_port}").get("/sign-in")


def test_interrupting_everything_at_the_terminal_ends_it_in_order_and_quietly(
    write: Callable[..., Path], user: MailUser
) -> None:
    """Ctrl-C goes to the whole process group: the scanner's workers must not die of it before the service is done."""
    with SmtpServer() as smtp:
        file = write(smtp.port)
        with _running(file) as process:
            user.deliver(MAIL % (3, 3))
            eventually(lambda: smtp.taken)
            os.killpg(process.pid, signal.SIGINT)
            assert process.wait(20) == 0
        said = file.with_suffix(".txt").read_text()
        assert "Traceback" not in said
        assert said.rstrip().endswith("Stopped.")


def test_a_port_that_is_taken_ends_it_with_a_sentence(write: Callable[..., Path]) -> None:
    with SmtpServer() as other:
        file = write(free_port(), other.port)
        done = subprocess.run(
            [PROGRAM, "--settings", str(file), "run"], capture_output=True, text=True, timeout=30
        )
    assert done.returncode == 1
    assert f"127.0.0.1:{other.port}" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_sign_in_page_is_there_before_the_scanner_is(write: Callable[..., Path]) -> None:
    web_port = free_port()
    began = time.monotonic()
    with _running(write(free_port(), web_port)):
        assert "Sign in" in Browser(f"http://127.0.0.1:{web_port}").get("/sign-in")
        assert time.monotonic() - began < 10
