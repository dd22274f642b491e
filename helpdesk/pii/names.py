"""Lists of given and family names and of ordinary words, read once."""

from functools import cache, lru_cache
from importlib import resources

from helpdesk.pii.text import fold, spaced

MOST_REMEMBERED = 50_000  # words; most of a mail come again in the next


@cache
def words_of(name: str) -> frozenset[str]:
    """The lines of a data file, without comments."""
    lines = resources.files("helpdesk.pii").joinpath("data", name).read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


@lru_cache(MOST_REMEMBERED)
def is_given(word: str) -> bool:
    return _in(word, words_of("given.txt"))


@lru_cache(MOST_REMEMBERED)
def is_family(word: str) -> bool:
    return _in(word, words_of("family.txt")) or (
        word.startswith(("mac", "mc", "o'", "fitz")) and len(word) > 5 and not is_ordinary(word)
    )


@lru_cache(MOST_REMEMBERED)
def is_ordinary(word: str) -> bool:
    return word in words_of("ordinary.txt") or word in words_of("trade.txt")


@lru_cache(MOST_REMEMBERED)
def is_name(word: str) -> bool:
    """Surely a name: in a list of names and not an ordinary word."""
    return (is_given(word) or is_family(word)) and not is_ordinary(word)


def may_be_name(word: str) -> bool:
    return is_given(word) or is_family(word)


def _in(word: str, names: frozenset[str]) -> bool:
    return word in names or (
        "-" in word
        and all(part in names or len(part) > 3 for part in word.split("-"))
        and any(part in names for part in word.split("-"))
    )


def name_words(*names: str) -> frozenset[str]:
    """Folded words of people's names, titles and initials left out."""
    words = (fold(word.strip(".,()'\"")) for name in names for word in name.replace(",", " ").split())
    return frozenset(word for word in words if len(word) > 1 and word not in _TITLES)


_TITLES = spaced("mr mrs ms miss dr prof professor sir dame lord lady rev revd sister matron mx")
