"""People made up to train, to test or to play; and those who are real, though such words stand beside them."""

import pytest

from helpdesk.pii.recognizers.base import plain_reading
from helpdesk.pii.scanner import Scanner
from helpdesk.pii.stories import sayings
from helpdesk.pii.values import Context, Kind, Piece

SAID = [
    ("EXERCISE EXERCISE EXERCISE. Casualty cards for the upload, no real persons on them", 3),
    ("Station 2: the actor plays Mrs Holt, 61, who is told of a tumour. OSCE on Friday", 2),
    ("our simulated patients need the scripts on the iPads, examiners have theirs", 2),
    ("Slide 4 of the course has a typo. It is a made-up case", 2),
    ("in the sandbox somebody made Peppa Pig and Darth Vader", 2),
    ("merge ZZTEST-ONE and ZZTEST-TWO on the training domain", 2),
    ("XXTRAINING-Willow, Tessa is on the usual dummy list of the demo", 1),
]
NOT_SAID = [
    "I was off with depression before my OSCE and the e-learning has run out",
    "exercise tolerance is poor, she stops after one flight",
    "the delegates had the question 3 minutes early",
    "Batman pyjamas were lost on the ward, his mum rang",
    "Homer Simpson is his real name, he is in bed 4",
    "he acts as carer for his wife",
    "I had x-rays for my knee, love xx",
]
DENIED = [
    "Exercise casualty 4, the actor playing him, actually collapsed and is in ED",
    "NO DUFF NO DUFF. The exercise casualty on stretcher 2 has chest pain",
    "one of the simulated patients fainted. She really fell, it was not in the script",
    "during the role play session she told me that her husband hits her",
    "ZZTEST was merged with Joan Holt on live",
    "not a test patient, ZZTEST is what the clerk typed for want of a name",
    "the manikin has a copy of live data",
]
NOBODYS = [
    "Please clear the training list of Peppa Pig (scabies), Darth Vader (asthma) and Mickey Mouse (pregnant).",
    "Step 9 fails in LIVE. Dummy record as in the pack:\n\nPatient: ZZTEST, Oscar (do not treat)\nNHS No: 999 000 0026\nDOB: 01/01/1900\nDiagnosis: Asthma (for coding only)\n\nExpected: a letter. Actual: none.",
    "Reload TRAIN4 with the fictional set:\n\nnhs,surname,forename,dob,problem\n9990000018,XXTRAINING-Larch,Lena,19510101,Gout\n9990000026,XXTRAINING-Maple,Milo,19620202,Asthma",
]
SOMEBODYS = [
    "Please clear the list. Peppa Holt (scabies) and Darth Vader (asthma) are on it, and NHS 450 557 7104, DOB 03/04/1951 is hers.",
    "Found on LIVE while testing: Harry Potter, DOB 03/04/1951, NHS 450 557 7104, has bowel cancer.",
    "Harry Potter, DOB 03/04/1951, is no joke and not a test patient. He rang about his biopsy again.",
    "Reload TRAIN4, somebody copied live into it:\n\nnhs,surname,forename,dob,problem\n4505577104,Larch,Lena,19510301,Gout\n4010232137,Maple,Milo,19620204,Asthma",
    "ZZTEST, Oscar was opened in error for Ruth Penney, DOB 14/02/1939, who has asthma.",
]


def held(scanner: Scanner, words: str) -> bool:
    return scanner.scan([Piece("body_text", Kind.TEXT, words)], Context()).hold


@pytest.mark.parametrize(("words", "least"), SAID)
def test_words_that_say_that_people_are_made_up_are_counted(words: str, least: int) -> None:
    assert sayings([plain_reading(words)]) >= least


@pytest.mark.parametrize("words", [*NOT_SAID, *DENIED])
def test_words_of_something_else_or_denied_say_nothing(words: str) -> None:
    assert sayings([plain_reading(words)]) == 0


@pytest.mark.parametrize("words", NOBODYS)
def test_invented_people_hold_nothing(scanner: Scanner, words: str) -> None:
    assert not held(scanner, words)


@pytest.mark.parametrize("words", SOMEBODYS)
def test_real_people_beside_them_are_held(scanner: Scanner, words: str) -> None:
    assert held(scanner, words)
