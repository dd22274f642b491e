"""A finding in the making: what a recognizer found, with its reading and whose it is."""

from dataclasses import dataclass, field, replace

from helpdesk.pii.reading import Reading
from helpdesk.pii.values import Finding, Zone


@dataclass(frozen=True, slots=True)
class Found:
    """Offsets are those of the reading; `number` tells readings of one scan apart.

    `whose` says of a person: writer, recipient, staff, subject (a patient or one whose
    matter it is) or "" where nothing tells.
    """

    entity: str
    start: int
    end: int
    score: float
    why: str
    recognizer: str
    reading: Reading = field(repr=False, compare=False)
    number: int
    zone: Zone
    whose: str = ""

    @property
    def text(self) -> str:
        return self.reading.text[self.start : self.end]

    @property
    def sentence(self) -> int:
        return self.reading.sentence_number(self.start)

    def owned(self, whose: str) -> "Found":
        return replace(self, whose=whose)

    def finding(self) -> Finding:
        """The finding as callers get it, offsets mapped back to the piece as given."""
        start, end = self.reading.mapped.back(self.start, self.end)
        why = f"{self.why} ({self.whose})" if self.whose else self.why
        return Finding(
            self.entity,
            self.reading.part,
            start,
            end,
            self.score,
            self.zone,
            self.recognizer,
            why,
            self.reading.path,
        )
