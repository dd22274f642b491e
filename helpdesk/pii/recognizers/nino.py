"""National Insurance numbers, spaced, joined, lower-case and mistyped under a label; QQ too."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from helpdesk.pii import names
from helpdesk.pii.reading import Reading
from helpdesk.pii.recognizers.base import Hit, Recognizer
from helpdesk.pii.recognizers.numbers_context import EXAMPLE, only_described
from helpdesk.pii.text import fold

_FORM = re.compile(
    r"(?:(?<![A-Za-z0-9_/\\-])|(?<=[_/\\])(?=[A-Z]{2}\d{6}[A-D][_.]))([A-Za-z]{2})[ \-.]{0,2}(\d{2})[ \-.]{0,2}(\d{2})[ \-.]{0,2}(\d{2})[ \-.]{0,2}([A-Da-d])(?![A-Za-z0-9]|_(?![A-Z]{2}|[A-Z]?[a-z])|-(?![A-ZÀ-Þ][a-zà-þ]))"
)
# Split as nobody else splits it: `PW612 488B`, `PW 6 12 48 8 B`.
_ODD = re.compile(
    r"(?<![A-Za-z0-9_/\\-])([A-Z]{2})[ \-.]{0,2}\d(?:[ \-.]?\d){5}[ \-._]{0,2}[A-D](?![A-Za-z0-9_]|-(?![A-ZÀ-Þ][a-zà-þ]))"
)
_SIX_DIGITS = re.compile(r"\d(?:[ \-.]{0,2}\d){5}")
_NAME_AFTER = re.compile(r"\"?[ ]?[-,;:|\t/][ ]?([A-ZÀ-Þ][a-zà-þ][\w'’]{1,20})")
_SIX = r"(?:[\doilsbz](?:[ \-./]{1,2})?){6}"
_LABEL = re.compile(
    r"\b(?:nino|ni|n\.? ?i\.?|nat(?:ional)?[ .]{0,2}ins(?:urance)?|insurance (?:no|num|number)|my number|yswiriant gwladol)\b\.?"
)
_UNDER_LABEL = re.compile(
    r"[^\n\d]{0,34}?(?:\n[ \t]{0,8})?(?<![a-z0-9])(?P<number>[a-z]\.? ?[a-z0](?:\.|,)?(?: then |[ \-./]{1,2})?"
    + _SIX
    + r"(?:,? ?(?:then|and) )?[a-d]?)(?![a-z0-9])"
)
# Without its last letter, and further from the label: `national insurance is not in the right format? I put PW 61 24 88`.
_FAR = re.compile(
    r"(?<![A-Za-z0-9])(?!GB|BG|NK|KN|TN|NT|ZZ|OP|NO)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2}(?![A-Za-z0-9/-])"
)
_FAR_LABEL = re.compile(r"\b(?:nino|national insurance|ni (?:number|no))\b")
_PAIRS = re.compile(r"[A-Z]{2} \d\d \d\d \d\d [A-D]")
AS_ON_PAPER = 0.97  # in pairs, as payslips and letters print it and hardly anything else is; nothing near speaks of a thing
_NEVER = frozenset({"BG", "GB", "KN", "NK", "NT", "TN"})
_OTHER = re.compile(
    r"\b(?:serial|asset|model|part|licen[cs]e|key|tag|stickers?|order|ref|ticket|case|consignment|tracking|vat|meter|build|lot|batch|sku|mac|hostname|host|pc|printer)\b[^.\n]{0,20}$"
)
_NAMED_KEYS = re.compile(
    r"\b(?:sn|gn|fn|ln|surname|forenames?|given ?names?|family ?name|first ?name|last ?name|full ?name|dob|birth\w*)[\"']?[ ]?[:=]"
)
_PUBLISHED = re.compile(r"[a-z]{2}123456[a-d]|jg103759a", re.IGNORECASE)
_SPECIMEN = re.compile(
    r"(?<!blood )(?<!urine )\bspecimen\b(?! (?:of|from|for|no|number|label|pot|tube|bottle))|\b(?:vendor|supplier|manufacturer)(?:[’']?s)? (?:own )?(?:sample|example|dummy)\b"
)
_THINGS = re.compile(
    r"\b(?:parts?|orders?|serials?|assets?|catalogue|stock|skus?|(?:licen[cs]e|product|activation|software|volume|visio|office|windows|project|adobe) keys?|tags?|consignments?)\b"
)
_RAISE = re.compile(
    r"\b(?:ni|nino|national ins\w*|pension\w*|payroll|esr|hmrc|tax|paye|employee|p45|p60|starter|nat ins|rti|fps|(?:no|cannot|can't|not) match(?:ed)?)\b"
)


class NationalInsuranceNumber(Recognizer):
    """Prefixes never issued are no finding without a label; QQ and ZZ are test prefixes that people really type."""

    ENTITIES = ("NINO",)

    def hits(self, reading: Reading) -> Iterator[Hit]:
        if not reading.has_digits:
            return
        taken: set[int] = set()
        for start, end in _labelled(reading.lower):
            taken.update(range(start, end))
            if not _described(reading.lower, start, end) and not _blank(reading.lower[start:end]):
                yield Hit("NINO", start, end, 0.9, "labelled as a National Insurance number")
        if _SIX_DIGITS.search(reading.text):
            yield from self._by_form(reading, taken)

    def _by_form(self, reading: Reading, taken: set[int]) -> Iterator[Hit]:
        """What has the form of such a number without a label right before it; `taken` is where others stand."""
        for match in _FAR.finditer(reading.text):
            far = _FAR_LABEL.search(reading.lower, max(0, match.start() - 90), match.start())
            if match.start() not in taken and far and not only_described(reading.lower, *match.span()):
                taken.update(range(*match.span()))
                yield Hit("NINO", *match.span(), 0.8, "a National Insurance number without its last letter")
        formed = list(_FORM.finditer(reading.text))
        series = _series(formed)
        for match in formed:
            if match.group()[:2].upper() in series or _blank(match.group()):
                taken.add(match.start())
                continue
            if match.start() not in taken and not _described(reading.lower, *match.span()):
                taken.add(match.start())
                score = _score(reading, match)
                if score > 0:
                    yield Hit(
                        "NINO",
                        match.start(),
                        match.end(),
                        score,
                        "has the form of a National Insurance number",
                    )
        yield from self._oddly_split(reading, taken)

    def _oddly_split(self, reading: Reading, taken: set[int]) -> Iterator[Hit]:
        """A number split as no number is, where somebody is named right after it or words of pay stand near."""
        for match in _ODD.finditer(reading.text):
            if match.start() in taken or not _issued(match.group(1)) or _blank(match.group()):
                continue
            near = " ".join(reading.around(*match.span(), 80, 60))
            named = _named_after(reading.text, match.end())
            thing = _OTHER.search(near) or _THINGS.search(near)
            if (named or (named is None and _RAISE.search(near))) and not thing:
                yield Hit("NINO", *match.span(), 0.7, "letters and digits of a National Insurance number")


def _named_after(text: str, end: int) -> bool | None:
    """Whether the word joined to a number is somebody's name; None where none is."""
    match = _NAME_AFTER.match(text, end)
    if match is None:
        return None
    word = fold(match.group(1))
    return names.is_name(word) or not names.is_ordinary(word)


def _issued(prefix: str) -> bool:
    return prefix[0] not in "DFIQUV" and prefix[1] not in "DFIOQUV" and prefix not in _NEVER


def _labelled(low: str) -> Iterator[tuple[int, int]]:
    """What stands under a label, letters for digits and all: two letters, six of which three are digits, a last letter."""
    for label in _LABEL.finditer(low):
        match = _UNDER_LABEL.match(low, label.end())
        if match and sum(letter.isdigit() for letter in match.group("number")) >= 3:
            plain = match.group("number")
            yield match.start("number"), match.start("number") + len(plain.rstrip(" .-/"))


def _series(formed: Sequence[re.Match[str]]) -> frozenset[str]:
    """Letters before which numbers count on from each other, as tags of things do and people's numbers do not."""
    numbers = {(match.group(1).upper(), int("".join(match.group(2, 3, 4)))) for match in formed}
    near = Counter(
        front for front, number in numbers if any((front, number + i) in numbers for i in range(1, 9))
    )
    return frozenset(front for front, count in near.items() if count >= 2)


def _blank(written: str) -> bool:
    """A number of one digit alone shows where one goes."""
    return len({digit for digit in written if digit.isdigit()}) == 1


_OF_FORM = re.compile(
    r"\b(?:mask|picture) (?:insists|wants|is|says|accepts|shows|expects)\b|\b(?:(?:two|2|one|1) letters?|(?:six|6) (?:digits|numbers|figures)|starts? with)\b"
)


def _described(low: str, start: int, end: int) -> bool:
    return (
        bool(EXAMPLE.search(low, max(0, start - 60), end + 20))
        or _SPECIMEN.search(low, max(0, start - 120), end + 60) is not None
        or _OF_FORM.search(low, max(0, start - 80), start) is not None
        or only_described(low, start, end)
    )


def _score(reading: Reading, match: re.Match[str]) -> float:
    prefix = match.group(1).upper()
    issued = prefix[0] not in "DFIUV" and prefix[1] not in "DFIOUV" and prefix not in _NEVER
    if reading.text[match.end() : match.end() + 1] == "-" and not _named_after(reading.text, match.end()):
        return 0.2
    before, after = reading.around(match.start(), match.end(), 80, 60)
    if _PUBLISHED.fullmatch(match.group()):
        return 0.9 if _RAISE.search(before) else 0.3
    if _RAISE.search(before) or _RAISE.search(after) or (issued and _NAMED_KEYS.search(before + after)):
        return 0.9 if issued else 0.6
    if _OTHER.search(before) or _THINGS.search(before) or _THINGS.search(after[:25]) or not issued:
        return 0.2
    if match.group(1).islower():
        return 0.6 if " " in match.group() else 0.45
    alone = len(re.findall(rf"\b{prefix} \d", reading.text)) == 1  # tags of things share their first letters
    return AS_ON_PAPER if alone and _PAIRS.fullmatch(match.group()) else 0.75
