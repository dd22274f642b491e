"""The training text is well formed, and filled as the scan masks."""

import random
import re

import pytest

from helpdesk.pii.semantic.examples import ONCE, Line, examples, filled, lines
from helpdesk.pii.semantic.masking import FULL, mask

LINES = lines()


def test_there_is_about_as_much_of_either_kind_and_enough() -> None:
    """Of what was written for it; real public mail, all of it clean, comes besides."""
    written = [line for line in LINES if line.kind not in ONCE and not line.kind.startswith("corpus")]
    breach = sum(line.breach for line in written)
    clean = len(written) - breach
    assert min(breach, clean) >= 1500
    assert 0.7 < breach / clean < 1.4


def test_no_line_is_there_twice() -> None:
    texts = [line.text for line in LINES]
    assert len(texts) - len(set(texts)) == 0


def test_every_slot_is_one_that_is_filled() -> None:
    odd = {slot for line in LINES for slot in re.findall(r"\{([^}]*)\}", line.text)} - set("NMGSTDRWYP")
    assert {slot for slot in odd if re.fullmatch(r"[A-Z]\w?", slot)} == set()


@pytest.mark.parametrize("name", ["pairs", "writer1", "kinds2", "number"])
def test_twins_are_held_out_together(name: str) -> None:
    groups = {(line.group, line.breach) for line in LINES if line.kind == name}
    assert {group for group, breach in groups if breach} & {group for group, breach in groups if not breach}


def test_a_masked_filling_reads_as_the_scan_masks_it() -> None:
    line = Line("{N} is in {W}, born {D}.", True, "health", "g")
    text = filled(line, random.Random(1), masked=True)
    assert FULL in text
    assert mask(text).text == text


def test_examples_are_the_same_each_time() -> None:
    some = LINES[:50] + [line for line in LINES if line.kind == "ordinary"][:50]
    assert list(examples(some)) == list(examples(some))


def test_new_text_changes_no_example_of_old_text() -> None:
    some = LINES[:40] + [line for line in LINES if line.kind == "ordinary"][:40]
    assert set(examples(some[:20] + some[40:])) <= set(examples(some))
