"""Records that a mail says are invented are nobody's; a real one called a test, or beside an invented one, is somebody's."""

import pytest

from helpdesk.pii.scanner import Scanner
from helpdesk.pii.values import Context, Kind, Piece

NOBODYS = [
    "Label print fails for the training system's patient: DUMMY, Daisy, 999 000 0026, DOB 01/01/1950, 2 Test Street, Testtown ZZ99 3VZ. She isn't a real person.",
    "This is test data from the supplier:\nPID|1||9990000018^^^NHS||ZZTEST^ALPHA||19500101|F|||1 SAMPLE ROAD^^ANYTOWN^^ZZ99 3WZ",
    "The personas for the usability day won't load. Persona 2: Joe Bloggs, born 12/03/1948, NHS number 999 000 0034, 14 Any Street.",
    "Please reset our demo patient on EMIS: Mouse, Mickey, NHS 999 000 0018, DOB 12-Apr-1955. It ships with the system and is not a person.",
    "Question 4 of the e-learning shows no image. (Fictitious.) 'Mr John Sample, DOB 02/02/1932, 1 Anywhere Road, NHS no 123 456 7890, rings to ask for results.'",
    "Tabletop on Friday. Scenario 1: Jane Doe, DOB 01/01/1940, NHS 999 000 0026, of 1 Nowhere Lane, phones reception. The form in the pack will not open.",
    'Sandbox returns 422 for this example: {"resourceType":"Patient","identifier":[{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990000018"}],"name":[{"family":"Testpatient","given":["Dummy"]}],"birthDate":"1990-01-01"}',
    "Dummy records for the load test, none of them are real:\nZZTEST One, 9990000018, 01/01/1961\nZZTEST Two, 9990000026, 01/01/1962\nZZTEST Three, 9990000034, 01/01/1963",
    "The slide has a letter, all made up: Mrs A N Other, DOB 14/02/1939, hospital number H0004417, 3 Sometown Road, ZZ99 3VZ.",
    "UAT, not live. Record will not save: ZZZTEST, Nigel, 999 000 0034, 01-Jan-1900.",
    "Training scenario cards will not print. Card 3: Mr Albert Crook, 84, lives at 7 Made-up Lane, Sometown, NHS 999 000 0026.",
    'The vignette cannot be edited: "Doris, 83, DOB 01/01/1943, of 1 Any Road, Anytown, has fallen."',
    "Dummy registration for the kiosk: first name Test, last name Patient, DOB 01/01/1980, postcode ZZ99 3WZ.",
    "The bait of the phishing drill (all made up) says: Mrs Mary Sample, 1 Anywhere Road, born 01/01/1930, NHS 123 456 7890.",
    "Fake data for the dashboard:\nName,DOB,NHS\nAda Sample,01/01/1950,9990000018\nBob Sample,02/01/1950,9990000026",
    "The API docs give Jane Smith, born 22 October 2010, of 1 Trevelyan Square, patient 9000000009, as their documented example.",
    "The vendor's sample fails: PID|1||PATID1234^5^M11||JONES^WILLIAM^A^III||19610615|M||C|1200 N ELM STREET. It is the one out of the standard, no real patient.",
    "UAT load fails. Generated, nobody in it exists:\nnhs,family,given,dob,postcode\n9990004471,Testerton,Abigail,1984-02-30,ZZ99 3WZ\n9990004488,Dummyson,Bart,1971-06-31,ZZ99 3WZ",
    "Synthea file is refused (all synthetic, seed 42):\nsurname,forename,dob,address\nAbernathy524,Shon,1961-04-04,1032 Fake Street",
    "Faker output for the load test:\nfirst_name,last_name,dob,postcode\nKirstie,Bogan,1961-04-04,AA1 1AA\nNone of them exists.",
    'The e-learning slide has a made-up man, "George Nobody, 82, of 12 Elm Road, born 3 March 1944", and the audio does not play.',
    'The OSCE card prints blank: "You are Sandra Peel, born 4 May 1961, you live at 9 Mill Lane." It is a role-play script and no real patient.',
    "1,204 records moved, 312 merged, 0 lost.\nTraining corner. Practise on ZZZ-TEST Mickey Donotuse, born 01/01/1900, H&C 999 000 0018. He is allergic to everything, nobody rings him and he lives at 1 Test Street. He isn't real.",
    "On the TEST system: DOB 29/02/2000 and today's date 28/02/2026 gives 26 instead of 25. DOB 01/03/2000 gives 25. So it's leap years. All invented.",
    "Worked example in the user guide (fictional): name Ruth Penney, DOB 14/02/1939, 3 Mill Lane, Wells.",
    'Simulation suite: manikin "Stan Manikin", DOB 02/02/1982, MRN 0012345, is still admitted on the training server.',
]
SOMEBODYS = [
    "The test results for Joan Tilley, NHS 450 557 7104, DOB 03/04/1951 have not come back.",
    "For testing can you open Mrs Kirkbride, NHS number 450 557 7104, born 3 April 1951, on UAT.",
    "We used a real patient on the test system: Harold Penney, DOB 14/02/1939, NHS 450 557 7104.",
    "Mary Kirkbride, NHS 450 557 7104, DOB 03/04/1951 was merged with our dummy patient ZZTEST Mouse.",
    "This is not a test patient: Mickey Mouse, NHS 999 000 0018, DOB 01/01/1950. He changed his name.",
    "UAT has a copy of live, so Joan Tilley, NHS 450 557 7104, DOB 01/01/1951 is in there.",
    "Bloods for Alan Sample, DOB 07/09/1946, NHS 450 557 7104 were tested twice.",
    "Our demo patient ZZTEST One, 999 000 0018, opens as it should on every machine that we have tried on the ward and in the office. Joan Tilley, NHS 450 557 7104, DOB 03/04/1951, does not.",
    "She was tested for HIV on Monday: Ruth Penney, DOB 14/02/1939, 14 High Street, Hull HU5 2TT, NHS 999 000 0018.",
    "The wrong patient opened. I clicked the training patient and got Ruth Penney, DOB 14/02/1939, 999 000 0018.",
    "Her fictional name on the portal is Minnie Mouse but the NHS number is real, 999 000 0018, DOB 04/05/1951.",
    "The example I have is Mrs Joan Tilley, NHS 999 000 0018, DOB 03/04/1951, whose letter went to 14 High Street, Hull HU5 2TT.",
    '{"url":"https://rec.example/api?id=9992044233","surname":"Winters","forename":"Faith","born":"1954-04-14"}',
    "She uses fake details at the walk-in centre: DOB 01/01/1990, but she is Joan Tilley, NHS 450 557 7104.",
    "It was not a real emergency. Alan Penney, DOB 14/02/1939, NHS 999 000 0018, rang again.",
    "The pretend fit was in bed 4: Alan Penney, DOB 14/02/1939, NHS 999 000 0018.",
    "A member of staff made up a story about Joan Tilley, DOB 03/04/1951, NHS 450 557 7104.",
    "Training record shows Mary Kirkbride DOB 03/04/1951 has not done fire safety.",
    "Someone registered Joan Tilley 999 000 0026 DOB 03/04/1951 under a dummy name. Please fix her record.",
    "Sample for Joan Tilley, 03/04/1951, NHS 999 000 0018, haemolysed. Sample number 12.",
    "The trial patient (not real name) is Ruth Penney, DOB 14/02/1939, no fixed abode ZZ99 3VZ, NHS 450 557 7104.",
    "Asylum seeker Ahmad Karimi, born 01/01/1985, NHS 999 000 0026, postcode ZZ99 3CZ. For example his bloods of Monday are missing.",
    "Error: patient does not exist. Ruth Penney, DOB 14/02/1939, NHS 450 557 7104.",
    "PAS says the record doesn't exist, but I have Ruth Penney, born 14/02/1939 of 3 Mill Lane, Wells here.",
    "The synthetic mesh for Ruth Penney, DOB 14/02/1939, is on the implant register, template 4.",
    "I made up her bed. Ruth Penney, DOB 14/02/1939, has no wristband, the template is missing.",
    "Her pain isn't real, they said. Ruth Penney, DOB 14/02/1939. The letter template has it in full.",
    "Fictitious invoices were sent in the name of Ruth Penney, born 14/02/1939, 3 Mill Lane, Wells. It is fraud.",
    "This extract was supposed to be synthetic but it is last month's PAS:\nsurname,forename,dob,postcode\nAbernathy,Shona,1961-04-04,HX4 1DD",
    "The test harness took a copy of the real list:\nsurname,forename,dob,postcode\nMarsh,Lura,1988-01-17,HX4 1DD",
    "In the UAT refresh I can see real patients, e.g. Ruth Penney DOB 14/02/1939 999 000 0026.",
]


def rules_hit(scanner: Scanner, words: str) -> set[str]:
    """The rules that hold the mail by what is found, before it is read for its meaning."""
    found = scanner.findings([Piece("body_text", Kind.TEXT, words)], Context())
    return {hit.rule.name for hit in scanner.policy.hits(found) if hit.rule.hold}


@pytest.mark.parametrize("words", NOBODYS)
def test_a_record_said_to_be_invented_that_looks_it_is_nobodys(scanner: Scanner, words: str) -> None:
    assert rules_hit(scanner, words) == set()


@pytest.mark.parametrize("words", SOMEBODYS)
def test_a_real_record_near_words_of_test_is_somebodys(scanner: Scanner, words: str) -> None:
    assert rules_hit(scanner, words)
