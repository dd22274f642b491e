"""Long texts cut into windows that the model can read, which overlap so that each word has words around it."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple


class Window(NamedTuple):
    """Words `start` to `end` are read; of what is said, that of words `first` to `last` counts."""

    start: int
    end: int
    first: int
    last: int


def windows_of(sizes: Sequence[int], room: int, overlap: int) -> Iterator[Window]:
    """Windows over words that have so many pieces each: at most `room` pieces, `overlap` of them shared with the next.

    Each word counts once, in the window where it stands further from the edge. No word may be larger than `room`.
    """
    start = first = 0
    while start < len(sizes):
        end = _forward(sizes, start, room)
        if end == len(sizes):
            yield Window(start, end, first, end)
            return
        after = max(start + 1, _back(sizes, end, overlap))
        last = max(first, (after + end) // 2)
        yield Window(start, end, first, last)
        start, first = after, last


def _forward(sizes: Sequence[int], start: int, room: int) -> int:
    """The word before which a window that starts here must end."""
    end, filled = start, 0
    while end < len(sizes) and filled + sizes[end] <= room:
        filled += sizes[end]
        end += 1
    return end


def _back(sizes: Sequence[int], end: int, overlap: int) -> int:
    start, filled = end, 0
    while start and filled + sizes[start - 1] <= overlap:
        start -= 1
        filled += sizes[start]
    return start
