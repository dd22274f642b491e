"""`pii scan`: one JSON object a file, in the promised form, whatever the file is."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from helpdesk.cli import main
from helpdesk.cli.pii import as_row
from helpdesk.cli.pii_files import NoFiles, files_of
from helpdesk.pii.values import Finding, Reason, Severity, Unscannable, Verdict, Zone

KEYS = ["source", "verdict", "severity", "reasons", "findings", "unscannable", "seconds"]
CLEAN = b"From: jo@x.example\r\nTo: it@n.example\r\nSubject: Printer\r\n\r\nThe printer on ward 4 jams.\r\n"
BREACH = (
    b"From: jo@x.example\r\nSubject: Admission\r\n\r\n"
    b"Patient Harold Exampleton, NHS number 999 000 0026, date of birth 12/02/1948, was admitted.\r\n"
)


def _scan(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["pii", "scan", *arguments], env={"HELPDESK_SETTINGS": None})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "clean.eml").write_bytes(CLEAN)
    (tmp_path / "deep" / "breach.EML").write_bytes(BREACH)
    (tmp_path / "deep" / "er" / "notes.txt").write_text("The printer on ward 4 jams.\n")
    (tmp_path / ".hidden").write_text("x")
    return tmp_path


def test_a_folder_is_scanned_at_any_depth_one_object_a_line(folder: Path) -> None:
    done = _scan(str(folder), "--json")
    assert done.exit_code == 0, done.output
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [list(row) for row in rows] == [KEYS] * 3
    verdicts = {Path(row["source"]).name: row["verdict"] for row in rows}
    assert verdicts == {"clean.eml": "clear", "breach.EML": "hold", "notes.txt": "clear"}


def test_what_was_found_is_not_printed(folder: Path) -> None:
    assert "Exampleton" not in _scan(str(folder), "--json").output + _scan(str(folder)).output


def test_a_held_mail_names_its_rule_and_where(folder: Path) -> None:
    (row,) = [json.loads(_scan(str(folder / "deep" / "breach.EML"), "--json").stdout)]
    assert row["severity"] in ("low", "moderate", "high")
    for reason in row["reasons"]:
        assert list(reason) == ["rule", "category", "parts"]
    for finding in row["findings"]:
        assert list(finding) == ["entity", "part", "start", "end", "score"]


def test_what_cannot_be_scanned_is_held(tmp_path: Path) -> None:
    (tmp_path / "random.bin").write_bytes(bytes(range(256)) * 40)
    (tmp_path / "nothing.eml").write_bytes(b"")
    for line in _scan(str(tmp_path), "--json").stdout.splitlines():
        row = json.loads(line)
        assert (row["verdict"], bool(row["unscannable"])) == ("hold", True), row["source"]


def test_a_path_that_is_not_there_is_said(tmp_path: Path) -> None:
    done = _scan(str(tmp_path / "gone"))
    assert (done.exit_code, "gone" in done.stderr) == (1, True)


def test_an_empty_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(NoFiles):
        files_of([tmp_path])


def test_a_file_that_cannot_be_read_is_said_and_the_others_are_scanned(folder: Path) -> None:
    (folder / "clean.eml").unlink()
    (folder / "clean.eml").symlink_to("/proc/self/mem")  # a file whose reading fails for everybody
    done = _scan(str(folder), "--json")
    assert (done.exit_code, len(done.stdout.splitlines()), "clean.eml" in done.stderr) == (1, 2, True)


def test_the_row_of_a_verdict_is_as_promised() -> None:
    verdict = Verdict(
        True,
        Severity.HIGH,
        (Reason("NHS number", "patient", Severity.HIGH, ("body_text",)),),
        (Finding("NHS_NUMBER", "body_text", 3, 15, 0.95, Zone.BODY, "nhs", "checksum"),),
        (Unscannable("attachment:1", "encrypted"),),
        "7",
        0.25,
    )
    assert as_row("a.eml", verdict) == {
        "source": "a.eml",
        "verdict": "hold",
        "severity": "high",
        "reasons": [{"rule": "NHS number", "category": "patient", "parts": ["body_text"]}],
        "findings": [{"entity": "NHS_NUMBER", "part": "body_text", "start": 3, "end": 15, "score": 0.95}],
        "unscannable": [{"part": "attachment:1", "why": "encrypted"}],
        "seconds": 0.25,
    }
