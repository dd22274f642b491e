"""Rows that tell religion, origin, orientation or disability of somebody named, in tables without a header.

`Ann Katz | Jewish | prefer not to say | White other | no`: one cell is a name, two and more are answers of
an equality form, of different questions. A list of the choices has no name; figures have no name either.
"""

import re
from collections.abc import Iterator

from helpdesk.pii import names
from helpdesk.pii.recognizers.base import Hit
from helpdesk.pii.text import fold

_ANSWERS = (
    ("religion", re.compile(
        r"muslim|islam|christian(?:ity)?|(?:roman )?catholic|protestant|church of (?:england|ireland|scotland|wales)|c of e|jewish|judaism|hindu(?:ism)?|sikh(?:ism)?|buddhis[tm]|atheist|atheism|agnostic|quaker|methodist|presbyterian|jain|pagan|jehovah'?s witness|no religion")),
    ("orientation", re.compile(
        r"hetero(?:sexual)?|straight|gay(?: (?:man|woman))?|lesbian|(?:gay|gay man) or lesbian|bi(?:sexual)?|pansexual|asexual|queer|homosexual")),
    ("origin", re.compile(
        r"(?:white|black|asian|mixed|british|irish|chinese|arab|any other)\b[ /,:-]*(?:or |and |- )?(?:british|irish|other|african|caribbean|asian|white|black|indian|pakistani|bangladeshi|chinese|european|background|english|welsh|scottish|polish|mixed|traveller|roma|[ /,:-])*|(?:irish )?traveller|roma|indian|pakistani|bangladeshi")),
    ("disability", re.compile(
        r"(?:no|not|has a|has|registered)? ?disab(?:ility|led)(?: ?[-:(] ?.{3,30})?|yes ?[-:(,] ?.{3,30}|(?:hearing|visual|sight|mobility) (?:impair\w+|loss)|deaf|blind|neurodiver\w+|dyslexi[ac]|autis(?:m|tic)|learning disability")),
    ("union", re.compile(r"unison|unite|gmb|rcn|bma|csp|rcm|nipsa|usdaw|prospect")),
)  # fmt: skip
_SPLITS = ("|", "\t", ";", ",")
_NAME = re.compile(r"[A-ZÀ-Þ][\w'-]{0,40}[^\W\d_](?:,? [A-ZÀ-Þ][\w'-]{0,40}[^\W\d_]){1,2}")
LONGEST_ROW = 400


def equality_rows(text: str) -> Iterator[Hit]:
    """A name and answers to two questions in one row, one of them on belief, orientation or origin."""
    at = 0
    for line in text.split("\n"):
        split = next((mark for mark in _SPLITS if line.count(mark) >= 2), "")
        if split and len(line) <= LONGEST_ROW and _tells([cell.strip(' "*\r') for cell in line.split(split)]):
            yield Hit("SPECIAL_CODE", at, at + len(line), 0.8, "answers of an equality form beside a name")
        at += len(line) + 1


def _tells(cells: list[str]) -> bool:
    asked = {kind for cell in cells for kind, answer in _ANSWERS if answer.fullmatch(cell.lower())}
    return len(asked) >= 2 and bool(asked - {"disability", "union"}) and any(map(_is_name, cells))


def _is_name(cell: str) -> bool:
    if _NAME.fullmatch(cell) is None or any(answer.fullmatch(cell.lower()) for _, answer in _ANSWERS):
        return False
    words = [fold(word.strip(",")) for word in cell.split()]
    if any(word in ("test", "dummy", "sample", "example", "training") for word in words):
        return False
    return any(names.is_name(word) for word in words) or not any(names.is_ordinary(word) for word in words)
