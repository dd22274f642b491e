"""Lines that OCR found, put into the order in which a person reads them."""

from dataclasses import dataclass

SIDEWAYS = 1.5
COLUMN_GAP = 2  # line heights

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Line:
    """A run of text and its upright box (left, top, right, bottom) in pixels of the picture."""

    text: str
    box: Box

    @property
    def height(self) -> float:
        return self.box[3] - self.box[1]

    @property
    def width(self) -> float:
        return self.box[2] - self.box[0]


def share(box: Box, other: Box) -> float:
    """How much of a box another covers, from 0 to 1."""
    left, top = max(box[0], other[0]), max(box[1], other[1])
    right, bottom = min(box[2], other[2]), min(box[3], other[3])
    area = max((box[2] - box[0]) * (box[3] - box[1]), 1)
    return max(right - left, 0) * max(bottom - top, 0) / area


def laid_out(lines: list[Line]) -> tuple[str, list[tuple[int, int, Line]]]:
    """The lines as text in reading order, and where in it each stands (start, end, line)."""
    sideways = (
        sum(1 if line.height > SIDEWAYS * line.width else -1 for line in lines if len(line.text) > 2) > 0
    )
    text, spans = "", []
    for row in _rows([_turned(line) if sideways else line for line in lines]):
        for before, line in zip([None, *row], row, strict=False):
            text += _gap(before, line) if before else ("\n" if text else "")
            spans.append((len(text), len(text) + len(line.text), _turned(line) if sideways else line))
            text += line.text
    return text, spans


def _turned(line: Line) -> Line:
    left, top, right, bottom = line.box
    return Line(line.text, (top, left, bottom, right))


def _rows(lines: list[Line]) -> list[list[Line]]:
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda one: (one.box[1] + one.box[3]) / 2):
        middle = (line.box[1] + line.box[3]) / 2
        last = rows[-1][-1] if rows else None
        if (
            last is not None
            and last.box[1] < middle < last.box[3]
            and abs(middle - (last.box[1] + last.box[3]) / 2) < 0.5 * min(last.height, line.height)
        ):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda one: one.box[0]) for row in rows]


def _gap(before: Line, line: Line) -> str:
    return "\t" if line.box[0] - before.box[2] > COLUMN_GAP * line.height else " "
