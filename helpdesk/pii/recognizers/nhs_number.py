"""NHS numbers: ten digits with a check, in the ranges ever issued, in every spelling people use.

The checksum alone is no evidence: one random number in eleven passes it. A label makes a
finding even of a number that fails the check, for a mistyped number is still somebody's.
"""

import re
from collections.abc import Iterator, Sequence

from helpdesk.pii.reading import Reading
from helpdesk.pii.recognizers.base import Hit, Recognizer, digits_of, mod11
from helpdesk.pii.recognizers.columns import header_over
from helpdesk.pii.recognizers.crowds import NO_PATIENTS, NOTHING, PATIENTS, crowd_of, issued
from helpdesk.pii.recognizers.nhs_labels import AFTER_LABEL, ANOTHER, FAR_LABEL, LABEL, SOME_LABEL
from helpdesk.pii.recognizers.numbers_context import (
    EXAMPLE,
    NEITHER,
    WORN,
    called_a_thing,
    is_placeholder,
    is_published_example,
    lean_in,
    lean_of_header,
    only_described,
)

_SEPARATOR = r"[ \t]?[ .\-/_]?[ \t]?"
_BARE = re.compile(
    rf"(?:(?<=\^FD)|(?<![A-Za-z0-9.,+£$/-])(?<!\+44 )(?<!\(0\)))\(?\d{{3}}\)?{_SEPARATOR}\d{{3}}{_SEPARATOR}\d{{4}}(?![A-Za-z0-9£%]|[.,/-]\d|-[A-Z]{{1,4}}\b)"
)
_DICTATED = re.compile(
    r"(?<!\w)\d{3}(?:[,.]? (?:then|and|space|dash|hyphen|dot|next|followed by|space then|and then) | ?\.\.\.? ?|, ?)\d{3}(?:[,.]? (?:then|and|space|dash|hyphen|dot|next|followed by|space then|and then) | ?\.\.\.? ?|, ?)\d{4}(?!\w)"
)
_SAID = r"(?:[ ,.;:-]{1,4}[a-z]{1,8}){0,4}[ ,.;:-]{1,5}"
_SPOKEN_OVER = re.compile(rf"(?<![\w.,/-])\d{{3}}{_SAID}\d{{3}}{_SAID}\d{{4}}(?![\w/-])")
_SINGLES = re.compile(r"(?<!\d )(?<![\w.,/-])\d(?:[ .,-]\d){9}(?![\w/-]| \d)")
_PAIRS = re.compile(r"(?<![\w.,+£$/:-])\d{2,5}(?:[ \-.]\d{1,5}){1,4}(?![\w£%:]|[.,/-]\d|-[A-Z]{1,4}\b)")
# In a row of values parted by commas, alone in its field.
_IN_ROW = re.compile(r"(?<=[A-Za-z0-9\"],)\d{10}(?=,|[ \t]*(?:\n|$))")
# A number that goes on in the next line, as a narrow label breaks it.
_BROKEN = re.compile(
    r"(?<![\w.,+£$/:-])(?=(?:\d[ \n>]{0,3}){10}(?!\d))\d{2,7}(?: \d{1,4}){0,3} ?\n[ >]{0,3}\d{1,5}(?: \d{1,4}){0,3}(?![\w£%:]|[.,/-]\d)"
)
_WRAPPED = re.compile(r"(?<=\d)[ ]?\n[ >]{0,3}\d")
_IN_LINK = re.compile(r"(?<=/)\d{10}(?![A-Za-z0-9]|[.,/-]\d)")
# The most a bare number gets where no word speaks plainly of a patient: with words of care close by, and without.
UNSURE, UNTOLD = 0.74, 0.69
_CLOSE = 0.55
_FIX = str.maketrans("OoIl|SBZ", "00111582")


class NhsNumber(Recognizer):
    """Bare, labelled, dictated and mistyped NHS numbers (and H&C numbers under their label).

    Bare: 0.5 where no word tells, up to 0.98 as words speak of a patient; 0.85 for three and more that all pass, unless words speak of things.
    """

    ENTITIES = ("NHS_NUMBER",)

    def __init__(self, hold_test_numbers: bool = True) -> None:
        super().__init__()
        self._hold_test_numbers = hold_test_numbers

    def hits(self, reading: Reading) -> Iterator[Hit]:
        if not reading.has_digits:
            return
        bare = list(_BARE.finditer(reading.text))
        taken: list[tuple[int, int]] = []
        for hit in (
            *self._labelled(reading),
            *self._labelled_afar(reading, bare),
            *self._dictated(reading),
            *self._bare(reading, bare),
            *_in_links(reading.text),
        ):
            if not any(hit.start < end and start < hit.end for start, end in taken[-50:]):
                taken.append((hit.start, hit.end))
                yield hit

    def _labelled(self, reading: Reading) -> Iterator[Hit]:
        for pattern, sure in ((LABEL, True), (SOME_LABEL, False)):
            for label in pattern.finditer(reading.lower):
                for match in _numbers_under(reading, label.end(), several=sure):
                    if (hit := _under_label(match, sure)) and not self._is_example(reading, hit):
                        yield hit

    def _labelled_afar(self, reading: Reading, bare: Sequence[re.Match[str]]) -> Iterator[Hit]:
        for match in bare:
            if match.group()[0] in "34679" and FAR_LABEL.search(
                reading.lower, max(0, match.start() - 100), match.start()
            ):
                hit = _under_label(match, True)
                if hit and not self._is_example(reading, hit):
                    yield hit

    def _dictated(self, reading: Reading) -> Iterator[Hit]:
        for pattern in (_DICTATED, _SPOKEN_OVER, _SINGLES):
            for match in pattern.finditer(reading.lower):
                digits = digits_of(match.group())
                said = pattern is not _SPOKEN_OVER or any(letter.isalpha() for letter in match.group())
                if said and issued(digits) and mod11(digits):
                    yield from self._judged(reading, match.span(), digits, 0.6, "dictated in groups")

    def _bare(self, reading: Reading, bare: Sequence[re.Match[str]]) -> Iterator[Hit]:
        crowd = crowd_of(reading.text, bare)
        others = (
            (_PAIRS.finditer(reading.text), 0.4),
            (_broken(reading), 0.45),
            (_in_rows(reading.text), 0.5),
        )
        for matches, base in ((bare, 0.5), *others):
            for match in matches:
                digits = digits_of(match.group())
                if len(digits) == 10 and issued(digits) and mod11(digits):
                    grouped = 0.08 if len(match.group()) == 12 and match.group()[3] in " -." else 0.0
                    yield from self._judged(
                        reading, match.span(), digits, base + grouped, "ten digits that pass the check", crowd
                    )

    def _judged(
        self,
        reading: Reading,
        span: tuple[int, int],
        digits: str,
        base: float,
        why: str,
        crowd: int = NOTHING,
    ) -> Iterator[Hit]:
        if is_placeholder(digits):
            return
        if called_a_thing(reading.lower, *span):
            return
        header = header_over(reading, span[0])
        leaning = lean_of_header(header) if header else NEITHER
        leaning = leaning if leaning.side else lean_in(reading.lower, *span)
        score = base + 0.4 * leaning.weight + (0.03 if digits.startswith("999") else 0)
        if leaning.side <= 0 or leaning.plain < 1.0:
            score = min(score, UNSURE if leaning.plain > _CLOSE else UNTOLD)
        if _in_file_name(reading.lower, span, likely=leaning.side >= 0):
            score, why = max(score, 0.76), "grouped as an NHS number in a file name"
        if crowd == PATIENTS and not (leaning.side < 0 and leaning.plain == 1.0):
            # Where words stand around, the judge that reads them has a say; where none do, chance alone speaks.
            score, why = (
                max(score, UNSURE if leaning.side else 0.85),
                "one of several numbers that all pass the check",
            )
        elif crowd == NO_PATIENTS or (crowd < 0 and (leaning.weight < 0.5 or leaning.plain < 1.0)):
            score = min(score, 0.4)
        score = round(max(0.05, min(0.98, score)), 2)
        hit = Hit("NHS_NUMBER", *span, score, why + _WORDS_NEAR[(leaning.side > 0) - (leaning.side < 0)])
        if not self._is_example(reading, hit):
            yield hit

    def _is_example(self, reading: Reading, hit: Hit) -> bool:
        """Numbers never issued: by setting, or when the text itself calls them an example. Issued ones where only the form is told."""
        digits = digits_of(reading.text[hit.start : hit.end])
        if not self._hold_test_numbers and digits.startswith("999"):
            return True
        if only_described(reading.lower, hit.start, hit.end):
            return True
        if not is_published_example(digits):
            return False
        before, after = reading.around(hit.start, hit.end, 90, 50)
        return bool(EXAMPLE.search(before) or EXAMPLE.search(after))


def _in_links(text: str) -> Iterator[Hit]:
    """Numbers that a link or a path ends with or leads through; what stands around them tells whether they are anybody's."""
    for match in _IN_LINK.finditer(text):
        digits = match.group()
        if issued(digits) and mod11(digits) and not is_placeholder(digits):
            yield Hit("NHS_NUMBER", *match.span(), 0.3, "ten digits that pass the check, in a link or a path")


def _in_rows(text: str) -> Iterator[re.Match[str]]:
    return _IN_ROW.finditer(text) if "," in text else iter(())


def _broken(reading: Reading) -> Iterator[re.Match[str]]:
    """Numbers broken over two lines, beside a wristband or a label of a tube."""
    for match in _BROKEN.finditer(reading.text) if _WRAPPED.search(reading.text) else ():
        if WORN.search(reading.lower, max(0, match.start() - 200), match.end() + 80):
            yield match


_GROUPED = re.compile(r"\d{3}[._ -]\d{3}[._ -]\d{4}")
_NAMED_AFTER = re.compile(
    r"(?:[._ -]{1,3}[a-z][a-z']{1,20}){1,6}(?: ?\(\d{1,2}\))?\.(?:pdf|docx?|rtf|jpe?g|png|tiff?|msg|dcm|xlsx?|wav|mp4)\b"
)
_CLINICAL_NAME = re.compile(
    r"letter|clinic|ecg|echo|(?<![a-z])ct(?![a-z])|(?<![a-z])ct ?(?:chest|head|abdo|thorax|kub|pelvis|brain)|ultrasound|colpo|smear|report|result|referral|consent|scan|discharge|summary|notes|bloods?|x-?ray|mri|dnacpr|respect|care ?plan|photo|wound|gum|audiogram|spirometry|mds|assessment|dols|mca|prescription|fit ?note"
)
_OF_SOFTWARE = re.compile(
    r"\b(?:firmware|driver|patch|setup|update|version|build|release|invoice|order|po|quote)s?[ ._:-]{0,3}$"
)


def _in_file_name(low: str, span: tuple[int, int], *, likely: bool) -> bool:
    """Whether a number names a file as care names them: `731.964.4002.okoro.consent.pdf`, `6921742180_clinic_letter.pdf`."""
    written = low[slice(*span)]
    if "_" in written and likely:
        return True
    named = _NAMED_AFTER.match(low, span[1], span[1] + 120)
    if named is None or _OF_SOFTWARE.search(low, max(0, span[0] - 16), span[0]):
        return False
    return bool(likely and _GROUPED.fullmatch(written)) or _CLINICAL_NAME.search(named.group()) is not None


OF_THINGS = ", words of orders or devices near"
_WORDS_NEAR = {0: "", 1: ", words of care near", -1: OF_THINGS}


def _numbers_under(reading: Reading, start: int, *, several: bool) -> Iterator[re.Match[str]]:
    """The number after a label, and those it speaks for too: `H+C 321 944 0876 and the old one 321 994 0876`."""
    match = AFTER_LABEL.match(reading.text, start)
    while match:
        yield match
        more = ANOTHER.match(reading.lower, match.end()) if several else None
        match = AFTER_LABEL.match(reading.text, more.end()) if more else None


def _under_label(match: re.Match[str], sure: bool) -> Hit | None:
    """A number after a label; after a vague one (`his number`) only when it passes the check."""
    digits = digits_of(match.group().translate(_FIX))
    if not 9 <= len(digits) <= 11 or sum(c.isdigit() for c in match.group()) < 7 or is_placeholder(digits):
        return None
    valid = len(digits) == 10 and mod11(digits)
    if not sure:
        known = valid and issued(digits) and not match.group().strip().isdigit()
        return Hit("NHS_NUMBER", *match.span(), 0.8, "somebody's number, passes the check") if known else None
    why = "labelled as an NHS number" + ("" if valid else ", though it fails the check")
    return Hit("NHS_NUMBER", *match.span(), 0.95 if valid else 0.8, why)
