"""Windows: the sentences of a reading, a few at a time, since a name may stand in one and the illness in the next."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from helpdesk.pii.found import Found
from helpdesk.pii.reading import Reading
from helpdesk.pii.semantic.masking import Mask, Masked, mask
from helpdesk.pii.values import Zone

LONGEST = 45  # words a window; more than one sentence only while they fit
SILENT = frozenset({Zone.SIGNATURE, Zone.DISCLAIMER, Zone.GREETING, Zone.DISPLAY_NAME})
_MASKS = {
    "NHS_NUMBER": Mask.CANDIDATE, "CHI_NUMBER": Mask.CANDIDATE, "HC_NUMBER": Mask.CANDIDATE,
    "PERSON": Mask.PERSON, "FIRST_NAME": Mask.FIRST_NAME,
}  # fmt: skip
_TELLING = re.compile(r"[^\W\d_]{2}")
_OWNED = re.compile(r"['’]s ")
_ARTICLE = re.compile(r"\b(?:the|a|an|this|our|each|every)\s+$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of a reading with its masked text; offsets are those of the reading."""

    start: int
    end: int
    masked: Masked = field(repr=False)


def spans_of(reading: Reading) -> list[tuple[int, int]]:
    """Where the windows of one reading begin and end."""
    return list(_packed(reading))


def windows_of(
    reading: Reading, found: Sequence[Found], spans: Sequence[tuple[int, int]] | None = None
) -> list[Window]:
    """The windows of one reading (`spans`: as `spans_of` told them); `found` may hold findings of other readings too."""
    persons = [one for one in found if one.reading is reading and one.entity in _MASKS and not _no_name(one)]
    persons.sort(key=_begin)
    return [
        _window(reading, span, _between(persons, *span))
        for span in (spans_of(reading) if spans is None else spans)
    ]


def in_context(windows: Sequence[Window], at: int, most: int) -> Masked:
    """The window at this place and its neighbours on both sides, as many as make at most so many words together."""
    first, end, room = at, at + 1, most - _words(windows[at])
    grown = True
    while grown:
        grown = False
        if end < len(windows) and _words(windows[end]) <= room:
            room, end, grown = room - _words(windows[end]), end + 1, True
        if first and _words(windows[first - 1]) <= room:
            room, first, grown = room - _words(windows[first - 1]), first - 1, True
    return joined(window.masked for window in windows[first:end])


def joined(texts: Iterable[Masked]) -> Masked:
    """Texts that stand one after another, as one."""
    return Masked(" ".join(one.text for one in texts))


def _words(window: Window) -> int:
    return window.masked.text.count(" ") + 1


def _begin(one: Found) -> int:
    return one.start


def _between(persons: Sequence[Found], start: int, end: int) -> Sequence[Found]:
    """Those of sorted findings that begin in a stretch: not all are looked at for each of a long text's stretches."""
    return persons[bisect_left(persons, start, key=_begin) : bisect_left(persons, end, key=_begin)]


def _no_name(one: Found) -> bool:
    """ "The Frank", "our Grace": a first name after an article is a thing's name."""
    return one.entity == "FIRST_NAME" and bool(
        _ARTICLE.search(one.reading.text[max(0, one.start - 8) : one.start])
    )


def _name_ends(one: Found) -> int:
    """Of `Mr Wright's HIV`, found as one name, the illness is none of it."""
    owned = _OWNED.search(one.reading.text, one.start, one.end)
    return owned.start() if owned and one.entity == "PERSON" else one.end


def _packed(reading: Reading) -> Iterator[tuple[int, int]]:
    begun = reached = count = 0
    for start, end in _sentences(reading):
        words = reading.text.count(" ", start, end) + 1
        if count and count + words > LONGEST:
            yield begun, reached
            count = 0
        begun = begun if count else start
        reached, count = end, count + words
    if count:
        yield begun, reached


def _sentences(reading: Reading) -> Iterator[tuple[int, int]]:
    """Sentences that people wrote for this mail: no greeting, signature or disclaimer."""
    starts = reading.sentence_starts
    for start, end in zip(starts, [*starts[1:], len(reading.text)], strict=True):
        text = reading.text[start:end]
        first = start + len(text) - len(text.lstrip())
        if _TELLING.search(text) and reading.zone(first) not in SILENT:
            yield first, end


def _window(reading: Reading, span: tuple[int, int], persons: Sequence[Found]) -> Window:
    start, end = span
    inside = [(one.start - start, min(_name_ends(one), end) - start, _MASKS[one.entity]) for one in persons]
    return Window(start, end, mask(reading.text[start:end], inside))
