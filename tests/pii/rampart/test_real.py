"""Rampart itself, where HELPDESK_TEST_RAMPART names its folder. It is no part of the project, so elsewhere the tiny model stands for it."""

from pathlib import Path

import pytest

from benchmarks.names import SENTENCES, measured
from helpdesk.config import Pii, Settings
from helpdesk.pii.rampart.runner import Rampart
from helpdesk.pii.scanner import Scanner
from tests.pii.rampart.models import REAL

pytestmark = pytest.mark.skipif(
    not REAL,
    reason="Rampart is not here (HELPDESK_TEST_RAMPART names its folder); the tiny model is tested in its place",
)


def test_it_is_the_version_that_was_measured_and_finds_names() -> None:
    text = "Please tell Oluwaseun Adeyemi-Clarke that siobhan is waiting."
    found = [text[start:end] for start, end, _ in Rampart(Path(REAL)).persons(text)]
    assert found == ["Oluwaseun Adeyemi-Clarke", "siobhan"]


@pytest.mark.corpus
@pytest.mark.slow
def test_it_finds_as_many_names_as_the_figures_say(corpus: Path) -> None:
    result = measured(Rampart(Path(REAL)), corpus / SENTENCES.relative_to(SENTENCES.parents[1]))
    assert result.found / result.names >= 0.89
    assert result.right / result.spans >= 0.85


def test_the_scanner_takes_it_and_its_verdicts_say_so() -> None:
    scanner = Scanner(Settings(demo=True, pii=Pii(names_model=Path(REAL))))
    scanner.warm()
    assert scanner.names_by == "en_core_web_md and Rampart"
    assert scanner.version.endswith("+rampart")
