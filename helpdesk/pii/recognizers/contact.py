"""Phones, mail addresses, vehicles and UPRNs: innocent in business mail, personal beside the rest."""

import re
from collections.abc import Iterator

from helpdesk.pii.reading import Reading
from helpdesk.pii.recognizers.base import Hit, Recognizer
from helpdesk.pii.values import Zone

_PHONE = re.compile(
    r"(?<![\w.,/£-])(?:(?:\+|00)44[ ]?(?:\(0\))?[ ]?|\(?0)(?:\d[ -]?\)?[ -]?){8,9}\d(?![\w]|[.,]\d)"
)
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,63}){1,5}")
PERSONAL_DOMAIN = re.compile(
    r"@(?:gmail|googlemail|hotmail|outlook|live|msn|yahoo|ymail|icloud|me|mac|aol|btinternet|btopenworld|sky|talktalk|virginmedia|ntlworld|blueyonder|plusnet|tiscali|proton|protonmail|pm|gmx|mail|"
    r"tutanota|zoho|example|wp|o2|onet|interia)\.[\w.]+$",
    re.IGNORECASE,
)
_PERSONAL_WORDS = re.compile(
    r"\b(?:home|personal|private|mum|dad|mother|father|wife|husband|partner|daughter|son|nok|next of kin|patient|pt|landline|carer|emergency contact)\b"
)
_PLATE = re.compile(
    r"(?<![\w-])(?:[A-Z]{2}\d{2} ?[A-Z]{3}|[A-Z]\d{1,3} ?[A-Z]{3}|[A-Z]{3} ?\d{1,3}[A-Z])(?![\w-])",
    re.IGNORECASE,
)
_PLATE_LABEL = re.compile(
    r"\b(?:reg(?:istration)?(?: no| number| plate)?|number ?plate|vehicle|car|van|parked|parking|vrm|permit)\b"
)
_UPRN = re.compile(r"\buprn\b[^\w\n]{0,4}(?:(?:no|number|is)\b[^\w\n]{0,3})?(\d{8,12})\b")


class Phone(Recognizer):
    """UK numbers by form; Presidio's own recognizer costs ten times as much. Personal by the words near."""

    ENTITIES = ("PHONE",)

    def hits(self, reading: Reading) -> Iterator[Hit]:
        if not reading.has_digits:
            return
        for match in _PHONE.finditer(reading.text):
            before, _ = reading.around(match.start(), match.end(), 50, 0)
            personal = reading.zone(match.start()) is not Zone.SIGNATURE and bool(
                _PERSONAL_WORDS.search(before)
            )
            yield Hit(
                "PHONE",
                match.start(),
                match.end(),
                0.6 if personal else 0.3,
                "personal by the words near" if personal else "a phone number",
            )


class Email(Recognizer):
    """Mail addresses by form, so that no list of domains is fetched."""

    ENTITIES = ("EMAIL",)

    def hits(self, reading: Reading) -> Iterator[Hit]:
        if "@" not in reading.text:
            return
        for match in _EMAIL.finditer(reading.text):
            personal = bool(PERSONAL_DOMAIN.search(match.group()))
            yield Hit(
                "EMAIL",
                match.start(),
                match.end(),
                0.6 if personal else 0.2,
                "a private provider" if personal else "a mail address",
            )


class VehicleAndProperty(Recognizer):
    """Registrations under a label, and unique property reference numbers."""

    ENTITIES = ("VEHICLE", "UPRN")

    def hits(self, reading: Reading) -> Iterator[Hit]:
        if not reading.has_digits:
            return
        for match in _UPRN.finditer(reading.lower):
            yield Hit("UPRN", match.start(1), match.end(1), 0.6, "labelled as a UPRN")
        if _PLATE_LABEL.search(reading.lower):
            for match in _PLATE.finditer(reading.text):
                if _PLATE_LABEL.search(reading.lower, max(0, match.start() - 50), match.start()):
                    yield Hit("VEHICLE", match.start(), match.end(), 0.6, "labelled as a vehicle")


_SALARY = re.compile(
    r"(?<![\w.,/-])£? ?(?:[1-9]\d|1\d\d),\d{3}(?:\.\d\d)?(?![\w,.]\d|%)|£ ?\d{2,3}k\b|(?<![\w.,])\d\dk\b"
)


class Money(Recognizer):
    """Sums of the size of salaries; of no weight without several people beside them."""

    ENTITIES = ("MONEY",)

    def hits(self, reading: Reading) -> Iterator[Hit]:
        if not reading.has_digits:
            return
        for match in _SALARY.finditer(reading.text):
            yield Hit(
                "MONEY",
                match.start(),
                match.end(),
                0.5 if "£" in match.group() else 0.4,
                "a sum of the size of a salary",
            )
