"""Births of nobody: a cohort (`people born before 01/04/1960`), or somebody supposed (`somebody born on 01/02/34 would be 010234`)."""

import re

_BOUND = r"(?:on or )?(?:before|after|between|since|from|until|up to|prior to|earlier than|later than)(?: [\d./-]{6,10} and| \d{1,2} \w{3,9} \d{4} and)?"
_COHORT = re.compile(
    r"(?P<own>\b(?:her|his|their|my|our|both|two|these|three|four|(?:mr|mrs|ms|miss) \w+'s?) )?"
    r"\b(?P<many>people|patients|women|men|adults|children|babies|infants|girls|boys|females|males|residents|users|anyone|anybody|everyone|everybody|those|any (?:patient|person|child|baby|man|woman)|cohort)"
    r"(?:'s)?(?:,? (?:of \w+|aged \w+|who|that|which))?(?: (?:was|were|is|are))?(?: (?:born|with (?:a )?(?:dob|date of birth|birth date)s?))? ?"
    rf"(?P<when>{_BOUND}|on|in)(?: the)? $"
)
_BOUNDED = re.compile(
    r"\b(?:dob|d\.o\.b\.?|dates? of birth|birth ?date)s? ?(?:(?:is|are|was|must be|should be|has to be) )?(?:[<>]=?|(?:on or )?(?:before|after|earlier than|later than)|between(?: ['\"]?[\d./-]{6,10}['\"]? and)?)[ '\"]*$"
)
_SHARED = re.compile(
    r"\b(?:all|each|every one|they all|all of (?:them|these|those)) (?:of them )?(?:have|has|share|shares|carry|get|gets|use|uses) (?:the |a )?(?:same )?(?:dob|d\.o\.b\.?|date of birth|birth ?date|birthday)(?: of)?(?: is|:)? ?$"
)
_BORN = re.compile(r"\b(?:born|dob|dates? of birth|birth date)\b")
_SOME_ONE = re.compile(
    r"[ ,:(-]{0,3}(?:called|named|only|in bed|on (?:the )?ward|with (?:the )?(?:name|surname))\b|:"
)
_EVERYBODY = frozenset({"people", "patients", "anyone", "anybody", "everyone", "everybody", "those"})
_OPENS = r"(?:^|[.?!:;,(\n\"'-] ?|\b(?:so|that|if|when|says?|e\.g\.|example|instance|means|because|then|and|or|for|does) )"
_ONE = r"(?:somebody|someone|anybody|anyone|any \w+|an? (?:person|patient|child|baby|man|woman|boy|girl)|people|one|you|they)"
_BIRTH = r"(?: who| that)?(?: (?:is|was|were|are))? ?(?:born )?(?:on |in )?(?:say,? )?(?:the )?$"
_ANYBODY = re.compile(rf"{_OPENS}{_ONE}{_BIRTH}")
_SUPPOSED = re.compile(
    rf"\b(?:suppose|supposing|imagine|pretend|let's say|assume)(?: that)? (?:i|{_ONE}){_BIRTH}"
)
_WOULD = re.compile(
    r"[\s,)'\"]{0,3}(?:(?:would|'d|could)(?: then)? (?:be|turn|become|reach|have|get|need to|start|read|give|show|come out)\b|becomes?\b|is \d{1,3}[.,;:)?]|has \d{6}(?!\d)| would it\b|would it\b)"
)
_FORM = re.compile(
    r"\b(?:somebody|someone|anybody|anyone|you|your|an? (?:man|woman|person|child|baby)|digits?|figures|formats?|if)\b|\ba (?:patient|client) (?:with|born)\b"
)
_NUMERIC = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](?:19|20)?(\d\d)")
_SPELLED = re.compile(r"(\d{1,2})(?:st|nd|rd|th)? (?:of )?([a-z]{3})[a-z]* (?:19|20)(\d\d)")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def of_nobody(low: str, start: int, end: int) -> bool:
    """Whether the lower-case text around a date speaks of many, or of somebody supposed."""
    before, after = low[max(0, start - 90) : start], low[end : end + 60].split("\n\n", maxsplit=1)[0]
    return (
        _of_many(before, after)
        or _SUPPOSED.search(before) is not None
        or (_ANYBODY.search(before) is not None and _WOULD.match(after) is not None)
        or _echoed(low[start:end], before, after)
    )


def _of_many(before: str, after: str) -> bool:
    if _BOUNDED.search(before) or _SHARED.search(before):
        return True
    match = _COHORT.search(before)
    if match is None or match.group("own") or not _BORN.search(match.group()):
        return False
    bounded = match.group("when") not in ("on", "in")
    return bounded or (match.group("many") in _EVERYBODY and _SOME_ONE.match(after) is None)


def _echoed(date: str, before: str, after: str) -> bool:
    """`... born 01/02/34 gets 010234`: the form of a number is told by the date, and no four digits follow to make it one."""
    match = _NUMERIC.fullmatch(date) or _SPELLED.fullmatch(date)
    if match is None or not _FORM.search(before):
        return False
    day, month, year = (part.zfill(2) for part in match.groups())
    month = f"{_MONTHS.index(month) + 1:02}" if month in _MONTHS else month
    return bool(re.search(rf"(?<!\d)(?:{day}{month}(?:19|20)?{year}|{year}{month}{day})(?![ -]?\d)", after))
