"""Disguises, look-alikes and traps, by class: each line is a promise that the next word list must keep."""

import pytest

from helpdesk.pii.recognizers.address import Address
from helpdesk.pii.recognizers.bank import BankAccount
from helpdesk.pii.recognizers.base import Recognizer
from helpdesk.pii.recognizers.date_of_birth import DateOfBirth
from helpdesk.pii.recognizers.hospital_number import HospitalNumber
from helpdesk.pii.recognizers.nhs_number import UNSURE, NhsNumber
from helpdesk.pii.recognizers.nino import NationalInsuranceNumber
from helpdesk.pii.recognizers.person import PersonByPattern
from helpdesk.pii.recognizers.structured import StructuredData
from helpdesk.pii.recognizers.table import TableColumns

SURE = {
    "DATE_OF_BIRTH": 0.85,
    "NHS_NUMBER": 0.75,
    "ADDRESS": 0.7,
    "BANK_ACCOUNT": 0.6,
    "HOSPITAL_NUMBER": 0.6,
}


def found(kind: type[Recognizer], entity: str, text: str) -> list[str]:
    recognizer = DateOfBirth(2026) if kind is DateOfBirth else kind()
    return [
        text[one.start : one.end]
        for one in recognizer.analyze(text, [entity])
        if one.score >= SURE.get(entity, 0.5)
    ]


DATES = [
    (DateOfBirth, "Bday 03.02.1979, surname as my email", "03.02.1979"),
    (DateOfBirth, "dob 26.ix.61", "26.ix.61"),
    (DateOfBirth, "she was born 4/XI/1948", "4/XI/1948"),
    (DateOfBirth, "S:\\Audiology\\WINTERBOURNE_17031938_aud.docx is gone", "17031938"),
    (DateOfBirth, "open SMITH_J_020461.pdf please", "020461"),
    (DateOfBirth, "saved as PELLOW-17-03-38.pdf", "17-03-38"),
    (DateOfBirth, 'comment reads "HALLORAN-DUKE^M 19550926 F"', "19550926"),
    (DateOfBirth, "Dear 4/11/61,\nyour appointment", "4/11/61"),
    (DateOfBirth, "^FDBELLAMY^FS^FO30,120^FD06-NOV-1983^FS", "06-NOV-1983"),
    (DateOfBirth, "bitten by her dog, Ann Lee born 14/02/1969", "14/02/1969"),
    (TableColumns, "start,email,born,q1_ever\n2026-01-08,a.b@example.org,2008-04-02,yes", "2008-04-02"),
    (TableColumns, "ref;b.;sex\n77;4.11.61;F", "4.11.61"),
    (TableColumns, "name\tbirth\nAnn Lee\t12-MAY-1988", "12-MAY-1988"),
    (TableColumns, "| id | birthday |\n|----|----|\n| 7 | 4 July 1952 |", "4 July 1952"),
    (TableColumns, "id|d/o/b|team\n7|26.ix.61|red", "26.ix.61"),
    (TableColumns, "insert into a (id, nm, dob) values (7, 'Lee, Ann', '12-MAY-1988');", "12-MAY-1988"),
    (TableColumns, "Lopez,Maria,17011964,PL13 5YE,CPAP", "17011964"),
    (StructuredData, '{"birthDate":"2019-05-30"}', "2019-05-30"),
    (StructuredData, "PID|1||77^^^X||LEE^ANN||19470811|F", "19470811"),
]
NO_DATES = [
    (DateOfBirth, "Bertie (Labrador, born 14/02/2019) needs a badge"),
    (DateOfBirth, "our trust was born on 01/04/1994"),
    (DateOfBirth, "ZZTEST has dob 01/01/1900"),
    (DateOfBirth, "firmware build, born 03/02/2019"),
    (DateOfBirth, "see Report_17032004.docx and Backup_20041103.zip"),
    (DateOfBirth, "Minutes_120199.pdf will not open"),
    (DateOfBirth, "it is 3.1.8 since Saturday"),
    (TableColumns, "AssetNo,Name,Date,Site\n3240361027,Maria Lopez,12/04/1999,Hull"),
    (TableColumns, "HP,Zebra,12/04/1999,store,3"),
]
NUMBERS = [
    (NhsNumber, "his number is 40l 023 2l37, on the list", "40l 023 2l37"),
    (NhsNumber, "the patient is 401 er 023 hang on... 2137 she said", "401 er 023 hang on... 2137"),
    (NhsNumber, "lady is 4 0 1 0 2 3 2 1 3 7 results gone", "4 0 1 0 2 3 2 1 3 7"),
    (NhsNumber, "row 1 4010232137\nrow 2 6930140155\nrow 9 6599451896\n", "6930140155"),
    (NhsNumber, "the sandbox took it, live gives an error for NHS number 401 023 2137", "401 023 2137"),
    (NationalInsuranceNumber, "it ask N.I. i put QQ2I O3 O6 D", "QQ2I O3 O6 D"),
    (NationalInsuranceNumber, "her ni starts QQ then 038454 then B.", "QQ then 038454 then B"),
    (NationalInsuranceNumber, "nat ins Q.Q. 12.34.56. C ok", "Q.Q. 12.34.56. C"),
    (NationalInsuranceNumber, "National Insurance\nQ Q 1 2 3 4 5 6 C", "Q Q 1 2 3 4 5 6 C"),
    (BankAccount, "its coop 62 34 51 and then 83698123, my bank", "83698123"),
    (BankAccount, "Nationwide, 07.01.16 acc 24871811, and my wages", "07.01.16"),
    (BankAccount, "Sort: 705590\nAcc: 22143713", "705590"),
    (HospitalNumber, "Patient: D H (RiO 1152078), on leave", "1152078"),
]
NO_NUMBERS = [
    (NhsNumber, "an NHS number looks like 401 023 2137 here"),
    (NhsNumber, "the sandbox rejects NHS number 401 023 2137"),
    (NhsNumber, "Use test NHS number 6930140155 for the training environment"),
    (NhsNumber, "regex for NHS number 401 023 2137 fails"),
    (NhsNumber, "barcode,shelf\n4010232137,A\n6930140155,B\n6599451896,C\n"),
    (NhsNumber, "| meter | site |\n| 4010232137 | Hull |"),
    (NhsNumber, "vouchers:\n4010232137\n107 855 1383\n534 332 7184\n"),
    (NhsNumber, "waybill 4010232137 with DHL"),
    (NationalInsuranceNumber, "NI boards are old and slow"),
    (NationalInsuranceNumber, "for example NI QQ123456C in the help text"),
    (BankAccount, "supplier bank letter: our remittance details sort code 12-34-56 account 12345678"),
    (BankAccount, "GL code 123456, cost centre account number 12345678"),
    (BankAccount, "BT account number 12345678"),
    (BankAccount, "on 07.01.16 ticket 24871811 was closed"),
    (HospitalNumber, "EMIS 10.4.2 and ICE 2024"),
]
HOMES = [
    "It was Mrs Dodds, 119 Burnside, Cromer, key safe 2580",
    "I moved in June to 131 Ballymacash Lane, Skelmersdale, SA10 4ET",
    "my address has changed to The Old Forge, Nether Wallop Lane, Skelby YO99 4ZZ",
]
NO_HOMES = [
    "Elm Surgery, 14 Glebe Road, Batley WF17 8NN - FTTP\nHallam, 2 Market Place, Batley WF17 5DA",
    "deliver to Stores, 40 Foundry Street, Hull HX99 3DD",
    "on 12 May, Leeds is closed",
]


@pytest.mark.parametrize(("kind", "text", "expected"), DATES)
def test_a_birth_date_is_found_in_files_tables_and_messages(
    kind: type[Recognizer], text: str, expected: str
) -> None:
    assert expected in found(kind, "DATE_OF_BIRTH", text)


@pytest.mark.parametrize(("kind", "text"), NO_DATES)
def test_dates_of_animals_devices_and_tests_are_left(kind: type[Recognizer], text: str) -> None:
    assert found(kind, "DATE_OF_BIRTH", text) == []


@pytest.mark.parametrize(("kind", "text", "expected"), NUMBERS)
def test_a_disguised_number_is_found(kind: type[Recognizer], text: str, expected: str) -> None:
    assert expected in found(kind, kind.ENTITIES[0], text)


@pytest.mark.parametrize(("kind", "text"), NO_NUMBERS)
def test_numbers_of_things_companies_and_manuals_are_left(kind: type[Recognizer], text: str) -> None:
    assert found(kind, kind.ENTITIES[0], text) == []


@pytest.mark.parametrize(
    "text", ["please look at 4010232137 today", "it says 401 023 2137 on the ward screen"]
)
def test_a_bare_number_without_a_patient_is_never_sure(text: str) -> None:
    scores = [one.score for one in NhsNumber().analyze(text, [])]
    assert scores
    assert max(scores) <= UNSURE


@pytest.mark.parametrize("text", HOMES)
def test_a_home_is_found_however_its_street_is_called(text: str) -> None:
    assert found(Address, "ADDRESS", text)


@pytest.mark.parametrize("text", NO_HOMES)
def test_practices_and_deliveries_are_no_homes(text: str) -> None:
    assert [one for one in Address().analyze(text, ["ADDRESS"]) if one.score >= 0.5] == []


@pytest.mark.parametrize(
    ("kind", "text", "name"),
    [
        (PersonByPattern, "Larkin M\tHeart failure\tDNA", "Larkin M"),
        (StructuredData, 'field "OSTERBERG^HANNELORE^^^MRS" is cut', "OSTERBERG^HANNELORE"),
    ],
)
def test_a_name_is_found_in_pasted_rows(kind: type[Recognizer], text: str, name: str) -> None:
    assert name in found(kind, "PERSON", text)


def test_a_result_in_a_patients_message_is_found() -> None:
    text = "PID|||1403583609^^^CHI||Lee^Ann\nOBX|1|ST|HIVC^Combo||REACTIVE||||||F"
    assert "REACTIVE" in found(StructuredData, "HEALTH", text)
    assert "1403583609" in found(StructuredData, "NHS_NUMBER", text)


@pytest.mark.parametrize(
    "text",
    [
        "a 500 million loan to the county",
        "10 million square feet of offices",
        "50 per square metre",
        "the 11 attack from beginning to end",
        "Copyright 2002 Endeavors Technology, Inc",
        "40 patients in the ward at the end",
    ],
)
def test_an_amount_or_a_year_is_no_number_of_a_house(text: str) -> None:
    assert Address().analyze(text, ["ADDRESS"]) == []
