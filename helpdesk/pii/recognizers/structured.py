"""Clinical data as systems write it: HL7 v2 segments, FHIR and other JSON, XML, SQL conditions, `key: value` lines."""

import re
from collections.abc import Iterator

from helpdesk.pii import names
from helpdesk.pii.reading import Reading
from helpdesk.pii.recognizers.base import Hit, Recognizer
from helpdesk.pii.text import fold

_SEGMENT = re.compile(r"(?:^|[\s'>:])(PID|NK1|IN1|MRG)\|([^\n\r]{4,4000})")
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
_NK1 = {2: "PERSON", 4: "ADDRESS", 5: "PHONE"}
_KEY = re.compile(
    r"[\"'<]?\b(?P<key>(?:patient|pat|pt|subject|person|client|demographics?)?[ _.-]?(?:nhs_?(?:no|num|number|id)|nhsnumber|chi_?(?:no|number)?|mrn|hospital_?(?:no|number|id)|patient_?(?:id|number|no)|dob|date_?of_?birth|birth_?(?:date|time|dt)|"
    r"surname|forenames?|family_?(?:name)?|given_?(?:name)?s?|first_?names?|last_?names?|full_?name|patient_?name|display_?name|home_?address|address_?line_?1|post_?code|postal_?code))[\"']?"
    r"(?:\]|\")?\s{0,3}(?:=>|:=|==?|:|>| value=)\s{0,3}(?:n?[\"'\[]{0,3})(?P<value>[^\"'<>,;\n\]\[}{&|]{2,60})",
    re.IGNORECASE,
)
_KINDS = (
    ("NHS_NUMBER", re.compile(r"nhs|chi"), re.compile(r"\d[\d -]{7,13}\d")),
    ("HOSPITAL_NUMBER", re.compile(r"mrn|hospital|patient_?(?:id|number|no)"), re.compile(r"[A-Za-z]{0,4}-?\d{4,10}[A-Za-z]?")),
    ("DATE_OF_BIRTH", re.compile(r"dob|birth"), re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}(?:T.{0,14})?|\d{8}|\d{1,2} [A-Za-z]{3,9} \d{4}")),
    ("ADDRESS", re.compile(r"address"), re.compile(r"(?=.{0,40}[A-Za-z]{3}).{5,60}")),
    ("POSTCODE", re.compile(r"post"), re.compile(r"[A-Za-z]{1,2}\d[A-Za-z\d]? ?\d[A-Za-z]{2}")),
    ("PERSON", re.compile(r"name|given|family|surname"), re.compile(r"[^\W\d_][\w' -]{1,40}")),
)  # fmt: skip
_UNDER_KEY = {"DATE_OF_BIRTH": 0.86}  # the key says that it is one
_PLACEHOLDER = re.compile(
    r"^(?:null|none|string|true|false|varchar.*|text|date|required|missing|invalid|empty|blank|unknown|field|not .*|is .*|the .*|xxx*|\$.*|test.*|dummy.*|example.*|(?:1900|1901|1970|1980|1990|2000|9999)-?01-?01.*|01[/.-]?01[/.-]?(?:1900|1901|1970|1980|1990|2000))$",
    re.IGNORECASE,
)
_GENERIC = frozenset(
    {
        "given",
        "family",
        "surname",
        "forename",
        "forenames",
        "display_name",
        "displayname",
        "fullname",
        "full_name",
        "first_name",
        "firstname",
        "last_name",
        "lastname",
    }
)


class StructuredData(Recognizer):
    """Fields of patients in messages and records; a name counts under keys of patients, or beside another key."""

    ENTITIES = (
        "NHS_NUMBER",
        "HOSPITAL_NUMBER",
        "DATE_OF_BIRTH",
        "PERSON",
        "ADDRESS",
        "POSTCODE",
        "PHONE",
        "HEALTH",
    )

    def hits(self, reading: Reading) -> Iterator[Hit]:
        if "|" in reading.text:
            yield from _hl7(reading.text)
            if "PID|" in reading.text:
                yield from _results(reading.text)
        if "(0010," in reading.text:
            yield from _dicom(reading.text)
        if "^" in reading.text:
            yield from _carets(reading.text)
        yield from _keyed(reading.text)


def _hl7(text: str) -> Iterator[Hit]:
    for match in _SEGMENT.finditer(text):
        wanted = (
            _NK1
            if match.group(1) == "NK1"
            else _PID
            if match.group(1) == "PID"
            else {1: "HOSPITAL_NUMBER", 7: "PERSON"}
        )
        at = match.start(2)
        for number, value in enumerate(match.group(2).split("|"), 1):
            entity = wanted.get(number)
            if entity and len(value) > 2:
                yield from _field(entity, value, at)
            at += len(value) + 1


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
        if len(first) > 3:
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


def _keyed(text: str) -> Iterator[Hit]:
    for match in _KEY.finditer(text):
        key, value = match.group("key").lower(), match.group("value").strip()
        if _PLACEHOLDER.match(value):
            continue
        for entity, known, form in _KINDS:
            if known.search(key):
                if form.fullmatch(value):
                    score = 0.5 if entity == "PERSON" and key in _GENERIC else _UNDER_KEY.get(entity, 0.8)
                    yield Hit(
                        entity,
                        match.start("value"),
                        match.start("value") + len(value),
                        score,
                        "under its key",
                    )
                break
