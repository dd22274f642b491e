"""What the careful reader sees of a mail: a stretch with the subject and what stands around it, as far as it reads.

Who is meant, or that nobody is, often stands some sentences off."""

from collections.abc import Sequence
from dataclasses import dataclass

from helpdesk.pii.found import Found
from helpdesk.pii.reading import Reading
from helpdesk.pii.semantic.masking import Masked
from helpdesk.pii.semantic.windows import Window, in_context, joined, windows_of
from helpdesk.pii.values import Zone

CONTEXT = 100  # words of its reading that the careful reader sees of a stretch and around it


@dataclass(frozen=True, slots=True)
class Cut:
    """A reading and its stretches."""

    reading: Reading
    windows: Sequence[Window]


def cut_of(
    readings: Sequence[Reading],
    found: Sequence[Found],
    spans: Sequence[Sequence[tuple[int, int]] | None] = (),
) -> list[Cut]:
    """The readings with their stretches, as `found` masks them (`spans`: as `spans_of` told them of each)."""
    known = spans or [None] * len(readings)
    return [Cut(one, windows_of(one, found, some)) for one, some in zip(readings, known, strict=True)]


def seen_with(window: Window, reading: Reading, cut: Sequence[Cut]) -> Masked:
    """A stretch of a reading, with the subject and a hundred words of the reading around it."""
    subject = [some.windows for some in cut if some.reading.zone(0) is Zone.SUBJECT and some.windows]
    own = next(some.windows for some in cut if some.reading is reading)
    at = own.index(window)
    if own in subject:
        own = next((some.windows for some in cut if some.windows and some.windows not in subject), own)
        at = 0
    around = in_context(own, at, CONTEXT)
    return joined(
        [*(window.masked for windows in subject[:1] for window in windows if windows is not own), around]
    )
