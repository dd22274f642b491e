"""RapidOCR with the models of its wheel, one thread, arrays only; finding and reading lines apart.

RapidOCR would fetch a path or address that it is given as a string, and would fetch a
model that it lacks; here it gets neither. A line seen in two tiles is read once, so the
two halves of its work are called one by one.
"""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache as once
from pathlib import Path
from typing import Any

from PIL import Image

SURE = 0.5
#: The reader swallows wide gaps; a label that ran into the word before it gets its space back.
RUN_IN = re.compile(
    r"(?<=[a-z\d])(?=(?:NHS|DOB|D\.O\.B|MRN|CHI|NI N|Date of|Hospital|Address|Post ?code|Tel|Phone|Mobile|Email|Name"
    r"|Surname|Forename|Gender|Sex|Age|Ward|GP|Consultant|Diagnosis|Clinic|Patient)\b)"
)


Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Spot:
    """A place that looks like a line: its upright box, and the line cut out and laid straight (an array)."""

    box: Box
    pixels: Any


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


def find(image: Image.Image, side: int) -> Iterator[Spot]:
    """The lines of an RGB picture, which is made no larger than `side` for finding them."""
    from rapidocr.main import RapidOCRError  # noqa: PLC0415 - as above
    from rapidocr.utils.process_img import map_boxes_to_original  # noqa: PLC0415 - as above

    engine = load()
    engine.text_det.limit_side_len = side
    pixels, record = engine.preprocess_img(pixels_of(image))
    try:
        crops, found = engine.detect_and_crop(pixels, record)
    except RapidOCRError:  # which is how it says that it found nothing
        return
    for corners, crop in zip(
        map_boxes_to_original(found.boxes, record, image.height, image.width), crops, strict=True
    ):
        yield Spot(_upright(corners), crop)


def pixels_of(image: Image.Image) -> Any:
    """An RGB picture as OpenCV has it: an array, blue first."""
    import numpy as np  # noqa: PLC0415 - loaded by `load`; a child without OCR has no use for it

    return np.asarray(image)[:, :, ::-1]


def recognise(spots: list[Spot]) -> list[str]:
    """What each line says; empty where that is not sure."""
    if not spots:
        return []
    engine = load()
    crops, _ = engine.cls_and_rotate([spot.pixels for spot in spots])
    read = engine.recognize_txt(crops)
    return [
        RUN_IN.sub(" ", text) if score >= SURE else ""
        for text, score in zip(read.txts, read.scores, strict=True)
    ]


def _upright(corners: Any) -> Box:
    across, down = [float(x) for x, _ in corners], [float(y) for _, y in corners]
    return min(across), min(down), max(across), max(down)
