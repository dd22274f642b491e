"""Labels and values as OCR garbles them: letters read as digits where a label vouches, and nowhere else."""

import pytest

from helpdesk.pii.recognizers.date_of_birth import DateOfBirth
from helpdesk.pii.recognizers.nhs_number import NhsNumber

BIRTHS = [
    ("D . o . B   l2 . O7 . l938   seen in clinic", "l2 . O7 . l938"),
    ("Date 0f Blrth: 03/O7/1951", "03/O7/1951"),
    ("D0B 03/07/1951", "03/07/1951"),
    ("DOB: 2l/ll/58", "2l/ll/58"),
    ("b0rn 3 . 4 . 195l in Leith", "3 . 4 . 195l"),
    ("Birthdate I9-O2-1944", "I9-O2-1944"),
]
NO_BIRTHS = [
    "DOB: OO/OO/OOOO is what the form shows",
    "the d.o.b field wants dd/mm/yyyy",
    "date of birth l4/O2/2O47 cannot be",
    "DOB l4/4O/l947 is no day",
    "lot DO8 12.11.2024 of the reagent",
    "version B0B l2.O2.l9 of the board",
]
NUMBERS = [
    ("NH5 N0:  45O  557 71O4", "45O  557 71O4"),
    ("N H S N o:  4 5 0 5 5 7 7 1 0 4", "4 5 0 5 5 7 7 1 0 4"),
    ("NHS NO. 45 05 S57 71O4", "45 05 S57 71O4"),
    ("N.H.S. No 450 557 7I04", "450 557 7I04"),
]
NO_NUMBERS = ["NH5 is how the scanner spells it, 4 of 12 pages", "NHS N0 SOLO BIZ", "NH5 N0: illegible"]


@pytest.mark.parametrize(("text", "date"), BIRTHS)
def test_a_garbled_birth_date_is_found(text: str, date: str) -> None:
    assert date in [text[h.start : h.end] for h in DateOfBirth(2026).analyze(text, []) if h.score >= 0.85]


@pytest.mark.parametrize("text", NO_BIRTHS)
def test_what_makes_no_day_or_has_no_label_is_none(text: str) -> None:
    assert [h for h in DateOfBirth(2026).analyze(text, []) if h.score >= 0.85] == []


@pytest.mark.parametrize(("text", "number"), NUMBERS)
def test_a_garbled_number_under_a_garbled_label_is_found(text: str, number: str) -> None:
    assert number in [text[h.start : h.end] for h in NhsNumber().analyze(text, []) if h.score >= 0.8]


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_words_after_such_a_label_are_none(text: str) -> None:
    assert NhsNumber().analyze(text, []) == []
