"""A disk that is really full: a sentence, a non-zero exit, and every mail either stored or still in its mailbox."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from imapclient import IMAPClient

from helpdesk.demo.ports import Ports
from helpdesk.demo.server import MailServers
from helpdesk.demo.write import Attached, EndUserMail, send
from tests.cli.conftest import SETTINGS

DESK = "servicedesk@northmoor.example"
MAILS = 12
MEBIBYTE = 2**20

# In a mount namespace of its own: a small disk, the database on it, a poll, then how many receipts there are.
SCRIPT = """
mount -t tmpfs -o size=6m none {folder} || exit 99
cp {template} {folder}/helpdesk.db
{helpdesk} --settings {settings} poll --once
echo "exit $?"
{python} - <<'END'
import sqlite3
print("receipts", sqlite3.connect("{folder}/helpdesk.db").execute("SELECT count(*) FROM receipts").fetchone()[0])
END
"""


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[Ports]:
    made = MailServers(tmp_path / "mail", [DESK], "hush-hush-imap")
    yield made.start(Ports(0, 0))
    made.stop()


@pytest.mark.slow
def test_mail_that_does_not_fit_stays_in_its_mailbox(
    tmp_path: Path, servers: Ports, sqlite_template: Path
) -> None:
    if not shutil.which("unshare"):
        pytest.skip("unshare (util-linux) is not installed")
    folder = tmp_path / "var"
    folder.mkdir()
    settings = tmp_path / "helpdesk.toml"
    text = SETTINGS.format(folder=folder).replace("port = 9", f"port = {servers.imap}", 1)
    settings.write_text(text.replace('user = "servicedesk"', f'user = "{DESK}"'))
    for number in range(MAILS):
        file = Attached(f"log-{number}.txt", (f"line {number} of a log\n" * 60_000)[:MEBIBYTE].encode())
        send(
            EndUserMail("jo@x.example", DESK, f"Log {number}", "See the log.", files=(file,)),
            "127.0.0.1",
            servers.smtp,
        )
    done = _on_a_small_disk(folder, settings, sqlite_template)
    if "exit" not in done.stdout:
        pytest.skip("this machine lets nobody mount a disk of their own")
    assert "exit 1" in done.stdout, done.stderr
    assert "The disk is full" in done.stderr
    assert "Traceback" not in done.stderr
    receipts = int(done.stdout.split()[-1])
    assert _left_in_the_mailbox(servers) >= MAILS - receipts
    assert receipts < MAILS


def _on_a_small_disk(folder: Path, settings: Path, template: Path) -> "subprocess.CompletedProcess[str]":
    helpdesk = Path(sys.executable).parent / "helpdesk"
    script = SCRIPT.format(
        folder=folder, template=template, helpdesk=helpdesk, settings=settings, python=sys.executable
    )
    return subprocess.run(
        ["unshare", "--map-root-user", "--mount", "sh", "-c", script],
        capture_output=True,
        text=True,
        timeout=120,
    )


def _left_in_the_mailbox(servers: Ports) -> int:
    with IMAPClient("127.0.0.1", servers.imap, ssl=False) as client:
        client.login(DESK, "hush-hush-imap")
        client.select_folder("INBOX", readonly=True)
        return len(client.search("ALL"))
