"""Small attachments made from lines of text: DOCX, PDF and drawn screens."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

from PIL import Image, ImageDraw, ImageFont

TYPES = {
    "text": "text/plain",
    "csv": "text/csv",
    "json": "application/json",
    "html": "text/html",
    "ics": "text/calendar",
    "pdf": "application/pdf",
    "png": "image/png",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def make(kind: str, lines: list[str]) -> bytes:
    """The attachment's bytes; kinds without a maker of their own are plain UTF-8 text."""
    makers = {"docx": docx, "pdf": pdf, "png": png}
    return makers[kind](lines) if kind in makers else "\n".join(lines).encode()


def docx(lines: list[str]) -> bytes:
    """A Word file of one paragraph a line."""
    paragraphs = "".join(
        f'<w:p><w:r><w:t xml:space="preserve">{escape(line)}</w:t></w:r></w:p>' for line in lines
    )
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="{main}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{WORD}"><w:body>{paragraphs}</w:body></w:document>',
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, xml in parts.items():
            archive.writestr(
                zipfile.ZipInfo(name, (2026, 3, 1, 9, 0, 0)), '<?xml version="1.0" encoding="UTF-8"?>' + xml
            )
    return buffer.getvalue()


def pdf(lines: list[str]) -> bytes:
    """A one-page PDF with a text layer in Helvetica."""
    shown = [
        line.encode("cp1252", "replace").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
        for line in lines
    ]
    stream = b"BT /F1 11 Tf 14 TL 60 780 Td " + b" ".join(b"(" + line + b") Tj T*" for line in shown) + b" ET"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    body, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    tail = (
        b"xref\n0 6\n0000000000 65535 f \n%strailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (table, len(body))
    )
    return body + tail


def png(lines: list[str]) -> bytes:
    """A drawn screen: a title bar with the first line, the others under it."""
    font = ImageFont.truetype(str(FONT), 18)
    image = Image.new("RGB", (820, 70 + 30 * len(lines)), (244, 246, 248))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 820, 36), fill=(0, 94, 184))
    draw.text((12, 8), lines[0], font=font, fill=(255, 255, 255))
    for row, line in enumerate(lines[1:]):
        draw.text((24, 52 + 30 * row), line, font=font, fill=(33, 43, 50))
    buffer = io.BytesIO()
    image.quantize(16).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
