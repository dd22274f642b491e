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

from PIL import Image, ImageChops, ImageOps, ImageStat

from helpdesk.pii.documents.layout import Line, without_duplicates

#: Pixels a side that are read at once. The finder weighs a spot against its whole picture, and overlooks small
#: letters on a large one: of 25 numbers on made-up screens it found 25 in tiles of 800 and 960, 21 of 1,200, 19 of 1,600.
TILE = 800
ACROSS, DOWN = 320, 96  # how tiles overlap: a number cut by one stands whole in the next
PAGE_TILE = 2_600  # pixels a side of a scanned or photographed page: its letters are large, so it is
PAGE_SIDE = 1_120  # made this small for finding them; they are read at full size all the same
LEAST_WIDTH, LEAST_HEIGHT = 40, 8  # ten digits, or letters, smaller than this are no text for anyone
FLAT = 12  # grey levels: a picture of less contrast than this shows nothing
SURE = 0.5
MIDDLE_GREY = 127
PAPER = 40  # pixels left around what is drawn
FEW_LINES = 4
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
            "Det.limit_side_len": PAGE_SIDE,
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
    low, high = cast("tuple[int, int]", on_paper(image).convert("L").getextrema())
    return high - low


def on_paper(image: Image.Image) -> Image.Image:
    """A transparent picture laid on white, or on black where what is drawn is light."""
    if image.mode not in ("RGBA", "LA", "PA", "RGBa") and "transparency" not in image.info:
        return image
    layered = image.convert("RGBA")
    drawn = ImageStat.Stat(
        layered.convert("L"), layered.getchannel("A").point(lambda alpha: 255 if alpha > 64 else 0)
    )
    light = bool(drawn.count[0]) and drawn.mean[0] > MIDDLE_GREY
    paper = Image.new("RGBA", layered.size, "black" if light else "white")
    paper.alpha_composite(layered)
    return paper


def read(image: Image.Image, *, page: bool = False) -> list[Line]:
    """All lines of a picture. `page`: a scan or photograph at some 200 dots an inch.

    A page is read whole, and tile by tile where next to nothing was found. Anything else is read tile
    by tile, and once more as a whole for letters larger than a tile.
    """
    if not page:
        found = _in_tiles(image, TILE)
        whole = [] if max(image.size) <= TILE else _read_part(image, (0, 0, *image.size), page=True)
        return without_duplicates([*found, *whole]) if whole else found
    found = _in_tiles(image, PAGE_TILE, page=True)
    if len(found) < FEW_LINES and max(image.size) > TILE:
        found += _in_tiles(image, TILE)
    return without_duplicates(found)


def _in_tiles(image: Image.Image, side: int, *, page: bool = False) -> list[Line]:
    boxes = tiles(image.width, image.height, side)
    return [line for box in boxes for line in _read_part(image, box, page=page)]


def _read_part(image: Image.Image, box: tuple[int, int, int, int], *, page: bool) -> list[Line]:
    part = upright(image.crop(box))
    if contrast(part) < FLAT:
        return []
    left, top, right, bottom = inked(part)
    lines = _read_tile(part.crop((left, top, right, bottom)), PAGE_SIDE if page else 2 * SMALL_SIDE)
    return [_moved(line, box[0] + left, box[1] + top) for line in lines]


def inked(image: Image.Image) -> tuple[int, int, int, int]:
    """The box of what differs from the colour of the first corner, with some paper around it."""
    paper = Image.new("RGB", image.size, cast("tuple[int, int, int]", image.getpixel((0, 0))))
    differs = ImageChops.difference(image, paper).convert("L").point(lambda level: 255 if level > FLAT else 0)
    left, top, right, bottom = differs.getbbox() or (0, 0, *image.size)
    return (
        max(left - PAPER, 0),
        max(top - PAPER, 0),
        min(right + PAPER, image.width),
        min(bottom + PAPER, image.height),
    )


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
    """RGB with its contrast stretched: faint pencil and dark photographs alike."""
    return ImageOps.autocontrast(on_paper(image).convert("RGB"), cutoff=0, preserve_tone=True)


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
