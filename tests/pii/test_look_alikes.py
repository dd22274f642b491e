"""Whole mails that look like what they are not, each beside its twin: what the rules leave, and what they hold."""

import pytest

from helpdesk.pii.scanner import Scanner
from helpdesk.pii.values import Context, Kind, Piece

LEFT = [
    "Kyocera, Ward 3: mono 31 220. Lease number 450 557 7104. Engineer due Thursday.",
    "Dragon Medical: 450-557-7104-AA. It says expired. Dictation backlog is 41 letters, patients wait for them.",
    'The finance inbox should reply with: "Please quote sort code 60-70-80 and account 10025732 for payments to us."',
    'PATCH /Patient/9000000009 returns 412. Body: [{"op":"replace","path":"/birthDate","value":"2010-10-23"}] against the PDS sandbox.',
    'Row 118: {"fn":"Xavier","ln":"Zzyzx","dob":"1888-08-08"} rejected: DOB_TOO_OLD. The generator makes impossible ones on purpose.',
    "Code,Name,Address,Postcode,Open date\nY04471,Dr Lee & Partners,12 High Street,LS1 4AB,01/04/1974",
    "School list for the app: St Jude's Primary, 4 School Lane, LS6 1AB (312 pupils); Oak Academy, 18 Oak Road, LS7 2CD.",
    "In an emergency contact Bob (infra) 07700 900456, then Asha (apps) 07700 900457.",
    'SimMan on bed 4 in the sim suite. Patient name on the monitor is "Mr S Man", DOB 01/01/1960. Software 7.6.',
    "Parcel for Dr Ann Katz, 12 Lab Road, Leeds LS1 4AB never came. It's two webcams.",
    "Interpreter access code 450 557 7104# does not work. Clinic starts at 2.",
    'Got this: "Dear customer, your account 44182093 at sort 07-22-96 was debited". Obvious scam.',
    '"please change my bank details: 07-22-96 44182093" is the bait; the numbers are made up by us for the exercise.',
    "Login with the mock: testuserlive@demo.signin.nhs.uk, NHS number 9686368973, DOB 13/09/1968. It's in the public docs.",
    "Therapy dog Bertie (DOB 14/02/2019) needs a visitor badge.",
    "Wi-fi quote for Nurses' Home, 14 Castle Street, 40 rooms, LS1 4AB. Contractor Redwall Ltd.",
    "Vending firm wants a delivery address: Staff canteen, 14 Castle Street, LS1 4AB. Their driver is Tony.",
    "Name,Street,Town,Postcode\nSmile Dental,12 High Street,Leeds,LS1 4AB\nKatz & Sons Opticians,3 Mill Lane,Leeds,LS6 1AB",
    "The poster has 'Patient WiFi code: 4505577104'.",
    "HM Coroner now at 3 Abbey Street, Leeds LS1 4AB. Officer on duty 01632 960188.",
    "UPDATE site SET addr='14 Castle Street', opened='1952-07-04' WHERE name='Castle Clinic' hangs.",
    "Letters print DOB as 1952-07-04T00:00:00 instead of dd/mm/yyyy on all.",
    "Cert no 4505577104 for the training of Jo Bell prints as L1.",
    "The phantom we image each morning, patient name QA^PHANTOM, DOB 19000101, appears twice.",
]
HELD = [
    "Kyocera, Ward 3: mono 31 220. It prints patient 450 557 7104 twice. Engineer due Thursday.",
    "Dragon Medical: letter of 450-557-7104 is lost. Mrs Dee waits for her results.",
    'The finance inbox sent my own: "sort code 60-70-80 and account 10025732", that is where my wages go.',
    'PATCH /Patient/4505577104 returns 412. Body: [{"op":"replace","path":"/birthDate","value":"1950-10-23"}] on live.',
    'Row 118: {"fn":"Xavier","ln":"Katz","dob":"1958-08-08"} rejected: DUPLICATE.',
    "Code,Name,Address,Postcode,DOB\nY04471,Ann Lee,12 High Street,LS1 4AB,01/04/1974",
    "Taxi list for the app: Ann Katz, 4 School Lane, LS6 1AB; Chidi Okoro, 18 Oak Road, LS7 2CD.",
    "Emergency contact for Bob is his sister, 07700 900456, and it shows on the intranet.",
    "SimMan is fine. The monitor on bed 4 has somebody's name: Mr Alan Dee, DOB 11/07/1960.",
    "Parcel for Mrs Ann Katz, 12 Lab Road, Leeds LS1 4AB never came. It's her dressings.",
    "The interpreter for patient 450 557 7104 did not come. She is deaf. Clinic starts at 2.",
    "She fell for a scam: her account 44182093 at sort 07-22-96 was emptied. Take it off payroll.",
    '"please change my bank details: 07-22-96 44182093" is real, it is Joan, payroll ignored her.',
    "Login of my dad: NHS number 450 557 7104, DOB 13/09/1948. It's in his letter.",
    "Bertie Lowe (DOB 14/02/2019) needs a visitor badge for his dog.",
    "Wi-fi for Mrs Lowe at home, 14 Castle Street, LS1 4AB. She has the monitoring kit.",
    "Tony wants it at his flat, 14 Castle Street, LS1 4AB, not the canteen.",
    "Name,Street,Town,Postcode\nAnn Katz,12 High Street,Leeds,LS1 4AB\nBob Lee,3 Mill Lane,Leeds,LS6 1AB",
    "The sticker has 'Patient code: 4505577104'.",
    "Ann Katz now at 3 Abbey Street, Leeds LS1 4AB. District nurse on duty 01632 960188.",
    "UPDATE pat SET addr='14 Castle Street', dob='1952-07-04' WHERE name='Katz' hangs.",
    "Letters print DOB as 04/07/1952 instead of 07/04/1952 for Mrs Katz.",
    "NHS no 4505577104 of Jo Bell prints as L1.",
    "The QA phantom is fine, the next one, name KATZ^ANN, DOB 19441201, appears twice on live.",
]


def rules_hit(scanner: Scanner, words: str) -> set[str]:
    """The rules that hold the mail by what is found, and not by what its sentences tell."""
    _, found, _ = scanner.look([Piece("body_text", Kind.TEXT, words)], Context())
    found = tuple(one for one in found if not one.entity.startswith("TOLD_"))
    return {hit.rule.name for hit in scanner.policy.hits(found)}


@pytest.mark.parametrize("words", LEFT)
def test_what_only_looks_like_somebodys_is_left(scanner: Scanner, words: str) -> None:
    assert rules_hit(scanner, words) == set()


@pytest.mark.parametrize("words", HELD)
def test_its_twin_that_is_somebodys_is_held(scanner: Scanner, words: str) -> None:
    assert rules_hit(scanner, words)
