"""What reading a document gives: its texts with where each stood, and what could not be read."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, get_args

SectionKind = Literal["text", "html", "table", "image", "metadata", "name", "header"]
SECTION_KINDS: frozenset[str] = frozenset(get_args(SectionKind))


class Why(StrEnum):
    """Why a document, or a part of one, could not be read; an officer reads these words."""

    ENCRYPTED = "encrypted"
    CORRUPT = "corrupt"
    UNKNOWN = "unknown kind"
    TOO_LARGE = "too large"
    TOO_DEEP = "too deep"
    TIMED_OUT = "timed out"
    TOO_MANY = "too many members"
    CRASHED = "crashed"


@dataclass(frozen=True, slots=True)
class Section:
    """One run of text in a document.

    `path` says where it stood (`page 2`, `Sheet1`, `scans.zip > letter.docx > header 1`)
    and is unique in its document, so that a finding is placed by path and the offsets in
    `text`. A `table` has a row a line and cells parted by tabs, the first row being the
    header. `image` is text read by OCR, `name` a file name, `header` the header lines of
    a nested mail, `html` keeps its tags for the HTML reader of the scan.
    """

    path: str
    text: str = field(repr=False)
    kind: SectionKind


@dataclass(frozen=True, slots=True)
class Unread:
    """A part that could not be read. An empty path is the document as a whole."""

    path: str
    why: Why


@dataclass(frozen=True, slots=True)
class Document:
    """What a file says.

    `media_type` is what the content shows, whatever label the file came with.
    `images_pending` is true where images that may hold text were left for a reading
    with OCR.
    """

    sections: tuple[Section, ...] = ()
    unscannable: tuple[Unread, ...] = ()
    media_type: str = "application/octet-stream"
    images_pending: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """`helpdesk.config.Documents` as the child gets it: plain numbers, no settings library."""

    cpu_seconds: int = 40
    wall_seconds: float = 60
    memory_mb: int = 1_536
    file_bytes: int = 64 * 2**20
    text_characters: int = 2_000_000
    pages: int = 300
    depth: int = 5
    members: int = 500
    pixels: int = 100_000_000
