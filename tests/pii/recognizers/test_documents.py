"""Sick notes, CVs and payslips: one that is somebody's, and texts that only have the words of one."""

import pytest

from helpdesk.pii.recognizers.document_kind import DocumentKind

SURE = 0.6
SOMEBODYS = [
    ("SICK_NOTE", "Statement of fitness for work\nI assessed your case on: 12/11/2026\nnot fit for work"),
    ("SICK_NOTE", "I can't key Ann Lee's fit note to 14 December, then a phased return on three days of the week"),
    ("SICK_NOTE", "his sick note says amended duties after the operation, the form will not take it"),
    ("SICK_NOTE", "Self-certification SC2\nName Ann Lee\nFirst day of absence 02/11/2026\nNature of illness: migraine"),
    ("CV_OR_APPLICATION", "Employment history\nI worked at Briar House. Qualifications: NVQ. References on request."),
    ("CV_OR_APPLICATION", "Nationality: British. Education: Stowmere High. References: Mrs Hall, hobbies: chess."),
    ("CV_OR_APPLICATION", "Ann Lee\n06/2022 - date  Deputy manager, The Lodge\n2014 - 2017 Carer, Mill House\nlevel 5 diploma"),
    ("CV_OR_APPLICATION", "Physiotherapist\nJan 2021 - Present Senior Physiotherapist\nSep 2017 - Dec 2020 the same\nEducation BSc"),
    ("PAY_DOCUMENT", "Assignment 12345678, tax code 1257L, gross pay 2,522.55, net pay 1,988.02, deductions 12.00"),
    ("PAY_DOCUMENT", "her payslip is wrong, the tax code is BR and net pay is less than half, overpayment taken"),
]  # fmt: skip
ONLY_SPOKEN_OF = [
    "4.2 Self-certification (days 1-7) -> 404\n4.5 Fit notes and phased return -> opens the 2021 version of it",
    "Dear [first name], thank you for your fit note dated [date], not fit for work because of [reason], phased return ____",
    "Who can sign a Med3? May be fit for work means amended duties. A sick note before day 8 is not needed at all.",
    "L13 not fit for work - extension; L14 phased return agreed; L16 self-certification reminder. Owner is Ann Lee.",
    "After the patch Nature of illness comes before First day of absence and the tab skips Medical certificate.",
    "We are looking for nurses with professional registration. Degree or diploma, references. Interview date 20 December.",
    "Criteria | Essential | Desirable\nQualifications | Degree in nursing | Master's\nkey skills in IT | references",
    "Fields: Surname, Nationality, Right to work, Employment history, Reason for leaving, Referee 1, Declaration.",
    "2015-2018 digital maturity, 2018-2022 EPR and training, 2022-2026 skills academy, our strategy for nurses",
    "Your payslip shows gross pay, net pay, tax code, NI number and pension contribution. P60s appear by 31 May.",
    "Month 8 gross pay 14,220,118.40, net pay 9,871,200.15, tax paid 2,110,884.00, deductions 310,774.12.",
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text"), SOMEBODYS)
def test_a_document_filled_in_for_somebody_is_told_by_its_kind(kind: str, text: str) -> None:
    assert kind in {one.entity_type for one in DocumentKind().analyze(text, []) if one.score >= SURE}


@pytest.mark.parametrize("text", ONLY_SPOKEN_OF)
def test_a_policy_form_page_or_advert_with_the_words_is_no_document(text: str) -> None:
    assert [one.entity_type for one in DocumentKind().analyze(text, []) if one.score >= SURE] == []
