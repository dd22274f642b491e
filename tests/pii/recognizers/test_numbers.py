"""Each number: what is one, what is none, what only looks like one. Numbers are of ranges never issued, or published examples."""

import pytest

from helpdesk.pii.recognizers.bank import BankAccount, Iban
from helpdesk.pii.recognizers.base import Recognizer, mod11
from helpdesk.pii.recognizers.documents_of_identity import IdentityDocument
from helpdesk.pii.recognizers.hospital_number import HospitalNumber
from helpdesk.pii.recognizers.national_numbers import ChiNumber, HealthAndCareNumber, OldNhsNumber
from helpdesk.pii.recognizers.nhs_number import NhsNumber
from helpdesk.pii.recognizers.nino import NationalInsuranceNumber
from helpdesk.pii.recognizers.payment_card import PaymentCard
from helpdesk.pii.recognizers.spoken import SpokenNumber

SURE = 0.5


def found(recognizer: Recognizer, text: str) -> list[str]:
    return [text[one.start : one.end] for one in recognizer.analyze(text, []) if one.score >= SURE]


HELD = [
    (NhsNumber, "NHS no 999 000 0018", "999 000 0018"),
    (NhsNumber, "nhs number is 9990000018", "9990000018"),
    (NhsNumber, "labels for 999.000.0018 come out blank", "999.000.0018"),
    (NhsNumber, "patient 999-000-0018 is waiting", "999-000-0018"),
    (NhsNumber, "NHS No: 999/000/0018", "999/000/0018"),
    (NhsNumber, "NHS number 999O000018", "999O000018"),
    (NhsNumber, "NHS no. 9990000019 does not trace", "9990000019"),  # fails its check, but labelled
    (NhsNumber, "pt number is 401 then 023 then 2137, bed 4", "401 then 023 then 2137"),
    (NhsNumber, "NHS number is\n999\n000\n0018 and she is here", "999\n000\n0018"),
    (NhsNumber, "rhif GIG 999 000 0018", "999 000 0018"),
    (NhsNumber, "These patients went home: 401 023 2137", "401 023 2137"),
    (
        SpokenNumber,
        "the number is four zero one, zero two three, two one three seven",
        "four zero one, zero two three, two one three seven",
    ),
    (
        SpokenNumber,
        "nhs is four oh one zero two three two one three seven",
        "four oh one zero two three two one three seven",
    ),
    (ChiNumber, "CHI 010170 5123", "010170 5123"),
    (HealthAndCareNumber, "patient 320 000 0015 in the ward", None),
    (OldNhsNumber, "old NHS number JRDAN 269", "JRDAN 269"),
    (HospitalNumber, "Hosp no: D381455", "D381455"),
    (HospitalNumber, "MRN 732215 locked", "MRN 732215"),
    (HospitalNumber, "unit no 456712 volume 3", "456712"),
    (NationalInsuranceNumber, "NI QQ 12 34 56 C", "QQ 12 34 56 C"),
    (NationalInsuranceNumber, "to tell us apart: mine is the one in JL, JL 84 20 17 C", "JL 84 20 17 C"),
    (NationalInsuranceNumber, "saved as Katz_JL842017C_p45.pdf on the share", "JL842017C"),
    (NationalInsuranceNumber, "my ni is qq123456c", "qq123456c"),
    (IdentityDocument, "passport number 533380006", "533380006"),
    (IdentityDocument, "Passport for the visa letter: 533380006 expires 2031", None),
    (IdentityDocument, "driving licence 12345678 from DVA", "12345678"),
    (IdentityDocument, "BRP RZ1234567 will not scan", "RZ1234567"),
    (BankAccount, "santander 12-34-56 / 12345678", "12-34-56"),
    (BankAccount, "sort code 123456", "123456"),
    (Iban, "GB82 WEST 1234 5698 7654 32", "GB82 WEST 1234 5698 7654 32"),
    (PaymentCard, "card 4929 1234 5678 9015 exp 04/27", "4929 1234 5678 9015"),
    (PaymentCard, "my debit card is 4929 1234 5678 9016", "4929 1234 5678 9016"),
]

CLEAR = [
    (NhsNumber, "DPD consignment 4010232137 (2 docking stations)"),
    (NhsNumber, "support case number 401 023 2137 for Citrix"),
    (NhsNumber, '{"nhsNumber":"required","BuildId":"4010232137"}'),
    (NhsNumber, "parcel numbers, will sign for them:\n\n4010232137\n9434765919\n"),
    (NhsNumber, "NHS number 1234567890 is what the placeholder says"),
    (NhsNumber, "the format is for example 999 000 0018 in the guide"),
    (NhsNumber, "call +44 7010 232137"),
    (NhsNumber, "10.401.023.2137 is no address"),
    (NhsNumber, "Device\tTag\tPlace\nHP\t4010232137\tStroke Unit"),
    (SpokenNumber, "one two three testing, one two three"),
    (ChiNumber, "order 0101705123 of barcodes"),
    (HospitalNumber, "asset tag D381455 on the laptop"),
    (HospitalNumber, "hospital number field is empty"),
    (HospitalNumber, '{"system":"https://hl7.example/Id/gmc-number","value":"C5701632"}'),
    (NationalInsuranceNumber, "part AB 12 34 56 C of the scanner"),
    (NationalInsuranceNumber, "serial number JK494987D"),
    (IdentityDocument, "the passport office is closed"),
    (IdentityDocument, "licence 12345678 for Visio"),
    (BankAccount, "the date is 12-03-26, ticket 12345678"),
    (Iban, "GB82 WEST 1234 5698 7654 33"),
    (PaymentCard, "IMEI: 35 209900 176148 1"),
    (PaymentCard, "licence key 4929 1234 5678 9016"),
]


@pytest.mark.parametrize(("kind", "text", "expected"), [row for row in HELD if row[2]])
def test_a_number_is_found_however_it_is_written(kind: type[Recognizer], text: str, expected: str) -> None:
    assert expected in found(kind(), text)


@pytest.mark.parametrize(("kind", "text"), CLEAR)
def test_what_only_looks_like_a_number_is_left(kind: type[Recognizer], text: str) -> None:
    assert found(kind(), text) == []


def test_a_number_in_a_link_is_a_weak_sign() -> None:
    text = "it opens https://record.example/view/4010232137/letters"
    (one,) = NhsNumber().analyze(text, [])
    assert text[one.start : one.end] == "4010232137"
    assert one.score < SURE


def test_the_test_range_is_left_when_the_setting_says_so() -> None:
    assert found(NhsNumber(hold_test_numbers=False), "NHS no 999 000 0018") == []


def test_a_trust_can_add_its_own_pattern() -> None:
    assert found(HospitalNumber([r"\bNUH\d{6}\b"]), "see NUH123456") == ["NUH123456"]


@pytest.mark.parametrize("digits", ["9990000018", "9990000026", "9990000034", "9434765919"])
def test_the_check_of_published_examples_holds(digits: str) -> None:
    assert mod11(digits)
    assert not mod11(digits[:9] + str((int(digits[9]) + 1) % 10))
