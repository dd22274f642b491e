"""How named people did at an interview: `Adjei 31/50 (offer), Ren 27/50, not appointable`. Timetables and blank forms have no marks beside names.

A score and a verdict beside each name are a matter of employment, whoever of them is hired.
"""

import re
from collections.abc import Iterator

from helpdesk.pii import names
from helpdesk.pii.reading import Reading
from helpdesk.pii.recognizers.base import Hit, Recognizer
from helpdesk.pii.text import fold

_ABOUT = re.compile(
    r"appointable|interview (?:panel|scores?|marks|results?|outcomes?)|panel scores?|shortlist(?:ing)? scores?"
)
_MARKED = re.compile(
    r"(?<![\w@.])(?:[A-ZÀ-Þ][\w'’-]{1,20},? ){0,2}(?P<last>[A-ZÀ-Þ][\w'’-]{1,20})[ \t,:–-]{1,12}\d{1,3}(?:\.\d)?(?: ?/ ?\d{2,3}| ?%)?(?![\w:/])"
)
_VERDICT = re.compile(
    r"\b(?:not appointable|un-?appointable|appointable|appoint|reserve|offer(?:ed)?|reject(?:ed)?|unsuccessful|not shortlisted|withdrawn|declined)\b"
)
_FEWEST = 2


class InterviewScores(Recognizer):
    """Score 0.8: several names with marks, and a verdict on one of them."""

    ENTITIES = ("INTERVIEW_SCORES",)

    def hits(self, reading: Reading) -> Iterator[Hit]:
        if not reading.has_digits or not _ABOUT.search(reading.lower):
            return
        marked = [match for match in _MARKED.finditer(reading.text) if _is_name(match.group("last"))]
        if len(marked) < _FEWEST:
            return
        start, end = marked[0].start(), marked[-1].end()
        if _VERDICT.search(reading.lower, start, end + 60):
            yield Hit("INTERVIEW_SCORES", start, end, 0.8, "names with marks and a verdict")


def _is_name(word: str) -> bool:
    low = fold(word)
    return names.may_be_name(low) or not names.is_ordinary(low)
