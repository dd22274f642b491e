"""Dates of people long dead: founders on a page, names of wards, a plaque, a register of 1887.

Nobody born so long ago lives, and no system has their record; a label (`DOB 12/03/1899`) is still somebody's, mistyped.
"""

import re

OLDEST = 116  # years; nobody who lives is older
_LONG_AGO = r"(?:1[0-8]\d\d|190[1-9])"  # 01/01/1900 is whom nobody asked
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
_BIRTH = re.compile(
    rf"(?:\b\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{_MONTH},? |\b{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? |\b\d{{1,2}}[./-]\d{{1,2}}[./-]|\b(?:b\.|born)(?: in| about| c\.?)? ?){_LONG_AGO}\b(?!\d)"
)
_DIED = re.compile(r"(?:[-–—†]|\b(?:to|until|died|dies|d\.|death|killed|shot|drowned|buried|executed)\b)")
_LABEL = re.compile(r"\b(?:d\.?o\.?b\b|dates? of birth|birth ?date)[^\n\d]{0,30}$")
_FAR = 110


def born_long_ago(low: str, start: int, year: int, this_year: int) -> bool:
    """Whether the lower-case text tells a birth of history here: no label of a record, and a year that nobody living has."""
    return year < this_year - OLDEST and _LABEL.search(low, max(0, start - 60), start) is None


def end_of_a_life(low: str, start: int) -> bool:
    """Whether the date at `start` ends a life that began long ago: `(3 May 1842 - 11 January 1911)`."""
    births = list(_BIRTH.finditer(low, max(0, start - _FAR), start))
    return bool(births) and _DIED.search(low, births[-1].end(), start) is not None


def home_of_history(low: str, start: int) -> bool:
    """Whether an address follows the birth or death of somebody long dead in the same sentences."""
    birth = _BIRTH.search(low, max(0, start - _FAR), start)
    return birth is not None and _LABEL.search(low, max(0, birth.start() - 20), birth.start()) is None
