"""Homes said to be homes, in four languages' streets; sites in tables, signed places and blank forms beside them."""

import pytest
from presidio_analyzer import RecognizerResult

from helpdesk.pii.recognizers.address import Address
from helpdesk.pii.recognizers.table import TableColumns
from helpdesk.pii.signature import line_kind

HOMES = [
    "not in the office till the hospital says so, please send it to me at 23 Heol y Gwenoliaid, SA14 7ZZ. My neighbour takes it",
    "The courier can bring the dock to my house, 9 Ffordd Newydd, LL55 9ZZ",
    "home address for the courier: 4 Lôn Cefn, Bangor LL57 9ZZ",
    "depot closed, so post the tablet to me at 6 Sràid an Eaglais, HS1 9ZZ as I work from home",
    "hospital laptop to where I live: 31 Bóthar na Trá, Derry BT48 9ZZ",
    "our office is shut, deliver the router to my flat, 12 Harbour Street, Leith EH6 9ZZ",
    "IT office can drop it off for me at 7 Orchard Close, Wells BA5 9ZZ. If nobody answers leave it in the porch",
    "keysafe list for tonight\nHarris, 12 Elm Close, 4471\nOduya, 3 Mill Lane, 2209",
    "name;street;town\nAnn House;7 Mill Lane;Bath",
    "the clinic has her old address, the new address is 40 Station Road, Marle ML9 4RR",
    "Delivery round 3: no 14 Albion Terrace (Mrs Moss, diabetic), no 22 (Mr Yeo)",
    "Crew app shows: 09:15 Hughes, 3 Mill Lane > Renal unit; 09:40 Dee, 14 Castle St > Renal unit",
    "carers' list\nHughes, 3 Mill Lane\nPatel, 9 Mill Lane",
    "Visit app has Mrs Dee at 12 School Lane, she moved to 9 Hospital Road last week.",
    "Joan Hughes, 3 Library Road, no letters since May",
    "Oxygen delivery to Mr Yeo, The Old Forge, Church Lane, Nether Stowey TA5 9ZZ",
    "Key safe for 19 Albion Terrace is 2580, the app won't show it",
    "Door code for 19 Albion Terrace: 4471#, carers can't see it",
    "Hospital transport form will not take 7b Tannery Court, Kendal LA9 9ZZ for the dialysis lady.",
    "Cyfeiriad y claf yw 12 Heol y Bont, Aberaeron SA46 9ZZ",
    "my home address is 14 Rhodfa Mor, Aberystwyth SY23 9ZZ, not the clinic",
]
SITES = [
    "Send it to me at 23 Heol y Bont, first floor reception, SA14 7ZZ",
    "please deliver the printer to me at 4 Wharf Road, Leeds LS1 9ZZ, the goods-in door of our office",
    "code;site;address;postcode\nLR;Larch Rise Day Opportunities;1-5 Larch Rise;BF4 9ZZ\nFC;Foundry Court Extra Care;17 Foundry St;BF2 9ZZ",
    "Depot | Address | Tel\nNorth | 8 Quarry Lane | 01632 960001\nHome Care East | 12 Mill Street | 01632 960002",
    "Day centre,Address,Postcode\nRose House,5 Vale Road,ZZ1 1ZZ",
    "supplier;address;postcode\nAcorn;3 Home Farm Road;ZZ1 1ZZ",
    "deliver the two docking stations to Acorn House, 14 Victoria Road, Marle ML9 3RR. Ask at the front desk",
    "Please update the address on our letterhead. Was: 61 Almond Way, Luton. Now: 16 Almond Way, Luton LU3 9ZZ.",
    "Meet the courier at home time, 3.30, at 61 Almond Way back gate",
    "Home visiting team base is now 61 Almond Way, Luton LU3 9ZZ",
    "Cyfeiriad y feddygfa newydd: 12 Heol y Bont, Aberaeron SA46 9ZZ",
    "Seoladh an ionaid sláinte: 31 Bóthar na Trá, Derry BT48 9ZZ",
    "the branch at 12 High Street (Mrs Lowe, practice manager) has no phones",
    "alarm at 3 Mill Lane (Mr Hughes, key holder for estates)",
    "patients asked for Boots, 12 High Street; the pharmacy app shows Superdrug, 3 Mill Lane",
    "circuits: 09:15 Hughes, 3 Mill Lane exchange; 09:40 Leeds, 14 Castle St exchange",
    "Larches, 9 Mill Lane (Mrs Moss, manager); Beeches, 14 Castle St (Mr Yeo, owner); Firs, 3 Abbey Street (vacant)",
    "Address bar is missing too: shows 14 tabs. Drive H: is full.",
    "Address in the directory is the presbytery, 3 Abbey Street",
    "Demo accounts are called Alice, Bob, Carol and live at 1, 2, 3 Demo Street",
    "<Practitioner><name>Katz, Ann</name><gmc>4471823</gmc><address>14 Quarry Road</address></Practitioner>",
    "Name, address, phone\nPenney & Sons, 3 Abbey Street LS1 4AB, 01632 960188\nA Moss Funeral Directors, 9 Mill Lane LS6 1AB, 01632 960189",
    "Our practice is at 3 Library Road, Leeds LS1 4AB",
    "Router for 12 School Lane clinic",
    "The door code for 19 Albion Terrace is being changed by estates",
    "New key safe at 19 Albion Terrace surgery, code 4471, for engineers",
    "Home\tAddress\tBeds\tOpened\nThe Elms\t2 Elm Close, Wells LD14 5AB\t52\t02/07/1998",
    "Home                 Address                      Beds\nSt Bride's Lodge     17 Wharf Lane, Wells LD14 2RS   34",
    "Our day centre moves on Monday. New address: 40 Station Road, Marle ML9 4RR",
    "the template has our old address, 8 Cliff Parade, Marle ML9 3RR",
    "name;street;town\nOak House;7 Mill Lane;Bath\nElm Lodge;4 High Street;Wells",
    "Jane Rudd, b. 2 May 1849, of 6 Bridge Row, in the register for the museum",
    "Florence Nightingale died 13 August 1910 at 10 South Street, Mayfair.",
    "the router went to the new clinic in Heol Fawr: 2 Heol Fawr, SA14 7ZZ",
]


def found(text: str) -> list[RecognizerResult]:
    return [*Address().analyze(text, ["ADDRESS"]), *TableColumns().analyze(text, ["ADDRESS"])]


@pytest.mark.parametrize("text", HOMES)
def test_what_is_said_to_be_a_home_is_one(text: str) -> None:
    assert max((one.score for one in found(text)), default=0) >= 0.7


@pytest.mark.parametrize("text", SITES)
def test_sites_in_tables_and_at_desks_are_no_homes(text: str) -> None:
    assert max((one.score for one in found(text)), default=0) < 0.7


@pytest.mark.parametrize(
    ("text", "held"),
    [
        (
            "Date of birth: __/__/____   Address: ________________\nHepatitis: Y / N   Religion: ________",
            False,
        ),
        ("Name: ..........   Address: ..........\nAllergies: .......   Signed: .......", False),
        ("Name   Address\nAnn Katz   12 Mill Street, Wells", True),
        ("NHS number | Resident\n000 000 0000 | Mickey Mouse", False),
        ("NHS number | Resident\n401 023 2137 | Ann Katz", True),
    ],
)
def test_a_form_that_nobody_filled_in_holds_nothing(text: str, held: bool) -> None:
    told = TableColumns().analyze(text, ["ADDRESS", "NHS_NUMBER", "DATE_OF_BIRTH"])
    assert any(one.score >= 0.7 for one in told) is held


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Joan Ash, Elm Rest, 8 Cliff Parade, Marle ML99 3RR", "name"),
        ("Joan Ash, 8 Cliff Parade, Marle ML99 3RR", None),
        ("Joan Ash, Elm Rest, 8 Cliff Parade, Marle ML99 3RR is where she lives", None),
    ],
)
def test_a_writer_signs_with_the_place_of_work(line: str, kind: str | None) -> None:
    assert line_kind(line, frozenset({"joan", "ash"})) == kind
