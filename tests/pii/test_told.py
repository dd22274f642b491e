"""A matter told in the subject alone, or in one short line, is held as one told at length: agents read subjects."""

import pytest

from helpdesk.config import Settings
from helpdesk.pii.scanner import Scanner
from helpdesk.pii.values import Context, Kind, Piece

MATTERS = [
    "Mrs Patel in bed 4 miscarried last night",
    "Rachel Okafor sectioned this morning",
    "My son Jaydon has been diagnosed with leukaemia",
    "Grievance against Peter Lowe for groping a student nurse",
    "Tom Hadley off with depression again",
    "Mr Wright's HIV result",
    "Dr Khan struck off for drinking",
]
ORDINARY = [
    "Miscarriage leaflet will not print on ward 4",
    "Mr Wright's smartcard",
    "Grievance policy, broken link",
    "Rachel Okafor started this morning, no account",
    "Depression screening form v3",
]
BODIES = [
    "",
    "See subject.",
    "Can you move the 2 pm slot please? The calendar will not let me.\n\nThanks\nJo",
]


@pytest.fixture(scope="module")
def scanner() -> Scanner:
    return Scanner(Settings(demo=True))


def held(scanner: Scanner, subject: str, body: str) -> bool:
    pieces = [Piece("subject", Kind.SUBJECT, subject), Piece("body_text", Kind.TEXT, body)]
    return scanner.scan(pieces, Context(sender_name="Jo Lim", sender_address="jo.lim@northmoor.nhs.uk")).hold


@pytest.mark.parametrize("number", range(len(MATTERS)))
def test_a_matter_in_the_subject_is_held_whatever_the_body_says(scanner: Scanner, number: int) -> None:
    assert [held(scanner, MATTERS[number], body) for body in BODIES] == [True] * len(BODIES)


@pytest.mark.parametrize("number", range(len(MATTERS)))
def test_a_matter_in_one_short_line_is_held(scanner: Scanner, number: int) -> None:
    assert held(scanner, "Calendar", f"{MATTERS[number]}.\n\nThanks\nJo")


@pytest.mark.parametrize("number", range(len(ORDINARY)))
def test_an_ordinary_subject_goes_through(scanner: Scanner, number: int) -> None:
    assert not any(held(scanner, ORDINARY[number], body) for body in BODIES)
