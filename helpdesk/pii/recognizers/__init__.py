"""Recognizers, one kind a file, and the registry that holds them."""

from presidio_analyzer import RecognizerRegistry

from helpdesk.config import Pii
from helpdesk.pii.recognizers.address import Address
from helpdesk.pii.recognizers.age import Age
from helpdesk.pii.recognizers.bank import BankAccount, Iban
from helpdesk.pii.recognizers.base import Recognizer
from helpdesk.pii.recognizers.bed_lists import BedList
from helpdesk.pii.recognizers.coded import CodedCategory
from helpdesk.pii.recognizers.contact import Email, Money, Phone, VehicleAndProperty
from helpdesk.pii.recognizers.date_of_birth import DateOfBirth
from helpdesk.pii.recognizers.disguised import DisguisedNhsNumber
from helpdesk.pii.recognizers.document_kind import DocumentKind
from helpdesk.pii.recognizers.documents_of_identity import IdentityDocument
from helpdesk.pii.recognizers.employee_number import EmployeeNumber
from helpdesk.pii.recognizers.genes import GeneResult
from helpdesk.pii.recognizers.hospital_number import HospitalNumber
from helpdesk.pii.recognizers.interviews import InterviewScores
from helpdesk.pii.recognizers.keys_to_people import KeyToPeople
from helpdesk.pii.recognizers.matter import SensitiveWord
from helpdesk.pii.recognizers.named_files import NamedFile
from helpdesk.pii.recognizers.national_numbers import ChiNumber, HealthAndCareNumber, OldNhsNumber
from helpdesk.pii.recognizers.nhs_number import NhsNumber
from helpdesk.pii.recognizers.nino import NationalInsuranceNumber
from helpdesk.pii.recognizers.payment_card import PaymentCard
from helpdesk.pii.recognizers.person import PersonByPattern
from helpdesk.pii.recognizers.shorthand import ClinicalShorthand
from helpdesk.pii.recognizers.social_care import SocialCareNumber
from helpdesk.pii.recognizers.spoken import SpokenNumber
from helpdesk.pii.recognizers.structured import StructuredData
from helpdesk.pii.recognizers.table import TableColumns


def recognizers_for(settings: Pii) -> tuple[Recognizer, ...]:
    """Every recognizer, told what the organisation has set."""
    return (
        NhsNumber(settings.hold_test_nhs_numbers),
        SpokenNumber(),
        DisguisedNhsNumber(),
        ChiNumber(),
        HealthAndCareNumber(),
        OldNhsNumber(),
        HospitalNumber(settings.hospital_number_patterns),
        SocialCareNumber(),
        NationalInsuranceNumber(),
        EmployeeNumber(),
        IdentityDocument(),
        BankAccount(),
        Iban(),
        PaymentCard(),
        DateOfBirth(),
        Age(),
        Address(settings.sites),
        Phone(),
        Email(),
        Money(),
        VehicleAndProperty(),
        TableColumns(),
        CodedCategory(),
        StructuredData(),
        PersonByPattern(),
        SensitiveWord(),
        ClinicalShorthand(),
        GeneResult(),
        NamedFile(),
        KeyToPeople(),
        DocumentKind(),
        BedList(),
        InterviewScores(),
    )


def registry_of(recognizers: tuple[Recognizer, ...]) -> RecognizerRegistry:
    """Presidio's registry with our recognizers alone, so that none of its own runs unseen."""
    return RecognizerRegistry(recognizers=list(recognizers), supported_languages=["en"])
