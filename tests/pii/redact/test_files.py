"""Files: what was found is nowhere in the bytes that come back, however they are packed; else the file is dropped."""

import io
import re
import zipfile
import zlib
from collections.abc import Callable

import pikepdf
import pytest
from PIL import Image

from helpdesk.config import Documents
from helpdesk.pii.documents import read_document
from helpdesk.pii.redact import redact_file
from tests.pii.documents.build import compound, mails, office, pictures
from tests.pii.redact.conftest import LIMITS, Redact, finding

NUMBER, NAME = "485 777 3456", "Zebedee Quill"


def unpacked(data: bytes) -> bytes:
    """All the bytes of a file, its zip members and PDF streams unpacked, entities and UTF-16 made plain."""
    out = [data]
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            out += [
                info.filename.encode() + b"\n" + unpacked(archive.read(info)) for info in archive.infolist()
            ]
    if data[:5] == b"%PDF-":
        with pikepdf.open(io.BytesIO(data)) as document:
            for item in document.objects:
                out.append(repr(item).encode() if not isinstance(item, pikepdf.Stream) else _stream(item))
    return b"\n".join(out)


def _stream(item: pikepdf.Stream) -> bytes:
    try:
        return item.read_bytes() + repr(dict(item.stream_dict.items())).encode()
    except pikepdf.PdfError:
        return item.read_raw_bytes()


def _bare(string: str) -> str:
    return re.sub(r"[\s.\-]", "", string)


def _plain(data: bytes) -> str:
    """With tags taken out, and once more with them."""
    text = unpacked(data).decode("latin-1").replace("\0", "")
    return re.sub(r"<[^<>]*>|[\s.\-]", "", text) + re.sub(r"[\s.\-]", "", text)


def _docx() -> bytes:
    body = (
        office.paragraph(*f"NHS {NUMBER} kept")
        + office.paragraph(f"About {NAME}, in bed 4")
        + f'<w:p><w:r><w:t>Seen </w:t></w:r><w:del w:author="{NAME}"><w:r><w:delText>by {NAME}</w:delText></w:r></w:del></w:p>'
    )
    return office.docx(
        body,
        {
            "word/header1.xml": office.word_part("hdr", "Re Zebe", "dee Quill"),
            "docProps/core.xml": office.CORE.format(f"Letter on {NAME}"),
            "docProps/thumbnail.jpeg": pictures.saved(pictures.words(NAME), "JPEG"),
            "word/_rels/document.xml.rels": f"<Relationships {office.RELS}><Relationship Id='r1' TargetMode='External' "
            f"Target='mailto:{NAME}'/></Relationships>",
        },
    )


def _xlsx() -> bytes:
    rows = f'<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><v>{NUMBER.replace(" ", "")}</v></c><c r="C1" s="1"><v>30000</v></c></row>'
    return office.xlsx(
        {"Ward": f"<sheetData>{rows}{office.row(2, ('A', 'kept'))}</sheetData>"},
        {
            "xl/sharedStrings.xml": f"<sst {office.S}><si><r><t>Zebedee </t></r><r><t>Quill</t></r></si></sst>",
            "xl/styles.xml": f"<styleSheet {office.S}><cellXfs><xf numFmtId='0'/><xf numFmtId='14'/></cellXfs></styleSheet>",
        },
    )


def _pptx() -> bytes:
    note = f"<p:notes xmlns:p='urn:p' {office.A}><a:p><a:r><a:t>{NAME}</a:t></a:r></a:p></p:notes>"
    return office.pptx([f"Case of {NAME}", "kept"], {"ppt/notesSlides/notesSlide1.xml": note})


def _mail() -> bytes:
    message = mails.mail(f"Re {NAME}", f"Dear {NAME}, kept")
    message.add_alternative(f"<p>Dear <b>Zebedee</b> Quill {NAME}</p>", subtype="html")
    message.add_attachment(_docx(), maintype="application", subtype="octet-stream", filename=f"{NAME}.docx")
    message["X-Patient"] = NAME
    return message.as_bytes()


TABLE: dict[str, tuple[Callable[[], bytes], tuple[str, ...]]] = {
    "text": (lambda: f"kept {NAME} and {NUMBER}".encode(), (NAME, NUMBER)),
    "JSON": (lambda: b'{"kept": "Zebedee\\u0020Quill", "n": 1}', (NAME,)),
    "XML": (lambda: f'<?xml version="1.0"?><p n="{NAME}">kept <b>{NUMBER}</b></p>'.encode(), (NAME, NUMBER)),
    "CSV": (lambda: f'name,n\n"{NAME}",{NUMBER}\nkept,1\n'.encode(), (NAME, NUMBER)),
    "calendar": (lambda: f"BEGIN:VCALENDAR\r\nSUMMARY:kept {NAME}\r\nEND:VCALENDAR\r\n".encode(), (NAME,)),
    "HTML": (lambda: f"<html><body><p>kept {NAME}</p></body></html>".encode(), (NAME,)),
    "Word": (_docx, (NAME, NUMBER)),
    "Excel": (_xlsx, (NAME, NUMBER.replace(" ", ""), "18/02/1982")),
    "PowerPoint": (_pptx, (NAME,)),
    "OpenDocument": (
        lambda: office.odf("text", "<text:p>kept <text:span>Zebedee</text:span> Quill</text:p>"),
        (NAME,),
    ),
    "PDF": (
        lambda: pictures.pdf(
            f"NHS {NUMBER} of {NAME}", "kept", title=f"Re {NAME}", attach=("a.txt", NAME.encode())
        ),
        (NUMBER, NAME),
    ),
    "PDF, only its title": (lambda: pictures.pdf("kept", title=f"Re {NAME}"), (NAME,)),
    "PDF form and note": (lambda: pictures.pdf_form(NAME, f"kept {NUMBER}"), (NAME, NUMBER)),
    "zip": (
        lambda: office.zipped({f"{NAME}.txt": NUMBER.encode(), "b.docx": _docx(), "c.txt": b"kept"}),
        (NAME, NUMBER),
    ),
    "mail": (_mail, (NAME, NUMBER)),
}


@pytest.mark.parametrize("name", TABLE)
def test_nothing_found_is_left_in_the_bytes(redact: Redact, name: str) -> None:
    make, strings = TABLE[name]
    data = make()
    assert _bare(strings[0]) in _plain(data) or name in ("JSON", "mail")
    redacted = redact(data, *strings, name="a.csv" if name == "CSV" else "file")
    assert redacted.tombstone is None
    assert redacted.data is not None
    left = _plain(redacted.data)
    assert [string for string in strings if _bare(string) in left] == []
    if "form" not in name:
        text = "".join(s.text for s in read_document(redacted.data, "", "", LIMITS, ocr=False).sections)
        assert "kept" in text or name == "PDF"


@pytest.mark.slow
def test_a_clean_page_stays_text_and_a_redacted_one_becomes_a_picture(redact: Redact) -> None:
    redacted = redact(pictures.pdf(f"Number {NUMBER}", "A clean page"), NUMBER)
    with pikepdf.open(io.BytesIO(redacted.data or b"")) as document:
        assert len(document.pages) == 2
    texts = {s.path: s.text for s in read_document(redacted.data or b"", "", "", LIMITS, ocr=True).sections}
    assert texts["page 2"] == "A clean page"
    assert "Number" in texts["page 1 image"]
    assert "3456" not in texts["page 1 image"]


IMAGES: dict[str, Callable[[], bytes]] = {
    "PNG": lambda: pictures.saved(
        pictures.words(f"NHS {NUMBER}", "kept words"), pnginfo=pictures.png_text("Comment", NAME)
    ),
    "JPEG": lambda: pictures.saved(
        pictures.words(f"NHS {NUMBER}", "kept words"), "JPEG", exif=pictures.exif(NAME)
    ),
    "TIFF of two pages": lambda: pictures.saved(
        pictures.words("kept words"), "TIFF", save_all=True, append_images=[pictures.words(f"NHS {NUMBER}")]
    ),
    "scanned PDF": lambda: pictures.scanned(
        pictures.words(f"NHS {NUMBER}", "kept words", size=(1654, 2339), letters=34)
    ),
    "picture in Word": lambda: office.docx(
        "", {"word/media/image1.png": pictures.saved(pictures.words(f"NHS {NUMBER}", "kept words"))}
    ),
    "picture in PDF": lambda: pictures.pdf_with_picture("kept words", pictures.words(f"NHS {NUMBER}")),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", IMAGES)
def test_what_a_picture_shows_is_painted_over_and_its_metadata_gone(redact: Redact, name: str) -> None:
    redacted = redact(IMAGES[name](), NUMBER, ocr=True)
    assert redacted.data is not None
    document = read_document(redacted.data, "file", "", Documents(), ocr=True)
    text = "".join(section.text for section in document.sections)
    assert "3456" not in re.sub(r"\s", "", text)
    assert "kept words" in text
    assert NAME.encode() not in unpacked(redacted.data)


DROPPED: dict[str, Callable[[], bytes]] = {
    "Word 97": lambda: compound.doc({"text": f"Re {NAME}"}),
    "Excel 97": lambda: compound.xls([[NAME]]),
    "rich text": lambda: b"{\\rtf1 " + NAME.encode() + b"}",
    "Outlook message": lambda: compound.msg(f"Re {NAME}", "x", {}),
    "Word with macros": lambda: office.docx(office.paragraph(NAME), {"word/vbaProject.bin": b"macro"}),
    "Word with an old object": lambda: office.docx(
        office.paragraph(NAME),
        {"word/embeddings/oleObject1.bin": compound.ole({"\x01Ole10Native": compound.native("a.txt", b"x")})},
    ),
    "zip with such a file": lambda: office.zipped({"a.doc": compound.doc({"text": f"Re {NAME}"})}),
}


@pytest.mark.parametrize("name", DROPPED)
def test_what_cannot_be_redacted_safely_is_dropped_with_a_sentence(redact: Redact, name: str) -> None:
    redacted = redact(DROPPED[name](), NAME)
    assert redacted.data is None
    assert redacted.tombstone
    assert NAME not in redacted.tombstone


@pytest.mark.parametrize(("path", "start", "end"), [("page 9", 0, 3), ("text", 0, 900), ("text", 5, 2)])
def test_a_finding_that_does_not_fit_drops_the_file(path: str, start: int, end: int) -> None:
    redacted = redact_file(b"some words", "a.txt", "", [finding(start, end, path)], LIMITS)
    assert redacted.data is None


def test_a_corrupt_file_is_dropped_and_never_raises() -> None:
    for data in (b"%PDF-1.7 nothing", b"PK\x03\x04broken", zlib.compress(b"x" * 99)):
        assert redact_file(data, "a", "", [finding(0, 1, "page 1")], LIMITS).data is None


@pytest.mark.slow
def test_a_painted_picture_has_no_ink_under_the_paint(redact: Redact) -> None:
    redacted = redact(pictures.saved(pictures.words(f"NHS {NUMBER}")), NUMBER, ocr=True)
    image = Image.open(io.BytesIO(redacted.data or b"")).convert("L")
    assert image.info == {}
    low, high = image.crop((25, 25, 200, 40)).getextrema()
    assert low == high
