"""Words are found wherever a file can hold them; each row is a file and what must be read of it."""

import bz2
import gzip
import io
import lzma
import tarfile
from collections.abc import Callable

import py7zr
import pytest

from tests.pii.documents.build import compound, mails, office, pictures
from tests.pii.documents.conftest import Read

HELLO = b"Sister Bellweather\n"


def _docx() -> bytes:
    body = (
        office.paragraph(*"729 064 6274")
        + '<w:p><w:r><w:t>Born </w:t></w:r><w:del w:author="Dr Old"><w:r><w:delText>1950</w:delText></w:r></w:del>'
        '<w:ins w:author="Dr New"><w:r><w:t>1951</w:t></w:r></w:ins></w:p>'
        '<w:p><w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:txbxContent><w:p><w:r><w:t>In a box</w:t></w:r></w:p>'
        "</w:txbxContent></mc:Choice><mc:Fallback><w:p><w:r><w:t>In a box</w:t></w:r></w:p></mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>"
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Name</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>NHS no</w:t></w:r></w:p></w:tc></w:tr>"
        "<w:tr><w:tc><w:p><w:r><w:t>Ann</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>999</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    )
    return office.docx(
        body,
        {
            "word/header1.xml": office.word_part("hdr", "Banner of ", "the patient"),
            "word/footer1.xml": office.word_part("ftr", "Printed for Bob"),
            "word/footnotes.xml": office.word_part("footnotes", "A footnote"),
            "word/endnotes.xml": office.word_part("endnotes", "An endnote"),
            "word/comments.xml": office.word_part("comments", "A comment"),
            "docProps/core.xml": office.CORE.format("Re Ann Titley"),
            "word/_rels/document.xml.rels": f"<Relationships {office.RELS}><Relationship Id='r1' TargetMode='External' "
            "Target='mailto:ann@example.org'/></Relationships>",
            "word/settings.xml": f"<w:settings {office.W}><w:docVars><w:docVar w:name='x' w:val='Merged Ann'/></w:docVars></w:settings>",
            "word/embeddings/oleObject1.bin": compound.ole(
                {"\x01Ole10Native": compound.native("slip.txt", HELLO)}
            ),
            "word/embeddings/Microsoft_Excel_Sheet.xlsx": office.xlsx(
                {"Inner": office.row(1, ("A", "Deep cell"))}
            ),
        },
    )


def _xlsx() -> bytes:
    rows = office.row(1, ("A", "Name"), ("C", "NHS")) + (
        '<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" s="1"><v>30000</v></c><c r="C2"><v>4075370771</v></c></row>'
    )
    sheet = f"<sheetData>{rows}</sheetData><headerFooter><oddHeader>Ward list</oddHeader></headerFooter>"
    shared = f"<sst {office.S}><si><r><t>Ros</t></r><r><t>alind</t></r></si></sst>"
    comments = f"<comments {office.S}><commentList><comment><text><t>Cell note</t></text></comment></commentList></comments>"
    return office.xlsx(
        {"Ward": sheet, "!Kept": f"<sheetData>{office.row(1, ('A', 'Very hidden'))}</sheetData>"},
        {
            "xl/sharedStrings.xml": shared,
            "xl/styles.xml": f"<styleSheet {office.S}><cellXfs><xf numFmtId='0'/><xf numFmtId='14'/></cellXfs></styleSheet>",
            "xl/comments1.xml": comments,
            "xl/drawings/drawing1.xml": f"<d {office.A}><a:p><a:r><a:t>Shape text</a:t></a:r></a:p></d>",
            "xl/pivotCache/pivotCacheRecords1.xml": f"<r {office.S}><s v='Pivot Patient'/></r>",
        },
        names="<definedName name='Patient_Ann'>Ward!$A$1</definedName>",
    )


def _pptx() -> bytes:
    note = f"<p:notes xmlns:p='urn:p' {office.A}><a:p><a:r><a:t>Speaker note</a:t></a:r></a:p></p:notes>"
    layout = f"<p:l xmlns:p='urn:p' {office.A}><a:p><a:r><a:t>Click to edit Master title style</a:t></a:r></a:p></p:l>"
    return office.pptx(
        ["First slide", "Second slide"],
        {"ppt/notesSlides/notesSlide1.xml": note, "ppt/slideLayouts/slideLayout1.xml": layout},
    )


def _odt() -> bytes:
    body = (
        '<text:p>Dear <text:span>Ann</text:span><text:s text:c="2"/>Lee</text:p>'
        "<text:p>x<office:annotation><dc:creator>Dr Who</dc:creator><text:p>Odd note</text:p></office:annotation></text:p>"
    )
    styles = f"<office:document-styles {office.ODF}><text:p>Top of page</text:p></office:document-styles>"
    meta = f"<office:document-meta {office.ODF}><dc:title>About Ann</dc:title></office:document-meta>"
    return office.odf("text", body, {"styles.xml": styles, "meta.xml": meta})


def _ods() -> bytes:
    body = (
        '<table:table table:name="List"><table:table-row><table:table-cell><text:p>Name</text:p></table:table-cell>'
        '<table:table-cell table:number-columns-repeated="2"/><table:table-cell><text:p>Zed</text:p></table:table-cell>'
        "</table:table-row></table:table>"
    )
    return office.odf("spreadsheet", body)


def _rtf() -> bytes:
    return (
        rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}{\info{\title About Ann}{\author Dr X}}"
        rb"{\header Banner {\b An}n}{\footer Foot}Caf\'e9 \u322?\u243 ?d\u378?{\footnote Small}\par"
        rb"{\*\annotation Remark}{\shp{\*\shpinst{\shptxt Boxed}}}{\*\unknowndest Secret}"
        rb"\trowd Name\cell 999\cell\row}"
    )


def _tar() -> bytes:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w") as archive:
        info = tarfile.TarInfo("ward/Ann Lee.txt")
        info.size = len(HELLO)
        archive.addfile(info, io.BytesIO(HELLO))
    return held.getvalue()


def _seven() -> bytes:
    held = io.BytesIO()
    with py7zr.SevenZipFile(held, "w") as archive:
        archive.writestr(HELLO, "ward/Ann Lee.txt")
        archive.writestr("second", "b.txt")
    return held.getvalue()


TABLE: dict[str, tuple[Callable[[], bytes], tuple[str, ...]]] = {
    "text in UTF-16 without a mark": (
        lambda: "Zoë Łoś, in bed 4".encode("utf-16-le"),
        ("Zoë Łoś, in bed 4",),
    ),
    "text in Windows-1252": (lambda: "Renée – £5".encode("cp1252"), ("Renée – £5",)),
    "JSON with escapes": (lambda: b'{"n": "Zo\\u00eb"}', ("Zoë",)),
    "XML attributes and texts": (
        lambda: b'<?xml version="1.0"?><p><family value="Lee"/><b>born <i>1950</i> here</b></p>',
        ("family value: Lee", "born here", "1950"),
    ),
    "XML entities": (lambda: b'<!DOCTYPE a [<!ENTITY x "Ann Lee">]>\n<?xml-x?><a>&x;</a>', ("Ann Lee",)),
    "broken XML": (lambda: b"<?xml version='1.0'?><a>Ann Lee", ("Ann Lee",)),
    "calendar": (
        lambda: (
            b"BEGIN:VCALENDAR\r\nSUMMARY:Clinic\\, An\r\n n Lee\r\nATTENDEE;CN=Bo Peep:mailto:b@x.org\r\nEND:VCALENDAR"
        ),
        ("SUMMARY: Clinic, Ann Lee", "CN=Bo Peep"),
    ),
    "card of version 2.1": (
        lambda: b"BEGIN:VCARD\r\nN;ENCODING=QUOTED-PRINTABLE:Zo=C3=\r\n=AB;Lee\r\nEND:VCARD",
        ("N: Zoë;Lee",),
    ),
    "Word": (
        _docx,
        (
            "729 064 6274",
            "Born 1951",
            "Born 1950",
            "In a box",
            "Name\tNHS no\nAnn\t999",
            "Banner of the patient",
            "Printed for Bob",
            *("A footnote", "An endnote", "A comment", "Re Ann Titley", "mailto:ann@example.org", "Dr Old"),
            *("slip.txt", "Sister Bellweather", "Deep cell", "Merged Ann"),
        ),
    ),
    "Excel": (
        _xlsx,
        (
            "Name\t\tNHS\nRosalind\t18/02/1982\t4075370771",
            "Very hidden",
            "Ward list",
            "Cell note",
            "Shape text",
            *("Pivot Patient", "Patient_Ann", "Kept"),
        ),
    ),
    "PowerPoint": (_pptx, ("First slide", "Second slide", "Speaker note")),
    "OpenDocument text": (_odt, ("Dear Ann  Lee", "Odd note", "Top of page", "About Ann")),
    "OpenDocument sheet": (_ods, ("Name\t\t\tZed", "List")),
    "rich text": (
        _rtf,
        ("Café łódź", "Banner Ann", "Foot", "Small", "Remark", "Boxed", "Secret", "About Ann", "Name\t999"),
    ),
    "Word 97": (
        lambda: compound.doc(
            {
                "text": "Dear Ann\rLee",
                "footnotes": "Café",
                "headers": "Banner",
                "comments": "Remark",
                "boxes": "Boxed",
            },
            more={"ObjectPool/_1/\x01Ole10Native": compound.native("slip.txt", HELLO)},
        ),
        ("Dear Ann\nLee", "Café", "Banner", "Remark", "Boxed", "Sister Bellweather"),
    ),
    "Excel 97": (
        lambda: compound.xls(
            [["Name", "NHS"], ["Ann", 4075370771.0]], header="Ward list", hidden="Very hidden"
        ),
        ("Name\tNHS\nAnn\t4075370771", "Ward list", "Very hidden", "Kept"),
    ),
    "PowerPoint 97": (lambda: compound.ppt(["Narrow Café", "Wide łódź"]), ("Narrow Café", "Wide łódź")),
    "Outlook message": (
        lambda: compound.msg("Re Ann", "The body", {"slip.txt": HELLO}, ("Inner subject", "Inner body")),
        ("Subject: Re Ann", "The body", "slip.txt", "Sister Bellweather", "Inner subject", "Inner body"),
    ),
    "mail": (
        mails.nested,
        (
            "Subject: Zoë outer",
            "Outer text",
            "Inner text",
            "Subject: Inner",
            "notes łódź.txt",
            "Sister Bellweather",
        ),
    ),
    "mail whose multipart has no boundary": (mails.without_boundary, ("Still said",)),
    "signed mail, opaque": (mails.opaque, ("Signed words",)),
    "mailbox": (mails.mailbox, ("Subject: First", "One", "Subject: Second", "Two")),
    "rich text with a file in it": (
        lambda: b"{\\rtf1{\\object{\\*\\objdata " + compound.ole_1("slip.txt", HELLO).hex().encode() + b"}}}",
        ("slip.txt", "Sister Bellweather"),
    ),
    "log with a stray zero byte": (lambda: b"line of a log\0\n" * 3 + b"x" * 400 + b" Ann Lee", ("Ann Lee",)),
    "TNEF": (mails.tnef, ("Re Ann", "slip.txt", "Sister Bellweather")),
    "PDF": (
        lambda: pictures.pdf("Page one words", "Page two words", title="Re Ann", attach=("slip.txt", HELLO)),
        ("Page one words", "Page two words", "Re Ann", "slip.txt", "Sister Bellweather"),
    ),
    "PDF form and note": (lambda: pictures.pdf_form("Ann Lee", "Sticky words"), ("Ann Lee", "Sticky words")),
    "PDF of an XFA form": (lambda: pictures.pdf_xfa("Ann Lee"), ("patient: Ann Lee",)),
    "metafile": (lambda: pictures.emf("Drawn words"), ("Drawn words",)),
    "old metafile": (lambda: pictures.wmf("Drawn words"), ("Drawn words",)),
    "metafile in Word": (
        lambda: office.docx("", {"word/media/image1.emf": pictures.emf("Sheet words")}),
        ("Sheet words",),
    ),
    "zip": (lambda: office.zipped({"ward/Ann Lee.txt": HELLO}), ("ward/Ann Lee.txt", "Sister Bellweather")),
    "tar": (_tar, ("ward/Ann Lee.txt", "Sister Bellweather")),
    "tar in gzip": (lambda: gzip.compress(_tar()), ("ward/Ann Lee.txt", "Sister Bellweather")),
    "7z": (_seven, ("Ann Lee.txt", "Sister Bellweather", "second")),
    "bzip2": (lambda: bz2.compress(HELLO), ("Sister Bellweather",)),
    "xz": (lambda: lzma.compress(HELLO), ("Sister Bellweather",)),
    "zip in zip": (
        lambda: office.zipped(
            {"a.zip": office.zipped({"b.docx": office.docx(office.paragraph("Deep words"))})}
        ),
        ("a.zip", "b.docx", "Deep words"),
    ),
    "PNG with text chunks": (
        lambda: pictures.saved(
            pictures.words(size=(30, 30)), pnginfo=pictures.png_text("Comment", "Ann in bed 4")
        ),
        ("Ann in bed 4",),
    ),
    "JPEG with EXIF": (
        lambda: pictures.saved(pictures.words(size=(30, 30)), "JPEG", exif=pictures.exif("Wound of Ann Lee")),
        ("Wound of Ann Lee",),
    ),
}


@pytest.mark.parametrize("name", TABLE)
def test_every_word_of_a_file_is_read(read: Read, name: str) -> None:
    make, phrases = TABLE[name]
    document = read(make())
    text = "\n".join(section.text for section in document.sections)
    assert document.unscannable == ()
    assert [phrase for phrase in phrases if phrase not in text] == []


def test_a_text_that_was_changed_is_told_as_it_is_and_as_it_was(read: Read) -> None:
    texts = {section.path: section.text for section in read(_docx()).sections}
    assert "Born 1951\n" in texts["document"]
    assert texts["document before changes"] == "Born 1950"


def test_prompts_of_a_slide_master_are_no_content(read: Read) -> None:
    assert not any("Click to edit" in section.text for section in read(_pptx()).sections)


def test_paths_are_unique_and_say_where(read: Read) -> None:
    archive = office.zipped({"letter.docx": _docx(), "list.xlsx": _xlsx()})
    paths = [section.path for section in read(archive).sections]
    assert len(paths) == len(set(paths))
    assert {"letter.docx > header 1", "list.xlsx > Ward", "name of list.xlsx"} <= set(paths)


@pytest.mark.parametrize(
    ("data", "name", "label", "kind"),
    [
        (b"a,b\n1,2\n", "x.csv", "", "text/csv"),
        (b"a,b\n1,2\n", "x.txt", "", "text/plain"),
        (b"a;b\n1;2\n", "noname", "text/csv", "text/csv"),
        (b"<html><p>x</p></html>", "x.txt", "text/plain", "text/html"),
        (pictures.pdf("x"), "x.docx", "application/msword", "application/pdf"),
        (
            office.docx(""),
            "x.pdf",
            "application/pdf",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (compound.msg("a", "b", {}), "x.doc", "", "application/vnd.ms-outlook"),
    ],
)
def test_content_decides_the_kind(read: Read, data: bytes, name: str, label: str, kind: str) -> None:
    assert read(data, name, label=label).media_type == kind


def test_a_table_has_tabs_between_cells_and_its_header_first(read: Read) -> None:
    (table,) = read(b'Name;Note\n"Lee; Ann";"two\nlines"\n', "x.csv").sections
    assert (table.kind, table.text) == ("table", "Name\tNote\nLee; Ann\ttwo lines")


def test_html_keeps_its_tags_and_gives_up_its_pictures(read: Read) -> None:
    document = read(mails.html_with_picture(), "x.html")
    assert [section.kind for section in document.sections] == ["html"]
    assert document.images_pending
    assert "base64" not in document.sections[0].text
