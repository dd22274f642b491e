"""The doctor looks at everything, says what is wrong and how to mend it, and shows no secret."""

import base64
import json
from typing import Any

import pytest
from click.testing import CliRunner

from helpdesk import config
from helpdesk.cli import main
from helpdesk.cli.checks import machine, mail, scanner, storage
from helpdesk.cli.checks.values import Level
from helpdesk.db import writing
from tests.cli.conftest import Line
from tests.pii.rampart.models import TINY, fingerprint
from tests.support.smtp import SmtpServer


def _findings(output: str) -> dict[str, set[str]]:
    """The levels of the findings by their subject."""
    levels: dict[str, set[str]] = {}
    for row in map(json.loads, output.splitlines()):
        levels.setdefault(row["subject"], set()).add(row["level"])
    return levels


def test_everything_is_looked_at_and_servers_that_do_not_answer_are_faults(line: Line) -> None:
    done = line("doctor", "--json")
    assert done.exit_code == 1
    levels = _findings(done.stdout)
    assert levels["mailbox it"] == levels["smtp"] == {"fault"}
    for subject in ("settings", "disk", "clock", "database", "keys", "templates", "scanner"):
        assert levels[subject] == {"ok"}, subject
    assert levels["documents"] <= {"ok", "warning"}
    assert "hush-hush" not in done.output


def test_secrets_are_stars(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("helpdesk.cli.doctor.CHECKS", (mail.smtp,))
    done = line("doctor", "--show")
    assert '"password": "**********"' in done.stdout
    assert "hush-hush" not in done.output
    assert "FAULT" in done.stdout
    assert "1 thing does not work" in done.stdout


def test_faulty_settings_are_a_finding(line: Line) -> None:
    line.file.write_text("colour = 'blue'")
    (row,) = map(json.loads, line("doctor", "--json").stdout.splitlines())
    assert (row["subject"], row["level"]) == ("settings", "fault")
    assert "colour" in row["sentence"]


def test_a_key_file_that_others_can_read_is_a_fault(line: Line) -> None:
    line.services.settings.key_file.chmod(0o644)
    (finding, *_) = storage.keys(line.services.settings)
    assert finding.level is Level.FAULT
    assert "chmod 600" in finding.sentence


def test_a_key_that_does_not_open_what_is_stored_is_a_fault(line: Line) -> None:
    with writing(line.services.sessions) as session:
        line.services.vault.put(session, b"x")
    key = CliRunner().invoke(main, ["doctor", "--new-key"]).stdout
    line.services.settings.key_file.write_text(key)
    assert [finding.level for finding in storage.keys(line.services.settings)] == [Level.OK, Level.FAULT]


def test_a_new_key_is_32_bytes_and_needs_no_settings(line: Line) -> None:
    line.file.write_text("not toml at all [")
    assert len(base64.urlsafe_b64decode(line("doctor", "--new-key").stdout)) == 32


def test_it_tells_which_models_find_names() -> None:
    (packaged,) = scanner.scanner(config.Settings())
    assert "names by en_core_web_md)" in packaged.sentence
    both = config.Pii(names_model=TINY, names_model_sha256=fingerprint(TINY))
    (finding,) = scanner.scanner(config.Settings(pii=both))
    assert (finding.level, "names by en_core_web_md and Rampart)" in finding.sentence) == (Level.OK, True)


def test_a_names_model_that_is_not_the_one_expected_is_a_fault() -> None:
    (finding,) = scanner.scanner(config.Settings(pii=config.Pii(names_model=TINY)))
    assert finding.level is Level.FAULT
    assert "unpack the wheel" in finding.sentence


def test_nothing_is_made_by_looking(tmp_path: Any) -> None:
    settings = config.load(None, data_folder=tmp_path / "not-there")
    for check in (machine.disk, storage.database, storage.keys):
        assert all(finding.level is not Level.FAULT for finding in check(settings))
    assert not (tmp_path / "not-there").exists()


def test_an_old_database_is_told_to_upgrade(line: Line) -> None:
    assert line("db", "downgrade", "base", "--yes").exit_code == 0
    (finding,) = storage.database(line.services.settings)
    assert "helpdesk db upgrade" in finding.sentence


@pytest.mark.parametrize(
    ("limits", "levels"),
    [
        ({}, ["ok"]),  # 20 MB of files; the server says that it takes mails of 32 MB
        ({"written_files_bytes": 30_000_000}, ["ok", "warning"]),
        ({"written_files_bytes": 30_000_000, "written_files": 0}, ["ok"]),
    ],
)
def test_files_that_the_mail_server_would_not_take_are_told_of(
    settings: config.Settings, limits: dict[str, int], levels: list[str]
) -> None:
    with SmtpServer() as server:
        smtp = config.Server(host="127.0.0.1", port=server.port, tls="plaintext")
        changed = settings.limits.model_copy(update=limits)
        found = list(mail.smtp(settings.model_copy(update={"smtp": smtp, "limits": changed})))
    assert [one.level.value for one in found] == levels
    if "warning" in levels:
        assert "takes mails of 33,554,432 bytes" in found[1].sentence
        assert "set limits.written_files_bytes to 24300940 or less" in found[1].sentence
