"""Masks make all names, dates and numbers alike, and leave the rest as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.pii.semantic import Mask, mask

NAMES = ["Fatoumata Diallo", "Siobhán Ní Dhomhnaill", "Al O'Neil"]


@pytest.mark.parametrize("name", NAMES)
def test_every_full_name_becomes_the_same_name(name: str) -> None:
    text = f"{name} rang about the scan"
    assert mask(text, [(0, len(name), Mask.PERSON)]).text == "Sam Jones rang about the scan"


@pytest.mark.parametrize(
    ("name", "what", "stands"),
    [
        ("Mrs Okafor", Mask.PERSON, "Mrs Jones"),
        ("DR Patel", Mask.PERSON, "Dr Jones"),
        ("Zofia", Mask.FIRST_NAME, "Sam"),
        ("Tuesday week", Mask.DATE, "1 May"),
        ("ten ten ten", Mask.NUMBER, "12345"),
    ],
)
def test_each_kind_of_span_has_its_stand_in(name: str, what: Mask, stands: str) -> None:
    assert mask(f"re {name}.", [(3, 3 + len(name), what)]).text == f"re {stands}."


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("on 04/02/2026 and 2026-02-04 and 4th March", "on 1 May and 1 May and 1 May"),
        ("number 943 476 5919 please", "number 12345 please"),
        ("host 10.56.18.127 is down", "host 12345 is down"),
        ("mail a.b@example.org or https://example.org/x", "mail mail or mail"),
        ("bed 6 on ward 12", "bed 6 on ward 12"),
        ("see https://example.org/find?sn=KATZ", "see mail /find?sn=KATZ"),
        (r"open \\fs02\Letters\review.docx", r"open mail\Letters\review.docx"),
    ],
)
def test_plain_dates_numbers_and_addresses_are_found_without_spans(text: str, masked: str) -> None:
    assert mask(text).text == masked


def test_of_overlapping_spans_the_first_stands() -> None:
    assert mask("Ann Lee rang", [(0, 7, Mask.PERSON), (4, 7, Mask.FIRST_NAME)]).text == "Sam Jones rang"


@given(st.text(max_size=80))
def test_a_masked_text_masked_again_stays_the_same(text: str) -> None:
    once = mask(text).text
    assert mask(once).text == once


def test_a_masked_sentence_does_not_print_its_text() -> None:
    assert "rang" not in repr(mask("Ann Lee rang"))
