"""What several numbers of ten digits tell together: that they are patients', or that they are of things."""

import re
from collections.abc import Sequence

from helpdesk.pii.recognizers.base import digits_of, mod11
from helpdesk.pii.recognizers.numbers_context import RAISES, is_placeholder, lean_in

PATIENTS, NOTHING, THINGS, NO_PATIENTS = 1, 0, -1, -2
_ANNOUNCED = re.compile(
    r"\b(?:maker|manufacturer|serial|asset|tag|position|post|job|order|ticket|consignment|tracking|batch|lot|part|stock|meter|sim|licen[cs]e|equipment|device|inventory|barcode|call|request)(?:'s|s')? (?:no|num|number|id|ref)s\b|\b(?:serials|barcodes|asset tags|part nos)\b"
)
_PATIENTS_ANNOUNCED = re.compile(r"\b(?:nhs|patients?|hosp\w*|chi|mrns?|h&c|hcn|wristband|specimen)\b")
_SAME = 7  # digits at the front that machines' running numbers share, and patients' do not


def crowd_of(text: str, matches: Sequence[re.Match[str]]) -> int:
    """PATIENTS where three and more stand and (nearly) all pass the check, by chance once in a thousand.

    THINGS where several fail, and where the words before them, or before and after, speak of parcels
    or the like; NO_PATIENTS where they count on from each other, or nothing in a list so announced speaks of care.
    """
    numbers = {digits_of(match.group()) for match in matches}
    real = {one for one in numbers if issued(one) and mod11(one) and not is_placeholder(one)}
    if real and _counts_on(numbers):
        return NO_PATIENTS
    if real and len(numbers) > 1 and _announced(text, matches[0].start()):
        between = text[matches[0].end() : matches[-1].start()].lower()
        return NO_PATIENTS if len(numbers) > 2 and not RAISES.search(between) else THINGS
    if len(real) >= 3 and len(real) >= 0.75 * len(numbers):
        whole = lean_in(text.lower(), matches[0].start(), matches[-1].end())
        things = whole.side < -0.3 and (whole.plain == 1.0 or whole.side < -0.9)
        return THINGS if things else PATIENTS
    return THINGS if len(numbers) >= 3 and len(real) <= 0.67 * len(numbers) else NOTHING


def _announced(text: str, start: int) -> bool:
    """Whether the words before a list say whose numbers it has: `with their serial numbers`."""
    lead = text[max(0, start - 200) : start].lower()
    return _ANNOUNCED.search(lead) is not None and _PATIENTS_ANNOUNCED.search(lead) is None


def _counts_on(numbers: set[str]) -> bool:
    """Whether three and more begin alike; numbers kept for tests are handed out in a row."""
    fronts = {one[:_SAME] for one in numbers}
    return len(numbers) >= 3 and len(fronts) == 1 and not any(front.startswith("9") for front in fronts)


def issued(digits: str) -> bool:
    """Ranges issued (some 3xx, 4, 6, 7) or kept for tests (999)."""
    return digits[0] in "3467" or digits.startswith("999")
