"""FHIR resources: which are records of people, and which of staff, places, devices or servers.

A Patient or RelatedPerson with a name is a breach; a Practitioner, Organization or OperationOutcome is not.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from helpdesk.pii.recognizers.base import Hit
from helpdesk.pii.text import spaced

LONGEST = 20_000  # characters of one resource
_TYPE = re.compile(
    r"[\"']?resourceType[\"']?[ \t]*:[ \t]*[\"'](?P<json>[A-Z][A-Za-z]{2,40})[\"']|<(?P<xml>[A-Z][A-Za-z]{2,40}) xmlns=[\"']http://hl7\.org/fhir"
)
_PEOPLE = spaced("Patient RelatedPerson Person")
_OF_NOBODY = spaced(
    "Practitioner PractitionerRole Organization OrganizationAffiliation Location HealthcareService Endpoint Device DeviceDefinition CapabilityStatement OperationOutcome OperationDefinition "
    "StructureDefinition StructureMap ValueSet CodeSystem ConceptMap NamingSystem SearchParameter Subscription MessageHeader Medication Substance Library Questionnaire PlanDefinition ActivityDefinition ImplementationGuide TestScript Parameters"
)
_NAME = re.compile(
    r"[\"'](?P<key>family|given|text)[\"'][ \t]*:[ \t]*\[?[ \t]*[\"'](?P<value>[^\"'\n]{2,60})[\"']|<(?P<xkey>family|given|text) value=\"(?P<xvalue>[^\"\n]{2,60})\""
)
_NAMED = re.compile(r"[\"']name[\"'][ \t]*:[ \t]*\[?[^\]]{0,400}|<name>.{0,400}?</name>", re.DOTALL)
_TELECOM = re.compile(r"[\"']telecom[\"'][^\]]{0,300}|<telecom>.{0,200}?</telecom>", re.DOTALL)
_VALUE = re.compile(r"(?<![\w])(?:\+44|0)[\d ()-]{8,14}\d|[\w.+'-]{1,64}@[\w.-]{3,60}")
_SUBJECT = re.compile(
    r"[\"'](?:subject|patient|beneficiary|for|individual)[\"'][ \t]*:[ \t]*\{[^{}]{0,200}?[\"']display[\"'][ \t]*:[ \t]*[\"'](?P<name>[^\"'\n]{3,60})[\"']"
)
_PLACEHOLDER = re.compile(
    r"(?:string|text|test\b.{0,60}|example\b.{0,60}|unknown|.{0,60}\bpatient\b.{0,60}|[A-Z][a-z]{1,30}/.{0,60}|xx.{0,60}|zz.{0,60}|<.{0,60}|[{$«].{0,60}|\*+|none|null)",
    re.IGNORECASE,
)


def patients_in(text: str) -> Iterator[Hit]:
    """Names, phones and mail addresses in resources of people, and the names of those whom other resources are about."""
    if "resourceType" not in text and "hl7.org/fhir" not in text:
        return
    for kind, start, end in _resources(text):
        if kind in _PEOPLE:
            yield from _of_person(text, start, end)
        elif kind not in _OF_NOBODY:
            for match in _SUBJECT.finditer(text, start, end):
                if not _PLACEHOLDER.fullmatch(match.group("name")):
                    yield from _record(*match.span("name"), "whom a clinical resource of FHIR is about")


def others_in(text: str) -> tuple[tuple[int, int], ...]:
    """Stretches of resources about staff, places, devices and servers, whose fields tell of no patient."""
    if "resourceType" not in text and "hl7.org/fhir" not in text:
        return ()
    return tuple((start, end) for kind, start, end in _resources(text) if kind in _OF_NOBODY)


def _of_person(text: str, start: int, end: int) -> Iterator[Hit]:
    for part in _NAMED.finditer(text, start, end):
        for match in _NAME.finditer(text, part.start(), part.end()):
            group = "value" if match.group("value") else "xvalue"
            if not _PLACEHOLDER.fullmatch(match.group(group)):
                yield from _record(*match.span(group), "in a FHIR resource of a person")
    for part in _TELECOM.finditer(text, start, end):
        for match in _VALUE.finditer(text, part.start(), part.end()):
            yield Hit(
                "EMAIL" if "@" in match.group() else "PHONE",
                *match.span(),
                0.6,
                "in a FHIR resource of a person",
            )


def _record(start: int, end: int, why: str) -> Iterator[Hit]:
    yield Hit("PERSON", start, end, 0.9, why)
    yield Hit("PATIENT_RECORD", start, end, 0.8, why)


@lru_cache(maxsize=8)
def _resources(text: str) -> tuple[tuple[str, int, int], ...]:
    """Each resource's kind and stretch: from its kind to the next resource's, or to the brace that ends it."""
    found = [(match.group("json") or match.group("xml"), match.start()) for match in _TYPE.finditer(text)]
    ends = [start for _, start in found[1:]] + [len(text)]
    return tuple(
        (
            kind,
            max(0, text.rfind("{", max(0, start - 40), start)),
            _end(text, start, min(end, start + LONGEST)),
        )
        for (kind, start), end in zip(found, ends, strict=True)
    )


def _end(text: str, start: int, limit: int) -> int:
    """Where the braces opened before a resource's kind close, or the limit."""
    depth = 1
    for mark in re.finditer(r"[{}]", text[start:limit]):
        depth += 1 if mark.group() == "{" else -1
        if depth == 0:
            return start + mark.end()
    return limit
