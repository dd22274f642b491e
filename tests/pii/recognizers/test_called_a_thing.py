"""A label like `service request` right before ten digits: a thing's number, unless a patient stands near."""

import pytest

from helpdesk.pii.recognizers.nhs_number import NhsNumber

NUMBER = "4010232137"  # passes the check
OF_THINGS = [
    "any news on service request {}? the results screen is blank",
    "SR {} is still open, the doctors on Birch Ward are asking",
    "Request ID {} could not be completed when an x-ray is opened",
    "Your call has been logged as {}. Ward: Birch. Problem: wristband printer jammed",
    "Policy number {} for the blood van",
    "MSH|^~\\&|LAB|A|PAS|B|20260304||ACK^A08|{}|P|2.4\nMSA|AE|77",
    "MSA|AR|{}|patient segment missing",
    "PO# {} of patient gowns has not gone",
    "incident {}: clinic letters come out half",
    "INC {} - patients cannot get through with frames",
    "Estates job {}: the ward door sticks",
    "invoice no. {} from the hoist firm, they service the beds",
    "asset {} is the console PC of the CT scanner",
    "our ref {}, your ref 12. Nurses on the ward share a tablet",
    "vendor case {}, results older than a year do not open",
    "tel {} is shown for every clinic call",
    "contract {} with the pharmacy ends, prescribing goes with it",
    'error "document id {} not found" in the clinic letters',
]
OF_THINGS_ELSEWHERE = [
    "Mae'r system cleifion i lawr, clinig am 14:30.\n\nRhif cyfeirnod y cyflenwr: {}.\n\nDiolch",
    "System cleifion: rhif archeb {} heb gyrraedd y ward",
    "Cyfeirnod: {}, mae'r cleifion yn aros",
    "Tagairt {}: níl córas na n-othar ag obair",
    "Uimhir thagartha an tsoláthraí: {}, patients cannot check in",
    "Àireamh iomraidh {} airson siostam nan euslainteach, ward 4",
    "Numer zamówienia: {}, łóżka na ward 4",
    "nr przesyłki {} z kablami do x-ray",
    "Where is {}? Left the lab on the van at two, box of blank specimen labels, nothing clinical",
    "Run {}: the driver is outside the surgery with the results",
    "Bladder scanner off the wifi, no patients waiting. Underside: {}",
    "{} is on the toner box for the ward, scan it in",
]
OF_PATIENTS = [
    "Cyfeirnod y claf: {} heb ganlyniadau",
    "Rhif GIG {} yn anghywir",
    "numer zgłoszenia {} dotyczy pacjenta na ward 4",
    "no patient comes up for {} in the portal",
    "specimens of {} went on the van and were lost, results due to the GP",
    "wristband for {} prints blank",
    "Case {} needs adding to the MDT, the histology is back",
    "job {}: the pt is still in x-ray",
    "Ref {}, in bed 9, not on the board",
    "SR {} for Mrs Dodds' x-ray",
    "patient {} has two records",
    "order {} is for the lady in the side room, admitted last night",
]


def score(text: str) -> float:
    return max((one.score for one in NhsNumber().analyze(text, [])), default=0.0)


@pytest.mark.parametrize("text", [*OF_THINGS, *OF_THINGS_ELSEWHERE])
def test_a_number_under_a_things_label_is_the_things(text: str) -> None:
    assert score(text.format(NUMBER)) < 0.45


@pytest.mark.parametrize("text", OF_PATIENTS)
def test_a_patient_near_keeps_the_number_in_question(text: str) -> None:
    assert score(text.format(NUMBER)) >= 0.45
