"""In 8 bits the careful reader says what its network said in 32, before its weights were rounded."""

import json
import math
from statistics import fmean

import pytest

from helpdesk.pii.semantic.careful import Careful
from helpdesk.pii.semantic.judge import PACKAGED, Judgement, Semantic
from helpdesk.pii.semantic.wordpiece import WordPiece

IN_32_BITS = [
    ("Sam Jones was rushed in with a ruptured appendix", 2.66),
    ("The appendix of the report was finished in a rush", -3.01),
    ("Sam Jones has been seeing error messages since the upgrade", -2.48),
    ("She is losing her sight and can't drive any more", 3.47),
    ("She is losing her network drive every morning", -2.81),
    ("My desktop has been diagnosed with a faulty fan", -3.17),
    (
        "Can you move Sam's clinic letters, she passed away on Sunday and the family should not get them.",
        3.25,
    ),
    ("The new starter is Sam Jones, she needs a phone and a desk by Monday.", -2.97),
    ("Our server Sam went down in the night and was brought back by hand.", -2.61),
    ("She told me in confidence that her husband hits her, so her new address must not show.", 3.52),
]


PLAIN = "The printer on level 3 has no toner and the tray is stuck"
NEWS = "Monthly update The new version of the rota system goes live on 1 May. All teams must finish the training on the portal before that date. Screens and guides are on the intranet."


def reader(stop: float) -> Careful:
    told = json.loads((PACKAGED / "model.json").read_text(encoding="utf-8"))
    return Careful(PACKAGED, told["careful"]["sha256"], len(told["kinds"]), stop)


@pytest.fixture(scope="module")
def careful() -> Careful:
    return reader(-math.inf)


@pytest.fixture(scope="module")
def plain() -> list[int]:
    return WordPiece.read(PACKAGED / "vocabulary.txt").ids(PLAIN, 80)


def test_eight_bits_say_of_a_sentence_what_32_say(careful: Careful) -> None:
    """With one scale for the whole text in the place of one for each piece, six of these move by 0.5 to 1.5."""
    pieces = WordPiece.read(PACKAGED / "vocabulary.txt")
    moved = [abs(careful.read(pieces.ids(text, 80)).logit - logit) for text, logit in IN_32_BITS]
    assert fmean(moved) <= 0.15
    assert max(moved) <= 0.3


def test_what_the_first_layers_find_harmless_is_not_read_on(careful: Careful, plain: list[int]) -> None:
    read = reader(math.inf).read(plain)
    assert not read.kinds.any()
    assert careful.read(plain).kinds.any()
    assert read.logit < 0 > careful.read(plain).logit
    assert reader(math.inf).read(plain, whole=True).logit == careful.read(plain).logit


def test_the_bound_that_ships_stops_a_plain_text_and_lets_a_matter_through() -> None:
    told = json.loads((PACKAGED / "model.json").read_text(encoding="utf-8"))
    shipped, pieces = reader(told["careful"]["stop"]), WordPiece.read(PACKAGED / "vocabulary.txt")
    assert not shipped.read(pieces.ids(NEWS, 190)).kinds.any()
    for text, logit in IN_32_BITS:
        if logit > 0:
            assert shipped.read(pieces.ids(text, 190)).kinds.any()


def test_a_text_that_was_not_read_on_keeps_the_kind_it_had(plain: list[int]) -> None:
    judgement = Judgement(0.4, "employment", said=(0.5, -0.5))
    cleared = Semantic.load().reconsider(judgement, reader(math.inf).read(plain))
    assert cleared.category == "employment"
    assert cleared.probability < judgement.probability
