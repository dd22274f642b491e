"""Where in a mail a word stands: greeting, body, signature, disclaimer, quoted, forwarded."""

import pytest

from helpdesk.pii.values import Zone
from helpdesk.pii.zones import cut_zones

WRITER = frozenset({"mark", "day"})
MAIL = """Hi team,

The printer on Ward 7B is broken.

Mark Day
Diabetes Specialist Nurse, Ward 7B
Tel: 0113 496 0123

This e-mail is confidential and may contain patient information.

From: Priya Shah <priya@northmoor.nhs.uk>
Sent: 4 May 2026 10:00
To: Mark Day
Subject: printer

> older words here
"""


def zone_of(text: str, words: str, names: frozenset[str] = WRITER) -> Zone:
    return cut_zones(text, names).at(text.index(words))


@pytest.mark.parametrize(
    ("words", "zone"),
    [
        ("Hi team", Zone.GREETING),
        ("The printer", Zone.BODY),
        ("Mark Day\nDiabetes", Zone.SIGNATURE),
        ("Diabetes Specialist", Zone.SIGNATURE),
        ("Tel:", Zone.SIGNATURE),
        ("This e-mail is", Zone.DISCLAIMER),
        ("Sent: 4 May", Zone.QUOTED),
        ("older words", Zone.QUOTED),
    ],
)
def test_each_part_of_a_mail_is_told(words: str, zone: Zone) -> None:
    assert zone_of(MAIL, words) is zone


def test_a_note_far_below_a_signature_is_none_of_it() -> None:
    text = "Screen flickers.\n\nMark Day\nWard clerk\n\n\n\n\n\nring Mrs Orme about the biopsy, she was upset"
    assert zone_of(text, "Ward clerk") is Zone.SIGNATURE
    assert zone_of(text, "ring Mrs Orme") is Zone.BODY


def test_a_signature_with_gaps_in_it_stays_one() -> None:
    text = "Screen flickers.\n\nMark Day\n\n\n\n\n\nWard clerk, Elm Unit\nTel: 0113 496 0123"
    assert zone_of(text, "Mark Day") is Zone.SIGNATURE
    assert zone_of(text, "Ward clerk") is Zone.SIGNATURE


@pytest.mark.parametrize(
    "text",
    [
        "The lift is stuck. Mark Day, Estates",
        "The lift is stuck.\nMark",
        "The lift is stuck\n\nRegards\nMark Day",
        "The lift is stuck!\nMark Day - nurse in charge bleep 0706",
    ],
)
def test_a_signature_needs_no_regards(text: str) -> None:
    assert zone_of(text, "Mark") is Zone.SIGNATURE


@pytest.mark.parametrize(
    "text",
    [
        "Mark Day has been suspended pending an investigation.",
        "Please help.\nMark Day is off sick with asthma",
        "Details:\nMark Day DOB 01/02/1950",
    ],
)
def test_content_after_a_name_stays_content(text: str) -> None:
    assert zone_of(text, "Mark") is not Zone.SIGNATURE


def test_levels_of_quoting_are_counted() -> None:
    text = "new\n> one\n>> two\n"
    zones = cut_zones(text, frozenset())
    assert [zones.span_at(text.index(word)).level for word in ("new", "one", "two")] == [0, 1, 2]


def test_a_forwarded_mail_is_told_from_a_quoted_one() -> None:
    text = "see below\n\n---------- Forwarded message ----------\nFrom: a\nthe words"
    assert zone_of(text, "the words") is Zone.FORWARDED
