"""What gives somebody away in passing: a name in carets, a field of a row, a patient's id in a link, a note below a signature, a cottage."""

import pytest

from helpdesk.pii.recognizers.address import Address
from helpdesk.pii.recognizers.base import Recognizer, plain_reading
from helpdesk.pii.recognizers.date_of_birth import DateOfBirth
from helpdesk.pii.recognizers.nhs_number import NhsNumber
from helpdesk.pii.recognizers.person import PersonByPattern
from helpdesk.pii.signature import line_kind
from helpdesk.pii.values import Zone
from helpdesk.pii.zones import cut_zones

WRITER = frozenset({"jo", "lim"})


def best(recognizer: Recognizer, text: str, entity: str) -> float:
    return max((one.score for one in recognizer.analyze(text, []) if one.entity_type == entity), default=0.0)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("the study that stops is WHITLOCK^JOYCE^^MRS", True),
        ("stuck at OKORO^Chidi in the worklist", True),
        ("ORU^R01 was refused by the engine", False),
        ("type a^b for a power", False),
    ],
)
def test_a_name_in_carets_is_a_persons(text: str, found: bool) -> None:
    assert (best(PersonByPattern(), text, "PERSON") >= 0.85) is found


def test_eight_digits_after_a_name_in_carets_are_a_birth() -> None:
    assert best(DateOfBirth(2026), "stops at WHITLOCK^JOYCE^^MRS_19380226_F_CT", "DATE_OF_BIRTH") >= 0.85


@pytest.mark.parametrize(
    ("text", "least"),
    [
        ("Key file is STUDYID,NHS:\nHF-0031,6062178925\nHF-0032,4169072383", 0.75),
        ('export fails at "A12",4335159854,"clinic letter"', 0.45),
        ("https://share.example/launch?org=M81007&pid=4335159854&usr=jlim gives 404", 0.75),
    ],
)
def test_a_number_in_a_row_or_a_link_is_seen(text: str, least: float) -> None:
    assert best(NhsNumber(), text, "NHS_NUMBER") >= least


@pytest.mark.parametrize(
    "text",
    [
        "pid=4335159854 killed by the watchdog",
        "Auto attendant id 4628734461, please unlink",
        "waybill 4628734461 came in on the pallet",
        "1,4335159,854 rows",
    ],
)
def test_a_thing_by_its_label_is_nobodys(text: str) -> None:
    assert best(NhsNumber(), text, "NHS_NUMBER") < 0.45


@pytest.mark.parametrize(
    "text",
    [
        "Hospital bed and commode for 14 Hawthorn Crescent, Ossett, WF5 8QT, there today please",
        "Portal refuses 14 Hawthorn Crescent, Ossett, WF5 8QT, end of life, today",
        "Drops since BT swapped the hub. I'm at Ty Gwyn, Heol y Bryn, Pontarddulais SA4 8QT, key is under the pot",
    ],
)
def test_where_somebody_is_cared_for_or_at_home_is_a_home(text: str) -> None:
    assert best(Address(), text, "ADDRESS") >= 0.7


@pytest.mark.parametrize(
    "text",
    [
        "Two monitors for 14 Hawthorn Crescent, Ossett, WF5 8QT please, the new clinic",
        "I'm at 14 Hawthorn Crescent surgery today",
    ],
)
def test_where_people_work_is_none(text: str) -> None:
    assert best(Address(), text, "ADDRESS") < 0.7


@pytest.mark.parametrize(
    "line",
    [
        "note to self ring Mrs Whitlock dtr 01632 960447",
        "ring Joyce back re results 07700 900733",
        "e.g. bed 11, purple tile",
    ],
)
def test_a_note_is_no_line_of_a_signature(line: str) -> None:
    assert line_kind(line, WRITER) is None


@pytest.mark.parametrize(
    "line", ["Tel 0161 496 0611", "T: 0161 496 0611", "e: jo.lim@northmoor.nhs.uk", "Ward Clerk"]
)
def test_contact_data_still_is(line: str) -> None:
    assert line_kind(line, WRITER) in ("contact", "role", "name")


def test_a_note_below_the_signature_is_read_as_text() -> None:
    text = "Mouse dead.\n\nJo Lim\nWard Clerk\nExt 4410\n---\nnote to self ring Mrs Whitlock dtr re hospice bed 01632 960447"
    zones = cut_zones(text, WRITER)
    assert zones.at(text.index("Whitlock")) is Zone.BODY


def test_a_reading_without_commas_has_no_rows() -> None:
    assert not list(NhsNumber().hits(plain_reading("nothing here")))
