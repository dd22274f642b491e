"""What says that a date is a birth date, or that it is surely none."""

import re

from helpdesk.pii.recognizers.birth.words import labels, other_dates
from helpdesk.pii.text import fold

_LABEL = re.compile(
    r"(?:\bd[ .]?o[ .]?b\b\.?|\bbirth(?<![a-z] birth)\b|\bdates? of births?\b|\bbirth ?dates?\b|\bdate of birth\b|\bbirthda(?:y|te)\b|\bb-?day\b|\bdate o?/?f? ?birth\b|\bd/o/b\b|\bborn\b|\bb\.|\bd\.?o\.?b\.?s\b|\bbd\b(?!=))"
    r"(?:[ \t]*(?:is|was|on|of|=|:|-|\(|\)|,|'s|listed as|showing as|shows?|recorded as|should be|down as|entered as|\.|\t|\"|'|no|not|the|in|wrong|field|mother|patient|pt|her|his|for \w{1,20}|\w{1,20} \w{1,20} is)[ \t]*){0,4}[ \t]*$"
)
_LOOSE_LABEL = re.compile(
    r"\b(?:d\.?o\.?b\.?|dates? of births?|birth ?dates?|birthday|b-?day|born)\b(?!.*\b(?:fields?|formats?|accepts?|columns?|validation|entry|entries|default\w*|in \d{4}|party|cake|card|do|drinks|leave)\b)[^\n\d]{0,28}$"
)
_LABEL_AFTER = re.compile(r"^[ \t)\],-]{0,4}(?:\(?d\.?o\.?b\b|\(?date of birth|\(?birth date)")
_IN_OTHER_LANGUAGES = re.compile(rf"(?<!\w)(?:{labels()})(?!\w)[^\n\d]{{0,28}}$")
_OTHER_DATE = re.compile(rf"\b(?:{other_dates()})\b[ :,(='\"-]{{0,4}}$")
_WEEKDAY = re.compile(
    r"\b(?:mon|tue|tues|wed|weds|thu|thur|thurs|fri|sat|sun|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b\.?,? ?(?:the )?$"
)
_TIME = re.compile(r"[ ,T]{0,3}(?:at |@ ?)?\d{1,2}[:.]\d\d|\.[ ]?\(?(?:reuters|ap)|[^\n]{0,40}\bwrote\b")


def labelled(before: str) -> bool:
    """Whether the lower-case text before a date ends with a label, in English or another language."""
    return bool(_LABEL.search(before) or _IN_OTHER_LANGUAGES.search(fold(before)))


def loosely_labelled(before: str) -> bool:
    """Whether such a label stands a few words before the date."""
    return bool(_LOOSE_LABEL.search(before))


def labelled_after(after: str) -> bool:
    return bool(_LABEL_AFTER.match(after))


def another_date(before: str, low: str, end: int) -> bool:
    """Whether words before, a weekday or a time after tell that it is the date of something else."""
    return bool(_OTHER_DATE.search(before) or _WEEKDAY.search(before) or _TIME.match(low, end))
