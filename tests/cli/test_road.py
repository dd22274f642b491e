"""Import and poll bring mail onto the road; `db` moves the tables; templates are checked and shown."""

import json
import mailbox
from pathlib import Path

import pytest
from click.testing import CliRunner

from helpdesk.cli import main
from tests.cli.conftest import Line


def _mail(number: int, body: str = "The printer jams.") -> bytes:
    head = f"From: jo{number}@x.example\r\nTo: servicedesk@northmoor.example\r\nSubject: Request {number}\r\n"
    return f"{head}Message-ID: <{number}@x.example>\r\n\r\n{body}\r\n".encode()


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Two mails in files, two in an mbox, one in a Maildir."""
    folder = tmp_path / "mails"
    folder.mkdir()
    for number in (1, 2):
        (folder / f"{number}.eml").write_bytes(_mail(number))
    box = mailbox.mbox(folder / "some.mbox")
    for number in (3, 4):
        box.add(_mail(number))
    box.close()
    maildir = mailbox.Maildir(folder / "dir")
    maildir.add(_mail(5))
    return folder


def test_files_mbox_and_maildir_become_tickets_and_nothing_is_taken_in_twice(line: Line, files: Path) -> None:
    done = line("import", str(files), "--json")
    assert done.exit_code == 0, done.output
    (counts,) = [json.loads(row) for row in done.stdout.splitlines()]  # the progress bar is on stderr
    assert "Importing" in done.stderr
    assert (counts["found"], counts["processed"], counts["failed"]) == (5, 5, 0)
    assert {row["subject"] for row in line.rows("tickets", "list")} == {f"Request {n}" for n in range(1, 6)}
    again = line("import", str(files))
    assert (again.exit_code, "5 known already" in again.stdout) == (0, True)
    assert len(line.rows("tickets", "list")) == 5


def test_a_mail_that_is_too_large_is_named_and_the_exit_code_says_so(line: Line, tmp_path: Path) -> None:
    line.file.write_text(line.file.read_text() + "\n[limits]\nmail_bytes = 300\n")
    (tmp_path / "large.eml").write_bytes(_mail(9, "x" * 400))
    done = line("import", str(tmp_path / "large.eml"))
    assert done.exit_code == 1
    assert "large.eml" in done.stderr
    assert line.rows("tickets", "list") == []


def test_a_path_that_is_not_there_is_said(line: Line, tmp_path: Path) -> None:
    assert "gone" in line.fails("import", str(tmp_path / "gone"))


def test_the_database_goes_up_and_down(settings_file: Path) -> None:
    def run(*arguments: str) -> str:
        done = CliRunner().invoke(main, ["--settings", str(settings_file), "db", *arguments])
        assert done.exit_code == 0, done.output
        return done.stdout

    assert json.loads(run("current", "--json"))["same"] is False
    run("upgrade")
    assert json.loads(run("current", "--json"))["same"] is True
    run("downgrade", "base", "--yes")
    assert json.loads(run("current", "--json"))["database"] is None


def test_going_down_asks_first(line: Line) -> None:
    assert line("db", "downgrade", "base", stdin="n\n").exit_code == 1
    assert line.rows("db", "current")[0]["same"] is True


def test_templates_are_checked_and_shown(line: Line) -> None:
    assert line("templates", "check").exit_code == 0
    shown = line("templates", "preview", "acknowledgement").stdout
    assert shown.startswith("Subject: ")
    assert "IT Service Desk" in shown
    assert "<p>" in line("templates", "preview", "closed", "--html").stdout


def test_a_faulty_template_is_named(line: Line, tmp_path: Path) -> None:
    folder = tmp_path / "words"
    folder.mkdir()
    (folder / "closed.txt").write_text("Subject: x\n{{ password }}\n")
    line.file.write_text(
        line.file.read_text().replace('prefix = "IT"', f'prefix = "IT"\ntemplates = "{folder}"')
    )
    assert "closed.txt" in line.fails("templates", "check")


def test_a_desk_that_is_not_there_is_named(line: Line) -> None:
    assert "nope" in line.fails("templates", "preview", "closed", "--desk", "nope")
