"""A stretch that is doubted much is read only where its words could still hold a mail; what could not is not read."""

import itertools
import math

import numpy as np
import pytest

from helpdesk.pii.semantic import Masked, Semantic
from helpdesk.pii.semantic.gates import ASKED, FEWEST, Gates, measured

TOLD = Masked("Sam Jones was rushed in with a ruptured appendix last night and may not pull through")


@pytest.fixture(scope="module")
def semantic() -> Semantic:
    return Semantic.load()


def test_more_doubt_never_opens_a_gate(semantic: Semantic) -> None:
    bounds = [semantic._gates.at(doubt) for doubt in np.arange(0, 12.5, 0.25)]
    assert all(one[0] <= two[0] and one[1] <= two[1] for one, two in itertools.pairwise(bounds))


@pytest.mark.parametrize("doubt", [0.0, 0.5, 1.0, 2.0, 3.0])
def test_what_tells_a_matter_is_read_though_doubted(semantic: Semantic, doubt: float) -> None:
    assert semantic.judge([TOLD], doubt) == semantic.judge([TOLD])


def test_what_no_words_could_hold_is_not_read(semantic: Semantic) -> None:
    (judgement,) = semantic.judge([TOLD], 12.0)
    assert judgement.said is None
    assert judgement.probability <= 0.02


def test_a_model_measured_without_doubts_reads_whatever_is_doubted() -> None:
    gates = Gates.of({"gate": -3.0, "stop": -1.3})
    assert gates.at(0.0) == gates.at(12.0) == (-3.0, -1.3)


def test_between_two_doubts_the_bounds_lie_between() -> None:
    gates = Gates.of({"gate": -3.0, "stop": -1.0, "doubted": [(2.0, -1.0, 0.0)], "most_doubted": 6.0})
    assert gates.at(1.0) == (-2.0, -0.5)
    assert gates.at(5.0) == (-1.0, 0.0)
    assert gates.at(6.1) == (math.inf, math.inf)


def test_bounds_are_measured_on_what_stays_likely_when_doubted() -> None:
    """Texts whose judges agree: the more is taken off, the more the cheap judge must have said."""
    said = np.linspace(-6, 4, 2_000)
    told = measured(-3.0, -1.3, said, said, said)
    for doubt, cheap, early in told["doubted"]:
        reach = doubt + math.log(ASKED / (1 - ASKED))
        assert cheap == pytest.approx(max(-3.0, reach), abs=0.05)
        assert early == pytest.approx(max(-1.3, reach), abs=0.05)
    assert told["most_doubted"] == pytest.approx(4 - math.log(ASKED / (1 - ASKED)), abs=0.01)


def test_no_bound_rests_on_a_few_texts() -> None:
    said = np.full(FEWEST - 1, 4.0)
    assert measured(-3.0, -1.3, said, said, said)["doubted"] == []
