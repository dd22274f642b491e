"""Data of people in links, logs, messages and paths; and the same forms with nobody in them."""

import pytest

from helpdesk.pii.recognizers.base import Recognizer
from helpdesk.pii.recognizers.field_names import hints_of_field, kind_of_field
from helpdesk.pii.recognizers.structured import StructuredData
from helpdesk.pii.recognizers.table import TableColumns

SURE = {"DATE_OF_BIRTH": 0.85, "PERSON": 0.5, "NHS_NUMBER": 0.7, "PATIENT_RECORD": 0.7, "PHONE": 0.6}


def found(text: str, recognizer: Recognizer | None = None) -> set[tuple[str, str]]:
    hits = (recognizer or StructuredData(2026)).analyze(text, [])
    return {
        (one.entity_type, text[one.start : one.end])
        for one in hits
        if one.score >= SURE.get(one.entity_type, 0.5)
    }


BIRTHS = [
    ("https://v.example/launch?pid=H77&sn=SMITH&d=19440112&src=ed", "19440112"),
    ("https://e.example/s?surname=Okoro&forename=Ada&birthDate=1944-01-12", "1944-01-12"),
    ("WARN patient.surname=SMITH patient.dob=19440112 score=0.4", "19440112"),
    ("reject sn:OKORO fn:Chidi dob:19440112", "19440112"),
    ("sn=OKORO;fn=Chidi;b=12/01/1944", "12/01/1944"),
    ("args: { Id=7, Name='Okoro, Chidi', Born='1944-01-12' }", "1944-01-12"),
    ("{ person: { last_name: 'Okoro', dob: '12/01/1944' } }", "12/01/1944"),
    ("<P><FamilyName>OKORO</FamilyName><BirthTime>19440112</BirthTime></P>", "19440112"),
    ('<row surname="Okoro" dob="1944-01-12" clinic="ENT"/>', "1944-01-12"),
    ("where sname = 'KATZ' and dt_birth = '1944-01-12'", "1944-01-12"),
    ("fname=Ann&lname=Katz&dob=12-01-1944&submit=Find", "12-01-1944"),
    ("NAME=KATZ, Ann\nDOB=12 Jan 1944\n", "12 Jan 1944"),
    ("find.aspx?last=Katz&first=Ann&bdate=30/07/1998&btn=Go", "30/07/1998"),
    ("not for Parsons_Basil_1938-11-19.zip on the share", "1938-11-19"),
    ("/srv/export/yousafzai-shabnam-1983-03-17/hearing.xml", "1983-03-17"),
    ("three jobs hang: 001 test, 002 KATZ-A-30111962-FU, 003 test2", "30111962"),
    ("label reads Okafor_Ngozi_19440112 and nothing more", "19440112"),
    ("https://i.example/study/devlin/roisin/19870521/latest", "19870521"),
    ("\\\\fs02\\Letters\\2026\\KATZ Ann 12-01-1944\\review.docx", "12-01-1944"),
    ("<birthTime value='19440112'/><family value='Katz'/>", "19440112"),
]
NOBODYS = [
    "https://portal/app?pid=77&sn=MXL21FG&d=20260312&ver=4.2",
    "https://shop.example/item?id=4010232137&qty=4&d=20050911",
    "https://viewer/launch?nhs={nhsNumber}&surname={surname}&dob={yyyymmdd}",
    "WARN bind.fail user.name=svc_letters created=20190411",
    "see Trust_Board_14052012 and Estates_Group_03061999",
    "racks STORE-B-12032010 and WARD-C-03061999, image KATZ-A-30112025",
    "purge before=19990101 after=20060331 rows=7",
    "WARN match.fail patient.surname= patient.given= patient.dob= score=0.0",
    "args: { Id=7, Name='Default Queue', Built='1999-05-11' }",
    '{"properties":{"dateOfBirth":{"type":"string","format":"date","example":"1970-01-01"}}}',
    '{"build":"77","released":"1999-11-08","born":"1999-11-08T10:00:00Z","author":"Ann Katz"}',
    "<Service><Name>LetterPrinter</Name><Created>19930214</Created></Service>",
    "\\\\fs02\\projects\\Harding Wing\\Drawings 14-03-2001\\plan.dwg",
    "/srv/backup/nelson/19991231/full.bak",
    "http://www.post-gazette.com/columnists/20020905brian5.asp",
    "see Report_Final_2004-11-19.zip and payroll_backup_2001-03-14.zip",
    "https://www.news.example/1999/12/31/hospital-opens.html",
    "C:\\Users\\ann.katz\\19991231\\notes.txt",
    "delete from audit where created < '1999-03-04' and owner = 'svc_purge'",
]
OF_PATIENTS = [
    (
        '{"resourceType":"RelatedPerson","name":[{"family":"Katz","given":["Ann"]}]}',
        ("PATIENT_RECORD", "Katz"),
    ),
    (
        '{"resourceType":"Condition","subject":{"reference":"Patient/7","display":"Ann Katz"}}',
        ("PATIENT_RECORD", "Ann Katz"),
    ),
    (
        '{"resourceType":"Patient","name":[{"text":"Ann Katz"}],"telecom":[{"value":"07700 900405"}]}',
        ("PHONE", "07700 900405"),
    ),
    (
        "<Patient xmlns='http://hl7.org/fhir'><name><family value=\"Katz\"/></name>",
        ("PATIENT_RECORD", "Katz"),
    ),
    ("PID|1||<MRN>||<FAM>^Gregory||19440112|M", ("PERSON", "<FAM>^Gregory")),
    ("MRG|77331^^^PAS||||||Katz^Ann", ("PERSON", "Katz^Ann")),
    ("PID|1||MRN^^^FAC^MR||HOUSE^GREGORY||DOB|M", ("PERSON", "HOUSE^GREGORY")),
    ("PID|1||MRN||SURNAME^FORENAME||19440112|M", ("DATE_OF_BIRTH", "19440112")),
    ("PID|1||||||||||12 Town Street^^Thirsk^^POSTCODE", ("ADDRESS", "12 Town Street^^Thirsk^^POSTCODE")),
    ("NK1|1|Katz^Ann|DAU|14 Acacia Road^^Thirsk|07700 900405", ("PHONE", "07700 900405")),
    ("GT1|1|77|Katz^Ann||14 Acacia Road^^Thirsk|01632 960105||19440112|F", ("DATE_OF_BIRTH", "19440112")),
]
OF_NO_PATIENT = [
    '{"resourceType":"Practitioner","name":[{"family":"Katz","given":["Ann"]}]}',
    '{"resourceType":"OperationOutcome","issue":[{"diagnostics":"Patient/77 is not known"}]}',
    '{"resourceType":"Device","manufactureDate":"1991-03-14","patient":null}',
    '{"resourceType":"Patient","name":[{"family":"string"}]}',
    '{"resourceType":"CapabilityStatement","rest":[{"resource":[{"type":"Patient"}]}]}',
    "MSH|^~\\&|LAB|RX1|PAS|RX1|20260304||ACK^A08|77|P|2.4\nMSA|AE|77|Unknown application",
    "PID|1||||||||||||||",
    "PID|1||MRN^^^FAC^MR~NHSNUMBER^^^NHS^NH||SURNAME^FORENAME^MIDDLE^^TITLE||DOB|SEX|||ADDR1^ADDR2^TOWN^^POSTCODE",
    "NK1|1|NOKSURNAME^NOKFORENAME|RELATION|ADDRESS|PHONE",
    "PID|1||PATIENT_ID||<family>^<given>||YYYYMMDD|S|||<street>^<city>^^<postcode>",
    "PID|1||XXXXXXX||XXXXX^XXXX||XXXXXXXX|M|||XXXX^XXXX^^XXXX",
    "MRG|OLD_MRN||||||LASTNAME^FIRSTNAME",
    "PID|1||<MRN2>^^^<AUTH>^MR||<PATFAM>^<PATGIV>||<DOB8>|<SX>|||<LINE_A>^<LINE_B>^^^<PC>",
    "NK1|1|{{kin.fam}}^{{kin.giv}}|DAU|${KinStreet}^^${KinTown}|%kinphone1%",
    "PID|1||[LOCALID1]||[FAM]^[GIV]||[BIRTH8]|M",
]


@pytest.mark.parametrize(("text", "date"), BIRTHS)
def test_a_birth_date_is_found_in_what_carries_it(text: str, date: str) -> None:
    assert ("DATE_OF_BIRTH", date) in found(text)


@pytest.mark.parametrize("text", NOBODYS)
def test_the_same_forms_without_anybody_are_left(text: str) -> None:
    assert {kind for kind, _ in found(text)} & {"DATE_OF_BIRTH", "NHS_NUMBER", "PATIENT_RECORD"} == set()


@pytest.mark.parametrize(("text", "hit"), OF_PATIENTS)
def test_a_patient_or_relative_is_found_in_messages(text: str, hit: tuple[str, str]) -> None:
    assert hit in found(text)


@pytest.mark.parametrize("text", OF_NO_PATIENT)
def test_messages_about_staff_devices_and_servers_hold_no_patient(text: str) -> None:
    assert found(text) == set()


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("ID;SNAME;FNAME;DTBIRTH\n7;KATZ;Ann;12011944", "12011944"),
        ("pat_dob,pat_surname\n12/01/1944,Katz", "12/01/1944"),
        ("Asset,Patient,DOB\nPC7,Ann Katz,12/01/1944", "12/01/1944"),
    ],
)
def test_headers_in_any_spelling_tell_their_columns(text: str, date: str) -> None:
    assert ("DATE_OF_BIRTH", date) in found(text, TableColumns())


@pytest.mark.parametrize(
    "text",
    ["Asset,Serial,Born,Room\nPC7,Q1,14/03/2001,B12", "Name\tBorn\tOwner\nSQL-7\t11/04/1999\tAnn Katz"],
)
def test_machines_are_born_in_lists_of_machines(text: str) -> None:
    assert {kind for kind, _ in found(text, TableColumns())} & {"DATE_OF_BIRTH"} == set()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("patient.date_of_birth", "DATE_OF_BIRTH"),
        ("DTBIRTH", "DATE_OF_BIRTH"),
        ("dobDate", "DATE_OF_BIRTH"),
        ("fecha_nacimiento", "DATE_OF_BIRTH"),
        ("PatSurname", "PERSON"),
        ("patient_nhs_no", "NHS_NUMBER"),
        ("database", None),
        ("created", None),
    ],
)
def test_a_field_is_known_by_its_name(name: str, kind: str | None) -> None:
    assert kind_of_field(name) == kind


def test_short_keys_only_hint() -> None:
    assert kind_of_field("sn") is None
    assert "PERSON" in hints_of_field("sn")
    assert hints_of_field("correlationidentifier") == frozenset()
