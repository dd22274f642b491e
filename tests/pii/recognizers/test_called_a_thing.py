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
OF_THINGS_FOR_PATIENTS = [
    "Leaflet PIL {} 'Your hip operation' is out of date on the racks page",
    "Patients can't find X-ray since signs moved. QR {} leads to the old map.",
    "Number {} keeps ringing the ward at night, it's a robocall from abroad.",
    "The 'contact us' form on the patient page gives reference {} for every message.",
    "the poster has 'patient wifi code: {}'",
    "patient line: {} rings out",
    "Survey {} of the patient experience team is blank",
    "Property bag seal {} was scanned twice by the kiosk",
]
OF_FILES_OF_THINGS = [
    "firmware {}.bin will not load on the pump",
    "driver_{}.zip from the vendor is blocked",
    "Invoice {}.pdf is corrupt",
    "order {}.confirmation.pdf from the supplier",
    "po_{}_delivery_note.pdf",
    "Zebra printer serial {} in Resus is dead",
    "Box of blank wristbands, consignment {}, did not reach Resus",
    "the slip says {}, the box of blank wristbands came by courier",
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
    "Mae'r argraffydd yn sâl, rhif ased {}, a'r cleifion yn aros",
    "Rhif cyfresol y peiriant: {}. Ward 4",
    "rhif swp {} y brechlyn",
    "batches 4505577120, {} and 7707124812 of the eye drops, the ward has six",
    "Lot nos. 4505577120, 7707124812 or {} are recalled, tell the pharmacy",
    "assets 4505577120 / {} by the beds on Birch Ward",
]
OF_PATIENTS = [
    "Wristbands in Resus lose the last digit since the firmware. Screen has {}, band prints one short.",
    "The label printer is new. The tube reads {}, the system one less; sent from phlebotomy",
    "name bands come out blank on the zebra, chart shows {}",
    "request forms jam in tray 2: the form says {} and no more",
    "{}_clinic_letter.pdf opens blank",
    "{}.discharge summary.docx is corrupt",
    "Directory of failed: {}_okoro_consent.pdf 88,112",
    "Can't find {} on the tracking board, he was here an hour ago",
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
    "patients 4505577120, {} and 7707124812 were discharged in error",
    "batch 12 ran, then {} was admitted twice",
    "rhif ased y claf yn wely 3: {}",
    "order {} is for the lady in the side room, admitted last night",
]


def score(text: str) -> float:
    return max((one.score for one in NhsNumber().analyze(text, [])), default=0.0)


@pytest.mark.parametrize("text", [*OF_THINGS, *OF_THINGS_ELSEWHERE, *OF_THINGS_FOR_PATIENTS])
def test_a_number_under_a_things_label_is_the_things(text: str) -> None:
    assert score(text.format(NUMBER)) < 0.45


@pytest.mark.parametrize("text", OF_PATIENTS)
def test_a_patient_near_keeps_the_number_in_question(text: str) -> None:
    assert score(text.format(NUMBER)) >= 0.45


@pytest.mark.parametrize("text", OF_FILES_OF_THINGS)
def test_files_and_labels_of_things_are_no_patients(text: str) -> None:
    assert score(text.format(NUMBER)) < 0.7


@pytest.mark.parametrize(
    "text",
    [
        "88,112 731.964.4002.threlfall.termination_consent.pdf",
        "634 241 9531 okoro gum results.pdf will not open",
        "scan_692-174-2180_ecg.pdf won't upload",
        "6921742180_clinic_letter.pdf opens blank",
        "6921742180.discharge_summary.docx",
        "Wristbands lose the last digit since the firmware. Screen has 692.174.2180, band prints one short.",
        "The label printer is new. The tube reads 692 174 2180; sent from phlebotomy",
        "photo of 6921742180 wound left heel.jpg",
    ],
)
def test_a_number_in_a_file_of_care_or_on_a_wristband_is_a_patients(text: str) -> None:
    assert score(text) >= 0.7
