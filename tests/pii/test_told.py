"""A matter told in the subject alone, or in one short line, is held as one told at length: agents read subjects."""

from dataclasses import replace
from typing import cast

import pytest

from helpdesk.pii.contexts import CONTEXT
from helpdesk.pii.found import Found
from helpdesk.pii.recognizers.base import plain_reading
from helpdesk.pii.recognizers.date_of_birth import DateOfBirth
from helpdesk.pii.recognizers.nhs_number import NhsNumber
from helpdesk.pii.scanner import Scanner
from helpdesk.pii.sections import read_piece
from helpdesk.pii.semantic import Judgement, Masked, Semantic
from helpdesk.pii.semantic.encoder import Read
from helpdesk.pii.told import MOST_ASKED, told
from helpdesk.pii.values import Context, Kind, Piece, Zone

MATTERS = [
    "Mrs Patel in bed 4 miscarried last night",
    "Rachel Okafor sectioned this morning",
    "My son Jaydon has been diagnosed with leukaemia",
    "Grievance against Peter Lowe for groping a student nurse",
    "Tom Hadley off with depression again",
    "Mr Wright's HIV result",
    "Dr Khan struck off for drinking",
]
ORDINARY = [
    "Miscarriage leaflet will not print on ward 4",
    "Mr Wright's smartcard",
    "Grievance policy, broken link",
    "Rachel Okafor started this morning, no account",
    "Depression screening form v3",
]
BODIES = [
    "",
    "See subject.",
    "Can you move the 2 pm slot please? The calendar will not let me.\n\nThanks\nJo",
]


def held(scanner: Scanner, subject: str, body: str) -> bool:
    pieces = [Piece("subject", Kind.SUBJECT, subject), Piece("body_text", Kind.TEXT, body)]
    return scanner.scan(pieces, Context(sender_name="Jo Lim", sender_address="jo.lim@northmoor.nhs.uk")).hold


@pytest.mark.parametrize("number", range(len(MATTERS)))
def test_a_matter_in_the_subject_is_held_whatever_the_body_says(scanner: Scanner, number: int) -> None:
    assert [held(scanner, MATTERS[number], body) for body in BODIES] == [True] * len(BODIES)


@pytest.mark.parametrize("number", range(len(MATTERS)))
def test_a_matter_in_one_short_line_is_held(scanner: Scanner, number: int) -> None:
    assert held(scanner, "Calendar", f"{MATTERS[number]}.\n\nThanks\nJo")


@pytest.mark.parametrize("number", range(len(ORDINARY)))
def test_an_ordinary_subject_goes_through(scanner: Scanner, number: int) -> None:
    assert not any(held(scanner, ORDINARY[number], body) for body in BODIES)


TOLD = "Mrs Patel, 68, has had a stroke and cannot speak; her daughter found her on the kitchen floor."
STORIES = [
    "Scenario 7 will not load, the others do. The text is:",
    "Our manikin in the sim suite needs the wifi. Today's case:",
    "Three invented personas from the workshop, for the new portal:",
    "The induction quiz shows this question twice:",
    "From the role-play sheet, which prints without margins:",
]
REAL = [
    "The scenario planning tool is down, and I need it for this:",
    "This is not a training case:",
    "A real patient was put into the training region by mistake:",
    "Can you restore the letter that begins:",
]


@pytest.mark.parametrize("words", STORIES)
def test_a_story_told_to_train_is_doubted(scanner: Scanner, words: str) -> None:
    assert surest(scanner, f"{words}\n\n{TOLD}") < surest(scanner, TOLD) - 0.05


@pytest.mark.parametrize("words", REAL)
def test_a_real_person_is_held_whatever_stands_before(scanner: Scanner, words: str) -> None:
    assert held(scanner, "Help", f"{words}\n\n{TOLD}")


def surest(scanner: Scanner, body: str) -> float:
    found = scanner.look([Piece("body_text", Kind.TEXT, body)], Context())[1]
    return max((one.score for one in found if one.recognizer == "Tells"), default=0.0)


class Counting:
    """The judge of the package, whose careful reader is counted, and may be told to clear all that it reads."""

    def __init__(self, judge: Semantic, chance: float | None = None) -> None:
        self._judge, self._chance, self.asked = judge, chance, 0
        self.texts: list[str] = []

    def __getattr__(self, name: str) -> object:
        return getattr(self._judge, name)

    def read_with_care(self, *texts: Masked) -> Read | None:
        self.asked += 1
        self.texts += [text.text for text in texts]
        return self._judge.read_with_care(*texts)

    def reconsider(self, judgement: Judgement, read: Read | None) -> Judgement:
        said = self._judge.reconsider(judgement, read)
        return said if self._chance is None else replace(said, probability=self._chance)


SEVERAL = "\n\n".join(
    f"{name} was rushed in with a ruptured appendix last night and her husband is frantic; they kept her in and she may not pull through, so please tell nobody on the ward about it at all until the family has been told by us."
    for name in ("Ann Carter", "Joan Fernhill", "Mary Katz", "Rosa Lindqvist", "Edith Moss", "Priya Nair")
)


def found_by(judge: Counting, body: str) -> list[float]:
    return [one.score for one in told([plain_reading(body)], [], cast("Semantic", judge))]


def test_an_ordinary_mail_is_not_read_with_care() -> None:
    judge = Counting(Semantic.load())
    assert found_by(judge, "The printer on level 3 has no toner. Could somebody bring some? Thanks, Jo") == []
    assert judge.asked == 0


def test_of_many_stretches_the_likeliest_four_are_read_with_care() -> None:
    judge = Counting(Semantic.load())
    assert len(found_by(judge, SEVERAL)) > MOST_ASKED
    assert judge.asked <= MOST_ASKED


STROKE = "She has had a stroke and cannot speak; her daughter found her on the kitchen floor."


def test_the_careful_reader_sees_the_subject_and_what_stands_around() -> None:
    judge = Counting(Semantic.load())
    body = plain_reading(f"This is about the lady in bed 4.\n\n{STROKE}\n\nCan her screen be moved nearer?")
    subject = read_piece(Piece("subject", Kind.SUBJECT, "A screen for bay 2"), Context())
    list(told([subject, body], [], cast("Semantic", judge)))
    (text,) = judge.texts
    for words in ("screen for bay 2", "lady in bed 4", "had a stroke", "moved nearer"):
        assert words in text


def test_a_few_words_are_read_alone_too() -> None:
    """Beside the word "Calendar" alone, a patient sectioned looks like an appointment."""
    judge = Counting(Semantic.load())
    subject = read_piece(Piece("subject", Kind.SUBJECT, "Calendar"), Context())
    body = plain_reading("Rachel was sectioned this morning.")
    list(told([subject, body], [], cast("Semantic", judge)))
    assert judge.texts == [
        "Calendar Rachel was sectioned this morning.",
        "Rachel was sectioned this morning.",
    ]


def test_stretches_of_one_short_mail_are_read_together_and_once() -> None:
    judge = Counting(Semantic.load())
    words = " ".join(["and nobody knew of it until the night nurse came round"] * 3)
    found_by(judge, f"{STROKE} {words}.\n\nMrs Patel was sectioned on Friday {words}.")
    assert judge.asked == 1


def test_of_a_long_mail_no_more_is_read_than_stands_around() -> None:
    judge = Counting(Semantic.load())
    calm = "The printer on level 3 has no toner and the spare one is on the list for next week."
    found_by(judge, "\n\n".join([calm] * 10 + [STROKE] + [calm] * 3))
    assert judge.asked == 1
    assert STROKE[:20] in judge.texts[0]
    assert len(judge.texts[0].split()) <= CONTEXT


def test_where_those_are_cleared_the_others_are_not_held_against_the_mail() -> None:
    assert found_by(Counting(Semantic.load(), chance=0.01), SEVERAL) == []


@pytest.mark.parametrize(
    "body",
    [
        "Datix loses the text. Incident: Karim Haddadi, AMU bed 11, found on floor by commode, head wound, CT clear. Staff involved: Zainab Hussain, HCA",
        "Datix throws it out. Text for later: Pt Ivor Pugh, CDU bed 3, found on floor 0410 by the door, head lac, GCS 14, CT NAD. Staff involved: Dawn Reid, bank HCA.",
    ],
)
def test_a_patient_is_told_of_though_staff_is_named_beside(scanner: Scanner, body: str) -> None:
    """A name beside a number is no patient's where staff alone is named; beside somebody else it says nothing."""
    assert held(scanner, "Datix won't save", body)


@pytest.mark.parametrize(
    ("body", "asked"),
    [
        ("It will not go through for 401 023 2137, could somebody try once more please?", 1),
        ("The old print room opened on 22 June 1964 and its door is stuck again.", 0),
    ],
)
def test_what_may_lead_to_a_person_is_read_with_care_though_the_quick_judges_clear_it(
    body: str, asked: int
) -> None:
    judge = Counting(Semantic.load())
    reading = plain_reading(body)
    found = [
        Found(hit.entity, hit.start, hit.end, hit.score, hit.why, "", reading, id(reading), Zone.BODY)
        for recognizer in (NhsNumber(), DateOfBirth())
        for hit in recognizer.hits(reading)
    ]
    assert found_by(judge, body) == []
    assert judge.asked == 0
    list(told([reading], found, cast("Semantic", judge)))
    assert judge.asked == asked
