"""A mail is judged a few sentences at a time, what people wrote for it and nothing else."""

import time

import pytest

from helpdesk.config import Settings
from helpdesk.pii.found import Found
from helpdesk.pii.scanner import Scanner
from helpdesk.pii.sections import read_piece
from helpdesk.pii.semantic import Masked, Window, windows_of
from helpdesk.pii.semantic.windows import LONGEST, in_context
from helpdesk.pii.values import Context, Kind, Piece, Zone

CONTEXT = Context(sender_address="leah.goldstein@northmoor.nhs.uk", sender_name="Leah Goldstein")


def _windows(text: str) -> list[str]:
    piece = Piece("body_text", Kind.TEXT, text)
    scanner = Scanner(Settings(demo=True))
    found = scanner.findings([piece], CONTEXT)
    reading = found[0].reading if found else read_piece(piece, CONTEXT)
    return [window.masked.text for window in windows_of(reading, found)]


def test_short_sentences_stand_in_one_window() -> None:
    assert len(_windows("The rota is wrong. He had a stroke on Sunday. Please change it.")) == 1


def test_a_long_mail_is_cut_between_sentences() -> None:
    sentence = "The printer in the corridor has run out of paper again today. "
    windows = _windows(sentence * 12)
    assert len(windows) > 1
    assert all(len(window.split()) <= LONGEST and window.endswith("today.") for window in windows)


def test_names_are_masked() -> None:
    assert "Kowalska" not in " ".join(_windows("Can you unlock the account of Agnieszka Kowalska please."))


def test_greeting_and_signature_are_not_judged() -> None:
    windows = _windows("Hi team,\n\nThe mouse is broken.\n\nKind regards\nLeah Goldstein\nStroke Nurse\n")
    assert windows == ["The mouse is broken."]


def test_a_text_of_many_names_takes_as_long_as_it_is_long() -> None:
    """Each stretch looks at its own names: with all of them for each, this took twenty times as long."""
    sentence = "the printer on ward 7 will not print for Mark Day. "
    reading = read_piece(Piece("body_text", Kind.TEXT, sentence * 60_000), CONTEXT)
    named = [
        Found("PERSON", at, at + 8, 0.85, "two names", "Persons", reading, 0, Zone.BODY)
        for at in range(sentence.index("Mark"), len(sentence) * 60_000, len(sentence))
    ]
    begun = time.process_time()
    windows = windows_of(reading, named[::-1])
    assert time.process_time() - begun < 8
    assert all("Mark" not in window.masked.text for window in windows)


FIVE = [Window(at, at + 1, Masked(words)) for at, words in enumerate(("a a", "b b b", "c", "d d", "e e e e"))]


@pytest.mark.parametrize(
    ("at", "most", "text"),
    [
        (2, 1, "c"),
        (2, 0, "c"),
        (2, 3, "c d d"),
        (2, 5, "c d d"),
        (2, 6, "b b b c d d"),
        (2, 12, "a a b b b c d d e e e e"),
        (0, 5, "a a b b b"),
        (0, 99, "a a b b b c d d e e e e"),
        (4, 6, "d d e e e e"),
    ],
)
def test_a_window_is_seen_with_as_many_neighbours_as_fit(at: int, most: int, text: str) -> None:
    assert in_context(FIVE, at, most) == Masked(text)
