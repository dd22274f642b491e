"""NHS numbers written so that no filter sees them, or so that eyes misread them: letters for digits without a label
(`7I42I9898Z`), and halves told apart (`first half 71206 and second half 28828`)."""

import re
from collections.abc import Iterator

from helpdesk.pii.reading import Reading
from helpdesk.pii.recognizers.base import Hit, Recognizer, mod11
from helpdesk.pii.recognizers.numbers_context import is_placeholder, lean_in

_LOOK_ALIKE = re.compile(
    r"[0-9OoIl|SBZ](?<![\w@./:#-].)[0-9OoIl|SBZ]{2}[ -]?[0-9OoIl|SBZ]{3}[ -]?[0-9OoIl|SBZ]{4}(?![\w@-]|[./:]\w)"
)
_FIX = str.maketrans("OoIl|SBZ", "00111582")
_ENOUGH = 6  # digits that are digits: of fewer it is a word or a code
_HALF = r"(?:half|part|bit|lot|chunk|batch|three|four|five|six|seven)"
_FIRST = frozenset({"first", "1st"})
_HALVES = re.compile(
    rf"\b(?:first|1st) {_HALF}\b[^.\d\n]{{0,20}}?(?P<first>\d{{3,7}})\b[^\d\n]{{1,40}}?"
    rf"\b(?:second|2nd|other|last|rest|then|remaining|next)(?: {_HALF})?\b[^.\d\n]{{0,20}}?(?P<second>\d{{3,7}})(?!\w)"
)


class DisguisedNhsNumber(Recognizer):
    """0.72 for letters within a number that then passes the check, less where they lead it as in the number of an asset."""

    ENTITIES = ("NHS_NUMBER",)

    def hits(self, reading: Reading) -> Iterator[Hit]:
        if not reading.has_digits:
            return
        for match in _LOOK_ALIKE.finditer(reading.text):
            if score := _look_alike(match, reading.lower):
                yield Hit(
                    "NHS_NUMBER", *match.span(), score, "letters for digits, and passes the check with these"
                )
        for match in () if _FIRST.isdisjoint(reading.runs) else _HALVES.finditer(reading.lower):
            if _known(match.group("first") + match.group("second")):
                yield Hit("NHS_NUMBER", *match.span(), 0.85, "told in halves that pass the check together")


def _look_alike(match: re.Match[str], low: str) -> float:
    written = match.group()
    letters = [at for at, sign in enumerate(written) if sign.isalpha() or sign == "|"]
    digits = "".join(sign for sign in written.translate(_FIX) if sign.isdigit())
    if not letters or sum(map(str.isdigit, written)) < _ENOUGH or not _known(digits):
        return 0.0
    if lean_in(low, *match.span()).side < 0:
        return 0.3
    return 0.5 if written[: len(letters)].isalpha() else 0.72


def _known(digits: str) -> bool:
    return len(digits) == 10 and digits[0] in "3467" and mod11(digits) and not is_placeholder(digits)
