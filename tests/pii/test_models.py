"""The models are those that the settings name, each is loaded once, and a verdict tells which were used."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import ValidationError

from helpdesk.config import Pii, Settings
from helpdesk.pii.model import ModelError
from helpdesk.pii.models import Models, Together, check_models
from helpdesk.pii.policy import LONGEST_VERSION
from helpdesk.pii.rampart.runner import FINGERPRINT
from helpdesk.pii.scanner import Scanner
from helpdesk.pii.semantic.judge import PACKAGED, SemanticError
from helpdesk.pii.values import Context, Kind, Piece, Verdict
from tests.pii.rampart.models import TINY, fingerprint

RAMPART = Pii(names_model=TINY, names_model_sha256=fingerprint(TINY))
STRANGE = "Vantorbex, 14 High Street, Hull HU5 2TT"  # a name that only the tiny model knows


def scan(settings: Pii, words: str) -> Verdict:
    return Scanner(Settings(demo=True, pii=settings)).scan([Piece("body_text", Kind.TEXT, words)], Context())


def by_models(verdict: Verdict) -> list[tuple[int, int]]:
    return [(one.start, one.end) for one in verdict.findings if one.recognizer == "NamesByModel"]


def test_a_name_that_the_names_model_finds_changes_the_verdict() -> None:
    without, with_it = scan(Pii(), STRANGE), scan(RAMPART, STRANGE)
    assert (by_models(without), by_models(with_it)) == ([], [(0, len("Vantorbex"))])
    assert with_it.hold
    assert {one.rule for one in with_it.reasons} - {one.rule for one in without.reasons}


def test_names_of_the_packaged_model_are_still_found() -> None:
    names = Models(RAMPART).names()
    found = [(start, end) for start, end, _ in names.persons("Please call Margaret Thompson, or Vantorbex")]
    assert found == [(12, 29), (34, 43)]


class Says:
    """A model that finds what it is told to."""

    title = "says"

    def __init__(self, *spans: tuple[int, int, float]) -> None:
        self._spans = spans

    def persons(self, text: str) -> Iterator[tuple[int, int, float]]:
        return (span for span in self._spans if span[1] <= len(text))


@pytest.mark.parametrize(
    ("one", "other", "spans"),
    [
        ([], [], []),
        ([(0, 5, 0.8)], [(9, 12, 0.5)], [(0, 5, 0.8), (9, 12, 0.5)]),
        ([(9, 12, 0.8)], [(0, 5, 0.5)], [(0, 5, 0.5), (9, 12, 0.8)]),
        ([(0, 5, 0.8)], [(0, 11, 0.5)], [(0, 11, 0.5)]),  # the longer one, not both: it is one person
        ([(0, 11, 0.8)], [(0, 5, 0.9), (6, 11, 0.9)], [(0, 11, 0.8)]),
        ([(0, 5, 0.8)], [(0, 5, 0.5)], [(0, 5, 0.8)]),
    ],
)
def test_of_spans_that_overlap_the_longest_counts(
    one: list[tuple[int, int, float]],
    other: list[tuple[int, int, float]],
    spans: list[tuple[int, int, float]],
) -> None:
    assert list(Together(Says(*one), Says(*other)).persons("twelve chars")) == spans


def test_each_model_is_loaded_once() -> None:
    models = Models(RAMPART)
    assert models.names() is models.names()
    assert models.reader() is models.reader()


@pytest.mark.parametrize(
    ("settings", "mark"),
    [
        (Pii(), ""),
        (RAMPART, f"+names-{fingerprint(TINY)[:8]}"),
        (Pii(names_model=TINY), "+rampart"),
        (Pii(names_model=TINY, names_model_sha256=FINGERPRINT.upper()), "+rampart"),
    ],
)
def test_a_verdict_s_version_tells_the_names_model(settings: Pii, mark: str) -> None:
    assert Models(settings).mark == mark


def test_a_reading_model_of_ones_own_is_read_and_marked(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(PACKAGED, tmp_path / "reading"))
    models = Models(Pii(semantic=folder))
    assert models.reader()
    assert models.mark.startswith("+reader-")
    (folder / "model.json").write_text((folder / "model.json").read_text() + "\n")
    assert Models(Pii(semantic=folder)).mark != models.mark


def test_a_verdict_s_version_fits_its_column(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(PACKAGED, tmp_path / "reading"))
    mark = Models(Pii(names_model=TINY, names_model_sha256=fingerprint(TINY), semantic=folder)).mark
    assert LONGEST_VERSION + len(mark) <= 64


def test_a_names_model_that_is_not_the_one_expected_stops_the_start() -> None:
    with pytest.raises(ModelError, match="not the one expected"):
        Scanner(Settings(demo=True, pii=Pii(names_model=TINY))).warm()


def test_a_scan_with_a_model_that_cannot_be_loaded_holds() -> None:
    verdict = scan(Pii(names_model=TINY), STRANGE)
    assert verdict.hold
    assert [one.why for one in verdict.unscannable] == ["the scan failed (ModelError)"]


def test_a_folder_without_a_reading_model_is_told_by_its_setting(tmp_path: Path) -> None:
    with pytest.raises(SemanticError, match=r"set pii\.semantic to"):
        Scanner(Settings(demo=True, pii=Pii(semantic=tmp_path)))
    (tmp_path / "model.json").write_text("{}")
    with pytest.raises(SemanticError, match=r"pii\.semantic is"):
        Models(Pii(semantic=tmp_path)).reader()


@pytest.mark.parametrize(
    "wrong", [{"names_model": "/nowhere/rampart"}, {"names_model_sha256": "9f27"}, {"semantic": "/nowhere"}]
)
def test_a_setting_that_cannot_be_right_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Pii.model_validate(wrong)


@pytest.mark.parametrize(
    ("settings", "error"),
    [
        (Pii(names_model=TINY, names_model_sha256="0" * 64), ModelError),
        (Pii(names_model=TINY.parent, names_model_sha256=fingerprint(TINY)), ModelError),
        (Pii(semantic=TINY.parent), SemanticError),
    ],
)
def test_a_start_with_a_wrong_model_ends_in_a_sentence(settings: Pii, error: type[Exception]) -> None:
    with pytest.raises(error, match=r"\.$"):
        check_models(settings)


def test_a_start_with_the_right_models_goes_on() -> None:
    check_models(Pii())
    check_models(RAMPART)
