"""Whether what was born is nobody: a server, an account, a team, a dog.

The words before `born` are walked back to the noun they hang on: `that core switch was born`
is a switch, `the lady on the new ward was born` a lady.
"""

import re

from helpdesk.pii import names
from helpdesk.pii.recognizers.birth.words import animals, papers, people, things
from helpdesk.pii.text import fold

FARTHEST = 8  # words walked back
_BORN = re.compile(
    r"(?<!\w)(?P<word>born|birth ?day|birth ?date|birth|date of birth|d\.?o\.?b\b\.?|b\.)(?!\w)[^.\n\d]{0,25}$"
)
_LINK = re.compile(
    r"(?: ?[,(\"'-] ?|\b(?:was|were|is|are|been|has|had|have|its|their|a|celebrat\w{1,4}|which|that|first|officially|originally|actually) ?)$"
)
_LONGEST_LINK = 14
_KEY = re.compile(r"(?:born|birth ?day)[\"']? ?[:=]")
_OF_A_MACHINE = re.compile(
    r"\b(?:host(?:name)?|server|vm|asset|serial|owner|version|model|image|build|os|ip|mac|firmware|device)[\"']? ?[:=]"
)
_LABELS = re.compile(r"d\.?o\.?b|date of birth|birth ?date")
_SENTENCE = re.compile(r"[.!?;:\n](?:\s|$)")
_TOKEN = re.compile(r"[^\W_][\w'./\\-]*")
_PREPOSITIONS = frozenset({"in", "on", "at", "from", "of", "for", "with", "by", "to", "under", "near"})
_WISHED = frozenset({"birthday", "anniversary"})  # "happy birthday to the router"
_ARTICLES = frozenset({"the", "our", "that", "this", "a", "an", "its", "each", "every"})
_CODE = re.compile(r"(?=[\w./\\-]{0,40}\d)(?=[\w./\\-]{0,40}[a-z])[\w./\\-]{4,}|[a-z]{2,30}_\w+")
_PLACE = frozenset(
    {
        "ward", "bed", "bay", "room", "cot", "unit", "flat", "floor", "theatre", "records", "registry", "reception", "stores", "estates", "corridor",
        "basement", "library", "canteen", "boardroom", "office", "lobby", "cupboard", "pharmacy", "radiology", "outpatients", "pathology", "cellar", "kitchen",
    }
)  # fmt: skip
_BABY = re.compile(r"\b(?:bab(?:y|ies)|child|infant|twins?|newborn|son|daughter|girl|boy|patient)\b")
_ANIMAL_AFTER = re.compile(
    r"[^.\n]{0,20}\b(?:labrador|spaniel|therapy dog|pets? as therapy|vet(?:erinary)?|kennel|no biscuits|chewed)\b"
)
_PLATE_AFTER = re.compile(
    r"[ ,(]{0,3}(?:according to|says|by|on|as per|per) (?:the |its )?(?:build|rating|maker|manufact|chassis|vin|data pl|type pl)"
)
_BITTEN = re.compile(
    r"\b(?:bit|bite|bitten|bites|scratch\w*|mauled|kicked|thrown|owner(?! ?[:=])|allerg\w*)\b"
)
_NOBODY, _PAPERS, _ANIMALS, _PEOPLE = things(), papers(), animals(), people()


def of_no_person(before: str, after: str) -> bool:
    """Whether the lower-case text around a date tells of the birth of a thing, a body or an animal."""
    if _BITTEN.search(before + after):
        return False
    if _ANIMAL_AFTER.match(after) or _PLATE_AFTER.match(after):
        return True
    born = _BORN.search(before, max(0, len(before) - 60))
    if born is None:
        return False
    start = _before_links(before, born.start())
    if _KEY.search(before, start) and _OF_A_MACHINE.search(before):
        return True
    phrase = _SENTENCE.split(before[:start])[-1]
    words = [fold(word).removesuffix("'s").strip("'.") for word in _TOKEN.findall(phrase)]
    lead = words[-FARTHEST:]
    if "," in before[start:] and _PAPERS.intersection(lead) and not _ARTICLES.intersection(lead):
        return False  # "locked account, born 14/03/1961": whose account is not said
    return _ends_with_a_thing(words, "'s" in phrase[-3:] or not _LABELS.match(born.group("word")), before)


def _before_links(before: str, start: int) -> int:
    """Where `, which was first` begins that leads to the word at `start`."""
    while link := _LINK.search(before, max(0, start - _LONGEST_LINK), start):
        start = link.start()
    return start


def _ends_with_a_thing(words: list[str], may_be_thing: bool, before: str) -> bool:
    """The noun that the words end with: a thing, or somebody or something unknown."""
    at, floor = len(words) - 1, max(-1, len(words) - 1 - FARTHEST)
    while at > floor:
        word = words[at]
        if word in _ANIMALS:
            return True
        if word == "it":
            return may_be_thing and _it_is_a_thing(before)
        if word in _PEOPLE:
            return False
        led_by = _preposition(words, at)
        if led_by is not None and (
            word in _NOBODY or word in _PLACE or word.isdigit() or _CODE.fullmatch(word)
        ):
            at = led_by - 1
        elif word in _NOBODY or _CODE.fullmatch(word):
            return may_be_thing and not _PEOPLE.intersection(words[max(0, at - 3) : at])
        elif names.is_name(word):
            led = words[at - 1] if at > 0 else ""
            return led in _ANIMALS or (may_be_thing and led in _NOBODY)
        elif word.isdigit():
            at -= 1
        else:
            return False
    return False


def _preposition(words: list[str], at: int) -> int | None:
    """Where the preposition stands that a noun hangs on: `on` of `on the stroke unit 3`."""
    found = next((i for i in range(at - 1, max(-1, at - 5), -1) if words[i] in _PREPOSITIONS), None)
    return None if found and words[found - 1] in _WISHED else found


def _it_is_a_thing(before: str) -> bool:
    return not _BABY.search(before) and any(fold(word) in _NOBODY for word in _TOKEN.findall(before))
