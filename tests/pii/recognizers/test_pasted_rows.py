"""Rows without a header, fields of messages told by their number, and tables of machines whose headers read like people's."""

import pytest

from helpdesk.pii.recognizers.nino import NationalInsuranceNumber
from helpdesk.pii.recognizers.structured import StructuredData
from helpdesk.pii.recognizers.table import TableColumns


def births(text: str) -> set[str]:
    return {
        text[one.start : one.end]
        for one in TableColumns().analyze(text, ["DATE_OF_BIRTH"])
        if one.score >= 0.85
    }


ROWS_OF_PEOPLE = [
    ('csv row 14 fails: "Tulloch","Mairi","04/07/1952","F","EH6 9ZZ"', "04/07/1952"),
    ("14|QUISTGAARD|BRONAGHYN|19520704|F|EH69ZZ|REJ", "19520704"),
    ("Mrs,Mairi,Tulloch,3 Kirk Wynd,Leith,EH6 9ZZ,04-Jul-52", "04-Jul-52"),
    ("reject: OKORO;Chidi;12/01/1944;M;7", "12/01/1944"),
    ("Lazenby\tPhilippa\t17/02/89\tFemale\tHX17 4RS", "17/02/89"),
    ("77,Ms,Wilf,Garforth,1936-02-01,LS25 9ZZ", "1936-02-01"),
    ("Katz|Ann|4.7.1952|450 557 7104|Ward", "4.7.1952"),
    ("line 3: Mr|Hywel|Prothero|04/07/1952|SA14 9ZZ", "04/07/1952"),
]
ROWS_OF_NOBODY = [
    "14|TULLOCH HALL|MAIN|19520704|F|EH69ZZ|OK",
    "Dr,Mairi,Tulloch,Kirk Wynd Surgery,3 Kirk Wynd,Leith,EH6 9ZZ",
    "SRV,RCH,2019-02-17,M,EH6 9ZZ",
    "printer,ricoh,17/02/2009,LS1 9ZZ,M",
    "job 14: export,nightly,17/02/2009,F,LS1 9ZZ",
    "Chapel Lane,Mill Street,01/04/1998,LS1 9ZZ,opened",
    "Ann Katz,Pharmacy,01/04/2008,ext 4471,LS1 9ZZ",
    "Northmoor,General,1948-07-05,LS1 9ZZ,nhs",
]


@pytest.mark.parametrize(("text", "date"), ROWS_OF_PEOPLE)
def test_a_row_without_its_header_is_known_by_its_cells(text: str, date: str) -> None:
    assert date in births(text)


@pytest.mark.parametrize("text", ROWS_OF_NOBODY)
def test_rows_of_things_and_places_hold_no_birth(text: str) -> None:
    assert births(text) == set()


MACHINES = [
    "id,name,born,weight,home,carer\n114201,ALICE,2021-03-14,2kg,Comms B,Infra team\nThose are firewalls.",
    "name;born;home;doctor\nZEUS;2019-01-04;rack 4;Dell\nThese are hypervisors.",
    "Our robots list will not import:\nName | Date of birth | Home\nRosie | 01/04/2023 | Level 2 charging bay",
    "CMDB import\nname\tdob\towner\nBERTIE\t2019-01-04\tNetwork",
    "The list of our access points:\nName,Born,Room\nWinston,2020-03-14,B12",
    "Name | DOB | Handler\nDoris | 03/05/2019 | Estates\nThey are all therapy dogs.",
    "name,birthday,site\nAgnes,2015-03-14,DC1\nMorag,2016-03-14,DC2\nthe rows are our servers",
    "The register of vans:\nname,born,home\nBessie,2014-03-01,Depot 2",
]
PEOPLE = [
    "name,born,home,carer\nAlice Dunn,1941-03-14,Flat 2,Mrs Moss",
    "The tablet list of the residents:\nName | Date of birth | Room\nRosie | 01/04/1933 | 12",
    "Who has which laptop. Those are laptops.\nName,DOB,Asset\nAnn Katz,01/04/1973,LT-44",
    "The device import drops patients:\nName,DOB,Pump\nAnn Katz,01/04/1973,P-44",
    "name;born;nhs no\nKatz;1944-01-12;450 557 7104\nThese are switches of bed.",
    "The import of the children fails:\nname,dob,school\nAda,2016-03-01,St Jude",
    "Surname,Born,Firewall\nKatz,1944-01-12,yes\nthe firewall list",
    "Name | DOB | Pacemaker\nKatz | 12/01/1944 | Medtronic\nDevice clinic, Mrs Katz rang.",
]


@pytest.mark.parametrize("text", MACHINES)
def test_a_table_said_to_be_of_machines_or_dogs_holds_nobodys_birth(text: str) -> None:
    assert births(text) == set()


@pytest.mark.parametrize("text", PEOPLE)
def test_a_table_of_people_that_speaks_of_machines_holds_births(text: str) -> None:
    assert births(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("queue item 14 (PID-5: Tulloch^Mairi, PID-7: 19520704) cannot be replayed", "Tulloch^Mairi"),
        ("queue item 14 (PID-5: Tulloch^Mairi, PID-7: 19520704) cannot be replayed", "19520704"),
        ("PID.7 is 19520704 and the sender has 19520407", "19520704"),
        ("PID.3=44017722 is not on the index", "44017722"),
        ("PID 5 contains O'HARE^NIAMH", "O'HARE^NIAMH"),
        ("PID-5: surname^forename", ""),
        ("PID.7 = yyyymmdd and PID.11 = address", ""),
        ("the PID-3 has 10 digits", ""),
        ("daemon PID 4412 was killed", ""),
        ("PID.5.1 is mandatory", ""),
    ],
)
def test_a_field_told_by_its_number_is_read(text: str, value: str) -> None:
    told = {text[one.start : one.end] for one in StructuredData(2026).analyze(text, []) if one.score >= 0.85}
    assert value in told if value else told == set()


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("REJ sn=Lazenby gn=Philippa k1=jh552910a k2=19890217", True),
        ("key1=JH552910A surname=LAZENBY", True),
        ("JH 55 29 10 A does not match on the starter form", True),
        ("k1=AB123456C build 4.2", False),
        ("serial=JH552910A asset=20993117", False),
        ("no match: JH552910A dob=17/02/1989", True),
        ("parse error at jh552910a in bundle.js", False),
        ("asset jh552910a is in the cupboard", False),
    ],
)
def test_an_insurance_number_without_a_label_counts_beside_keys_of_names(text: str, held: bool) -> None:
    assert (max((one.score for one in NationalInsuranceNumber().analyze(text, [])), default=0) >= 0.5) is held
