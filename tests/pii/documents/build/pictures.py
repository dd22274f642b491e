"""Pictures with words in them, and PDF files."""

import io
import struct

import pikepdf
import pillow_heif
from PIL import Image, ImageDraw, ImageFont
from PIL.PngImagePlugin import PngInfo

FONT = "DejaVuSans.ttf"
pillow_heif.register_heif_opener()


def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    try:
        return ImageFont.truetype(FONT, size)
    except OSError:
        return ImageFont.load_default(size)


def words(
    *lines: str,
    size: tuple[int, int] = (700, 200),
    ink: str = "black",
    paper: str = "white",
    letters: int = 24,
) -> Image.Image:
    """Lines of text on paper."""
    image = Image.new("RGB", size, paper)
    draw = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        draw.text((20, 20 + number * letters * 1.6), line, fill=ink, font=font(letters))
    return image


def saved(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    held = io.BytesIO()
    image.save(held, kind, **options)
    return held.getvalue()


def pdf(*pages: str, title: str = "", encrypt: str = "", attach: tuple[str, bytes] | None = None) -> bytes:
    """A PDF with one line of text a page (Helvetica, as content stream operators)."""
    document = pikepdf.new()
    for text in pages:
        _page(document, f"BT /F1 12 Tf 50 700 Td ({text}) Tj ET".encode("latin-1"))
    if title:
        document.docinfo["/Title"] = title
    if attach:
        document.attachments[attach[0]] = pikepdf.AttachedFileSpec(document, attach[1], filename=attach[0])
    held = io.BytesIO()
    document.save(held, encryption=pikepdf.Encryption(user=encrypt, owner=encrypt) if encrypt else None)
    return held.getvalue()


def _page(document: pikepdf.Pdf, content: bytes) -> None:
    page = document.add_blank_page(page_size=(595, 842))
    page.Resources = pikepdf.Dictionary(
        Font=pikepdf.Dictionary(
            F1=pikepdf.Dictionary(
                Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
            )
        )
    )
    page.Contents = document.make_stream(content)


def pdf_form(value: str, note: str) -> bytes:
    """A PDF with a filled text field and a sticky note, and no other text."""
    document = pikepdf.new()
    page = document.add_blank_page(page_size=(595, 842))
    field = document.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Tx, T="patient", V=value,
            Rect=[50, 600, 300, 620], F=4, DA="/Helv 12 Tf 0 g",
        )
    )  # fmt: skip
    sticky = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Contents=note, Rect=[50, 500, 70, 520]
    )
    page.Annots = document.make_indirect(pikepdf.Array([field, document.make_indirect(sticky)]))
    document.Root.AcroForm = pikepdf.Dictionary(Fields=[field], DA="/Helv 12 Tf 0 g")
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def pdf_xfa(value: str) -> bytes:
    """A PDF whose form is XFA, as one stream."""
    document = pikepdf.new()
    document.add_blank_page()
    xml = f"<xdp><data><patient>{value}</patient></data></xdp>".encode()
    document.Root.AcroForm = pikepdf.Dictionary(
        Fields=[], XFA=document.make_stream(b"<?xml version='1.0'?>" + xml)
    )
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def emf(text: str, image: Image.Image | None = None) -> bytes:
    """An enhanced metafile with one text record, and perhaps a bitmap."""
    header = struct.pack("<II32s4s", 1, 88, b"", b" EMF").ljust(88, b"\0")
    coded = text.encode("utf-16-le")
    coded += b"\0" * (-len(coded) % 4)
    words_ = (
        struct.pack("<II28siiII", 84, 76 + len(coded), b"", 0, 30, len(text), 76).ljust(76, b"\0") + coded
    )
    bitmap = b""
    if image is not None:
        bmp = saved(image.convert("RGB"), "BMP")
        info, bits = bmp[14:54], bmp[54:]
        bitmap = struct.pack(
            "<II40sIIII", 81, 80 + len(info) + len(bits), b"", 80, len(info), 80 + len(info), len(bits)
        )
        bitmap = bitmap.ljust(80, b"\0") + info + bits
    return header + words_ + bitmap + struct.pack("<IIIII", 14, 20, 0, 16, 20)


def wmf(text: str) -> bytes:
    body = (
        struct.pack("<H", len(text))
        + text.encode("cp1252")
        + b"\0" * (len(text) % 2)
        + struct.pack("<hh", 5, 5)
    )
    record = struct.pack("<IH", (6 + len(body)) // 2, 0x0521) + body
    return struct.pack("<HHHIHIH", 1, 9, 0x0300, 0, 0, 0, 0) + record + struct.pack("<IH", 3, 0)


def scanned(*images: Image.Image) -> bytes:
    """A PDF whose pages are pictures."""
    held = io.BytesIO()
    images[0].save(held, "PDF", save_all=True, append_images=images[1:], resolution=200)
    return held.getvalue()


def png_text(key: str, text: str) -> PngInfo:
    info = PngInfo()
    info.add_text(key, text)
    return info


def exif(description: str) -> Image.Exif:
    held = Image.Exif()
    held[0x010E] = description
    return held


def turned_exif() -> Image.Exif:
    held = Image.Exif()
    held[0x0112] = 6
    return held


def transparent(*lines: str) -> Image.Image:
    """Black letters on nothing."""
    mask = words(*lines).convert("L").point(lambda level: 255 - level)
    image = Image.new("RGBA", mask.size, (0, 0, 0, 0))
    image.putalpha(mask)
    return image


def pdf_with_picture(text: str, image: Image.Image) -> bytes:
    """A page with a text layer and, lower down, a picture."""
    document = pikepdf.open(io.BytesIO(pdf(text)))
    page = document.pages[0]
    picture = document.make_stream(image.convert("RGB").tobytes())
    picture.update(
        {
            "/Type": pikepdf.Name.XObject,
            "/Subtype": pikepdf.Name.Image,
            "/Width": image.width,
            "/Height": image.height,
        }
        | {"/ColorSpace": pikepdf.Name.DeviceRGB, "/BitsPerComponent": 8}
    )
    page.Resources.XObject = pikepdf.Dictionary(Im1=picture)
    draw = b"\nq %d 0 0 %d 50 300 cm /Im1 Do Q" % (image.width // 2, image.height // 2)
    page.Contents = document.make_stream(page.Contents.read_bytes() + draw)
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()
