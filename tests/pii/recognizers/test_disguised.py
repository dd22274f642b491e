"""NHS numbers in disguise: letters for digits without a label, halves told apart; and codes that only look so."""

import pytest

from helpdesk.pii.recognizers.disguised import DisguisedNhsNumber
from helpdesk.pii.recognizers.nhs_number import NhsNumber
from helpdesk.pii.recognizers.nino import NationalInsuranceNumber

PATIENTS = [
    "ECG sent to 7I42I9898Z at 9.14, 'success', nothing there",
    "cannot open 6S4 36l 5O6O, is it merged?",
    "the lady is 7I42I9B98Z on the board",
    "first half 71206 and second half 28828, opens if you go in via Medication",
    "it is (first five 71206, then 28828) and the filter cannot stop me",
    "First bit is 712 06, no: first bit 712062 and the other bit 8828",
]
NOBODYS = [
    "asset SB10045120 will not start",
    "serial 7I42I9898Z of the fax",
    "licence key 7I42I-9898Z-LLB0S",
    "host OOBSI51O12 is down",
    "first half 4120 and second half 3980 of the budget",
    "first five 12345 and last five 67890 of the meter",
    "https://x.example/7I42I9898Z",
]


def sure(text: str) -> bool:
    return any(one.score >= 0.7 for one in DisguisedNhsNumber().analyze(text, []))


@pytest.mark.parametrize("number", range(len(PATIENTS)))
def test_a_number_in_disguise_is_found(number: int) -> None:
    assert sure(PATIENTS[number])


@pytest.mark.parametrize("number", range(len(NOBODYS)))
def test_codes_and_counts_are_none(number: int) -> None:
    assert not sure(NOBODYS[number])


LISTS = "6216601970\n4724304979\n6609608644\n7110766268\n"


@pytest.mark.parametrize(
    ("text", "held"),
    [
        (f"These sit in Referrals for Review. Could someone with supplier access move them?\n\n{LISTS}\nThe lot of them.", True),
        (f"The carrier says delivered, all of them, signed for by reception:\n\n{LISTS}", False),
        ("Collected by the van, receipts below\n\npt 1  619 810 0596  11kg\npt 2  709 350 2660  11kg\npt 3  720 586 2337  4kg", False),
        ("pt 1 619 810 0596 seen, pt 2 709 350 2660 seen, pt 3 720 586 2337 DNA", True),
    ],
)  # fmt: skip
def test_a_crowd_of_numbers_is_patients_or_parcels_by_the_words_beside_it(text: str, held: bool) -> None:
    assert any(one.score >= 0.7 for one in NhsNumber().analyze(text, [])) is held


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "it says my national insurance is not in the right format?? I put in PW 61 24 88, is there a D",
            True,
        ),
        ("NINO rejected by the form, I typed JH552910 and it wants one more letter", True),
        ("National Insurance leaflet, room NE 12 34 56 on the plan", True),
        ("National insurance rates changed; our sort code is on the invoice, 12 34 56", False),
    ],
)
def test_a_national_insurance_number_lacks_its_letter(text: str, found: bool) -> None:
    assert any(one.score >= 0.7 for one in NationalInsuranceNumber().analyze(text, [])) is found
