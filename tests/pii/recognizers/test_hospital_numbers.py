"""Hospital numbers: under labels and after the names of patient systems; and numbers of printers, units and examples."""

import pytest

from helpdesk.pii.recognizers.hospital_number import HospitalNumber

SURE = 0.7
OF_PATIENTS = [
    "hosp no H0044817 has two volumes",
    "K number K0448172, can't merge",
    "MRN 100448172 showing the wrong consultant",
    "RiO 4481723, progress notes blank",
    "EMIS no 448172 opens slowly",
    "her record, SystmOne 1448172, will not load",
    "the unit no. 447123 of this lady is taken",
    "error: patient id 4481723 locked by another user",
    "Lorenzo 4481723 - referral lost",
    "UBRN 0004 4718 2234, Miss Quill can't book",
    "ubrn: 000447182234 shows an error",
    "casenote number 4481723 is in the library",
]
OF_THINGS = [
    "the printer's number is 44812 on the sticker",
    "Bed Manager's no 44718 goes to voicemail",
    "My partner organisation's number 01632 960113 changed",
    "Unit number 44712 on the industrial estate needs a line",
    "patient id 12345 in all our training slides",
    "for example MRN 1234567 fails the check",
    "EMIS 448172 is the org code of the practice",
    "Epic 20261120 release breaks the notes",
    "the UBRN field takes 12 digits",
    "hospital number field is empty",
    "The MRN field takes 9 digits only, ours have 10",
]


def sure(text: str) -> bool:
    return any(one.score >= SURE for one in HospitalNumber().analyze(text, []))


@pytest.mark.parametrize("text", OF_PATIENTS)
def test_a_number_that_leads_to_a_patient_is_found(text: str) -> None:
    assert sure(text)


@pytest.mark.parametrize("text", OF_THINGS)
def test_numbers_of_things_and_examples_are_left(text: str) -> None:
    assert not sure(text)
