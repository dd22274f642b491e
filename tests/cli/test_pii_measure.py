"""`pii evaluate` measures a labelled corpus, `pii explain` says how one verdict came about."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from helpdesk.cli import main

ROWS = [
    ("C1", "clean", "The printer on ward 4 jams."),
    ("B1", "breach", "Patient Harold Exampleton, NHS number 999 000 0026, was admitted with chest pain."),
]
MAIL = "From: jo@x.example\r\nSubject: Admission\r\n\r\n{}\r\n"


def _pii(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["pii", *arguments], env={"HELPDESK_SETTINGS": None})


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    file = tmp_path / "labelled.jsonl"
    rows = [
        {"id": name, "label": label, "category": "nhs_number", "subject": "Hello", "from": "Jo <jo@x.example>", "body_text": text}
        for name, label, text in ROWS
    ]  # fmt: skip
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return file


@pytest.fixture
def mail(tmp_path: Path) -> Path:
    file = tmp_path / "mail.eml"
    file.write_text(MAIL.format(ROWS[1][2]))
    return file


def test_recall_and_false_holds_are_measured(corpus: Path) -> None:
    done = _pii("evaluate", str(corpus), "--json")
    assert done.exit_code == 0, done.output
    report = json.loads(done.stdout)
    assert report["recall"] == {"part": 1, "whole": 1, "rate": 1.0}
    assert report["false_holds"] == {"part": 0, "whole": 1, "rate": 0.0}
    assert (report["missed"], report["wrongly_held"]) == ([], [])
    assert report["baseline_median_ms"] is None
    assert "Exampleton" not in done.stdout


def test_the_measures_can_be_read(corpus: Path) -> None:
    shown = _pii("evaluate", str(corpus), "--quick").stdout
    for words in ("Recall:", "False holds:", "Time a mail:", "Calibration", "Missed: none"):
        assert words in shown


def test_a_corpus_that_is_none_is_said(tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl").write_text('{"id": 1}\n')
    done = _pii("evaluate", str(tmp_path / "bad.jsonl"))
    assert (done.exit_code, "Line 1" in done.stderr) == (1, True)


def test_a_verdict_is_explained_by_zones_findings_and_rules(mail: Path) -> None:
    explained = json.loads(_pii("explain", str(mail), "--json").stdout)
    assert explained["verdict"] == "hold"
    assert explained["rules"][0]["why"]
    assert {"subject", "body"} <= {one["zone"] for one in explained["zones"]}
    assert "NHS_NUMBER" in {one["entity"] for one in explained["findings"]}
    assert all(one["missing"] for one in explained["almost"])


def test_words_that_were_found_are_shown_only_when_asked_for(mail: Path) -> None:
    assert "Exampleton" not in _pii("explain", str(mail)).stdout
    assert "'999 000 0026'" in _pii("explain", str(mail), "--show-text").stdout


def test_what_is_no_mail_is_explained_as_that(tmp_path: Path) -> None:
    (tmp_path / "empty.eml").write_bytes(b"")
    done = _pii("explain", str(tmp_path / "empty.eml"))
    assert (done.exit_code, "it is no mail" in done.stdout) == (0, True)
