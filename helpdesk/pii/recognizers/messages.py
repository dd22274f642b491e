"""Messages between clinical systems: segments of HL7 v2, names with carets, tags of DICOM."""

import re
from collections.abc import Iterator

from helpdesk.pii import names
from helpdesk.pii.recognizers.base import Hit
from helpdesk.pii.text import fold

_SEGMENT = re.compile(r"(?:^|[\s'>:])(PID|NK1|GT1|IN1|MRG)\|([^\n\r]{4,4000})")
_PID = {
    3: "HOSPITAL_NUMBER",
    2: "HOSPITAL_NUMBER",
    4: "HOSPITAL_NUMBER",
    5: "PERSON",
    6: "PERSON",
    7: "DATE_OF_BIRTH",
    9: "PERSON",
    11: "ADDRESS",
    13: "PHONE",
    19: "NHS_NUMBER",
}
_WANTED = {
    "PID": _PID,
    "NK1": {2: "PERSON", 4: "ADDRESS", 5: "PHONE", 16: "DATE_OF_BIRTH"},
    "GT1": {3: "PERSON", 5: "ADDRESS", 6: "PHONE", 8: "DATE_OF_BIRTH"},
    "IN1": {1: "HOSPITAL_NUMBER", 7: "PERSON", 16: "PERSON", 18: "DATE_OF_BIRTH", 19: "ADDRESS"},
    "MRG": {1: "HOSPITAL_NUMBER", 7: "PERSON"},
}


def in_messages(text: str) -> Iterator[Hit]:
    """What segments, tags and carets hold of patients and their relatives."""
    if "|" in text:
        yield from _hl7(text)
        if "PID|" in text:
            yield from _results(text)
    if "PID" in text:
        yield from _named_fields(text)
    if "(0010," in text:
        yield from _dicom(text)
    if "^" in text:
        yield from _carets(text)


def _hl7(text: str) -> Iterator[Hit]:
    for match in _SEGMENT.finditer(text):
        wanted = _WANTED[match.group(1)]
        at = match.start(2)
        for number, value in enumerate(match.group(2).split("|"), 1):
            entity = wanted.get(number)
            if entity and len(value) > 2 and _filled(entity, value):
                yield from _field(entity, value, at)
            at += len(value) + 1


_NAMED_FIELD = re.compile(
    r"\bPID[-. ]?(?P<number>\d{1,2})(?:\.\d{1,2})?\b\)?[ ]?(?:[:=]|->|is|was|has|holds|contains|reads|shows)[ ]{0,2}[\"'\[(]?(?P<value>(?:[^\s\"',;)\]]|(?<=\w)'(?=\w)){4,60})"
)


def _named_fields(text: str) -> Iterator[Hit]:
    """Fields told by their names: `PID-5: OKORO^ADA, PID-7: 19440112`."""
    for match in _NAMED_FIELD.finditer(text):
        entity, value = _PID.get(int(match.group("number"))), match.group("value")
        known = entity in _NUMERIC and sum(letter.isdigit() for letter in value) > 5
        if entity and (known or (entity == "PERSON" and "^" in value)) and _filled(entity, value):
            yield from _field(entity, value, match.start("value"))


_FIELD_WORD = re.compile(
    r"(?:nok|pat(?:ient)?|pt|kin|gp|legal|home|current|full|patients?)?[ _-]?(?:surname|forenames?|(?:first|last|middle|family|given|second|maiden|other|alias)?[ _-]?names?|family|given|middle|title|prefix|suffix|initials?|degree|addr(?:ess)?|addr(?:ess)?[ _-]?line|line|house|house (?:no|number|name)|"
    r"number|street|road|town|city|locality|district|county|country|post[ _-]?code|zip|type|relation(?:ship)?|x+|y+|n+|string|text|value|null|redacted|removed|masked|anonymi[sz]ed|blank|empty|nil|n/?a|unknown|todo|tbc)[ _-]?\d?",
    re.IGNORECASE,
)
# Where a specification has values to come: `<ADDR1>^<ADDR2>^^^<PCODE>`, `{{family}}^{given}`, `${PatientName}`, `[DOB]`, `%addr%`.
_BLANK = r"(?:<[A-Za-z][\w .-]{0,30}>|\$?\{{1,2} ?[A-Za-z][\w .-]{0,30} ?\}{1,2}|\[[A-Za-z][\w .-]{0,30}\]|%[A-Za-z]\w{0,30}%)"
_BLANKS = re.compile(rf"[\^&~ ]{{0,8}}(?:{_BLANK}[\^&~ ]{{0,8}})+")
_PARTS = re.compile(r"[\^&~<>\[\]{}$]+")
_NUMERIC = frozenset({"DATE_OF_BIRTH", "HOSPITAL_NUMBER", "NHS_NUMBER", "PHONE"})


def _filled(entity: str, value: str) -> bool:
    """Whether a field holds somebody's value, and not the field's own name or a blank as a specification has it."""
    if _BLANKS.fullmatch(value):
        return False
    if entity in _NUMERIC:
        return any(letter.isdigit() for letter in value)
    return any(
        part.strip() and not _FIELD_WORD.fullmatch(part.strip(" *.?"))
        for part in _PARTS.split(value)
        if part.strip(' *.?"')
    )


_RESULT = re.compile(r"(?:^|[\s'>:])(OBX|OBR|DG1|AL1|PR1)\|([^\n\r]{4,2000})")
_TELLING = {"OBX": (3, 5), "OBR": (4,), "DG1": (3, 4), "AL1": (3,), "PR1": (3, 4)}


def _results(text: str) -> Iterator[Hit]:
    """Tests, results, diagnoses, allergies and procedures, where a patient's segment stands in the same text."""
    for match in _RESULT.finditer(text):
        at = match.start(2)
        for number, value in enumerate(match.group(2).split("|"), 1):
            if number in _TELLING[match.group(1)] and any(letter.isalpha() for letter in value):
                yield Hit("HEALTH", at, at + len(value.rstrip("^ ")), 0.8, "strong word, in a segment of HL7")
            at += len(value) + 1


_CARET_NAME = re.compile(
    r"(?<![\w^|&])([A-Z][\w'-]{2,30})\^([A-Z][\w'-]{0,30})(?:\^[A-Za-z' ]{0,20}){0,4}(?=[\s|\"',;.)]|$)"
)


def _carets(text: str) -> Iterator[Hit]:
    """`OSTERBERG^HANNELORE^^^MRS` and `HALLORAN-DUKE^M` outside of segments: how HL7 and DICOM write names."""
    for match in _CARET_NAME.finditer(text):
        words = [fold(match.group(1)), fold(match.group(2))]
        if any(names.may_be_name(word) for word in words) or (
            match.group(1).isupper() and not names.is_ordinary(words[0])
        ):
            yield Hit("PERSON", match.start(), match.end(2), 0.7, "a name with carets")


def _field(entity: str, value: str, at: int) -> Iterator[Hit]:
    """One field; of identifiers each repetition's first component, of names and addresses the whole."""
    if entity != "HOSPITAL_NUMBER":
        inner = value.rstrip("^ ")
        inner = "^".join(inner.split("^")[:2]) if entity == "PERSON" else inner
        yield Hit(entity, at, at + len(inner), 0.9, "in a patient segment of HL7")
        return
    for repetition in value.split("~"):
        first = repetition.split("^")[0]
        if len(first) > 3 and _filled(entity, first):
            nhs = (
                any(mark in repetition for mark in ("NHS", "CHI", "H&C", "HCN"))
                and sum(c.isdigit() for c in first) == 10
            )
            yield Hit(
                "NHS_NUMBER" if nhs else entity, at, at + len(first), 0.9, "in a patient segment of HL7"
            )
        at += len(repetition) + 1


_DICOM = re.compile(r"\(0010,(0010|0020|0030|1040)\)[ \t]*(?:[A-Z]{2}[ \t]*)?\[?([^\]\n]{2,64})")
_OF_TAG = {"0010": "PERSON", "0020": "HOSPITAL_NUMBER", "0030": "DATE_OF_BIRTH", "1040": "ADDRESS"}


def _dicom(text: str) -> Iterator[Hit]:
    for match in _DICOM.finditer(text):
        yield Hit(_OF_TAG[match.group(1)], match.start(2), match.end(2), 0.9, "in a patient tag of DICOM")
