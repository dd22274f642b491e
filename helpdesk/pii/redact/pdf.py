"""PDF: a page with something found becomes a picture of itself with that painted out; the others are copied.

Taking letters out of a content stream leaves traces (spacing, subset fonts, hidden text,
marked content), so the page is drawn anew and nothing of its old content is kept. Notes,
fields, bookmarks, metadata, scripts and embedded files are in none of the pages.
"""

import io
from collections.abc import Iterator

import pikepdf
import pypdfium2
import pypdfium2.raw as c
from PIL import Image

from helpdesk.pii.documents.formats.pdf import opened, page_text, rendered
from helpdesk.pii.redact import pictures
from helpdesk.pii.redact.job import Job, RefusedError
from helpdesk.pii.redact.pictures import Box

MOST_PAGES = 60  # drawn anew; more would take longer than a file may
MARGIN = 2  # points around a letter
KEPT_KEYS = {"/Type", "/MediaBox", "/CropBox", "/Rotate", "/Resources", "/Contents", "/UserUnit", "/Parent"}
JPEG_QUALITY = 80


def redact(data: bytes, job: Job) -> tuple[bytes, str]:
    """A new PDF of the pages; those that say something found as pictures."""
    drawn = opened(data)
    held = io.BytesIO()
    try:
        with pikepdf.open(io.BytesIO(data)) as old, pikepdf.new() as new:
            wanted = [number for number in range(len(drawn)) if _concerned(drawn[number], number, job)]
            if len(wanted) > MOST_PAGES or len(drawn) > job.limits.pages:
                raise RefusedError("place")
            for number in range(len(drawn)):
                if number in wanted:
                    _append_picture(new, drawn[number], number, job)
                else:
                    new.pages.append(old.pages[number])
                    _bare(new.pages[-1])
            new.remove_unreferenced_resources()
            new.save(held)
    finally:
        drawn.close()
    return held.getvalue(), ""


def _concerned(page: pypdfium2.PdfPage, number: int, job: Job) -> bool:
    label = f"page {number + 1}"
    said = any(section.path.startswith(f"{label} image") and job.at(section.path) for section in job.sections)
    return said or bool(job.at(label)) or job.eraser.found_in(page_text(page))


def _bare(page: pikepdf.Page) -> None:
    """A copied page keeps what draws it and nothing else."""
    for key in set(page.obj.keys()) - KEPT_KEYS:
        del page.obj[key]


def _append_picture(new: pikepdf.Pdf, page: pypdfium2.PdfPage, number: int, job: Job) -> None:
    picture = rendered(page, job.limits.pixels).convert("RGB")
    boxes = [*_letters(page, picture, number, job), *_seen(page, picture, number, job)]
    held = io.BytesIO()
    dots = 72 * picture.width / page.get_size()[0]
    pictures.painted(picture, boxes).save(held, "PDF", resolution=dots, quality=JPEG_QUALITY)
    with pikepdf.open(held) as one:
        new.pages.append(one.pages[0])


def _letters(page: pypdfium2.PdfPage, picture: Image.Image, number: int, job: Job) -> Iterator[Box]:
    """Boxes of the letters found in the text layer, in pixels of the picture."""
    layer = page.get_textpage()
    try:
        places = _places(layer)
        text = "".join(character for character, _ in places)
        spans = job.eraser.spans(text) + _exact(job, number, text)
        for start, end in spans:
            for _, index in places[start:end]:
                if index >= 0:
                    yield _in_pixels(page, picture, layer.get_charbox(index, loose=True))
    finally:
        layer.close()


def _exact(job: Job, number: int, text: str) -> list[tuple[int, int]]:
    label = f"page {number + 1}"
    told = next((section.text for section in job.sections if section.path == label), None)
    return [(p.start, p.end) for p in job.places if p.path == label] if told == text else []


def _places(layer: pypdfium2.PdfTextPage) -> list[tuple[str, int]]:
    """Each character of the page's text as it was read, with pdfium's index of its glyph."""
    whole = layer.get_text_range()
    out: list[tuple[str, int]] = []
    for offset, character in enumerate(whole):
        if character == "\r" and whole[offset + 1 : offset + 2] == "\n":
            continue
        out.append(
            ("-" if character == "\ufffe" else character, c.FPDFText_GetCharIndexFromTextIndex(layer, offset))
        )
    return out


def _in_pixels(page: pypdfium2.PdfPage, picture: Image.Image, box: tuple[float, float, float, float]) -> Box:
    """From page points (origin at the bottom, unrotated) to pixels, by pdfium's own reckoning."""
    left, bottom, right, top = box
    corners = [
        _device(page, picture, x, y)
        for x in (left - MARGIN, right + MARGIN)
        for y in (bottom - MARGIN, top + MARGIN)
    ]
    across, down = [x for x, _ in corners], [y for _, y in corners]
    return min(across), min(down), max(across), max(down)


def _device(page: pypdfium2.PdfPage, picture: Image.Image, x: float, y: float) -> tuple[int, int]:
    across, down = c.c_int(), c.c_int()
    c.FPDF_PageToDevice(page, 0, 0, picture.width, picture.height, 0, x, y, across, down)
    return across.value, down.value


def _seen(page: pypdfium2.PdfPage, picture: Image.Image, number: int, job: Job) -> Iterator[Box]:
    """Boxes of what OCR sees: on the whole page, and whole pictures that were found to say something alone."""
    label = f"page {number + 1} image"
    if any(section.path.startswith(label) for section in job.sections):
        yield from pictures.found_boxes(picture, job, label, page=True)
    images = [item for item in page.get_objects(max_depth=4) if item.type == c.FPDF_PAGEOBJ_IMAGE]
    for place, item in enumerate(images, 1):
        if job.at(f"{label} {place}"):
            yield _in_pixels(page, picture, item.get_bounds())
