"""Whether the text before an address ends with somebody's name, and not with a place's."""

import re

from helpdesk.pii import names
from helpdesk.pii.text import fold, spaced


def name_right_before(lead: str) -> bool:
    """Whether the text before ends with a person's name, and not that of a hospital."""
    match = _NAME_RIGHT_BEFORE.search(lead)
    if match is None:
        return False
    one, two = fold(match.group(1)), fold(match.group(2))
    if _TITLE_AT_WORK.search(lead[: match.start()]) and _SENT.search(lead):
        return False
    return (
        two not in _PLACES
        and (names.is_name(one) or names.is_name(two))
        and (names.may_be_name(two) or not names.is_ordinary(two))
    )


_PLACES = spaced(
    "hospital surgery practice clinic centre house ward suite school university pharmacy hospice trust infirmary wing unit block building floor theatre campus academy primary infant infants junior juniors college nursery church chapel library depot garage stores hotel gallery museum arena stadium station hub office offices surgeries laboratory laboratories lab labs partners"
)
_NAME_RIGHT_BEFORE = re.compile(r"([A-ZÀ-Þ][\w'-]*[^\W\d_]) ([A-ZÀ-Þ][\w'-]*[^\W\d_])(?:,| -|:|\t)? ?$")
_TITLE_AT_WORK = re.compile(r"\b(?:Dr|Prof|Professor|Sister|Matron|Nurse)\.? $")
_SENT = re.compile(
    r"\b(?:[Pp]arcel|[Pp]ackage|[Oo]rder|[Cc]ourier|[Dd]eliver\w*|[Ss]hip\w*|FAO|[Aa]ttn|c/o|[Pp]ost room)\b"
)
