"""Values that only show where one goes, count on from each other, come due, or belong to a firm, a machine or a play: nobody's.

Beside each stands what it must not hide: the same value where somebody is meant.
"""

import pytest

from helpdesk.pii.scanner import Scanner
from helpdesk.pii.values import Context, Kind, Piece

NOBODYS = [
    # dates to come
    "Fire wardens, with when their course lapses:\nMoira Blyth  04/05/28\nTerry Coombs  19.09.27\nSunil Rao  30/11/26",
    "Boards with Mrs Ada Crowther in the chair: 12/01/27, 09-Feb-27, 09.03.27. Rooms to be booked.",
    "The old wing rebuilt 12.03.1957 by Alderman Joan Tilley has a new plaque",
    # numbers of one digit, of a series, of a form's mask
    "The blank form prints as NI ZY 00 00 00 A / sort 00-00-00 / account no 00000000 for every starter",
    "The mask insists on NI numbers like PW 99 99 99 B and refuses small letters",
    "New tags for payroll's hot desks: HE305511A laptop, HE305512A laptop, HE305514C dock",
    "stickers came as KL 30 55 11 C and the scanner wants no blanks",
    "SPECIMEN across the payslip is too dark: NI number PW 12 61 88 B, tax code 0000",
    # what is said to be invented
    "I made up these at home for the demo, there are no such people, and they are all in the 999 range.\nnhs,surname,dob\n9990003333,O'Pretend,01/01/1901\n9990001111,Testerson,31/12/1999",
    "Purge the QA studies please: PatientName PHANTOM^HEAD^SMALL, birth date 20010101, when the coil came",
    'The vendor\'s own sample fails too: {"given":"Test","family":"Patient","birthDate":"1900-01-01","nhs":"9990000018"}',
    "Their manual's file:\nsurname,forename,dob,nhs\nBo Peep,Miss,00/00/0000,0000000000\nSprat,Jack,00/00/0000,0000000000",
    'Use {"resourceType":"Patient","name":[{"family":"<surname>","given":["<forename>"]}],"birthDate":"<date>"} and fill it in on your side',
    "Test clinic numbers are loaded on the new server. All have the date of birth 2 Feb 1982.",
    "Terminal 9 died on arrival. Born on 03/02/2024 according to the build plate.",
    "The supplier's quotation, born 04/03/2024, dies in May",
    "HOW TO WRITE YOUR CV\nName and phone number (do not put your date of birth or nationality)\nPersonal statement: four lines. \"I am a kind person\" tells nothing.\nEducation\nEmployment\nReferees: two",
    # places of work
    "Please push the new footer: Lanterns Out of Hours CIC, Unit 7, Harbour Way, Selby YO8 4ZZ",
    "The team moves home to Unit 2, Marsh Business Park, Quarry Lane, Selby YO8 4ZZ",
    "We take 30 kg to Mill Hill, and 26 pt black on yellow, with home signs in green",
    "40 got there in the end, of whom six live far off",
    "A courier can leave it at the home: Thornlea, 9 Mill Road, Selby. Ask for the manager",
    "Sites for the fibre: Larches Nursing Home, 1 Ferry Road, G83 0ZZ, 01632 960 811, matron Isla Baird\nArden Lodge, Shore Street, G83 0ZY, 01632 960 812",
    "The van is garaged at 9 Mill Road, Selby YO8 4ZZ. Terry Coombs, Transport",
    # lines of work
    "If you have got this by mistake tell our Caldicott Guardian. Concerns: 0113 496 0111",
    "Notify the sender and your Caldicott Guardian.\nIf a child may be at risk ring 0113 496 0111. Ida Coombs",
    "HE305511A, HE305512A and HE305514C, all for payroll's desks",
    "The new Speak Up Guardian is Terry Coombs (07700 900612), please change the posters",
    "The vet school's teaching case, a greyhound, is accession VET-00731 on the vet PACS",
]  # fmt: skip
SOMEBODYS = [
    "Moira Blyth 04/05/48, Terry Coombs 19.09.61 and Sunil Rao 30/11/27 were not written to",
    "Mrs Ada Crowther (12/01/27) has had no letter about her clinic",
    "DOB 04/05/28 and DOB 09/03/29 come up as 2028 and 2029 for Moira Blyth and Ada Crowther",
    "Payroll has PW 61 24 88 B for her and PW 71 25 88 C for him, neither matches HMRC",
    "NI PW 61 24 88 B is refused by the form, it is mine",
    "sort code 12-34-56 account 66374958, barclays, it is my pay",
    "There is no such person here, says the ward, but Joan Tilley, DOB 03/04/1951, NHS 450 557 7104 was admitted last night",
    "All our machines have the same date. Joan Tilley has the date of birth 3 April 1951 and shows 1915",
    "surname,forename,dob\nTilley,Joan,03/04/1951\nSprat,Jack,00/00/0000",
    "She was born on 03/02/1964 by her passport and 1946 by us: Joan Tilley",
    "Discharged to Unit 2 hostel. Joan Tilley lives at 9 Mill Road, Selby YO8 4ZZ",
    "Joan Tilley: her guardian's mobile is 07700 900612, please change it on the record",
    "Joan Tilley\n14 Mill Road, Selby YO8 4ZZ\nhas had three letters meant for next door",
]  # fmt: skip


def held(scanner: Scanner, text: str) -> bool:
    found = scanner.findings([Piece("text", Kind.TEXT, text)], Context(sender_address="desk@trust.nhs.uk"))
    return any(hit.rule.hold for hit in scanner.policy.hits(found))


@pytest.mark.parametrize("number", range(len(NOBODYS)))
def test_a_value_of_nobody_holds_nothing(scanner: Scanner, number: int) -> None:
    assert not held(scanner, NOBODYS[number])


@pytest.mark.parametrize("number", range(len(SOMEBODYS)))
def test_the_same_value_of_somebody_holds(scanner: Scanner, number: int) -> None:
    assert held(scanner, SOMEBODYS[number])
