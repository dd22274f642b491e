"""The words of births and months in many languages, from data/birth_words.toml."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

from helpdesk.pii.lexicon import split
from helpdesk.pii.text import fold


@cache
def _data() -> Mapping[str, Mapping[str, str]]:
    path = resources.files("helpdesk.pii").joinpath("data", "birth_words.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def months() -> str:
    """The names of months as alternatives of a pattern, with and without their accents, the longest first."""
    spelled = {word for names in _data()["months"].values() for word in split(names)}
    return "|".join(sorted(spelled | {fold(word) for word in spelled}, key=lambda word: (-len(word), word)))


def labels() -> str:
    """What says in other languages than English that a date is a birth date; to be sought in folded text."""
    return "|".join(_data()["labels"].values())


def things() -> frozenset[str]:
    """What is said to be born and is nobody; of these nobody writes a date of birth."""
    return _flat("machines", "software", "papers", "ideas", "bodies")


def papers() -> frozenset[str]:
    """Things that a person's birth may be written on or said of."""
    return _flat("papers")


def animals() -> frozenset[str]:
    """Who has a date of birth and is nobody all the same, dolls for training among them."""
    return _flat("animals", "dummies")


def people() -> frozenset[str]:
    return frozenset(split(_data()["people"]["words"]))


def other_dates() -> str:
    """What stands before dates that are no births, as alternatives of a pattern."""
    return "|".join(split(_data()["other_dates"]["words"]))


def _flat(*kinds: str) -> frozenset[str]:
    return frozenset(word for kind in kinds for word in split(_data()["things"][kind]))
