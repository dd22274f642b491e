"""Clinical data as systems write it: HL7 v2 segments, FHIR and other JSON, XML, SQL conditions, logs, links and paths."""

from collections.abc import Iterator
from datetime import UTC, datetime

from helpdesk.pii.reading import Reading
from helpdesk.pii.recognizers.base import Hit, Recognizer
from helpdesk.pii.recognizers.fhir import others_in, patients_in
from helpdesk.pii.recognizers.keyed import under_keys
from helpdesk.pii.recognizers.messages import in_messages
from helpdesk.pii.recognizers.paths import births_in_labels, births_in_paths
from helpdesk.pii.recognizers.records import records_in


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
        "PATIENT_RECORD",
    )

    def __init__(self, this_year: int | None = None) -> None:
        super().__init__()
        self._year = this_year or datetime.now(UTC).year

    def hits(self, reading: Reading) -> Iterator[Hit]:
        staff = others_in(reading.text)
        for hit in self._all(reading.text, reading.lower):
            if not any(start <= hit.start < end for start, end in staff):
                yield hit

    def _all(self, text: str, low: str) -> Iterator[Hit]:
        yield from in_messages(text)
        yield from patients_in(text)
        yield from under_keys(text, low)
        yield from records_in(text, self._year)
        yield from births_in_paths(text, self._year)
        yield from births_in_labels(text, self._year)
