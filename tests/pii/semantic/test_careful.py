"""In 8 bits the careful reader says what its network said in 32, before its weights were rounded."""

import json

import pytest

from helpdesk.pii.semantic.careful import Careful
from helpdesk.pii.semantic.judge import PACKAGED
from helpdesk.pii.semantic.wordpiece import WordPiece

IN_32_BITS = [
    ("Sam Jones was rushed in with a ruptured appendix", 2.71),
    ("The appendix of the report was finished in a rush", -3.14),
    ("Sam Jones has been seeing error messages since the upgrade", -2.42),
    ("She is losing her sight and can't drive any more", 3.45),
    ("She is losing her network drive every morning", -2.47),
    ("My desktop has been diagnosed with a faulty fan", -3.17),
    (
        "Can you move Sam's clinic letters, she passed away on Sunday and the family should not get them.",
        2.64,
    ),
    ("The new starter is Sam Jones, she needs a phone and a desk by Monday.", -2.74),
    ("Our server Sam went down in the night and was brought back by hand.", -2.92),
    ("She told me in confidence that her husband hits her, so her new address must not show.", 3.56),
]


@pytest.fixture(scope="module")
def careful() -> Careful:
    told = json.loads((PACKAGED / "model.json").read_text(encoding="utf-8"))
    return Careful(PACKAGED, told["careful"]["sha256"])


@pytest.mark.parametrize(("text", "logit"), IN_32_BITS)
def test_eight_bits_move_no_sentence_by_more_than_a_quarter_of_log_odds(
    careful: Careful, text: str, logit: float
) -> None:
    """With one scale for the whole text in the place of one for each piece, six of these move by 0.5 to 1.5."""
    ids = WordPiece.read(PACKAGED / "vocabulary.txt").ids(text, 80)
    assert careful.read(ids).logit == pytest.approx(logit, abs=0.25)
