"""Passport, driving licence, residence permit (BRP), visa and share codes, DBS certificates."""

import re
from collections.abc import Iterator

from helpdesk.pii.reading import Reading
from helpdesk.pii.recognizers.base import Hit, Recognizer
from helpdesk.pii.recognizers.machine_readable import zones_in

_GAP = r"[^.\n\w]{0,6}(?:(?:no|num|number|nos|details|is|was|id|ref|reference|of|document|doc|uk|gb|british|irish|expir\w+|issued|copy|scan|her|his|their|my|for|biometric|certificate|cert|card|code)\b[^.\n\w]{0,4}){0,5}"
_PASSPORT = re.compile(
    rf"\bpassports?\b{_GAP}(?:[a-z]+ ){{0,3}}([a-z]{{0,2}}[ ]?\d{{3}}[ ]?\d{{3}}[ ]?\d{{1,3}}|[a-z]{{1,2}}\d{{6,8}}|[a-z]\d{{7}}[a-z])(?![\w])"
)
# Passports of other lands have letters before, within or after their digits; the label may stand on the line above.
_OF_ANY_LAND = r"(?=(?:[a-z]*\d){5})(?:[a-z]{1,2} ?\d{6,8} ?[a-z]?|[a-z]{3}\d{6}|\d{2}[a-z]{2}\d{5}|[a-z]{2}\d{5}[a-z]{2}|[a-z]\d[a-z0-9]{7}|\d{8,9}[a-z]?)(?![\w/-])"
_OTHER_PASSPORT = re.compile(
    rf"\bpassports?\b[ \t]*(?:\([^()\n]{{2,24}}\)[ \t]*)?(?:no|num|number|nr|#)\b\.?[^\w\n]{{0,24}}(?P<number>{_OF_ANY_LAND})"
)
_PASSPORT_IN_A_FORM = re.compile(
    rf"\b(?:document|doc|id|type|evidence|kind|proof)\b[^\n]{{0,30}}\bpassports?\b[^\n]{{0,40}}(?:\n[^\n]{{0,60}}){{0,2}}?\n[^\w\n]{{0,4}}(?:document |doc |passport |id )?(?:no|num|number|nr|ref)\b\.?[^\w\n]{{1,40}}(?P<number>{_OF_ANY_LAND})"
)
_LICENCE = re.compile(
    r"(?<![\w])([A-Z][A-Z9]{4})[ -]?(\d)([0156]\d)([0-3]\d)(\d)[ -]?([A-Z9]{2})[ ]?(\d|[A-Z])[ ]?([A-Z]{2}|\d[A-Z]|[A-Z]\d)(?![\w])",
    re.IGNORECASE,
)
_LICENCE_NI = re.compile(
    rf"\b(?:(?:driving|driver'?s?|dva|ni|photocard|provisional|full) licen[cs]e|licen[cs]e (?:no|num|number)|licen[cs]e|dva)\b{_GAP}(?:[a-z]+ ){{0,3}}(\d{{2}} ?\d{{3}} ?\d{{3}})(?!\w)"
)
_DRIVES = re.compile(
    r"\b(?:driv\w+|dva|dvla|vehicle|pool car|fleet|car|van|hire|lease|points|photocard|mileage)\b"
)
_BRP = re.compile(
    rf"\b(?:brps?|residence permit|visa|biometric card|cos|certificate of sponsorship|share code|home office ref\w*|leave to remain)\b{_GAP}(?:[a-z]+ ){{0,2}}((?=[a-z]*\d)[a-z]{{1,3}}[a-z0-9]\d{{5,7}}|(?=[a-z0-9 ]{{0,11}}\d)[a-z0-9]{{3}} ?[a-z0-9]{{3}} ?[a-z0-9]{{3}}|[a-z]\d{{7,8}}|c\dg\d[a-z0-9]{{7}})(?![\w])"
)
_BRP_BARE = re.compile(r"(?<![\w-])(?:R[A-Z]|Z[A-Z0-9])[A-Z0-9]\d{6}(?![\w-])")
_BRP_NEAR = re.compile(r"\b(?:brp|residence permit|visa|immigration|right to work|biometric|home office)\b")
_DBS = re.compile(
    rf"\b(?:dbs|disclosure|pvg|access ?ni|crb)\b{_GAP}(?:[a-z]+ ){{0,2}}(\d{{12}}|\d{{4}} \d{{4}} \d{{4}})(?!\w)"
)
# The first words of what such numbers are called, or the last where the first are common.
_BRP_LABELS = frozenset(
    {"brp", "brps", "permit", "permits", "visa", "biometric", "cos", "sponsorship", "share", "office", "remain", "immigration", "right"}
)  # fmt: skip
_DBS_LABELS = frozenset({"dbs", "disclosure", "pvg", "access", "accessni", "crb"})
_SHARE_CODE = re.compile(
    r"(?<![\w-])(?=[A-Z0-9 ]{0,10}\d)(?=[A-Z0-9 ]{0,10}[A-Z])[WRS][A-Z0-9]{2}[ -][A-Z0-9]{3}[ -][A-Z0-9]{3}(?![\w-])",
    re.IGNORECASE,
)
_CODE_NEAR = (
    "share code", "sharecode", "right to work", "rtw", "employer checking", "ecs ", "settled status", "visa", "home office", "immigration", "ukvi", "cos ", "sponsor",
)  # fmt: skip
_SPONSORED = re.compile(r"(?<![\w-])C\dG\d[A-Z0-9]{7}(?![\w-])")
_DBS_FORM = re.compile(r"(?<![\w-])00\d{10}(?![\w-])|(?<![\w-])00\d\d \d{4} \d{4}(?![\w -]\d)")
_DBS_NEAR = ("dbs", "update service", "disclosure", "crb", "barred list")
_ORDERED = re.compile(
    r"\b(?:order|po|invoice|parcel|tracking|consignment|batch|serial|asset|ticket|account|request|barcode|quote)s?\b[^.\n]{0,24}$"
)


class IdentityDocument(Recognizer):
    """Numbers of the papers that prove who somebody is, under their names."""

    ENTITIES = ("PASSPORT", "DRIVING_LICENCE", "IMMIGRATION_DOCUMENT", "DBS_CERTIFICATE")

    def hits(self, reading: Reading) -> Iterator[Hit]:
        low = reading.lower
        yield from zones_in(reading.text, low)
        if not reading.has_digits:
            return
        if "passport" in low:
            yield from _passports(low)
        if reading.longest_number >= 5:  # the birth date in a licence's number
            yield from _licences(reading.text, low)
        yield from _immigration(reading, low)
        if not _DBS_LABELS.isdisjoint(reading.runs):
            yield from _found("DBS_CERTIFICATE", _DBS, low, "labelled as a DBS certificate")
        if any(word in low for word in _DBS_NEAR):
            yield from _dbs_by_form(low)


def _passports(low: str) -> Iterator[Hit]:
    """Numbers under a passport's label, each once; in a form the number may stand on another line than the label."""
    taken: set[int] = set()
    for pattern, group in ((_PASSPORT, 1), (_OTHER_PASSPORT, "number"), (_PASSPORT_IN_A_FORM, "number")):
        for match in pattern.finditer(low):
            start, end = match.span(group)
            if start not in taken and not _other(low, start):
                taken.add(start)
                yield Hit("PASSPORT", start, end, 0.85, "labelled as a passport number")


def _licences(text: str, low: str) -> Iterator[Hit]:
    if "licen" in low and _DRIVES.search(low):
        yield from _found("DRIVING_LICENCE", _LICENCE_NI, low, "labelled as a driving licence")
    for match in _LICENCE.finditer(text):
        if _possible_day(match):
            yield Hit("DRIVING_LICENCE", *match.span(), 0.85, "has the form of a driving licence")


def _immigration(reading: Reading, low: str) -> Iterator[Hit]:
    text = reading.text
    if not _BRP_LABELS.isdisjoint(reading.runs):
        yield from _found("IMMIGRATION_DOCUMENT", _BRP, low, "labelled as an immigration document")
    if not _BRP_LABELS.isdisjoint(reading.runs) and _BRP_NEAR.search(low):
        for match in _BRP_BARE.finditer(text):
            yield Hit("IMMIGRATION_DOCUMENT", *match.span(), 0.7, "has the form of a residence permit")
    if any(word in low for word in _CODE_NEAR):
        for match in _SHARE_CODE.finditer(text):
            yield Hit("IMMIGRATION_DOCUMENT", *match.span(), 0.7, "has the form of a share code")
        for match in _SPONSORED.finditer(text):
            yield Hit(
                "IMMIGRATION_DOCUMENT", *match.span(), 0.7, "has the form of a certificate of sponsorship"
            )


_EXAMPLE = re.compile(
    r"\b(?:e\.?g\.?|for example|such as|dummy|sample|specimen|placeholder|looks like)[^\n]{0,24}$"
)


def _other(low: str, start: int) -> bool:
    """Said to be an example, or called an order, a parcel or the like right before."""
    return bool(
        _EXAMPLE.search(low, max(0, start - 60), start) or _ORDERED.search(low, max(0, start - 40), start)
    )


def _found(entity: str, pattern: re.Pattern[str], low: str, why: str) -> Iterator[Hit]:
    for match in pattern.finditer(low):
        if not _other(low, match.start(1)):
            yield Hit(entity, match.start(1), match.end(1), 0.85, why)


def _dbs_by_form(low: str) -> Iterator[Hit]:
    """Twelve digits from 00 on, as certificates have them, in a text that speaks of disclosures."""
    for match in _DBS_FORM.finditer(low):
        if not _other(low, match.start()):
            yield Hit("DBS_CERTIFICATE", *match.span(), 0.7, "has the form of a DBS certificate")


def _possible_day(match: re.Match[str]) -> bool:
    month = int(match.group(3)) % 50
    return 1 <= month <= 12 and 1 <= int(match.group(4)) <= 31
