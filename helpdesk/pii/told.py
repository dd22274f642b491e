"""What the semantic judge says of each stretch of a mail, as findings that the policy may use.

The why names no word of the mail: findings are stored beside held mail, in the clear.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from helpdesk.pii.contexts import Cut, cut_of, seen_with
from helpdesk.pii.found import Found
from helpdesk.pii.matters import lowered
from helpdesk.pii.reading import Reading
from helpdesk.pii.semantic.gates import ASKED
from helpdesk.pii.semantic.judge import Judgement, Semantic
from helpdesk.pii.semantic.masking import Masked
from helpdesk.pii.semantic.windows import Window, spans_of
from helpdesk.pii.stories import sayings
from helpdesk.pii.values import Zone

TELLS = "Tells"  # the name under which its findings go
LEAST = 0.25
MOST_ASKED = 4  # stretches of one mail
MOST_READ = 25  # stretches of one reading that are read with care; of longer texts the likeliest
FEW, MANY = 3, 6  # as many stretches as a helpdesk mail has, and as one has that tells a long story
SHIFT, STEEP, MOST_SHIFT = 0.25, 5.0, 12.0  # in log odds: one of many stretches looks likely by accident
TITLE = 1.0  # in log odds: a subject may be a headline. No more: agents read subjects, and a matter told there alone must be held
SHORT, BRIEF = 12, 1.5  # a stretch of so few words says too little to be as sure of
STORY = 2.0  # a mail that speaks of made-up people; no more, for somebody real may be told of beside them
STORIES = 1.0  # each further word of a mail that says so, as long as that makes less than MOST_STORY
MOST_STORY = 4.0
IDENTIFIERS = "patient identifiers"
# What may lead to a person, however little speaks for it: whose it is, the words around it tell, and the careful reader reads those.
LEADING = frozenset(
    {"NHS_NUMBER", "CHI_NUMBER", "HC_NUMBER", "OLD_NHS_NUMBER", "HOSPITAL_NUMBER", "SOCIAL_CARE_NUMBER", "DATE_OF_BIRTH", "ADDRESS", "NINO", "PAYMENT_CARD"}
)  # fmt: skip
# What leads to a person less often than it stands for a site or a founding: read with care where the words around it may tell something.
SELDOM_LEADING = frozenset({"ADDRESS", "DATE_OF_BIRTH"})
MAY_TELL = -2.5  # log odds of the cheap judge
A_BIRTH = 0.4  # a date of old years alone, by which a hospital may have been opened, scores less
ENTITY_OF = {
    "health of a person": "TOLD_HEALTH_MATTER",
    IDENTIFIERS: "TOLD_HEALTH_MATTER",
    "employment": "TOLD_HR_MATTER",
    "cv or application": "TOLD_CV_MATTER",
    "safeguarding and special": "TOLD_SENSITIVE_MATTER",
}


@dataclass(frozen=True, slots=True)
class _Told:
    """A stretch, what the judge says of it, by how many log odds it is doubted in this mail, and its kind at first sight."""

    reading: Reading
    window: Window
    judgement: Judgement
    doubt: float
    kind: str
    leads: bool = False

    @property
    def sure(self) -> float:
        return lowered(self.judgement.probability, self.doubt)

    @property
    def asked(self) -> bool:
        """Whether the careful reader is to see it."""
        return self.leads or self.sure >= ASKED


def told(readings: Sequence[Reading], found: Sequence[Found], judge: Semantic) -> Iterator[Found]:
    """A finding for each stretch of these readings that likely tells somebody's private matter."""
    spans = [spans_of(reading) for reading in readings]
    shift = _shift(sum(map(len, spans)))
    if not judge.could_matter(shift):
        return
    cut = cut_of(readings, found, spans)
    leading = [one for one in found if _may_lead(one)]
    for one in _reconsidered(_suspected(cut, shift, judge, leading), cut, judge):
        judgement, window = one.judgement, one.window
        numbers = judgement.category == one.kind == IDENTIFIERS
        staff = numbers and _of_staff(window, one.reading, found)
        if one.sure >= LEAST and not staff:
            yield Found(
                ENTITY_OF[judgement.category], window.start, window.end, round(one.sure, 3),
                f"tells something of the kind: {judgement.category}", TELLS, one.reading, id(one.reading),
                one.reading.zone(window.start),
            )  # fmt: skip


def _suspected(cut: Sequence[Cut], shift: float, judge: Semantic, leading: Sequence[Found]) -> list[_Told]:
    """The stretches that the quick judges do not clear, or that hold what may lead to a person, likeliest first."""
    read = (
        _read(window, one.reading, shift, judge, leads=_leads(window, one.reading, leading, judge))
        for one in cut
        for window in _worth_reading(one.windows, judge)
    )
    suspected = [one for one in read if one.asked]
    # Asked of few mails: it takes as long as a recognizer.
    if suspected and (said := sayings([one.reading for one in cut])):
        story = min(MOST_STORY, STORY + STORIES * (said - 1))
        doubted = (replace(one, doubt=one.doubt + story) for one in suspected)
        suspected = [one for one in doubted if one.asked]
    return sorted(suspected, key=lambda one: -one.sure)


def _read(window: Window, reading: Reading, shift: float, judge: Semantic, *, leads: bool) -> _Told:
    doubt = shift + _doubt(window, reading)
    judgement = judge.judge([window.masked], doubt, whole=leads)[0]
    return _Told(reading, window, judgement, doubt, judgement.category, leads)


def _may_lead(one: Found) -> bool:
    return one.entity in LEADING and (one.entity != "DATE_OF_BIRTH" or one.score >= A_BIRTH)


def _leads(window: Window, reading: Reading, leading: Sequence[Found], judge: Semantic) -> bool:
    inside = [one for one in leading if one.reading is reading and window.start <= one.start < window.end]
    seldom = all(one.entity in SELDOM_LEADING for one in inside)
    return bool(inside) and not (seldom and judge.suspicion(window.masked) < MAY_TELL)


def _reconsidered(suspected: Sequence[_Told], cut: Sequence[Cut], judge: Semantic) -> list[_Told]:
    """The likeliest as the careful reader judges them; where it clears those, the less likely are not held against the mail."""
    read = cache(judge.read_with_care)  # stretches of a short mail are seen together
    asked = [
        replace(one, judgement=judge.reconsider(one.judgement, read(*_to_read(one, cut))))
        for one in suspected[:MOST_ASKED]
    ]
    cleared = all(one.sure < LEAST for one in asked)
    return asked if cleared else [*asked, *suspected[MOST_ASKED:]]


def _to_read(one: _Told, cut: Sequence[Cut]) -> Sequence[Masked]:
    """A few words of the body are read alone too: a word of the subject beside them can turn what they say."""
    alone = _is_brief(one.window) and one.reading.zone(one.window.start) is not Zone.SUBJECT
    return [seen_with(one.window, one.reading, cut), *([one.window.masked] if alone else [])]


def _shift(stretches: int) -> float:
    """By how much each stretch of a mail is doubted for the others."""
    some = SHIFT * math.log(max(1.0, min(stretches, MANY) / FEW))
    return min(MOST_SHIFT, some + STEEP * math.log(max(1.0, stretches / MANY)))


def _doubt(window: Window, reading: Reading) -> float:
    """By how much a stretch is doubted for itself."""
    title = TITLE if reading.zone(window.start) is Zone.SUBJECT else 0.0
    return title + (BRIEF if _is_brief(window) else 0.0)


def _is_brief(window: Window) -> bool:
    return len(window.masked.text.split()) <= SHORT


def _of_staff(window: Window, reading: Reading, found: Sequence[Found]) -> bool:
    """Known staff is named in it and nobody else: a name beside a date or number is then no patient's."""
    persons = {
        one.whose
        for one in found
        if one.entity == "PERSON" and one.reading is reading and window.start <= one.start < window.end
    }
    return "staff" in persons and not persons & {"", "subject"}


def _worth_reading(windows: Sequence[Window], judge: Semantic) -> Sequence[Window]:
    if len(windows) <= MOST_READ:
        return windows
    ranked = sorted(windows, key=lambda window: -judge.suspicion(window.masked))
    return sorted(ranked[:MOST_READ], key=lambda window: window.start)
