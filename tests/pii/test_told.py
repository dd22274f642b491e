"""A matter told in the subject alone, or in one short line, is held as one told at length: agents read subjects."""

from dataclasses import replace
from typing import cast

import pytest

from helpdesk.config import Settings
from helpdesk.pii.recognizers.base import plain_reading
from helpdesk.pii.scanner import Scanner
from helpdesk.pii.semantic import Judgement, Masked, Semantic
from helpdesk.pii.told import MOST_ASKED, told
from helpdesk.pii.values import Context, Kind, Piece

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


@pytest.fixture(scope="module")
def scanner() -> Scanner:
    return Scanner(Settings(demo=True))


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

    def __getattr__(self, name: str) -> object:
        return getattr(self._judge, name)

    def reconsider(self, sentence: Masked, judgement: Judgement) -> Judgement:
        self.asked += 1
        said = self._judge.reconsider(sentence, judgement)
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
    assert judge.asked == MOST_ASKED


def test_where_those_are_cleared_the_others_are_not_held_against_the_mail() -> None:
    assert found_by(Counting(Semantic.load(), chance=0.01), SEVERAL) == []
