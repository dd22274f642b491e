"""Names, birth dates, addresses and ages: written every way, and the traps."""

import pytest

from helpdesk.pii.recognizers.address import Address
from helpdesk.pii.recognizers.age import Age
from helpdesk.pii.recognizers.base import Recognizer
from helpdesk.pii.recognizers.contact import Email, Phone
from helpdesk.pii.recognizers.date_of_birth import DateOfBirth
from helpdesk.pii.recognizers.person import PersonByPattern


def found(recognizer: Recognizer, text: str, least: float = 0.5) -> list[str]:
    return [
        text[one.start : one.end]
        for one in recognizer.analyze(text, [])
        if one.score >= least and one.entity_type != "FIRST_NAME"
    ]


NAMES = [
    ("can't open Maria Lopez on EPR", "Maria Lopez"),
    ("SMITH, John (Mr) is locked", "SMITH, John (Mr)"),
    ("notes for McCrindle, Aileen are lost", "McCrindle, Aileen"),
    ("for Mrs Kowalska's appointment", "Mrs Kowalska"),
    ("Chukwuemeka Okonkwo is here", "Chukwuemeka Okonkwo"),
    ("Siobhán Ní Dhomhnaill rang", "Siobhán Ní Dhomhnaill"),
    ("Małgorzata Szczepańska rang", "Małgorzata Szczepańska"),
    ("Nguyen Thi Hoa is on triage", "Nguyen Thi Hoa"),
    ("Dafydd ap Gwilym came", "Dafydd ap Gwilym"),
    ("Gurdeep Singh-Mann came", "Gurdeep Singh-Mann"),
    ("thats me thandiwe mkhize", "thandiwe mkhize"),
    ("cant see maria lopez in bay 3", "maria lopez"),
    ("saved as Leung_09121941_clinic", "Leung"),
    ("P Boateng, X242027", "P Boateng"),
    ("Kofi Mensah's DBS is back", "Kofi Mensah"),
]
NO_NAMES = [
    "the Margaret Whitlock Centre is closed",
    "next to the Jenner Suite",
    "Maple Ward printers are down",
    "Outlook Search returns nothing",
    "the Dr Aziz Rahman Library",
    "Windows Server needs a patch",
    "Occupational Therapist wanted",
    "Bank Holiday Monday",
]
BIRTHS = [
    ("DOB 28-Oct-54", "28-Oct-54"),
    ("date of birth 14th March 1975", "14th March 1975"),
    ("Peter Nowak (18.4.65)", "18.4.65"),
    ("born 10.5.50 in Lagos", "10.5.50"),
    ("Leung_09121941_clinic", "09121941"),
    ("dyddiad geni 08/04/2003", "08/04/2003"),
    ("d.o.b.: 1952-07-04", "1952-07-04"),
    ("birthday's wrang, it's 14.7.70", "14.7.70"),
    ("dob 040752", "040752"),
    ("born the fourth of July nineteen fifty two", "the fourth of july nineteen fifty two"),
    ("July 4, 1952 is her date of birth, DOB July 4, 1952", "July 4, 1952"),
]
NO_BIRTHS = [
    "Go-live is 04/07/2026",
    "the DOB field accepts 31/02/1999",
    "policy dated 04/07/2011",
    "Sent: 17 November 2026 18:50",
    "On Fri, 22 Nov 2002 at 10:27, Ali wrote",
    "driver from 12/03/2009",
    "version 10.04.20.1",
    "admitted 12/01/2026 discharged 04/02/2026",
]
HOMES = [
    ("Mrs Bevan's house, 14 Heol y Bryn, Llandeilo SA19 6BT", "14 Heol y Bryn, Llandeilo SA19 6BT"),
    ("she lives at 59 Inkerman Lane, Bexhill, W2 6US", "59 Inkerman Lane, Bexhill, W2 6US"),
    (
        "letters go to Flat 2, 88 Station Road, Leeds LS6 3HX, he moved; his home",
        "Flat 2, 88 Station Road, Leeds LS6 3HX",
    ),
]
NO_HOMES = [
    "Please deliver to Kingsmead Hospital, 22 Station Road, Leeds LS6 3HX, loading bay 2",
    "Acme Cabling Ltd, Unit 4, 18 Mill Lane, Derby DE22 1AA",
    "Riverside Surgery moves to 5 High Street, Hull HU5 2TT",
    "we have 3 close calls a week",
]


@pytest.mark.parametrize(("text", "name"), NAMES)
def test_a_name_is_found_in_the_shapes_people_write(text: str, name: str) -> None:
    assert name in found(PersonByPattern(), text)


@pytest.mark.parametrize("text", NO_NAMES)
def test_places_and_products_are_no_names(text: str) -> None:
    assert found(PersonByPattern(), text) == []


@pytest.mark.parametrize(("text", "date"), BIRTHS)
def test_a_birth_date_is_found_in_any_form(text: str, date: str) -> None:
    assert date in [one.lower() if date.islower() else one for one in found(DateOfBirth(2026), text)]


@pytest.mark.parametrize("text", NO_BIRTHS)
def test_other_dates_are_no_birth_dates(text: str) -> None:
    assert found(DateOfBirth(2026), text) == []


@pytest.mark.parametrize(("text", "address"), HOMES)
def test_a_home_is_told_from_the_words_around_it(text: str, address: str) -> None:
    assert address in found(Address(), text, 0.7)


@pytest.mark.parametrize("text", NO_HOMES)
def test_a_place_of_work_is_no_home(text: str) -> None:
    assert found(Address(), text) == []


def test_a_site_of_the_organisation_is_no_home() -> None:
    text = "she lives at 5 High Street, Hull HU5 2TT"
    assert found(Address(["5 High Street, Hull"]), text) == []


@pytest.mark.parametrize("text", ["72M with NOF", "aged 83", "45yo lady", "a 9 year old", "F/34"])
def test_an_age_is_found(text: str) -> None:
    assert found(Age(), text, 0.4)


def test_phones_and_addresses_are_told_private_by_their_company() -> None:
    assert found(Phone(), "home number 01632 960105") == ["01632 960105"]
    assert found(Phone(), "ext 2231 or 0113 496 0123") == []
    assert found(Email(), "write to jane94@example.com") == ["jane94@example.com"]
    assert found(Email(), "write to jane@northmoor.nhs.uk") == []
