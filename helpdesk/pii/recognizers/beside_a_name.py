"""Whether somebody stands beside an address: a name right before it, or one whom a crew or carer found there."""

import re

from helpdesk.pii import names
from helpdesk.pii.reading import Reading
from helpdesk.pii.text import fold, spaced


def name_right_before(lead: str) -> bool:
    """Whether the text before ends with a person's name, and not that of a hospital."""
    match = _NAME_RIGHT_BEFORE.search(lead)
    if match is None:
        return False
    if lead.endswith("\n") and _DIGIT.search(lead.rpartition("\n")[0].rpartition("\n")[2]):
        return False  # the name ends another entry of a list
    one, two = fold(match.group(1)), fold(match.group(2))
    if _TITLE_AT_WORK.search(lead[: match.start()]) and _SENT.search(lead):
        return False
    return (
        two not in _PLACES
        and (names.is_name(one) or names.is_name(two))
        and (names.may_be_name(two) or not names.is_ordinary(two))
    )


_DIGIT = re.compile(r"\d")
_PLACES = spaced(
    "hospital surgery practice clinic centre house ward suite school university pharmacy hospice trust infirmary wing unit block building floor theatre campus academy primary infant infants junior juniors college nursery church chapel library depot garage stores hotel gallery museum arena stadium station hub office offices surgeries laboratory laboratories lab labs partners"
)
_NAME_RIGHT_BEFORE = re.compile(
    r"([A-ZÀ-Þ][\w'-]{0,40}[^\W\d_]) ([A-ZÀ-Þ][\w'-]{0,40}[^\W\d_])(?:,| -|:|\t)? ?$"
)
_TITLE_AT_WORK = re.compile(r"\b(?:Dr|Prof|Professor|Sister|Matron|Nurse)\.? $")
_SENT = re.compile(
    r"\b(?:[Pp]arcel|[Pp]ackage|[Oo]rder|[Cc]ourier|[Dd]eliver\w*|[Ss]hip\w*|FAO|[Aa]ttn|c/o|[Pp]ost room)\b"
)


_AFTER = re.compile(
    r"[ ,]{0,2}[(\u2013-] ?(?:Mr|Mrs|Ms|Miss|Mx)\.? (?:[A-Z]\.? )?[A-ZÀ-Þ][\w'-]+(?P<rest>[^\n]{0,40})"
)
_IN_CHARGE = re.compile(
    r"\b(?:managers?|lead|landlord|contact|caretaker|owner|head|receptionist|secretary|warden|matron|proprietor|estates|surveyor|agent|practice|tenant of ours|key ?holder)\b"
)
_LISTED = re.compile(r"(?:^|\n|[;|>/•*]|\d\d[:.]\d\d|\d\))[ \t]{0,3}(?P<name>[A-ZÀ-Þ][\w'-]{2,20}),[ ]?$")
_ROUND = re.compile(
    r"\b(?:crews?|renal|dialysis|transport|home visits?|visits|carers?|meals|insulin|dressings?|rounds?|pick[- ]?ups?|day centre|district nurs\w+|patients?|residents?)\b"
)


def somebody_right_after(text: str, end: int) -> bool:
    """`14 Albion Terrace (Mrs Moss, diabetic)`, and not `(Mrs Lowe, practice manager)`."""
    match = _AFTER.match(text, end)
    return match is not None and _IN_CHARGE.search(match.group("rest").lower()) is None


def on_a_round(reading: Reading, start: int) -> bool:
    """`09:15 Okoro, 3 Mill Lane` in a list of whom a crew or carer goes to."""
    match = _LISTED.search(reading.text, max(0, start - 34), start)
    if match is None:
        return False
    name = fold(match.group("name"))
    if names.is_ordinary(name) or not names.is_family(name):
        return False
    return _ROUND.search(reading.lower, max(0, start - 250), start + 150) is not None


_SENT_OUT = re.compile(
    r"\b(?:crews?|ambulances?|paramedics?|(?:first |community |rapid )?responders?|police|officers|district nurses?|carers?|midwi(?:fe|ves))\b[^.\n]{0,30}?\b(?:went|going|go|sent|called|attended|attending|turned up|turned out|despatched|dispatched|deployed|mobilised|arrived|got|drove|been)(?: back| out| round)? ?(?:to|at)? $"
)
_FOUND_THERE = re.compile(
    r"[^.\n]{0,70}?\b(?:the|a|an|this|that|some|her|his) (?:\w+ )?(?:fella|fellow|bloke|chap|man|woman|lady|gent|gentleman|lad|lass|occupant|occupier|resident|tenant|patient|son|husband|wife|caller|girl|boy|child|baby)\b(?: (?:there|inside|indoors|upstairs))?,? (?:who|came|was|has|had|is|answered|opened|lunged|threw|swung|hit|bit|punched|pulled|attacked|refused|fell|collapsed|died|needs?|there|inside|at the door|in (?:the|his|her))\b"
)


def found_there(low: str, start: int, end: int) -> bool:
    """`the crew went to 14 Albion Terrace and the man there threw a cup`."""
    sent = _SENT_OUT.search(low, max(0, start - 80), start)
    return sent is not None and _FOUND_THERE.match(low, end, end + 160) is not None
