"""Accounts, cards and papers: a person's, and the look-alikes of companies, tests, orders and pages."""

import pytest

from helpdesk.pii.recognizers.bank import BankAccount, Iban
from helpdesk.pii.recognizers.base import Recognizer
from helpdesk.pii.recognizers.documents_of_identity import IdentityDocument
from helpdesk.pii.recognizers.employee_number import EmployeeNumber
from helpdesk.pii.recognizers.nino import NationalInsuranceNumber
from helpdesk.pii.recognizers.payment_card import PaymentCard

SURE = 0.6


def sure(recognizer: Recognizer, text: str, least: float = SURE) -> list[str]:
    return [text[one.start : one.end] for one in recognizer.analyze(text, []) if one.score >= least]


PERSONS = [
    (BankAccount, "my wages go to Nationwide 07-01-16 24871811 from May", "24871811"),
    (BankAccount, "pay it to 62-34-51 / 83698123, in my name", "83698123"),
    (BankAccount, "invoice of the foster carer, not a company: 62-34-51, 83698123 at the bank", "62-34-51"),
    (BankAccount, "the refund for Mrs Hall, sort code 62-34-51 account number 83698123", "83698123"),
    (BankAccount, "cheque of Mr Hall 000417 62-34-51 83698123", "83698123"),
    (BankAccount, "ticket 11223344: her salary, sort 62-34-51, then 83698123", "83698123"),
    (BankAccount, "i moved to the building soc in sept. its 07 22 96 then 4418 2093", "07 22 96"),
    (
        BankAccount,
        "its nationwide they want 070436 then 33190528 and a roll bit 4/882-1",
        "070436 then 33190528",
    ),
    (BankAccount, "can you put 072296 44182093 on my expenses thing, nationwide", "072296 44182093"),
    (BankAccount, "I've changed banks. sort 072296, the full one is on the form", "072296"),
    (BankAccount, "pls use 07.22.96 44182093 for the mileage from now", "44182093"),
    (BankAccount, "Payroll reject: HUGHES C 072296 44182093 AC1", "072296 44182093"),
    (BankAccount, "new bank for my wages: sort 07-22-96", "07-22-96"),
    (BankAccount, "natwest, 60-22-96, number 4418 2093. Mr J Okoro.", "4418 2093"),
    (Iban, "his salary to GB82 WEST 1234 5698 7654 32 please", "GB82 WEST 1234 5698 7654 32"),
    (PaymentCard, "my visa 4929 1234 5678 9015 was taken twice", "4929 1234 5678 9015"),
    (IdentityDocument, "DBS tracker: for Ann Lee it is 001844274078", "001844274078"),
    (IdentityDocument, "passport no: M4471902K, the date of issue is missing", "M4471902K"),
    (IdentityDocument, "Passport (Kenya) number BK204417 is refused", "BK204417"),
    (IdentityDocument, "passport number 12AB34567, French", "12AB34567"),
    (IdentityDocument, "ID seen: passport\nNo: C01X00T47\nName: Ada Okoro", "C01X00T47"),
    (
        IdentityDocument,
        "Evidence type ..... Passport (India)\nSurname ..... Pillai\nNumber ..... K8821190\n",
        "K8821190",
    ),
    (IdentityDocument, "update service wants 0018 4427 4078", "0018 4427 4078"),
    (IdentityDocument, "employer checking service: the code he gave is W8K 4TT 9ZR", "W8K 4TT 9ZR"),
    (NationalInsuranceNumber, "no match for qq 12 34 56 c, she retires soon", "qq 12 34 56 c"),
]
NOBODYS = [
    (IdentityDocument, "Document type: passport scanner, desk 4\nSerial number: K8821190"),
    (IdentityDocument, "Evidence type: passport page\nTicket number: 53338000"),
    (IdentityDocument, "Type of document: passport or licence\nNumber of pages: 24"),
    (IdentityDocument, "the passport reader on desk 2, asset M4471902K, is dead"),
    (IdentityDocument, "passport no longer than nine signs, order M4471902K"),
    (BankAccount, "Torrin Medical Ltd, sort code 60-99-12, account 44190327, VAT reg GB 999"),
    (BankAccount, "transfer to Holmefell Hospitals Charity, 82-20-11, 44190327, registered charity"),
    (BankAccount, "our own GBS account, 60-70-18 and 89832658, in the BACS file"),
    (BankAccount, "global sum for the practice account: 16-00-23, 77106375, Royal Bank"),
    (BankAccount, "Mrs Hall says this is a scam. Linen Services Ltd, pay to NatWest 52-30-11 44190327"),
    (BankAccount, "bank portal locked since 07-11-26, ticket 44714988"),
    (BankAccount, "sort by account then shelf: 20-30-40. Stock count 1204 5512"),
    (BankAccount, "journal 44-10-72 to cost centre 660643, account 0001 2200"),
    (BankAccount, "DDI 20-44-00 to 20-44-99, hunt group 84859826. April Banks, Telecoms"),
    (BankAccount, "cheque run 072296 10000001 did not print"),
    (BankAccount, "Meter readings: 07 22 96 then 4418 2093."),
    (BankAccount, "Franking machine account 44182093, reading 07-22-96."),
    (BankAccount, "Can you sort 202611 rows by date and pay the bank holiday ones first"),
    (BankAccount, "Report 072296 44182093 rows long, account codes only"),
    (BankAccount, "Job 072296 44182093 failed in the payroll interface, build 7"),
    (BankAccount, "Version 07.22.96 build 44182093 breaks the payroll screen"),
    (Iban, "Beneficiary: Hollern GmbH, IBAN DE89 3704 0044 0532 0130 00, their invoice"),
    (PaymentCard, "card 4242 4242 4242 4242 works in the sandbox"),
    (PaymentCard, "Stripe test card 4000 0000 0000 9995 gives declined"),
    (IdentityDocument, "DBS order 0012 3344 5566 is not on the portal"),
    (IdentityDocument, "DBS numbers have 12 digits, e.g. 001234567890"),
    (IdentityDocument, "asset W8K 4TT 9ZR is missing"),
    (NationalInsuranceNumber, "two letters, six digits, one letter like AB123456C"),
    (NationalInsuranceNumber, "parts for the drill: AB 12 34 56 C (battery)"),
]


@pytest.mark.parametrize(("kind", "text", "expected"), PERSONS)
def test_a_persons_account_or_paper_is_found(kind: type[Recognizer], text: str, expected: str) -> None:
    assert expected in sure(kind(), text)


@pytest.mark.parametrize(("kind", "text"), NOBODYS)
def test_accounts_of_companies_and_numbers_of_tests_and_orders_are_left(
    kind: type[Recognizer], text: str
) -> None:
    assert sure(kind(), text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ER case 26/114 will not close", "26/114"),
        ("HR case no GR-2231", "gr-2231"),
        ("assignment 12345678-2 is missing", "12345678-2"),
    ],
)
def test_numbers_of_employees_and_their_cases_are_found(text: str, expected: str) -> None:
    assert expected in [one.lower() for one in sure(EmployeeNumber(), text, 0.5)]
