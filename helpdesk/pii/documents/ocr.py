"""Text in pictures, by RapidOCR with the models of its wheel, one thread, arrays only.

RapidOCR would fetch a path or address that it is given as a string, and would fetch a
model that it lacks; here it gets neither.
"""

import logging
import re
from collections.abc import Iterator
from functools import cache as once
from pathlib import Path
from typing import Any, cast

from PIL import Image, ImageOps

from helpdesk.pii.documents.layout import Line, without_duplicates

TILE = 1_600  # pixels a side that are read at once, so that screen letters are found at full size
ACROSS, DOWN = 320, 96  # how tiles overlap: a number cut by one stands whole in the next
PAGE_TILE = 2_600  # pixels a side of a scanned or photographed page: its letters are large, so it is
PAGE_SIDE = 1_280  # made this small for finding them; they are read at full size all the same
LEAST_WIDTH, LEAST_HEIGHT = 40, 8  # ten digits, or letters, smaller than this are no text for anyone
FLAT = 12  # grey levels: a picture of less contrast than this shows nothing
SURE = 0.5
SMALL_SIDE = 700  # small pictures are read better twice as large
#: The reader swallows wide gaps; a label that ran into the word before it gets its space back.
RUN_IN = re.compile(
    r"(?<=[a-z\d])(?=(?:NHS|DOB|D\.O\.B|MRN|CHI|NI N|Date of|Hospital|Address|Post ?code|Tel|Phone|Mobile|Email|Name"
    r"|Surname|Forename|Gender|Sex|Age|Ward|GP|Consultant|Diagnosis|Clinic|Patient)\b)"
)


@once
def load() -> Any:
    """The engine with its models, once a process; must be called while files can be opened."""
    import cv2  # noqa: PLC0415 - heavy, and only for children that read pictures
    import rapidocr  # noqa: PLC0415 - as above

    logging.disable(logging.CRITICAL)  # RapidOCR reports on every empty picture
    models = Path(rapidocr.__file__).parent / "models"
    engine = rapidocr.RapidOCR(
        params={
            "Global.max_side_len": 100_000,  # tiles are cut here, so nothing is made smaller there
            "Global.text_score": SURE,
            "Det.limit_type": "max",
            "Det.limit_side_len": TILE,
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
    cv2.setNumThreads(0)
    return engine


def may_hold_text(image: Image.Image) -> bool:
    """A cheap look: big enough for ten digits either way up, and not one flat colour."""
    short, long = sorted(image.size)
    if short < LEAST_HEIGHT or long < LEAST_WIDTH:
        return False
    return image.width * image.height > 4_000_000 or contrast(image) >= FLAT


def contrast(image: Image.Image) -> int:
    """Grey levels between the darkest and the lightest point."""
    low, high = cast("tuple[int, int]", image.convert("L").getextrema())
    return high - low


def read(image: Image.Image, *, page: bool = False) -> list[Line]:
    """All lines of a picture, tile by tile. `page`: a scan or photograph at some 200 dots an inch."""
    side = PAGE_TILE if page else TILE
    found: list[Line] = []
    for left, top, right, bottom in tiles(image.width, image.height, side):
        tile = upright(image.crop((left, top, right, bottom)))
        if contrast(tile) >= FLAT:
            found += [_moved(line, left, top) for line in _read_tile(tile, PAGE_SIDE if page else TILE)]
    return without_duplicates(found) if max(image.size) > side else found


def tiles(width: int, height: int, side: int = TILE) -> Iterator[tuple[int, int, int, int]]:
    """Boxes that cover a picture, each within `side` a side, overlapping their neighbours."""
    for top in _starts(height, side, DOWN):
        for left in _starts(width, side, ACROSS):
            yield left, top, min(left + side, width), min(top + side, height)


def _starts(length: int, side: int, overlap: int) -> list[int]:
    if length <= side:
        return [0]
    steps = -(-(length - overlap) // (side - overlap))
    return [round(step * (length - side) / (steps - 1)) for step in range(steps)]


def upright(image: Image.Image) -> Image.Image:
    """RGB on white, with its contrast stretched: faint pencil and dark photos alike."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        layered = image.convert("RGBA")
        image = Image.new("RGBA", layered.size, "white")
        image.alpha_composite(layered)
    return ImageOps.autocontrast(image.convert("RGB"), cutoff=0, preserve_tone=True)


def _read_tile(tile: Image.Image, side: int) -> list[Line]:
    scale = 2 if max(tile.size) <= SMALL_SIDE else 1
    if scale > 1:
        tile = tile.resize((tile.width * scale, tile.height * scale), Image.Resampling.LANCZOS)
    import numpy as np  # noqa: PLC0415 - loaded by `load`; a child without OCR has no use for it

    engine = load()
    engine.text_det.limit_side_len = side
    result = engine(np.asarray(tile)[:, :, ::-1])  # BGR, as OpenCV has it
    if result.boxes is None or result.txts is None:
        return []
    texts = (RUN_IN.sub(" ", str(text)) for text in result.txts)
    return [Line(text, _upright_box(box, scale)) for box, text in zip(result.boxes, texts, strict=True)]


def _upright_box(corners: Any, scale: int) -> tuple[float, float, float, float]:
    across, down = [float(x) / scale for x, _ in corners], [float(y) / scale for _, y in corners]
    return min(across), min(down), max(across), max(down)


def _moved(line: Line, left: int, top: int) -> Line:
    a, b, c, d = line.box
    return Line(line.text, (a + left, b + top, c + left, d + top))
