"""What goes wrong is one sentence on stderr that says what, where and what to do, and the exit code is 1."""

import errno
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from helpdesk.cli import main
from helpdesk.db import writing
from helpdesk.jobs.faults import sentence
from tests.cli.conftest import Line

DESK = '[desks.it]\nname = "IT"\naddress = "it@n.example"\nprefix = "IT"\n'

# the settings, and what the sentence must name
BAD_SETTINGS = {
    "not TOML": ("organisation = ", "is not TOML"),
    "unknown key": ('organization = "x"', "organization"),
    "unknown key in a table": (DESK + 'colour = "blue"', "desks.it.colour"),
    "wrong type": ("[web]\nport = 'high'", "web.port"),
    "port out of range": ("[web]\nport = 70000", "web.port"),
    "bad address": (DESK.replace("it@n.example", "nobody"), "desks.it.address"),
    "mailbox of no desk": (
        '[mailboxes.a]\ndesk = "x"\naddress = "a@n.example"\nhost = "h"',
        "mailboxes.a.desk",
    ),
    "one file larger than all": (
        "[limits]\nwritten_file_bytes = 3000\nwritten_files_bytes = 2000",
        "limits: written_file_bytes: one file may be larger than all together; make it written_files_bytes or less",
    ),
    "files that fill the memory": (
        "[limits]\nwritten_files_bytes = 200000000",
        "limits.written_files_bytes: is too large; write a number that is 104857600 or less",
    ),
    "a file larger than what is scanned": (
        "[pii.documents]\nfile_bytes = 1000000",
        "limits.written_file_bytes: a file so large is never scanned; make it pii.documents.file_bytes or less",
    ),
    "fewer files than none": ("[limits]\nwritten_files = -1", "limits.written_files: is too small"),
    "unknown database": ('database = "mysql://x"', "database"),
    "missing key": ('[smtp]\ntls = "tls"', "smtp.host"),
    "the demo in a file": ("demo = true", "demo"),
    "unknown time zone": ('timezone = "Mars/Base"', "timezone: not a time zone"),
    "a zone that is a path": ('timezone = "../zone"', "timezone: not a time zone"),
    "links that are no links": ('[web]\nbase_url = "javascript:alert(1)"', "web.base_url: not an address"),
    "a pattern that is none": ("[pii]\nhospital_number_patterns = ['(']", "pii.hospital_number_patterns.0"),
    "a policy that is not there": (
        '[pii]\npolicy = "/gone/policy.toml"',
        "pii.policy: /gone/policy.toml is not there",
    ),
    "plain words, unknown": ('organization = "x"', "organization: there is no such setting; mend its name"),
    "plain words, type": ("[web]\nport = 'high'", "web.port: is not a whole number"),
    "plain words, range": (
        "[web]\nport = 70000",
        "web.port: is too large; write a number that is 65535 or less",
    ),
    "plain words, choice": ('[smtp]\nhost = "h"\ntls = "ssl"', "write 'tls', 'starttls' or 'plaintext'"),
    "plain words, pattern": (DESK.replace('prefix = "IT"', 'prefix = "it"'), "desks.it.prefix: has letters"),
}

# a variable, and what the sentence must name
BAD_VARIABLES = {
    "HELPDESK_SMPT__HOST": ("hush-hush", "HELPDESK_SMPT__HOST: there is no such setting"),
    "HELPDESK_KEYS__MASTER": ("hush-hush", '"keys"'),
    "HELPDESK_SMTP__PORT": ("hush-hush", "smtp.port: is not a whole number"),
}


def _fails(file: Path, *arguments: str) -> str:
    done = CliRunner().invoke(main, ["--settings", str(file), *arguments])
    assert done.exit_code == 1, done.output
    assert isinstance(done.exception, SystemExit), done.exception
    return str(done.stderr)


@pytest.mark.parametrize(("text", "named"), BAD_SETTINGS.values(), ids=BAD_SETTINGS.keys())
@pytest.mark.parametrize("command", [("tickets", "list"), ("run",)], ids=["tickets", "run"])
def test_faulty_settings_are_named(
    write_settings: Callable[[str], Path], text: str, named: str, command: tuple[str, ...]
) -> None:
    assert named in _fails(write_settings(text), *command)


@pytest.mark.parametrize(("name", "value", "named"), [(name, *rest) for name, rest in BAD_VARIABLES.items()])
def test_a_faulty_variable_is_named_and_its_value_is_not(
    write_settings: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch, name: str, value: str, named: str
) -> None:
    monkeypatch.setenv(name, value)
    said = _fails(write_settings('[smtp]\nhost = "h"\n'), "tickets", "list")
    assert named in said
    assert value not in said


def test_a_settings_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert "gone.toml" in _fails(tmp_path / "gone.toml", "tickets", "list")


def test_a_secret_is_in_no_sentence(write_settings: Callable[[str], Path]) -> None:
    said = _fails(write_settings('[smtp]\nhost = "h"\nport = 0\npassword = "hush-hush"'), "tickets", "list")
    assert "smtp.port" in said
    assert "hush-hush" not in said


def test_an_empty_database_asks_for_an_upgrade(settings_file: Path) -> None:
    assert "helpdesk db upgrade" in _fails(settings_file, "tickets", "list")


def test_a_database_server_that_is_down_is_named_without_its_password(
    write_settings: Callable[[str], Path],
) -> None:
    said = _fails(
        write_settings('database = "postgresql+psycopg://u:hush-hush@127.0.0.1:9/x"'), "tickets", "list"
    )
    assert "127.0.0.1:9" in said
    assert "hush-hush" not in said


def test_a_file_that_is_no_database_is_said(settings_file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "var"
    folder.mkdir()
    (folder / "helpdesk.db").write_bytes(
        b"this is not a database, though it is long enough to be taken for one" * 20
    )
    assert "database" in _fails(settings_file, "tickets", "list")


def test_a_mailbox_server_that_is_down_is_named(line: Line) -> None:
    done = line("poll", "--once")
    assert done.exit_code == 1
    assert "127.0.0.1:9" in done.stderr
    assert "hush-hush" not in done.output


def test_an_unknown_mailbox_is_named(line: Line) -> None:
    assert "nope" in line.fails("poll", "--once", "--mailbox", "nope")


def test_a_full_database_is_a_full_disk(line: Line) -> None:
    """SQLite's own limit gives the very error that a full disk gives."""
    with writing(line.services.sessions) as session:
        pages = session.execute(text("PRAGMA page_count")).scalar_one()
        session.execute(text(f"PRAGMA max_page_count={pages}"))
        with pytest.raises(OperationalError) as caught:
            session.execute(
                text(
                    "INSERT INTO blobs (content, size, created_at) VALUES (zeroblob(9000000), 1, '2025-01-01')"
                )
            )
        assert "disk is full" in str(sentence(caught.value))
        session.rollback()


@pytest.mark.parametrize(
    ("number", "word"),
    [
        (errno.ENOSPC, "disk is full"),
        (errno.EDQUOT, "disk is full"),
        (errno.EACCES, "rights"),
        (errno.EROFS, "rights"),
        (errno.ECONNREFUSED, "does not answer"),
    ],
)
def test_a_fault_of_the_system_is_a_sentence(number: int, word: str) -> None:
    assert word in str(sentence(OSError(number, "x", "/some/file")))


def test_a_defect_of_ours_is_not_made_into_a_sentence() -> None:
    assert sentence(KeyError("x")) is None
    assert sentence(OSError(errno.EPIPE, "x")) is None


def test_a_full_disk_under_the_output_is_a_sentence(settings_file: Path) -> None:
    """/dev/full fails every write as a full disk does."""
    program = str(Path(sys.executable).parent / "helpdesk")
    command = [program, "--settings", str(settings_file), "templates", "preview", "closed"]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 1
    assert "The disk is full" in done.stderr
    assert "Traceback" not in done.stderr
