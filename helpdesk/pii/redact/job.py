"""What is to be removed from one file, by place and by string."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from helpdesk.pii.documents.reading import SEPARATOR
from helpdesk.pii.documents.values import Document, Limits, Section
from helpdesk.pii.redact.erase import Eraser

Redactor = Callable[[bytes, "Job"], tuple[bytes, str]]


class RefusedError(Exception):
    """A file cannot be redacted safely; `reason` is a key of `files.SENTENCES`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Place:
    """A finding: the section by its path, and the offsets in its text."""

    path: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Job:
    """One file, or one member of it. `sections` and `places` are those below this member, paths cut to it.

    Every string found anywhere is removed everywhere: what stands in the text often stands in a
    header, a property or a shared string too.
    """

    eraser: Eraser
    sections: tuple[Section, ...]
    places: tuple[Place, ...]
    limits: Limits
    name: str
    media_type: str
    redact_one: Callable[[bytes, "Job"], Any]

    @classmethod
    def of(
        cls,
        document: Document,
        places: list[Place],
        limits: Limits,
        name: str,
        media_type: str,
        redact_one: Callable[[bytes, "Job"], Any],
    ) -> "Job":
        """Look the findings up in the text just read; RefusedError where one does not fit it."""
        texts = {section.path: section.text for section in document.sections}
        for place in places:
            if place.path not in texts or not 0 <= place.start < place.end <= len(texts[place.path]):
                raise RefusedError("place")
        eraser = Eraser.of([texts[place.path][place.start : place.end] for place in places])
        return cls(eraser, document.sections, tuple(places), limits, name, media_type, redact_one)

    def member(self, label: str, name: str = "", media_type: str = "") -> "Job":
        """The part of the job that is below this label."""
        start = label + SEPARATOR
        return replace(
            self,
            sections=tuple(
                replace(s, path=s.path.removeprefix(start)) for s in self.sections if s.path.startswith(start)
            ),
            places=tuple(
                replace(p, path=p.path.removeprefix(start)) for p in self.places if p.path.startswith(start)
            ),
            name=name,
            media_type=media_type,
        )

    def at(self, path: str) -> list[tuple[int, int]]:
        """Offsets in one section: what was found there, and every other place of a found string."""
        found = [(place.start, place.end) for place in self.places if place.path == path]
        return found + [span for s in self.sections if s.path == path for span in self.eraser.spans(s.text)]

    @property
    def touched(self) -> bool:
        """Whether anything in this member is to be removed."""
        return bool(self.places) or any(self.eraser.found_in(section.text) for section in self.sections)
