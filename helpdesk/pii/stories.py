"""How plainly a mail says that its people are made up: to train, to test, to play or to sell; and whose name is invented by itself."""

import re
from collections.abc import Iterable

from helpdesk.pii.found import Found
from helpdesk.pii.invented_words import AGREES, CARTOON, DENIED, HAPPENED, MARKED, MIXED, PLAYED, SAID, STORY
from helpdesk.pii.reading import Reading

_NAMES = frozenset({"PERSON", "FIRST_NAME"})
_BEFORE, _AFTER = 220, 160
# Invented records merged with each other, or anywhere that is for practice, are not mixed up with somebody's.
_MERGED_IN_PLAY = re.compile(
    rf"\bmerg(?:ed?|ing) (?:(?:in|on) (?:the )?(?:train|test|uat|sandbox|play|demo)\w*|(?:the |both |my )?(?:{MARKED})(?: (?:and|with|into|to) (?:{MARKED}))+)"
)
_MARK = re.compile(rf"\b(?:{MARKED})")
_RIGHT_AFTER_A_MARK = re.compile(rf"\b(?:{MARKED})[,^ ]{{1,3}}(?:[a-z'-]+ )?$")
_CARTOON = re.compile(rf"\b(?:{CARTOON})\b")
_NUMBERS = re.compile(r"[\d\W]+|s\b")


def sayings(readings: Iterable[Reading]) -> int:
    """How many different words say that a mail's people are made up, with those that agree; none do where one denies it."""
    texts = [reading.lower for reading in readings]
    said = {word for low in texts for word in _said_in(low)}
    if not said or any(_denied(low) for low in texts):
        return 0
    return len(said.union(*(_found(low, AGREES) for low in texts)))


def _said_in(low: str) -> set[str]:
    drawn = (_CARTOON,) if PLAYED.search(low) else ()
    return _found(low, STORY, SAID, _MARK, *drawn)


def _denied(low: str) -> bool:
    """Whether a text speaks of somebody real: denied to be made up, mixed up with who is, or hurt while others played."""
    return any(found.search(low) for found in (DENIED, HAPPENED)) or bool(MIXED.search(_without_play(low)))


def _found(low: str, *patterns: re.Pattern[str]) -> set[str]:
    """What patterns find in a text, without numbers and plurals."""
    return {_NUMBERS.sub("", match.group()) for pattern in patterns for match in pattern.finditer(low)}


def is_invented_name(one: Found) -> bool:
    """A name that is marked as a test's (`ZZZTEST, Mickey`), or a cartoon's where people train or play, and nothing says otherwise."""
    if one.entity not in _NAMES:
        return False
    low, start, end = one.reading.lower, one.start, one.end
    marked = _MARK.search(low, start, end) or _RIGHT_AFTER_A_MARK.search(low, max(0, start - 40), start)
    if not marked and not _CARTOON.fullmatch(low, start, end):
        return False
    around = low[max(0, start - _BEFORE) : end + _AFTER]
    if DENIED.search(around):
        return False
    played = PLAYED.search(around) and not MIXED.search(_without_play(around))
    return bool(marked or played)


def _without_play(low: str) -> str:
    return SAID.sub(" ", _MERGED_IN_PLAY.sub(" ", low))
