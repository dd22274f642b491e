"""Births of nobody: a cohort (`people born before 01/04/1960`), or somebody supposed (`somebody born on 01/02/34 would be 010234`)."""

import re

_COHORT = re.compile(
    r"(?P<own>\b(?:her|his|their|my|our|both|two|these|the two|three|four|(?:mr|mrs|ms|miss) \w+'s?) )?"
    r"\b(?P<many>people|patients|women|men|adults|children|babies|infants|girls|boys|females|males|residents|users|anyone|anybody|everyone|everybody|those|any (?:patient|person|child|baby|man|woman)|cohort)"
    r"(?:'s)?(?:,? (?:of \w+|aged \w+|who|that|which))?(?: (?:was|were|is|are))?(?: (?:born|with (?:a )?(?:dob|date of birth|birth date)s?))? ?(?P<when>(?:on or )?(?:before|after|between|since|from|until|up to|prior to|earlier than|later than)(?: [\d./-]{6,10} and| \d{1,2} \w{3,9} \d{4} and)?|on|in)(?: the)? $"
)
_BORN = re.compile(r"\b(?:born|dob|dates? of birth|birth date)\b")
_ANYBODY = re.compile(
    r"\b(?:somebody|someone|anybody|anyone|a person|any (?:person|patient|child|baby)|people|one|you(?: were| are)?|(?:if|say|suppose|imagine)(?: that)? (?:you|i|they|someone|somebody|a (?:patient|person|child|baby))(?: (?:is|was|were|are))?)"
    r"(?: who| that)?(?: (?:is|was|were|are))?(?: born)(?: on| in)?(?: say)?,? (?:the )?$"
)
_SOME_LEAD = re.compile(
    r"\b(?:(?:a|any|the|your|their|somebody's|someone's) (?:patient|person|child|baby|date of birth|dob|birth date|birthday)|somebody|someone|anybody|anyone|you|people)\b[^.\n\d]{0,24}$"
)
_WOULD = re.compile(r"[\s,)'\"]{0,3}(?:would|'d|could|becomes?)\b")
_NUMERIC = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](?:19|20)?(\d\d)")


def of_nobody(low: str, start: int, end: int) -> bool:
    """Whether the lower-case text around a date speaks of many, or of somebody supposed."""
    before, after = low[max(0, start - 90) : start], low[end : end + 60].split("\n\n", maxsplit=1)[0]
    return _of_many(before) or _of_anybody(before, after) or _echoed(low[start:end], before, after)


def _of_many(before: str) -> bool:
    match = _COHORT.search(before)
    if match is None or match.group("own") or not _BORN.search(match.group()):
        return False
    bounded = match.group("when") not in ("on", "in")
    return bounded or match.group("many") in (
        "people",
        "patients",
        "anyone",
        "anybody",
        "everyone",
        "everybody",
        "those",
    )


def _of_anybody(before: str, after: str) -> bool:
    return bool(_ANYBODY.search(before) and _WOULD.match(after))


def _echoed(date: str, before: str, after: str) -> bool:
    """`... born 01/02/34 gets 010234`: the form of a number is told by the date, and no four digits follow to make it one."""
    match = _NUMERIC.fullmatch(date)
    if match is None or not _SOME_LEAD.search(before):
        return False
    day, month, year = (part.zfill(2) for part in match.groups())
    return bool(re.search(rf"(?<!\d)(?:{day}{month}(?:19|20)?{year}|{year}{month}{day})(?![ -]?\d)", after))
