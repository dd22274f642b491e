"""Phones and mail addresses: somebody's own, and those of desks, homes with managers, posters and ring-me-backs."""

import pytest

from helpdesk.pii.recognizers.contact import Email, Money, Phone

OWN = [
    "home number 01632 960105",
    "her landline 01632 960105",
    "daughter Amy is on 07700 900123",
    "that is my home phone 01632 960105, please stop the forwarding",
    "NOK (wife) 07700 900123",
    "pt's mobile 07700 900123",
    "patient: 07700 900123",
    "next of kin is his sister, 07700 900123",
    "her partner 07700 900123",
    "resident's son 07700 900123",
    "private line 01632 960105",
    "Dr Hill's home telephone 01632 960105",
    "the nephew on 07700 900123",
    "Personal mobiles: Ann Lee 07700 900123",
]
AT_WORK = [
    "Home visits desk: 01632 960264",
    "home care office on 01632 960208",
    "nursing home - deputy Ann Lee - 01632 960838",
    "carers' centre (01632 960719)",
    "Home oxygen is 0808 157 0959",
    "our home treatment team 01632 960227",
    "Home Manager, 01632 960770",
    "Hospice at Home, 01632 960315",
    "ring me on my own mobile 07700 900123, or on my home number 01632 960105",
    "I'm working from home, call me on 07700 900123",
    "patient transport 01632 960264",
    "patient experience team 01632 960264",
    "GP partner, 01632 960264",
    "personal assistant to the CEO, 01632 960264",
    "private patients office 01632 960264",
    "mother and baby unit 01632 960264",
    "partner organisations 01632 960264",
    "carer support worker, 07700 900123",
]


@pytest.mark.parametrize("text", OWN)
def test_a_phone_is_somebodys_own_when_words_before_it_say_whose(text: str) -> None:
    assert [one for one in Phone().analyze(text, []) if one.score >= 0.6]


@pytest.mark.parametrize("text", AT_WORK)
def test_phones_of_desks_posters_and_for_ringing_back_are_no_private_ones(text: str) -> None:
    assert [one for one in Phone().analyze(text, []) if one.score >= 0.6] == []


OF_KIN = [
    "Her husband's mobile 07700 900123 is on the rota page",
    "NOK details: wife Sandra 01632 960111 won't save",
    "NOK: daughter, 01632 960111, is saved against the wrong chart",
    "Mum (07700 900123) is getting his texts.",
    "patient's phone number is 07700 900123",
    "my dad's landline 01632 960111",
    "The caller, his wife, rang us from 07700 900123",
    "pt's daughter on 07700 900123",
    "the patient rang from 07700 900456 asking for me",
    "their neighbour: 01632 960111",
]
OF_NO_KIN = [
    "Carers UK helpline 01632 960111 is not on the page",
    "The next of kin service line 01632 960112 rings out",
    "My partner organisation's number 01632 960113 changed",
    "Patient transport called from 01632 960113",
    "Parent teacher evening phone 01632 960188",
    "A patient rang the switchboard on 01632 960100",
    "the patient advice team rings from 01632 960100",
    "id,name\n0004417201,ALICE of the patient monitors",
    "Son et lumiere hire firm 01632 960177",
    "the mum and baby group office 01632 960100",
]


@pytest.mark.parametrize("text", OF_KIN)
def test_a_relatives_or_patients_phone_is_told_by_the_words_beside_it(text: str) -> None:
    assert [one for one in Phone().analyze(text, []) if one.score >= 0.75]


@pytest.mark.parametrize("text", OF_NO_KIN)
def test_lines_for_relatives_and_patients_are_nobodys(text: str) -> None:
    assert [one for one in Phone().analyze(text, []) if one.score >= 0.75] == []


@pytest.mark.parametrize(
    ("text", "theirs"),
    [
        ("Portal invite for the patient bounced: mairi52@gmail.com", True),
        ("her email address is gwenm51@btinternet.com", True),
        ("the letter for a resident went to jj1938@hotmail.co.uk", True),
        ("one of our applicant accounts, chidi.o@yahoo.com", True),
        ("patients can mail support.acme@outlook.com", False),
        ("the test patient uses uat.one@gmail.com", False),
        ("I write from rowan@gmail.com as work mail is down", False),
        ("phishing said to be from a patient, annk@gmail.com", False),
    ],
)
def test_an_address_said_to_be_a_patients_is_theirs(text: str, theirs: bool) -> None:
    assert any(one.score >= 0.75 for one in Email().analyze(text, [])) is theirs


@pytest.mark.parametrize(
    ("text", "sure"),
    [
        ("Mr Entwistle never got it at cyrilentwistle65@gmail.com", True),
        ("it went to loripatel@hotmail.com", False),
        ("From: Ann Lee <annlee@gmail.com>", False),
        ("Is this a phish? Ann Lee, annlee@gmail.com", False),
        ("write to ann.lee@northmoor.nhs.uk", False),
    ],
)
def test_a_private_address_is_sure_where_its_owner_is_named_and_nobody_doubts_it(
    text: str, sure: bool
) -> None:
    assert any(one.score >= 0.65 for one in Email().analyze(text, [])) is sure


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("Ann Lee, band 6, £39,205", True),
        ("salary: Ann 41,300 and Bob 38,900", True),
        ("Band 5 £31,049 to £37,796", False),
        ("invoice of £14,220.00 plus VAT", False),
        ("27/11/2026 00:05 18,344 blank.docx", False),
    ],
)
def test_sums_count_as_pay_only_among_words_of_pay(text: str, counts: bool) -> None:
    assert any(one.score >= 0.4 for one in Money().analyze(text, [])) is counts
