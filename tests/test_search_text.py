"""Text as it is indexed: the same words as by looking at each character."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from helpdesk.db_search import search_text


def by_character(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).casefold()
    return " ".join("".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c)).split())


def test_every_character_is_read_as_one_by_one() -> None:
    for start in range(0, 0x110000, 0x1000):
        text = " a".join(map(chr, range(start, start + 0x1000)))
        assert search_text(text) == by_character(text)


@given(st.text())
def test_any_text_is_read_as_one_by_one(text: str) -> None:
    assert search_text(text) == by_character(text)
