"""National Insurance numbers, spaced, joined, lower-case and mistyped under a label; QQ too."""

import re
from collections.abc import Iterator

from helpdesk.pii.reading import Reading
from helpdesk.pii.recognizers.base import Hit, Recognizer
from helpdesk.pii.recognizers.numbers_context import EXAMPLE

_FORM = re.compile(
    r"(?<![A-Za-z0-9_/\\-])([A-Za-z]{2})[ \-.]?(\d{2})[ \-.]?(\d{2})[ \-.]?(\d{2})[ \-.]?([A-Da-d])(?![A-Za-z0-9_-])"
)
_LABELLED = re.compile(
    r"\b(?:nino|ni|nat(?:ional)?[ .]{0,2}ins(?:urance)?|n\.i\.?)(?:[ \t]?(?:no|num|number|#)\b\.?)?[ \t]*(?:(?:is|was|of|as|:|-|=|\(|for \w{1,12}|mine is|\t)[ \t]*){0,3}"
    r"([a-z]{2}[ \-.]?[\doil]{2}[ \-.]?[\doil]{2}[ \-.]?[\doil]{2}[ \-.]?[a-z]?)(?![a-z0-9])"
)
_NEVER = frozenset({"BG", "GB", "KN", "NK", "NT", "TN"})
_OTHER = re.compile(
    r"\b(?:serial|asset|model|part|licen[cs]e|key|tag|order|ref|ticket|case|consignment|tracking|vat|meter|build|lot|batch|sku|mac|hostname|host|pc|printer)\b[^.\n]{0,20}$"
)
_THINGS = re.compile(
    r"\b(?:parts?|orders?|serials?|assets?|catalogue|stock|skus?|licen[cs]e keys?|tags?|consignments?)\b"
)
_RAISE = re.compile(
    r"\b(?:ni|nino|national ins\w*|pension\w*|payroll|esr|hmrc|tax|paye|employee|p45|p60|starter|nat ins)\b"
)


class NationalInsuranceNumber(Recognizer):
    """Prefixes never issued are no finding without a label; QQ and ZZ are test prefixes that people really type."""

    ENTITIES = ("NINO",)

    def hits(self, reading: Reading) -> Iterator[Hit]:
        if not reading.has_digits:
            return
        taken: set[int] = set()
        for match in _LABELLED.finditer(reading.lower):
            taken.update(range(match.start(1), match.end(1)))
            if EXAMPLE.search(reading.lower, max(0, match.start() - 45), match.end(1) + 20):
                continue
            yield Hit("NINO", match.start(1), match.end(1), 0.9, "labelled as a National Insurance number")
        for match in _FORM.finditer(reading.text):
            if match.start() not in taken and not EXAMPLE.search(
                reading.lower, max(0, match.start() - 45), match.start()
            ):
                score = _score(reading, match)
                if score > 0:
                    yield Hit(
                        "NINO",
                        match.start(),
                        match.end(),
                        score,
                        "has the form of a National Insurance number",
                    )


def _score(reading: Reading, match: re.Match[str]) -> float:
    prefix = match.group(1).upper()
    issued = prefix[0] not in "DFIUV" and prefix[1] not in "DFIOUV" and prefix not in _NEVER
    before, after = reading.around(match.start(), match.end(), 80, 60)
    if _RAISE.search(before) or _RAISE.search(after):
        return 0.9 if issued else 0.6
    if _OTHER.search(before) or _THINGS.search(before) or _THINGS.search(after[:25]) or not issued:
        return 0.2
    if match.group(1).islower():
        return 0.6 if " " in match.group() else 0.45
    return 0.75
