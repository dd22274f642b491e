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
OF_PATIENTS = [
    "Case {} needs adding to the MDT, the histology is back",
    "job {}: the pt is still in x-ray",
    "Ref {}, in bed 9, not on the board",
    "SR {} for Mrs Dodds' x-ray",
    "patient {} has two records",
    "order {} is for the lady in the side room, admitted last night",
]


def score(text: str) -> float:
    return max((one.score for one in NhsNumber().analyze(text, [])), default=0.0)


@pytest.mark.parametrize("text", OF_THINGS)
def test_a_number_under_a_things_label_is_the_things(text: str) -> None:
    assert score(text.format(NUMBER)) < 0.45


@pytest.mark.parametrize("text", OF_PATIENTS)
def test_a_patient_near_keeps_the_number_in_question(text: str) -> None:
    assert score(text.format(NUMBER)) >= 0.45
