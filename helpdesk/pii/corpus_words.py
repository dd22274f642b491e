"""How the corpora name things: their entity types and categories set against ours, for evaluating."""

import re
from collections.abc import Iterable, Mapping

from helpdesk.pii.values import Finding

PATIENT, BIRTH, ADDRESS, HEALTH = "patient identifiers", "date of birth", "home address", "health of a person"
WORK, IDENTITY, SPECIAL, CV = (
    "employment",
    "identity and bank",
    "safeguarding and special",
    "cv or application",
)
OF_TYPE = {
    "NHS_NUMBER": {PATIENT}, "CHI": {PATIENT}, "CHI_NUMBER": {PATIENT}, "HC_NUMBER": {PATIENT}, "HSC_NUMBER": {PATIENT}, "HOSPITAL_NO": {PATIENT}, "HOSPITAL_NUMBER": {PATIENT},
    "DOB": {BIRTH}, "DATE_OF_BIRTH": {BIRTH}, "ADDRESS": {ADDRESS}, "POSTCODE": {ADDRESS}, "PHONE": {ADDRESS, CV}, "EMAIL": {ADDRESS, CV}, "HEALTH": {HEALTH, WORK, SPECIAL}, "HR": {WORK, HEALTH, SPECIAL},
    "SAFEGUARDING": {SPECIAL, HEALTH}, "BANK": {IDENTITY}, "NINO": {IDENTITY}, "PASSPORT": {IDENTITY}, "DRIVING_LICENCE": {IDENTITY}, "BRP": {IDENTITY}, "VISA": {IDENTITY, SPECIAL}, "CARD": {IDENTITY}, "IBAN": {IDENTITY},
    "DBS": {IDENTITY}, "IMMIGRATION": {IDENTITY, SPECIAL}, "CRIMINAL": {SPECIAL, IDENTITY}, "SPECIAL": {SPECIAL, HEALTH}, "EMPLOYEE_NUMBER": {WORK},
}  # fmt: skip
_OF_NAME = (
    (re.compile(r"cv|application|reference|covering|cover_letter"), {CV, WORK, ADDRESS}),
    (re.compile(r"^hr|sick|grievance|disciplin|capab|payroll|payslip|salary|oh_|occ_health|pension|absence|maternity_list|staff|overpay|harass|tribunal|student|mhps"), {WORK, HEALTH, SPECIAL}),
    (re.compile(r"safeguard|marac|fgm|slavery|adopt|asylum|prison|crimin|union|religio|vip|looked_after|child_protection|dbs|prevent|lado|homeless"), {SPECIAL, HEALTH, WORK}),
    (re.compile(r"patient|clinic|dob|chi|nhs|mrn|health|death|discharge|handover|hl7|fhir|csv|table|referral|maternity|child"), {PATIENT, BIRTH, HEALTH, ADDRESS}),
)  # fmt: skip
_PLAIN = re.compile(r"[\W_]+")


def category_family(category: str, types: Iterable[str] = ()) -> frozenset[str] | None:
    """Our categories that would be right for a row of the corpus; None where its words do not tell."""
    wanted: set[str] = set()
    for kind in types:
        wanted |= OF_TYPE.get(kind, set())
    for name, family in _OF_NAME:
        if name.search(category):
            wanted |= family
            break
    return frozenset(wanted) or None


def covers(text: str, where: str, texts: Mapping[str, str], findings: Iterable[Finding]) -> bool:
    """Whether findings in the part named by `where` touch the whole labelled text, all but a word of it.

    Of files only the parts are known, so a finding in any file that is as long as the text counts by its length.
    """
    if where.startswith("attachment"):
        return any(one.part.startswith("attachment") for one in findings)
    where = {"filename": "file_name:1", "file_name": "file_name:1", "from": "from_name"}.get(where, where)
    source = texts.get(where, "")
    at = source.find(text)
    if at < 0:
        return any(one.part == where for one in findings)
    touched = set[int]()
    for one in findings:
        if one.part == where and one.start < at + len(text) and one.end > at:
            touched.update(range(max(one.start, at), min(one.end, at + len(text))))
    wanted = [i for i in range(at, at + len(text)) if not _PLAIN.fullmatch(source[i])]
    return len([i for i in wanted if i in touched]) >= 0.6 * len(wanted)
