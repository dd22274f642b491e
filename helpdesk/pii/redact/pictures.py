"""Pictures: what was found is painted over, and the pixels are encoded anew, without metadata."""

import io
from collections.abc import Iterable

from PIL import Image, ImageDraw

from helpdesk.pii.documents import ocr
from helpdesk.pii.documents.formats.image import frames, prepared
from helpdesk.pii.documents.layout import laid_out
from helpdesk.pii.documents.paper import on_paper
from helpdesk.pii.documents.reading import Place as ReadingPlace
from helpdesk.pii.documents.reading import Reading
from helpdesk.pii.redact.job import Job, RefusedError

MARGIN = 3  # pixels around a line
PAINT = "#c0c0c0"
LOSSY = ("JPEG", "MPO", "HEIF", "WEBP")
Box = tuple[float, float, float, float]


def redact(data: bytes, job: Job) -> tuple[bytes, str]:
    """A picture of one frame, or a TIFF of several pages; moving pictures are refused."""
    image = Image.open(io.BytesIO(data))
    kind = image.format or ""
    if getattr(image, "n_frames", 1) > 1 and kind != "TIFF":
        raise RefusedError("place")
    place = ReadingPlace(Reading(job.limits, {}, ocr=True))
    painted = [_frame(frame, number, job) for number, frame in enumerate(frames(image, place), 1)]
    return _encoded(painted, kind)


def _frame(frame: Image.Image, number: int, job: Job) -> Image.Image:
    turned, page = prepared(frame)
    label = f"image {number}" if number > 1 else "image"
    clean = on_paper(turned).convert("RGB")
    return painted(clean, found_boxes(turned, job, label, page=page))


def found_boxes(image: Image.Image, job: Job, label: str, *, page: bool) -> list[Box]:
    """The boxes of lines that say something found: a whole line, since letters' places in it are a guess."""
    text, spans = laid_out(ocr.read(image, page=page))
    told = next((section.text for section in job.sections if section.path == label), None)
    wanted = job.eraser.spans(text)
    if told == text:
        wanted += job.at(label)
    return [line.box for start, end, line in spans if any(a < end and start < b for a, b in wanted)]


def painted(image: Image.Image, boxes: Iterable[Box]) -> Image.Image:
    """A copy without metadata, grey where the boxes are (black beside letters blinds the check by OCR)."""
    copy = Image.new("RGB", image.size)
    copy.paste(image)
    draw = ImageDraw.Draw(copy)
    for left, top, right, bottom in boxes:
        draw.rectangle((left - MARGIN, top - MARGIN, right + MARGIN, bottom + MARGIN), fill=PAINT)
    return copy


def _encoded(images: list[Image.Image], kind: str) -> tuple[bytes, str]:
    held = io.BytesIO()
    if len(images) > 1:
        images[0].save(held, "TIFF", save_all=True, append_images=images[1:], compression="tiff_lzw")
        return held.getvalue(), "image/tiff"
    if kind in LOSSY:
        images[0].save(held, "JPEG", quality=88)
        return held.getvalue(), "image/jpeg"
    images[0].save(held, "PNG")
    return held.getvalue(), "image/png"
