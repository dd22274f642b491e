"""Names of streets are no people: `3 Abbey Street` has nobody called Abbey Street."""

import re
from collections.abc import Sequence

from helpdesk.pii.found import Found

_KIND = r"(?:street|st|road|rd|lane|ln|avenue|ave|close|drive|terrace|gardens|court|crescent|grove|place|square|mews|row|way|hill|rise|view|parade|green|walk|wynd|brae|quay|wharf)"
_STREET = re.compile(rf"\b{_KIND}\b", re.IGNORECASE)
_GOES_ON = re.compile(rf" {_KIND}\b", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\d.])\d{1,4}[A-Za-z]?,? $")


def without_streets(found: Sequence[Found]) -> list[Found]:
    """What is found, less the names that a house's number stands before and a kind of street in or after."""
    return [one for one in found if one.entity != "PERSON" or not _is_street(one)]


def _is_street(one: Found) -> bool:
    text = one.reading.text
    if _NUMBER.search(text, max(0, one.start - 8), one.start) is None:
        return False
    return _STREET.search(one.text) is not None or _GOES_ON.match(text, one.end) is not None
