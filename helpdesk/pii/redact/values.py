"""What redaction gives."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class RedactedFile:
    """A file without what was found in it, or, where that is not safe, a sentence in its place.

    Exactly one of `data` and `tombstone` is set. `media_type` is that of `data`: a
    redacted picture may come back in another format.
    """

    data: bytes | None = field(repr=False)
    media_type: str
    tombstone: str | None = None
