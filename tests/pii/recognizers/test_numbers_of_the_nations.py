"""Health and Care numbers of Northern Ireland under the labels people give them, and CHI numbers that nobody labels."""

import pytest

from helpdesk.pii.reading import Reading
from helpdesk.pii.recognizers.contact import Phone
from helpdesk.pii.recognizers.national_numbers import ChiNumber
from helpdesk.pii.recognizers.nhs_number import NhsNumber
from helpdesk.pii.sections import read_piece
from helpdesk.pii.values import Context, Kind, Piece

UNDER_A_LABEL = [
    ("H+C 355 120 4471 opens the wrong chart", ["355 120 4471"]),
    ("H and C no 3551204471", ["3551204471"]),
    ("h/c: 355-120-4471 is not on the list", ["355-120-4471"]),
    ("HCN 355 120 4471", ["355 120 4471"]),
    ("H & C number is 355 120 4471", ["355 120 4471"]),
    ("health and social care number 3551204471", ["3551204471"]),
    ("H&C 355 120 4471 and 355 120 4417 are the one woman", ["355 120 4471", "355 120 4417"]),
    (
        "hcn 355 120 4471, should be 355 120 4417 (typed wrong at the desk)",
        ["355 120 4471", "355 120 4417"],
    ),
    ("NHS no 999 000 0018 instead of the right one 999 000 0081", ["999 000 0018", "999 000 0081"]),
]
UNDER_NONE = [
    "H+C taps in the sluice, 3551204472 is what the plumber quoted",
    "the H and C valves came, docket 3551204472",
    "H/C readers, 12 of them, and 40 docks",
    "NHS Supply Chain, 3551204472, three boxes",
    "HCN is the label of the field. It takes ten digits",
]
OF_SOMEBODY_IN_SCOTLAND = [
    "2311491207 is still in bed 12 though discharged on Friday",
    "can you open 150362-1234, her results are not in SCI Store",
    "3004551119 has two episodes, the old admission will not end",
    "the screen shows 0905382217 in Rm 3 but he went home",
    "01 12 60 4417 was transferred out and the cot is blocked",
]
OF_NOBODY_IN_SCOTLAND = [
    "asset 2311491207 is the monitor by bed 12",
    "error 1503621234 when a patient is admitted",
    "batches 2311491207, 1503621234 and 0905382217 were discharged from stock, the ward has none",
    "ring the ward on 0141202234, the patient is in theatre",
    "job 1204567788 ran twice and admitted nothing",
    "2311491207 rows were loaded into the table",
    "3002551119 is in bed 4 of the test plan's row count",  # no such day
    "parcel 1112604417 left the depot, patients are waiting",
]


def reading(text: str, sender: str) -> Reading:
    return read_piece(Piece("body_text", Kind.TEXT, text), Context(sender_address=sender))


def found(text: str, least: float, sender: str = "ward.clerk@nhs.scot") -> list[str]:
    hits = ChiNumber().analyze(text, [], reading(text, sender))
    return [text[one.start : one.end] for one in hits if one.score >= least]


@pytest.mark.parametrize(("text", "numbers"), UNDER_A_LABEL)
def test_a_labelled_number_is_found_though_it_fails_the_check(text: str, numbers: list[str]) -> None:
    assert [text[one.start : one.end] for one in NhsNumber().analyze(text, []) if one.score >= 0.7] == numbers


@pytest.mark.parametrize("text", UNDER_NONE)
def test_what_only_reads_like_a_label_is_none(text: str) -> None:
    assert [one for one in NhsNumber().analyze(text, []) if one.score >= 0.7] == []


@pytest.mark.parametrize("text", OF_SOMEBODY_IN_SCOTLAND)
@pytest.mark.parametrize("sender", ["ward.clerk@nhs.scot", "j.muir@northvale.scot.nhs.uk"])
def test_a_birth_date_at_the_front_and_words_of_care_tell_it_in_scotland(text: str, sender: str) -> None:
    assert found(text, 0.45, sender)


def test_a_mail_to_scotland_is_of_scotland() -> None:
    piece = Piece("body_text", Kind.TEXT, OF_SOMEBODY_IN_SCOTLAND[0])
    context = Context(sender_address="a@x.example", recipients=(("", "desk@nhs.scot"),))
    assert ChiNumber().analyze(piece.text, [], read_piece(piece, context))


@pytest.mark.parametrize("text", OF_NOBODY_IN_SCOTLAND)
def test_a_things_number_is_nobodys_there_either(text: str) -> None:
    assert found(text, 0.45) == []


@pytest.mark.parametrize("text", OF_SOMEBODY_IN_SCOTLAND)
def test_elsewhere_the_check_must_hold(text: str) -> None:
    assert found(text, 0.2, "ward.clerk@northvale.nhs.uk") == []


def test_ten_digits_are_no_phone_unless_called_one() -> None:
    assert Phone().analyze("the chart of 0905382217 is open", []) == []
    assert Phone().analyze("mobile 0770090012 is one digit short", [])
    assert Phone().analyze("free on 0800123456", [])
