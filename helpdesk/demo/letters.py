"""What the demo's end users write: invented people, addresses under .example, numbers that are never issued."""

from collections.abc import Mapping
from dataclasses import dataclass

from helpdesk.demo.docx import docx
from helpdesk.demo.settings import DOMAIN, IT_ADDRESS, RA_ADDRESS
from helpdesk.demo.write import Attached, EndUserMail

NONE: Mapping[str, str] = {}


@dataclass(frozen=True)
class Writer:
    """An end user."""

    name: str
    address: str
    role: str
    phone: str

    @property
    def signature(self) -> str:
        return f"\n\nKind regards\n\n{self.name}\n{self.role}\n{self.phone}\n"


PRIYA = Writer("Priya Nair", f"priya.nair@{DOMAIN}", "Ward Clerk, Meadowbank General", "0113 496 0142")
TOM = Writer(
    "Tom Fielding",
    "tom.fielding@hillside-surgery.example",
    "Practice Manager, Hillside Surgery",
    "0114 496 0120",
)
GRACE = Writer("Grace Okafor", f"grace.okafor@{DOMAIN}", "Pharmacy Technician", "0113 496 0155")
MARTIN = Writer("Martin Shaw", f"martin.shaw@{DOMAIN}", "Estates Officer", "0113 496 0160")
LENA = Writer(
    "Lena Kowalska",
    "lena.kowalska@riverside-care.example",
    "Registered Manager, Riverside Care",
    "0115 496 0177",
)
DEV = Writer("Dev Patel", f"dev.patel@{DOMAIN}", "Medical Secretary", "0113 496 0171")
WRITERS = (PRIYA, TOM, GRACE, MARTIN, LENA, DEV)


def letter(
    who: Writer,
    subject: str,
    text: str,
    *,
    to: str = IT_ADDRESS,
    files: tuple[Attached, ...] = (),
    headers: Mapping[str, str] = NONE,
) -> EndUserMail:
    """A mail of one of the writers, signed."""
    return EndUserMail(who.address, to, subject, text + who.signature, who.name, files, headers=headers)


PRINTER = letter(
    PRIYA,
    "Printer on Ward 4 prints blank pages",
    "Hello,\n\nsince this morning the printer next to the nurses' station on Ward 4 (asset MB-PRN-0417) "
    "prints only blank pages. We changed the toner and switched it off and on.\n\n"
    "Could someone have a look today, please?",
)
SHARED_FOLDER = letter(
    DEV,
    "Access to the shared folder of outpatient letters templates",
    "Hi team,\n\nI moved to the outpatient secretaries last week and cannot open the folder "
    "S:\\Outpatients\\Templates any more. My line manager has agreed that I should have access.",
)
SMARTCARD = letter(
    GRACE,
    "Smartcard locked",
    "Good morning,\n\nmy smartcard is locked after three wrong attempts. I am on the main site until 4pm "
    "and can come by the Registration Authority desk.",
    to=RA_ADDRESS,
)
MONITOR = letter(
    MARTIN,
    "Second monitor for the estates office",
    "Hello,\n\nwe have a free desk in the estates office and would like a second monitor for it. "
    "What do you need from us to order one?",
)
VPN = letter(
    TOM,
    "Remote access drops every few minutes",
    "Hello,\n\nremote access from our surgery drops about every ten minutes since the update on Monday. "
    "It says 'connection lost (code 809)'. All four of our workstations are affected.",
)
LAPTOP = letter(
    LENA,
    "Loan laptop is very slow",
    "Hi,\n\nthe loan laptop that we got for the project takes fifteen minutes to start. "
    "Is that something that you can help with?",
)
STARTER = letter(
    MARTIN,
    "Induction day for new starters in June",
    "Hello,\n\ncould you tell me on which day in June the induction for new starters takes place, "
    "and how many places are left?",
    to=RA_ADDRESS,
)
PASSWORD = letter(
    DEV,
    "How do I change my network password?",
    "Hi,\n\nthe reminder says that my network password runs out in three days. Where do I change it?",
)
REFERRAL = """Hillside Surgery
14 Hillside Road, Leeds ZZ99 3VZ

Re: Mrs Margaret Exampleton, DOB 03/04/1951, NHS number 999 000 0018
17 Orchard Lane, Leeds ZZ99 3VZ

Dear colleague,

thank you for seeing this 74-year-old lady with increasing breathlessness and known heart failure
(furosemide 40 mg, ramipril 5 mg). Her last echocardiogram showed an ejection fraction of 35 per cent.

Yours sincerely
Dr A. Sample"""
MISSENT = letter(
    TOM,
    "Letter will not print",
    "Hello,\n\nthe attached letter prints with the wrong margins on our new printer. "
    "Could you check what is wrong with the template?",
    files=(Attached("referral letter.docx", docx(REFERRAL)),),
)
OUT_OF_OFFICE = letter(
    GRACE,
    "Automatic reply: Your request",
    "I am out of the office until Monday. For anything urgent please ring the pharmacy office.",
    headers={"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"},
)
WITH_PATIENT_DATA = letter(
    PRIYA,
    "Cannot find a patient in the system",
    "Hello,\n\nI cannot find Mr Harold Exampleton in the new system. His NHS number is 999 000 0026, he was born "
    "on 12 February 1948 and lives at 8 Mill Street, Leeds ZZ99 3VZ. He was admitted last night with chest pain.",
)
CV = """Curriculum vitae

Rosalind Exampleton
22 Station Road, York ZZ99 3VZ - 07700 900123 - rosalind@mail.example
Date of birth: 14 July 1992   Nationality: British   National Insurance number: QQ 12 34 56 A

Employment history
2019-2025  Receptionist, Westfield Dental Practice
2014-2019  Sales assistant, Harbour Books

Education
2010  A levels: English (B), Biology (C)

References available on request."""
APPLICATION = letter(
    LENA,
    "Application for the reception post",
    "Dear team,\n\nplease find attached the CV of an applicant for the reception post. "
    "Could you set up her interview account?",
    to=RA_ADDRESS,
    files=(Attached("CV Rosalind Exampleton.docx", docx(CV)),),
)
REQUEST = letter(
    MARTIN,
    "Projector in meeting room 2 shows no picture",
    "Hello,\n\nthe projector in meeting room 2 shows no picture when I connect my laptop by cable. "
    "The other rooms work.",
)
