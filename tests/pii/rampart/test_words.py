"""Text is cut into words as the library `tokenizers` cuts it by Rampart's tokenizer.json, and each word knows its place."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.pii.rampart.words import words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [  # places and words as tokenizers 0.22 gave them
        ("Aoife O'Brien-Walsh", [(0, 5, "aoife"), (6, 7, "o"), (7, 8, "'"), (8, 13, "brien"), (13, 14, "-"), (14, 19, "walsh")]),
        ("Małgorzata ŻÓŁĆ", [(0, 10, "małgorzata"), (11, 15, "zołc")]),
        ("Şükrü İnan", [(0, 5, "sukru"), (6, 10, "inan")]),
        ("zero\u200bwidth", [(0, 10, "zerowidth")]),
        ("a\x00b c", [(0, 3, "ab"), (4, 5, "c")]),
        ("no\u00a0break", [(0, 2, "no"), (3, 8, "break")]),
        ("李明 saw", [(0, 1, "李"), (1, 2, "明"), (3, 6, "saw")]),
        ("£9 €5", [(0, 2, "£9"), (3, 5, "€5")]),
        ("“quoted”—dash…", [(0, 1, "“"), (1, 7, "quoted"), (7, 8, "”"), (8, 9, "—"), (9, 13, "dash"), (13, 14, "…")]),
        ("tab\there\nline", [(0, 3, "tab"), (4, 8, "here"), (9, 13, "line")]),
    ],
)  # fmt: skip
def test_words_and_places_are_the_library_s(text: str, words: list[tuple[int, int, str]]) -> None:
    assert list(words_of(text)) == words


def test_an_accent_of_its_own_belongs_to_its_letter() -> None:
    assert list(words_of("Jose\u0301 saw")) == [(0, 5, "jose"), (6, 9, "saw")]


@given(st.text(st.characters(max_codepoint=126, min_codepoint=32)))
def test_plain_text_takes_the_quick_way_to_the_same_words(text: str) -> None:
    slow = list(words_of(f"{text} é"))
    assert list(words_of(text)) == slow[:-1]


@given(st.text())
def test_words_stand_in_order_and_hold_all_that_is_seen(text: str) -> None:
    words, at = list(words_of(text)), 0
    for word in words:
        assert at <= word.start < word.end <= len(text)
        assert word.plain
        at = word.end
    covered = {place for word in words for place in range(word.start, word.end)}
    letters = {place for place, letter in enumerate(text) if unicodedata.category(letter)[0] in "LNP"}
    assert letters <= covered
