"""One document being read in the child: what was found, what is left of its limits, where we are."""

import resource
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from time import monotonic

from helpdesk.pii.documents import kinds
from helpdesk.pii.documents.values import Document, Limits, Section, SectionKind, Unread, Why

UNPACKED_TIMES = 4  # of `file_bytes`, over all members together
TIME_SHARE = 0.85  # of the limits: then say what was read, rather than be killed with nothing said
SEPARATOR = " > "


class Refusal(Exception):
    """A part cannot be read, and why; caught where its path is known."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


class Reading:
    """What one request has found and used up so far."""

    def __init__(self, limits: Limits, formats: "Mapping[str, Format]", *, ocr: bool) -> None:
        self.limits, self.formats, self.ocr = limits, formats, ocr
        self.sections: list[Section] = []
        self.unread: list[Unread] = []
        self.images_pending = False
        self.seen_images: dict[bytes, str] = {}
        self._paths: dict[str, int] = {}
        self._characters = limits.text_characters
        self._members = limits.members
        self._bytes = limits.file_bytes * UNPACKED_TIMES
        self._until = monotonic() + limits.wall_seconds * TIME_SHARE
        self._cpu_until = _cpu() + limits.cpu_seconds * TIME_SHARE

    def say(self, path: str, text: str, kind: SectionKind) -> None:
        text = _whole(text.replace("\0", " "))
        if not text.strip():
            return
        if len(text) > self._characters:
            text = text[: self._characters]
            self.fail(path, Why.TOO_LARGE)
        self._characters -= len(text)
        if text:
            self.sections.append(Section(self._unique(path), text, kind))

    def fail(self, path: str, why: Why) -> None:
        unread = Unread(path, why)
        if unread not in self.unread[-50:]:
            self.unread.append(unread)

    def take_member(self) -> None:
        """Count a member of an archive; Refusal when there were too many."""
        self._members -= 1
        if self._members < 0:
            raise Refusal(Why.TOO_MANY)

    def take_bytes(self, count: int) -> None:
        """Count unpacked bytes; Refusal when they are too many in all."""
        self._bytes -= count
        if self._bytes < 0:
            raise Refusal(Why.TOO_LARGE)

    def check_time(self) -> None:
        """Refusal when the time of this document is nearly used up."""
        if monotonic() > self._until or _cpu() > self._cpu_until:
            raise Refusal(Why.TIMED_OUT)

    def release(self) -> None:
        self.sections.clear()

    def _unique(self, path: str) -> str:
        count = self._paths[path] = self._paths.get(path, 0) + 1
        return path if count == 1 else f"{path} ({count})"


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a document we are; format readers get one and speak through it."""

    reading: Reading
    path: str = ""
    depth: int = 0
    name: str = ""
    media_type: str = ""

    @property
    def limits(self) -> Limits:
        return self.reading.limits

    def at(self, label: str) -> "Place":
        """A place inside this one, without counting as deeper."""
        return replace(self, path=SEPARATOR.join(part for part in (self.path, label) if part))

    def say(self, label: str, text: str, kind: SectionKind = "text") -> None:
        self.reading.say(self.at(label).path, text, kind)

    def fail(self, label: str, why: Why) -> None:
        self.reading.fail(self.at(label).path, why)

    def enter(self, label: str, data: bytes, *, name: str = "", media_type: str = "") -> None:
        """Read a document inside this one: a member, an attachment, an embedded object."""
        inner = replace(self.at(label), depth=self.depth + 1, name=name, media_type=media_type)
        if name:
            self.say(f"name of {label}", name, "name")
        if inner.depth > self.limits.depth:
            self.reading.fail(inner.path, Why.TOO_DEEP)
            return
        self.reading.take_bytes(len(data))
        self.reading.check_time()
        read_at(inner, data)


Format = Callable[[bytes, Place], None]


def read(reading: Reading, data: bytes, file_name: str, media_type: str) -> Document:
    """Read a whole document."""
    place = Place(reading, name=file_name, media_type=media_type)
    kind = read_at(place, data)
    return Document(
        tuple(reading.sections),
        tuple(reading.unread),
        kinds.MEDIA_TYPES.get(kind, media_type),
        reading.images_pending,
    )


def read_at(place: Place, data: bytes) -> str:
    """Read the bytes by what they are, and note what fails; answers their kind."""
    kind = "unknown"
    try:
        kind = kinds.sniff(data, place.name, place.media_type)
        if kind in kinds.HARMLESS:
            return kind
        if kind not in place.reading.formats:
            raise Refusal(kinds.REFUSED.get(kind, Why.UNKNOWN))
        place.reading.formats[kind](data, place)
    except Refusal as refusal:
        place.reading.fail(place.path, refusal.why)
    except MemoryError:
        raise
    except RecursionError:
        place.reading.fail(place.path, Why.TOO_DEEP)
    except Exception:  # noqa: BLE001 - parsers meet hostile bytes: whatever they raise means the part is not readable
        place.reading.fail(place.path, Why.CORRUPT)
    return kind


def _whole(text: str) -> str:
    """Surrogates joined to the characters they are halves of; a lone one cannot travel and is marked."""
    if text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
