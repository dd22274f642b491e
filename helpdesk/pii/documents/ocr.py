"""Text in pictures, by RapidOCR with the models of its wheel, one thread, arrays only.

RapidOCR would fetch a path or address that it is given as a string, and would fetch a
model that it lacks; here it gets neither.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache as once
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps

TILE = 1_600  # pixels a side that the detector sees at once, at full size
OVERLAP = 320  # so that a number cut by one tile stands whole in the next
LEAST_WIDTH, LEAST_HEIGHT = 40, 8  # ten digits, or letters, smaller than this are no text for anyone
FLAT = 12  # grey levels: a picture of less contrast than this shows nothing
SURE = 0.5
DUPLICATE_SHARE = 0.6
#: Small screen letters are read better twice as large.
SMALL_SIDE = 700


@dataclass(frozen=True, slots=True)
class Line:
    """A run of text and its upright box (left, top, right, bottom) in pixels of the picture."""

    text: str
    box: tuple[float, float, float, float]

    @property
    def height(self) -> float:
        return self.box[3] - self.box[1]

    @property
    def width(self) -> float:
        return self.box[2] - self.box[0]


@once
def load() -> Any:
    """The engine with its models, once a process; must be called while files can be opened."""
    import rapidocr

    logging.disable(logging.CRITICAL)  # RapidOCR reports on every empty picture
    models = Path(rapidocr.__file__).parent / "models"
    engine = rapidocr.RapidOCR(
        params={
            "Global.max_side_len": 100_000,  # tiles are cut here, so nothing is made smaller there
            "Global.text_score": SURE,
            "Global.log_level": "critical",
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Det.model_path": str(models / "PP-OCRv6_det_small.onnx"),
            "Cls.model_path": str(models / "ch_ppocr_mobile_v2.0_cls_mobile.onnx"),
            "Rec.model_path": str(models / "PP-OCRv6_rec_small.onnx"),
        }
    )
    for part in ("_load_det_model", "_load_cls_model", "_load_rec_model"):
        getattr(engine, part)()
    import cv2

    cv2.setNumThreads(0)
    return engine


def may_hold_text(image: Image.Image) -> bool:
    """A cheap look: big enough for ten digits either way up, and not one flat colour."""
    short, long = sorted(image.size)
    if short < LEAST_HEIGHT or long < LEAST_WIDTH:
        return False
    return image.width * image.height > 4_000_000 or contrast(image) >= FLAT


def contrast(image: Image.Image) -> int:
    low, high = image.convert("L").getextrema()
    return int(high) - int(low)


def read(image: Image.Image) -> list[Line]:
    """All lines of a picture, tile by tile."""
    found: list[Line] = []
    for left, top, right, bottom in tiles(image.width, image.height):
        tile = upright(image.crop((left, top, right, bottom)))
        if contrast(tile) >= FLAT:
            found += [_moved(line, left, top) for line in _read_tile(tile)]
    return without_duplicates(found) if max(image.size) > TILE else found


def tiles(width: int, height: int) -> Iterator[tuple[int, int, int, int]]:
    """Boxes that cover a picture, each within TILE a side, overlapping their neighbours."""
    for top in _starts(height):
        for left in _starts(width):
            yield left, top, min(left + TILE, width), min(top + TILE, height)


def _starts(length: int) -> list[int]:
    if length <= TILE:
        return [0]
    steps = -(-(length - OVERLAP) // (TILE - OVERLAP))
    return [round(step * (length - TILE) / (steps - 1)) for step in range(steps)]


def upright(image: Image.Image) -> Image.Image:
    """RGB on white, with its contrast stretched: faint pencil and dark photos alike."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        layered = image.convert("RGBA")
        image = Image.new("RGBA", layered.size, "white")
        image.alpha_composite(layered)
    return ImageOps.autocontrast(image.convert("RGB"), cutoff=0, preserve_tone=True)


def _read_tile(tile: Image.Image) -> list[Line]:
    import numpy

    scale = 2 if max(tile.size) <= SMALL_SIDE else 1
    if scale > 1:
        tile = tile.resize((tile.width * scale, tile.height * scale), Image.Resampling.LANCZOS)
    result = load()(numpy.asarray(tile)[:, :, ::-1])  # BGR, as OpenCV has it
    if result.boxes is None or result.txts is None:
        return []
    return [
        Line(str(text), _upright_box(box, scale)) for box, text in zip(result.boxes, result.txts, strict=True)
    ]


def _upright_box(corners: Any, scale: int) -> tuple[float, float, float, float]:
    across, down = [float(x) / scale for x, _ in corners], [float(y) / scale for _, y in corners]
    return min(across), min(down), max(across), max(down)


def _moved(line: Line, left: int, top: int) -> Line:
    a, b, c, d = line.box
    return Line(line.text, (a + left, b + top, c + left, d + top))


def without_duplicates(lines: list[Line]) -> list[Line]:
    """What two tiles both saw is kept once, the longer reading."""
    kept: list[Line] = []
    for line in sorted(lines, key=lambda one: -len(one.text)):
        if not any(_covered(line, other) and line.text in other.text for other in kept):
            kept.append(line)
    return kept


def _covered(line: Line, other: Line) -> bool:
    left, top = max(line.box[0], other.box[0]), max(line.box[1], other.box[1])
    right, bottom = min(line.box[2], other.box[2]), min(line.box[3], other.box[3])
    shared = max(right - left, 0) * max(bottom - top, 0)
    return shared >= DUPLICATE_SHARE * max(line.width * line.height, 1)


def laid_out(lines: list[Line]) -> tuple[str, list[tuple[int, int, Line]]]:
    """The lines as text in reading order, and where in it each stands (start, end, line)."""
    sideways = sum(1 if line.height > 1.5 * line.width else -1 for line in lines if len(line.text) > 2) > 0
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
    return "\t" if line.box[0] - before.box[2] > 2 * line.height else " "
