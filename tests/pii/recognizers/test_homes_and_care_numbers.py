"""Homes told without a postcode, and numbers of social care; sites, deliveries and errors beside them."""

import pytest

from helpdesk.pii.recognizers.address import Address
from helpdesk.pii.recognizers.social_care import SocialCareNumber

HOMES = [
    ('all they saw was "Okoro, 3 Bank Top, key under"', "3 Bank Top", 0.7),
    ("she lives at 14 Acacia Road, Thirsk", "14 Acacia Road, Thirsk", 0.7),
    ("41 Primrose Avenue, Batley; key safe 2210", "41 Primrose Avenue, Batley", 0.7),
    ("her flat above the Co-op on Mill Lane", "flat above the Co-op on Mill Lane", 0.5),
    ("lives in the blue caravan behind the Station Inn", "caravan behind the Station Inn", 0.5),
    ("Mrs Katz's bungalow opposite the Chapel", "bungalow opposite the Chapel", 0.5),
    (
        "rings in the office. He's in the cottage behind the Fox in Bedale",
        "cottage behind the Fox in Bedale",
        0.5,
    ),
    ("room 11 at the Salvation Army hostel", "room 11 at the Salvation Army hostel", 0.5),
    ("High Birk Farm, Swaledale, that is old Mr Katz", "High Birk Farm, Swaledale", 0.5),
    ("Mrs Katz moved to Elm Bank care home, 9 Pinfold Lane, Batley", "9 Pinfold Lane, Batley", 0.7),
]
NO_HOMES = [
    "go to 3 Bank Top between 8 and 1, ask at reception, key at the desk",
    "Elm Bank care home, 9 Pinfold Lane, Batley, joins the shared record, 24 beds",
    "our new base is above the Co-op on Mill Lane",
    "training in the chapel hall opposite the bungalow cafe in Llanfair",
    "The mast at High Birk Farm, Swaledale is down",
    "Boots at 5 Dock Street, Bideford is listed twice",
    "his flat in Word is right and her house on the Trust map is wrong",
    "move 3 icons to the top",
    "the keysafe by the back door of 27 Moor View surgery",
]
CARE = [
    ("Mosaic ID 8826497, Ruta Katz", ["8826497"]),
    ("LCS 614584 is stuck", ["614584"]),
    ("ContrOCC ref: 614584", ["614584"]),
    ("CareFirst number 2155262 and 7273383 are both hers", ["2155262", "7273383"]),
    ("UPN H801200001001 needs a plan", ["H801200001001"]),
    ("ULN 1234567890", ["1234567890"]),
    ("Frameworki 3895237 Katz, Ann", ["3895237"]),
]
NO_CARE = [
    "LCS goes to 14.3 on 14/03/2026",
    "ContrOCC batch 8826497 failed",
    "CareFirst report id 614584",
    'Mosaic shows "error id 614584"',
    "a UPN is one letter and twelve digits",
    "EHCPs 2026 dashboard",
]


@pytest.mark.parametrize(("text", "home", "least"), HOMES)
def test_a_home_needs_no_postcode(text: str, home: str, least: float) -> None:
    assert home in [text[h.start : h.end] for h in Address().analyze(text, ["ADDRESS"]) if h.score >= least]


@pytest.mark.parametrize("text", NO_HOMES)
def test_bases_shops_and_visits_are_no_homes(text: str) -> None:
    assert [h for h in Address().analyze(text, ["ADDRESS"]) if h.score >= 0.5] == []


@pytest.mark.parametrize(("text", "numbers"), CARE)
def test_a_number_of_social_care_or_school_is_found(text: str, numbers: list[str]) -> None:
    assert [text[h.start : h.end] for h in SocialCareNumber().analyze(text, [])] == numbers


@pytest.mark.parametrize("text", NO_CARE)
def test_the_systems_own_numbers_are_left(text: str) -> None:
    assert SocialCareNumber().analyze(text, []) == []
