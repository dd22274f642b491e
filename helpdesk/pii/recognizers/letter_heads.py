"""Where a letter is addressed to: somebody with a title, the lines below down to a postcode, and then `Dear`."""

import re
from collections.abc import Iterator

from helpdesk.pii.reading import Reading
from helpdesk.pii.recognizers.base import Hit
from helpdesk.pii.recognizers.home_and_work import at_work
from helpdesk.pii.recognizers.rows import ORGANISATION

_HEAD = re.compile(
    r"^[ \t>]{0,8}(?:Mr|Mrs|Ms|Miss|Mx|Master)\.?(?: and (?:Mr|Mrs|Ms))? (?:[A-ZÀ-Þ][\w'’.-]{0,24}[ ]?){1,4}\n(?P<home>(?:[ \t>]{0,8}[^\n]{3,60}\n){0,4}?[ \t>]{0,8}[^\n]{0,50}?[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})[ \t]{0,3}\n(?:[ \t>]{0,8}[^\n]{0,60}\n){0,4}?[ \t>]{0,8}Dear ",
    re.MULTILINE,
)


_CONVERTED = re.compile(r"\b[Tt]he [Oo]ld [\w'’]{3,16}")  # a house that was a bakery, a school, a chapel


def heads_of_letters(reading: Reading) -> Iterator[Hit]:
    """Score 0.75: a letter to a firm or a surgery names it above the street."""
    if "Dear " not in reading.text:
        return
    for match in _HEAD.finditer(reading.text):
        home = match.group("home")
        firm = ORGANISATION.search(_CONVERTED.sub(" ", home))
        if not firm and (_CONVERTED.search(home) or not at_work(reading, *match.span("home"))):
            yield Hit("ADDRESS", *match.span("home"), 0.75, "where a letter is addressed to")
