"""What cannot be read is told with its reason, and what needs no reading is passed."""

import io
from collections.abc import Callable

import pikepdf
import py7zr
import pytest

from helpdesk.pii.documents import Unread, Why
from tests.pii.documents.build import compound, mails, office, pictures
from tests.pii.documents.conftest import Read


def _encrypted_zip() -> bytes:
    plain = bytearray(office.zipped({"Ann.txt": b"x"}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        plain[plain.index(mark) + offset] |= 1
    return bytes(plain)


def _encrypted_seven() -> bytes:
    held = io.BytesIO()
    with py7zr.SevenZipFile(held, "w", password="p") as archive:
        archive.writestr("x", "a.txt")
    return held.getvalue()


def _owner_password_only() -> bytes:
    held = io.BytesIO()
    with pikepdf.open(io.BytesIO(pictures.pdf("Open to read"))) as document:
        document.save(held, encryption=pikepdf.Encryption(user="", owner="secret"))
    return held.getvalue()


UNREAD: dict[str, tuple[Callable[[], bytes], tuple[str, Why]]] = {
    "PDF with a password": (lambda: pictures.pdf("x", encrypt="p"), ("", Why.ENCRYPTED)),
    "PDF cut off": (lambda: pictures.pdf("x")[:-300], ("", Why.CORRUPT)),
    "Office with a password": (
        lambda: compound.ole({"EncryptedPackage": b"x" * 99, "EncryptionInfo": b"x"}),
        ("", Why.ENCRYPTED),
    ),
    "Word 97 with a password": (lambda: compound.doc({"text": "x"}, encrypted=True), ("", Why.ENCRYPTED)),
    "zip member with a password": (_encrypted_zip, ("Ann.txt", Why.ENCRYPTED)),
    "7z with a password": (_encrypted_seven, ("", Why.ENCRYPTED)),
    "mail in PGP/MIME": (mails.encrypted, ("", Why.ENCRYPTED)),
    "PGP message": (lambda: b"-----BEGIN PGP MESSAGE-----\n\nxx\n", ("", Why.ENCRYPTED)),
    "S/MIME enveloped": (mails.enveloped, ("", Why.ENCRYPTED)),
    "zip cut off": (lambda: office.zipped({"a.txt": b"x" * 999})[:60], ("", Why.CORRUPT)),
    "PNG cut off": (lambda: pictures.saved(pictures.words("x"))[:400], ("", Why.CORRUPT)),
    "compound file cut off": (lambda: compound.doc({"text": "x" * 9999})[:600], ("", Why.CORRUPT)),
    "a film": (lambda: b"\0\0\0\x20ftypisom" + bytes(range(256)) * 9, ("", Why.UNKNOWN)),
    "a program": (lambda: b"\x7fELF" + bytes(range(256)) * 9, ("", Why.UNKNOWN)),
    "a program in a zip": (
        lambda: office.zipped({"a.exe": b"MZ\x90\0" + bytes(range(256)) * 9}),
        ("a.exe", Why.UNKNOWN),
    ),
}


@pytest.mark.parametrize("name", UNREAD)
def test_what_cannot_be_read_says_why(read: Read, name: str) -> None:
    make, (path, why) = UNREAD[name]
    assert Unread(path, why) in read(make(), ocr=name.startswith("PNG")).unscannable


PASSED: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "blank lines": lambda: b"\r\n \r\n",
    "detached S/MIME signature": lambda: mails.signature(b"the mail", apart=True),
    "PGP signature": lambda: b"-----BEGIN PGP SIGNATURE-----\n\nxx\n",
    "a tracking pixel": lambda: pictures.saved(pictures.words(size=(1, 1)), "GIF"),
    "a flat banner": lambda: pictures.saved(pictures.words(size=(600, 80), paper="navy")),
    "an icon": lambda: pictures.saved(pictures.words("x", size=(32, 32))),
    "a font": lambda: b"\0\1\0\0\0\x0f" + bytes(200),
}


@pytest.mark.parametrize("name", PASSED)
def test_what_holds_no_words_is_neither_held_nor_read_by_ocr(read: Read, name: str) -> None:
    document = read(PASSED[name]())
    assert (document.unscannable, document.images_pending) == ((), False)


def test_a_pdf_that_only_limits_printing_is_read(read: Read) -> None:
    document = read(_owner_password_only())
    assert document.unscannable == ()
    assert any("Open to read" in section.text for section in document.sections)


def test_what_was_read_before_the_fault_is_kept(read: Read) -> None:
    document = read(office.zipped({"a.txt": b"Ann Lee", "b.bin": b"\x7fELF\0\1\2\3" * 50}))
    assert [section.text for section in document.sections] == ["a.txt", "Ann Lee", "b.bin"]
    assert [unread.path for unread in document.unscannable] == ["b.bin"]


def test_the_name_of_a_locked_member_is_content(read: Read) -> None:
    assert [section.text for section in read(_encrypted_zip()).sections] == ["Ann.txt"]
