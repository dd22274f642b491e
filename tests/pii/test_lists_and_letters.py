"""Rows without headings, lists of beds, heads of letters and homes told in passing; and rows, agendas and letters of nobody."""

import pytest

from helpdesk.pii.scanner import Scanner
from helpdesk.pii.values import Context, Kind, Piece

SOMEBODYS = [
    "One line from each list:\nT1\t0900\tF\t64\tCoombs Ida\tRV 304471\thip\nT2\t0940\tM\t9\tBlyth O\tRV 311902\tgrommets",
    "slots booked twice\n10:00 | AC  F | HW 200417 | tinnitus\n10:30 | PB  M | HW 318822 | vestibular",
    "the report has no gaps\nCLINIC 4  RUN 05NOV26\n0900COOMBS     IDA     140761F DNA\n0920BLYTH      OWEN    020294M ATT",
    "On the huddle sheet\n1 empty\n2 Mrs Coombs, sepsis, on two litres\n3 Mr Blyth, c diff, asked for a side room\n4 closed",
    "> bed board\n> 11. Miss Rao - DKA, hourly sugars\n> 12. Mr Orme - stroke, for home today",
    "Spacing goes wrong here:\n\nMs Ida Coombs\nThe Old Bakery, Netherby, CF8 9ZX\n\nDear Ida\n\nI have partly upheld it.",
    "> Mrs P Blyth\n> 4 Mill Lane\n> Netherby\n> CF8 9ZX\n>\n> Dear Mrs Blyth\n> the logo prints twice",
    "The Old Bakery, Mill Lane, Little Netherby EV12 6BT. Leave it with Jo opposite if we're out",
    "I moved the house to 8B Tannery Street Netherby WX2 3PL with my husband and the form says no such code",
    "ps deliveries to mine: 8 Dovecote Rise, Netherby, NP7 5RT, ring the bottom bell",
    "Lynn - Ida Coombs, 19 Old Ropery, Netherby MG3 0ZZ, please fetch the kit",
    "The wristband stops half way, the second band came out as 745 80\n73 020 COOMBS and then a smudge",
    "Passport P7741208B until 2033\nBirth 22/12/1996 Iloilo",
    "Applicant: Ida Coombs  born 88/07/02, course BSc",
]  # fmt: skip
NOBODYS = [
    "Cables, by connector:\nA1 | M | HW 200417 | serial cable\nA2 | F | HW 318822 | serial cable",
    "Polo shirts to order, M and F cut:\nM\tRV 304471\tnavy\nF\tRV 311902\tnavy",
    "Agenda for the ward meeting\n1 Mrs Coombs, sepsis audit\n2 Mr Blyth, falls training\n3 Any other business",
    "Speakers\n1. Mr Orme - stroke pathway, session in the library\n2. Miss Rao - DKA guideline, poster",
    "Lockers on the ward\n2 Mrs Coombs, key lost\n3 Mr Blyth, hinge loose\n4 closed",
    "The letter prints so:\n\nMr Owen Blyth\nNetherby Surgery\n4 Mill Lane\nCF8 9ZX\n\nDear Owen\n\nThe new form is here.",
    "The new desk goes to The Old Bakery, Mill Lane, Little Netherby EV12 6BT, second floor office, and the key is at reception",
    "The team moves to 14 Acacia Road, Netherby on Monday. Two printers. Ruta Moss",
    "The bay's switch shows 745 80\n73 020 packets and then nothing",
    "build 88/07/02 of the viewer is out",
    "0900PRINTER    ELM     140761F\nrow two is empty",
]  # fmt: skip


def held(scanner: Scanner, text: str) -> bool:
    context = Context(sender_address="desk@trust.nhs.uk")
    found = scanner.findings([Piece("text", Kind.TEXT, text)], context)
    return any(hit.rule.hold for hit in scanner.policy.hits(found))


@pytest.mark.parametrize("number", range(len(SOMEBODYS)))
def test_a_row_list_or_letter_of_somebody_holds(scanner: Scanner, number: int) -> None:
    assert held(scanner, SOMEBODYS[number])


@pytest.mark.parametrize("number", range(len(NOBODYS)))
def test_one_of_nobody_holds_nothing(scanner: Scanner, number: int) -> None:
    assert not held(scanner, NOBODYS[number])
