"""The machine-readable zone of passports, identity cards and residence permits: lines of capitals, digits and `<`."""

import re
from collections.abc import Iterator

from helpdesk.pii.recognizers.base import Hit

MARK = "<<"  # a text without it has no such zone
# Number, check, nationality, birth, check, sex, expiry, check: as in the second line of passports and of larger cards.
_NUMBERED = re.compile(
    r"(?<![A-Z0-9<])[A-Z0-9<]{9}[0-9<](?P<of>[A-Z][A-Z<]{2})\d\d[01]\d[0-3]\d\d[MFX<]\d{7}[A-Z0-9<]{2,16}(?![A-Za-z<])"
)
# Small cards: the number stands in the first line, birth and expiry in the second.
_CARD = re.compile(
    r"(?<![A-Z0-9<])[IAC][A-Z0-9<](?P<of>[A-Z][A-Z<]{2})[A-Z0-9<]{9}[0-9<][A-Z0-9<]{15}\s{1,3}\d\d[01]\d[0-3]\d\d[MFX<]\d{7}[A-Z<]{3}[A-Z0-9<]{11}\d"
)
_NAMED = re.compile(
    r"(?<![A-Z0-9<])(?:P[A-Z<]|[IAC][A-Z<])(?P<of>[A-Z]{3}|[A-Z]<<)(?P<name>[A-Z]{2,}(?:<[A-Z]+){0,3}<<[A-Z]{2,}(?:<[A-Z]+){0,4})<{2,}"
)
_NOBODY = re.compile(
    r"specimen|\bsample\b|\bexample\b|\btest (?:document|passport|card|page|data|file)\b|\bdummy\b|\be\.g\.|icao|9303"
)


def zones_in(text: str, low: str) -> Iterator[Hit]:
    """Lines with a number or a name, where nothing says that they are a specimen of nobody."""
    if MARK not in text:
        return
    for pattern, why in ((_NUMBERED, "numbers"), (_CARD, "numbers"), (_NAMED, "name")):
        for match in pattern.finditer(text):
            near = low[max(0, match.start() - 120) : match.end() + 80]
            if match.group("of") != "UTO" and _NOBODY.search(near) is None:
                yield Hit("PASSPORT", *match.span(), 0.85, f"the {why} of a machine-readable zone")
