"""Files named after somebody and a paper of care or employment, keys of studies; and templates, policies, lockers and sites."""

import pytest

from helpdesk.pii.recognizers.keys_to_people import KeyToPeople
from helpdesk.pii.recognizers.named_files import NamedFile

OF_PEOPLE = [
    "DNACPR_Garforth_Wilf_b1936.pdf",
    "Just in case meds - Mrs P Lumley, Beech Rd.docx\nJust in case meds - Mrs P Lumley.docx",
    'Can\'t rename "Okoro Chidi OH report.docx" on the HR drive',
    "\\\\fs1\\letters\\TULLOCH Mairi - clinic letter 04.11.pdf access denied",
    "stage 2 warning Jo Bell.docx is open by someone else",
    "HIV clinic results Ewa Nowak.pdf went to the public folder",
    "Mr_Dee_discharge_summary.pdf is corrupt",
    "the scanner saved section 136 Gareth Prosser.pdf to all",
    "Miss Hale safeguarding strategy.msg cannot be moved",
    "bloods Morag Geddes Nov.xlsx is read only",
]
OF_NOBODY = [
    "DNACPR policy v4 final.docx won't open",
    "Care plan template (Katz review).docx is locked",
    "Dr_Katz_clinic letter.docx",
    "Consent form Welsh.pdf, Referral form Paediatrics.docx, Discharge Lounge rota.xlsx",
    "Jo Bell photo.jpg, Al Khan photo.jpg are sideways on the team page",
    "Results May June.xlsx, Scan Archive North.pdf",
    "St Mary Results.xlsx and Rose Ward bloods.docx",
    "Presentation Jo Bell sepsis results.pptx won't project",
    "Invoice 2210 - Oxygen supplier.pdf",
    "Mrs Lumley is in. Care plan.docx is locked",
]


def sure(text: str) -> bool:
    return any(one.score >= 0.7 for one in NamedFile().analyze(text, []))


@pytest.mark.parametrize("text", OF_PEOPLE)
def test_a_file_named_after_somebodys_matter_tells_it(text: str) -> None:
    assert sure(text)


@pytest.mark.parametrize("text", OF_NOBODY)
def test_templates_wards_and_speakers_are_named_in_files_too(text: str) -> None:
    assert not sure(text)


@pytest.mark.parametrize(
    ("text", "leads"),
    [
        ("The key, not the data file:\nHZ2-A01 = M. Katz\nHZ2-A02 = J. Okoro\nHZ2-A03 = T. Lumley", True),
        ("Research participants:\nP001: Ann Katz\nP002: Chidi Okoro\nP003: Ewa Nowak", True),
        ("pseudonyms of the trial\nA-1 | Mrs H. Penney\nA-2 | Mr G. Dee\nA-3 | Ms R. Quill", True),
        ("linkage file\n> 101 -> Okoro, no: A. Okoro\n> 102 -> B. Katz\n> 103 -> C. Dee", True),
        ("Trial sites and leads:\nS01 = Dr A. Katz\nS02 = Dr J. Bell\nS03 = Dr T. Okoro", False),
        ("Study of lockers\nL1 = Jo Bell\nL2 = Al Khan\nL3 = Ewa Nowak", False),
        ("Study codes:\nA1 = Control arm\nA2 = Drug arm\nA3 = Open Label", False),
        ("Participants:\nP001: Ann Katz\nP002: withdrawn", False),
        ("Error list\nE1 = Ann Katz\nE2 = Chidi Okoro\nE3 = Ewa Nowak", False),
    ],
)
def test_a_key_of_a_study_leads_to_people(text: str, leads: bool) -> None:
    assert bool(KeyToPeople().analyze(text, [])) is leads
