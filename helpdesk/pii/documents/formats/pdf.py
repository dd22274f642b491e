"""PDF by pdfium: text, notes, form fields, bookmarks, metadata, embedded files; pages and pictures without text by OCR."""

import ctypes
import io
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pikepdf
import pypdfium2
import pypdfium2.raw as c
from PIL import Image

from helpdesk.pii.documents.formats import image as pictures
from helpdesk.pii.documents.reading import Place, Refusal
from helpdesk.pii.documents.values import Why

DPI, POINTS = 200, 72
LEAST_TEXT = 12  # characters on a page; less is a page number under a scan
UNREADABLE_SHARE = 0.2
LARGE_SHARE = 0.6  # of the page: the picture is the page
ANNOTATION_KEYS = (b"Contents", b"T", b"Subj", b"V", b"DV", b"TU", b"RC")
SUBTYPE_POPUP, SUBTYPE_LINK = 16, 2
MOST_OBJECTS = 20_000
MOST_IMAGES_A_PAGE = 60
DRAWN_WORDS = 20  # shapes; letters drawn as shapes are many
FINER = 1.2


def read(data: bytes, place: Place) -> None:
    document = opened(data)
    try:
        count = len(document)
        if count == 0:
            raise Refusal(Why.CORRUPT)
        document.init_forms()
        _about(document, data, place)
        _pages(document, count, place)
        if b"%%EOF" not in data[-2_048:]:
            raise Refusal(Why.CORRUPT)  # cut off: what could be mended was read, the rest is not known
    finally:
        document.close()


def _pages(document: pypdfium2.PdfDocument, count: int, place: Place) -> None:
    for index in range(min(count, place.limits.pages)):
        try:
            _page(document, index, place)
        except Refusal as refusal:  # out of time or room: what comes after is not tried
            place.fail(f"page {index + 1} and after", refusal.why)
            return
    if count > place.limits.pages:
        place.fail(f"page {place.limits.pages + 1} and after", Why.TOO_LARGE)


def opened(data: bytes) -> pypdfium2.PdfDocument:
    """The document, or a Refusal: encrypted, corrupt."""
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as fault:
        password = getattr(fault, "err_code", None) in (c.FPDF_ERR_PASSWORD, c.FPDF_ERR_SECURITY)
        raise Refusal(Why.ENCRYPTED if password else Why.CORRUPT) from None


def _about(document: pypdfium2.PdfDocument, data: bytes, place: Place) -> None:
    tags = [
        f"{key}: {value}"
        for key, value in document.get_metadata_dict(skip_empty=True).items()
        if not key.endswith("Date")
    ]
    packets = pictures.XMP.findall(data)[:5]
    xmp = [line for packet in packets for line in pictures.xmp_lines(packet)]
    place.say("properties", "\n".join(dict.fromkeys([*tags, *xmp])), "metadata")
    if document.get_formtype() in (c.FORMTYPE_XFA_FULL, c.FORMTYPE_XFA_FOREGROUND):
        _form_data(data, place)
    titles = [bookmark.get_title() for bookmark in _bookmarks(document)]
    place.say("bookmarks", "\n".join(titles), "metadata")
    for number in range(document.count_attachments()):
        place.reading.take_member()
        attachment = document.get_attachment(number)
        name = attachment.get_name()
        place.enter(name or f"attachment {number + 1}", bytes(attachment.get_data()), name=name)


def _form_data(data: bytes, place: Place) -> None:
    """The XML of an XFA form, whose fields are nowhere else (ISO 32000-1 section 12.7.8)."""
    with pikepdf.open(io.BytesIO(data)) as document:
        form = document.Root.get("/AcroForm")
        held = form.get("/XFA") if form is not None else None
        streams = [held] if isinstance(held, pikepdf.Stream) else list(held or [])
        parts = [item.read_bytes() for item in streams if isinstance(item, pikepdf.Stream)]
    for number, part in enumerate(parts, 1):
        place.reading.take_member()
        place.enter(f"form data {number}", part)


def _bookmarks(document: pypdfium2.PdfDocument) -> Iterator[Any]:
    for number, bookmark in enumerate(document.get_toc(max_depth=10)):
        if number > 2_000:
            return
        yield bookmark


def _page(document: pypdfium2.PdfDocument, index: int, place: Place) -> None:
    place.reading.check_time()
    label = f"page {index + 1}"
    try:
        page = document[index]
    except pypdfium2.PdfiumError:
        place.fail(label, Why.CORRUPT)
        return
    try:
        text = page_text(page)
        place.say(label, text)
        place.say(f"{label} notes and fields", "\n".join(dict.fromkeys(_annotations(page))))
        _pictures(page, text, place, label)
    finally:
        page.close()


def page_text(page: pypdfium2.PdfPage) -> str:
    """The text layer; pdfium's mark for a hyphen at a line end (U+FFFE) made a hyphen again."""
    layer = page.get_textpage()
    try:
        text: str = layer.get_text_range()
    finally:
        layer.close()
    return text.replace("\r\n", "\n").replace("\ufffe", "-")


def _annotations(page: pypdfium2.PdfPage) -> Iterator[str]:
    for number in range(min(c.FPDFPage_GetAnnotCount(page), MOST_OBJECTS)):
        annotation = c.FPDFPage_GetAnnot(page, number)
        if not annotation:
            continue
        try:
            yield from _annotation(page, annotation)
        finally:
            c.FPDFPage_CloseAnnot(annotation)


def _annotation(page: pypdfium2.PdfPage, annotation: Any) -> Iterator[str]:
    for key in ANNOTATION_KEYS:
        if text := _wide(partial(c.FPDFAnnot_GetStringValue, annotation, key)):
            yield text
    form = page.formenv
    if form is not None:
        for ask in (c.FPDFAnnot_GetFormFieldValue, c.FPDFAnnot_GetFormFieldAlternateName):
            if text := _wide(partial(ask, form, annotation)):
                yield text
    if c.FPDFAnnot_GetSubtype(annotation) == SUBTYPE_LINK:
        action = c.FPDFLink_GetAction(c.FPDFAnnot_GetLink(annotation))
        size = c.FPDFAction_GetURIPath(page.pdf, action, None, 0) if action else 0
        if size:
            out = ctypes.create_string_buffer(size)
            c.FPDFAction_GetURIPath(page.pdf, action, out, size)
            yield out.value.decode("utf-8", "replace")


def _wide(ask: Callable[[Any, int], int]) -> str:
    """A UTF-16 string of pdfium: asked for its size, then for itself."""
    size = ask(None, 0)
    if size <= 2:
        return ""
    out = (c.FPDF_WCHAR * (size // 2))()
    ask(out, size)
    return bytes(out).decode("utf-16-le", "replace").rstrip("\0")


def _pictures(page: pypdfium2.PdfPage, text: str, place: Place, label: str) -> None:
    """The page is rendered where a picture or drawn shapes are its content; a picture that is finer than
    the rendering, or one beside a text layer, is looked at alone."""
    objects = [item for _, item in zip(range(MOST_OBJECTS), page.get_objects(max_depth=4), strict=False)]
    images = [item for item in objects if item.type == c.FPDF_PAGEOBJ_IMAGE]
    drawn = sum(item.type == c.FPDF_PAGEOBJ_PATH for item in objects)
    bare = len(text.strip()) < LEAST_TEXT
    large = [item for item in images if _share(page, item) > LARGE_SHARE]
    if (
        (bare and (images or drawn > DRAWN_WORDS))
        or _unreadable(text)
        or len(images) > MOST_IMAGES_A_PAGE
        or large
    ):
        pictures.look(rendered(page, place.limits.pixels), place, f"{label} image", page=True)
        chosen = [item not in large and _finer(item) for item in images]
    else:
        chosen = [True] * len(images)
    for number, item in enumerate(images[:MOST_IMAGES_A_PAGE], 1):
        if chosen[number - 1]:
            _picture(item, place, f"{label} image {number}")


def _picture(item: Any, place: Place, label: str) -> None:
    width, height = item.get_px_size()
    if width * height > place.limits.pixels:
        place.fail(label, Why.TOO_LARGE)
        return
    if min(width, height) < 8 or max(width, height) < 40:
        return
    try:
        picture = item.get_bitmap().to_pil()
    except (pypdfium2.PdfiumError, ValueError):
        place.fail(label, Why.CORRUPT)
        return
    pictures.look(picture, place, label)


def rendered(page: pypdfium2.PdfPage, most_pixels: int) -> Image.Image:
    """The page as it is printed, at 200 dots an inch or as many as the limits let."""
    width, height = page.get_size()
    scale = min(DPI / POINTS, (most_pixels / max(width * height, 1)) ** 0.5)
    picture: Image.Image = page.render(scale=scale, may_draw_forms=True).to_pil()
    return picture


def _share(page: pypdfium2.PdfPage, item: Any) -> float:
    """How much of the page a picture covers."""
    width, height = page.get_size()
    left, bottom, right, top = item.get_bounds()
    return float((right - left) * (top - bottom) / max(width * height, 1))


def _finer(item: Any) -> bool:
    """Whether a picture has more points than the rendering shows of it, as a screenshot made small has."""
    left, _, right, _ = item.get_bounds()
    return bool(item.get_px_size()[0] > FINER * (right - left) * DPI / POINTS)


def _unreadable(text: str) -> bool:
    """Glyphs without letters: a font whose map to Unicode is missing or wrong."""
    odd = sum(
        character == "\ufffd"
        or "\ue000" <= character <= "\uf8ff"
        or (character < " " and character not in "\t\n\r")
        for character in text
    )
    return odd > UNREADABLE_SHARE * max(len(text), 1)
