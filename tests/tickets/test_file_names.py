"""A name that came from somebody is harmless on a page, in a header and on a disk, and still says what the file is."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk.tickets.file_names import LONGEST_NAME, chosen_name, suffix_of


@pytest.mark.parametrize(
    ("came", "kept"),
    [
        ("report.pdf", "report.pdf"),
        ("C:\\fakepath\\report.pdf", "report.pdf"),
        ("../../etc/passwd", "passwd"),
        ("/home/amal/letter.docx", "letter.docx"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("a\u2066b\u2069\u200fc.txt", "abc.txt"),
        ("a\r\nBcc: x@y.example", "aBcc_ x@y.example"),
        ("tab\there\x00.txt", "tabhere.txt"),
        ('quote".txt', "quote_.txt"),
        ("a:b.txt", "a_b.txt"),
        (".htaccess", "htaccess"),
        ("trailing.exe. ", "trailing.exe"),
        ("...", "file"),
        ("folder/", "file"),
        ("", "file"),
        ("e\u0301te\u0301.txt", "été.txt"),
        ("日本.png", "日本.png"),
        ("x" * 250 + ".docx", "x" * 145 + ".docx"),
    ],
)
def test_what_is_left_of_a_name(came: str, kept: str) -> None:
    assert chosen_name(came) == kept


@settings(deadline=None)
@given(st.text(max_size=400))
def test_whatever_the_name_what_is_left_is_safe_and_stays_so(came: str) -> None:
    kept = chosen_name(came)
    assert 1 <= len(kept) <= LONGEST_NAME
    assert not set(kept) & set('\\/:*?"<>|%;')
    assert all(unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Zl", "Zp") for c in kept)
    assert not kept.startswith(".")
    assert chosen_name(kept) == kept


@pytest.mark.parametrize(
    ("name", "suffix"),
    [
        ("a.PDF", "pdf"),
        ("letter.pdf.exe", "exe"),
        ("a.exe ", "exe"),
        ("a.exe.", "exe"),
        ("a.exe\u00a0", "exe"),
        ("a.ｅｘｅ", "exe"),
        ("a．exe", "exe"),
        ("a.e\u202exe", "exe"),
        ("a.e\x00xe", "exe"),
        ("no suffix", ""),
    ],
)
def test_the_ending_is_what_a_system_would_go_by(name: str, suffix: str) -> None:
    assert suffix_of(name) == suffix
