"""Text is split as BERT splits it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.pii.semantic.wordpiece import WordPiece, words

VOCABULARY = {
    piece: number
    for number, piece in enumerate(
        ["[UNK]", "[CLS]", "[SEP]", "the", "scan", "##ner", "##s", "died", ".", "£", "9", "##0", "cafe"]
    )
}


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("The scanners died.", "the scan ##ner ##s died ."),
        ("CAFÉ", "cafe"),
        ("£9", "[UNK]"),  # a sign of money stays with its number, as in BERT
        ("the\u200bscan", "the scan"),
        ("zebra died", "[UNK] died"),
    ],
)
def test_words_are_split_into_the_longest_pieces_known(text: str, pieces: str) -> None:
    assert WordPiece(VOCABULARY).ids(text, 20) == [
        VOCABULARY[piece] for piece in f"[CLS] {pieces} [SEP]".split()
    ]


def test_a_long_text_is_cut_and_still_ends() -> None:
    ids = WordPiece(VOCABULARY).ids("scan " * 500, 16)
    assert (len(ids), ids[-1]) == (16, VOCABULARY["[SEP]"])


def test_pieces_are_put_together_again_with_the_mean_of_their_shares() -> None:
    pieces = WordPiece(VOCABULARY)
    ids = pieces.ids("scanners died", 20)
    assert list(pieces.joined(ids, [9, 1, 2, 3, 4, 9])) == [("scanners", 2), ("died", 4)]


def test_words_in_letters_that_the_vocabulary_lacks_are_counted() -> None:
    pieces = WordPiece(VOCABULARY)
    assert [
        pieces.unknown_of(pieces.ids(text, 20)) for text in ("scan died", "Ольга died", "Ольга Петренко")
    ] == [0, 1 / 4, 2 / 4]


def test_marks_stand_apart() -> None:
    assert words("off sick,back Mon?") == ["off", "sick", ",", "back", "mon", "?"]


@given(st.text(st.characters(max_codepoint=127)))
def test_plain_text_takes_the_quick_way_to_the_same_words(text: str) -> None:
    assert [*words(text), "e"] == words(f"{text} é")
