"""Numbers split, joined and labelled as hurried people, forms and machines write them; and what only looks so."""

import pytest

from helpdesk.pii.recognizers.bank import BankAccount
from helpdesk.pii.recognizers.base import Recognizer
from helpdesk.pii.recognizers.date_of_birth import DateOfBirth
from helpdesk.pii.recognizers.named_files import NamedFile
from helpdesk.pii.recognizers.national_numbers import ChiNumber, OldNhsNumber
from helpdesk.pii.recognizers.nhs_number import NhsNumber
from helpdesk.pii.recognizers.nino import NationalInsuranceNumber
from helpdesk.pii.sections import read_piece
from helpdesk.pii.values import Context, Kind, Piece

NINO, BANK, CHI, NHS, OLD, BORN, FILE = (
    NationalInsuranceNumber,
    BankAccount,
    ChiNumber,
    NhsNumber,
    OldNhsNumber,
    DateOfBirth,
    NamedFile,
)
FOUND = [
    (NINO, "rejected by the fund: PW 61 24 88 B-Threlfall, RS712 519C-Adeyemi", ["PW 61 24 88 B", "RS712 519C"]),
    (NINO, "PW 612 488 B;Ferreira;joined in May", ["PW 612 488 B"]),
    (NINO, "payroll has him under RS7 12519 C and the tax office does not", ["RS7 12519 C"]),
    (BANK, "it is starling now, 08 60 01 then 66 37 49 58", ["08 60 01", "66 37 49 58"]),
    (BANK, "wages: 20-30-41, 6 6 3 7 4 9 5 8 please", ["20-30-41", "6 6 3 7 4 9 5 8"]),
    (
        BANK,
        "It should be a company account.\n> 20-30-41\n> 6 6 3 7 4 9 5 8\n> name on account MRS O FERREIRA",
        ["20-30-41", "6 6 3 7 4 9 5 8"],
    ),
    (CHI, "Mrs Baird's tubes are here and nae labels, 1603489999", ["1603489999"]),
    (CHI, "should be 050761 1234, it shows a wee laddie", ["050761 1234"]),
    (CHI, "The gateway says the CHI is no known. 2304 90 1234", ["2304 90 1234"]),
    (CHI, "CHI is 230490 then 1234, type it", ["230490 then 1234"]),
    (CHI, "Baird_Isobel_2304901-234_smear recall.doc, the lady rang twice", ["2304901-234"]),
    (CHI, "S:\\Paeds\\Baird Rory 1603487956 botox review.docx is too long", ["1603487956"]),
    (NHS, "Her H&C is not known to the index. It's 364 118 2058 on the red book", ["364 118 2058"]),
    (NHS, "She's 6123451234, she'll be ninety in May", ["6123451234"]),
    (NHS, '{"system":"https://fhir.nhs.uk/Id/nhs-number", "value": "4123451234"}', ["4123451234"]),
    (NHS, "Ferreira_O_7458073020_CThead_final(3).pdf will not open", ["7458073020"]),
    (NHS, "N H S  no .  7 4 5 8  0 7  3 0 2 0", ["7 4 5 8  0 7  3 0 2 0"]),
    (CHI, "MY SCAN WAS LOST. IT IS 230490 AND THEN 12O4", ["230490 AND THEN 12O4"]),
    (NHS, "ring back - widow of T. Coombs (7458073020), wants the notes", ["7458073020"]),
    (BORN, "Surname.....THRELFALL     Given....ADA\nBorn........14.07.61      Sex......F", ["14.07.61"]),
    (BORN, "DOB ________ 14/07/1961\nLives ______ alone", ["14/07/1961"]),
    (BORN, "> date of birth ...... 14 July 1961", ["14 July 1961"]),
    (FILE, "Microsoft Word - Baird_Isobel_colposcopy recall.doc  error", ["Microsoft Word - Baird_Isobel_colposcopy recall.doc"]),
]  # fmt: skip
LEFT = [
    (NINO, "parts PW612 488B-Black, RS712 519C-Grey are out of stock"),
    (NINO, "order PW 61 24 88 B-Deluxe from the catalogue"),
    (NINO, "room RS 7 12519 C is booked"),
    (NINO, "version AB 1 2 3 4 5 6 C of the plan"),
    (BANK, "columns 08 60 01 then 66 37 49 58 of the lottery"),
    (BANK, "built on 20-10-26, run 1 2 3 4 5 6 7 8 in turn"),
    (BANK, "The form shows sort code 00-00-00 and account 0 0 0 0 0 0 0 0 for wages"),
    (CHI, "asset 2304 90 1234 stands by bed 12"),
    (CHI, "order 160348 then 9999 more of the gloves"),
    (CHI, "rows 2304901-234 were loaded"),
    (NHS, "The NHS supply chain order is late. It's 613 842 7004 on the docket"),
    (NHS, "it's 613 842 7004 kilobytes, she says"),
    (NHS, '{"system":"https://fhir.nhs.uk/Id/ods-code", "value": "4123451234"}'),
    (OLD, "patient: SIMMAN (no NHS number)\nlogin: TRAIN01"),
    (BORN, "Born........        Sex......"),
    (BORN, "I waited....14/07/1961 came up as a default"),
    (BORN, "Issued ______ 14/07/2019"),
    (FILE, "Microsoft Word - Product recall Ward poster.doc"),
    (FILE, "colposcopy leaflet v2.doc, colposcopy clinic rota.docx"),
]  # fmt: skip


def found(kind: type[Recognizer], text: str) -> list[str]:
    piece = Piece("body_text", Kind.TEXT, text)
    reading = read_piece(piece, Context(sender_address="desk@nhs.scot"))
    hits = kind().analyze(reading.text, [], reading)
    return [
        piece.text[slice(*reading.mapped.back(one.start, one.end))].lstrip("(")
        for one in hits
        if one.score >= 0.6
    ]


@pytest.mark.parametrize(("kind", "text", "expected"), FOUND)
def test_a_number_oddly_written_is_found(kind: type[Recognizer], text: str, expected: list[str]) -> None:
    assert list(dict.fromkeys(found(kind, text))) == expected


@pytest.mark.parametrize(("kind", "text"), LEFT)
def test_what_is_only_written_so_is_left(kind: type[Recognizer], text: str) -> None:
    assert found(kind, text) == []
