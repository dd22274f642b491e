"""What mail systems refuse is refused here, by its name and by what it is; what people send is not."""

import io
import zipfile

import pytest

from helpdesk.tickets.refused_files import WHY, WHY_WITHIN, why_refused


def a_zip(*names: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in names:
            archive.writestr(name, b"x")
    return made.getvalue()


WINDOWS = b"MZ\x90\0\x03" + b"\0" * 80


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("setup.exe", b"anything"),
        ("SETUP.EXE", b"anything"),
        ("letter.pdf.exe", b"anything"),
        ("run.js", b"var x"),
        ("run.bat", b"echo"),
        ("photo.scr", b"x"),
        ("a.ps1", b"x"),
        ("a.lnk", b"x"),
        ("a.hta", b"x"),
        ("a.iso", b"x"),
        ("macro.docm", b"x"),
        ("a.e\u202exe", b"x"),
        ("letter.pdf", WINDOWS),
        ("letter", b"\x7fELF\x02\x01"),
        ("letter.txt", b"#!/bin/sh\nrm"),
        ("letter.docx", b"\xca\xfe\xba\xbe\0\0"),
        ("letter.docx", b"L\0\0\0\x01\x14\x02\0\0"),
        ("picture.png", b"\0" * 0x8001 + b"CD001" + b"\0" * 9),
    ],
)
def test_a_program_is_refused_by_its_name_or_by_what_it_is(name: str, data: bytes) -> None:
    assert why_refused(name, data) == WHY


@pytest.mark.parametrize("within", ["a.exe", "folder/b.JS", "deep/er/c.vbs", "letter.pdf.scr"])
def test_a_zip_with_a_program_in_it_is_refused(within: str) -> None:
    assert why_refused("letters.zip", a_zip("letter.txt", within)) == WHY_WITHIN


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("letter.txt", b"MZ is how this text begins, and it is no program, however long it may become"),
        ("letter.txt", b"# !/ not a script"),
        ("letter.pdf", b"%PDF-1.7"),
        ("letter.docx", a_zip("[Content_Types].xml", "word/document.xml", "docProps/app.xml", "_rels/.rels")),
        ("letters.zip", a_zip("letter.txt", "folder.com/letter.txt")),
        ("broken.zip", b"PK\x03\x04 and no more"),
        ("photo.jpg", b"\xff\xd8\xff\xe0"),
        ("no ending", b"words"),
        ("exe", b"a file that is called so"),
    ],
)
def test_what_people_send_is_not(name: str, data: bytes) -> None:
    assert why_refused(name, data) == ""
