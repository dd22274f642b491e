"""Pictures: what their metadata says, and by OCR what they show, every page and frame."""

import hashlib
import io
import re
from collections.abc import Iterator

import pillow_heif
from lxml import etree
from PIL import ExifTags, Image, ImageFile, ImageOps, IptcImagePlugin, UnidentifiedImageError

from helpdesk.pii.documents import ocr
from helpdesk.pii.documents.formats import safe_xml
from helpdesk.pii.documents.formats.charset import decode
from helpdesk.pii.documents.layout import laid_out
from helpdesk.pii.documents.paper import may_hold_text
from helpdesk.pii.documents.reading import Place, Refusal
from helpdesk.pii.documents.values import Why

pillow_heif.register_heif_opener()
pillow_heif.options.DECODE_THREADS = 1
pillow_heif.options.THUMBNAILS = False
Image.MAX_IMAGE_PIXELS = None  # `limits.pixels` is asked instead, before a pixel is unpacked
Image.init()

MOST_FRAMES = 40
SCAN_DPI, LEAST_SCAN_DPI = 200, 150
PHOTO_SIDE = 2_400  # a camera's picture has more pixels than its letters need
TEXT_TAGS = {
    name: tag
    for tag, name in ExifTags.TAGS.items()
    if name
    in {
        *(
            "ImageDescription",
            "Artist",
            "Copyright",
            "DocumentName",
            "PageName",
            "HostComputer",
            "UserComment",
        ),
        *(
            "XPTitle",
            "XPComment",
            "XPAuthor",
            "XPKeywords",
            "XPSubject",
            "CameraOwnerName",
            "ImageID",
            "ImageHistory",
        ),
    }
}
EXIF_IFD, MAKE = 0x8769, 0x010F
XMP = re.compile(rb"<x:xmpmeta.{0,200000}?</x:xmpmeta>", re.DOTALL)
NOT_SAID = {
    "icc_profile",
    "exif",
    "xmp",
    "photoshop",
    "transparency",
    "background",
    "primary",
    "metadata",
    "thumbnails",
    "version",
    "jfif",
    "software",
    "icc",
}


def read(data: bytes, place: Place) -> None:
    try:
        image = Image.open(io.BytesIO(data))
    except UnidentifiedImageError:
        raise Refusal(Why.CORRUPT) from None
    if image.width * image.height > place.limits.pixels:
        raise Refusal(Why.TOO_LARGE)
    place.say("properties", "\n".join(dict.fromkeys(metadata(image, data))), "metadata")
    for number, frame in enumerate(frames(image, place), 1):
        look(frame, place, f"image {number}" if number > 1 else "image")


def frames(image: Image.Image, place: Place) -> Iterator[Image.Image]:
    """Each page or frame, turned as it is to be seen. More of them than the limits is a refusal."""
    count = getattr(image, "n_frames", 1)
    most = min(
        place.limits.pages, MOST_FRAMES if image.format in ("GIF", "WEBP", "PNG") else place.limits.pages
    )
    for index in range(min(count, most)):
        if count > 1:
            image.seek(index)
        if image.width * image.height > place.limits.pixels:
            raise Refusal(Why.TOO_LARGE)
        yield image
    if count > most:
        raise Refusal(Why.TOO_LARGE)


def look(image: Image.Image, place: Place, label: str, *, page: bool = False) -> None:
    """Say what a picture shows; without OCR, note that it waits. Seen pictures are not read twice."""
    if not may_hold_text(image):
        return
    if not place.reading.ocr:
        place.reading.images_pending = True
        return
    place.reading.check_time()
    turned, page = prepared(image, page=page)
    digest = hashlib.sha256(turned.tobytes() + repr(turned.size).encode()).digest()
    seen = place.reading.seen_images
    if digest not in seen:
        seen[digest] = laid_out(ocr.read(turned, page=page))[0]
        place.say(label, seen[digest], "image")


def prepared(image: Image.Image, *, page: bool = False) -> tuple[Image.Image, bool]:
    """Turned as its EXIF says, and whether it is a page rather than a screen.

    A camera's picture, or a scan that tells its resolution, is made no larger than its letters need.
    """
    photo, dots = MAKE in image.getexif(), image.info.get("dpi", (0, 0))
    turned = ImageOps.exif_transpose(image)
    if photo and max(turned.size) > PHOTO_SIDE:
        turned.thumbnail((PHOTO_SIDE, PHOTO_SIDE))
    elif not photo and isinstance(dots, tuple) and min(dots) > SCAN_DPI and max(turned.size) > PHOTO_SIDE:
        share = SCAN_DPI / float(min(dots))
        turned = turned.convert("RGB").resize((round(turned.width * share), round(turned.height * share)))
    return turned, page or photo or (isinstance(dots, tuple) and min(dots) >= LEAST_SCAN_DPI)


def metadata(image: ImageFile.ImageFile, data: bytes) -> Iterator[str]:
    """EXIF, XMP, IPTC and comments: the text that people and programs put there."""
    exif = image.getexif()
    held = {**exif, **exif.get_ifd(EXIF_IFD)}
    for name, tag in TEXT_TAGS.items():
        if text := _text(held.get(tag), wide=name.startswith("XP")):
            yield f"{name}: {text}"
    for key, value in image.info.items():
        if str(key).lower() not in NOT_SAID and isinstance(value, (str, bytes)) and (text := _text(value)):
            yield f"{key}: {text}"
    packet = image.info.get("xmp") or next(iter(XMP.findall(data)), b"")
    yield from xmp_lines(packet if isinstance(packet, bytes) else b"")
    for (record, number), value in (IptcImagePlugin.getiptcinfo(image) or {}).items():
        if record == 2 and number != 0:
            yield from (
                text for item in (value if isinstance(value, list) else [value]) if (text := _text(item))
            )


def xmp_lines(packet: bytes) -> Iterator[str]:
    """The leaf texts of an XMP packet (ISO 16684-1)."""
    found = XMP.search(packet)
    if not found:
        return
    try:
        root = safe_xml.parse(found[0])
    except etree.XMLSyntaxError:
        return  # no reader gets a text from it either
    for element in root.iter():
        text = (element.text or "").strip()
        if text and safe_xml.local(element) in (
            "li",
            "Title",
            "Author",
            "Subject",
            "Keywords",
            "Description",
            "Creator",
            "UserComment",
        ):
            yield text


def _text(value: object, *, wide: bool = False) -> str:
    if isinstance(value, tuple) and all(isinstance(item, int) for item in value):
        value = bytes(item & 0xFF for item in value)
    if isinstance(value, bytes):
        value = value.decode("utf-16-le", "replace") if wide else decode(_without_charset_mark(value))
    text = value.replace("\0", " ").strip() if isinstance(value, str) else ""
    return (
        text
        if sum(character.isprintable() or character.isspace() for character in text) > 0.8 * len(text)
        else ""
    )


def _without_charset_mark(value: bytes) -> bytes:
    """UserComment starts with eight bytes that name its charset (Exif 2.3, 4.6.5)."""
    return value[8:] if value[:8] in (b"ASCII\0\0\0", b"UNICODE\0", b"JIS\0\0\0\0\0", b"\0" * 8) else value
