"""The training text: one example a line, filled with names and dates, alone and among other sentences.

`text/breach_*.txt` tell somebody's matter, `text/clean_*.txt` tell none. A line's place in its file
decides its group, so that lines written one after another are judged by weights that saw none of them.
"""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from helpdesk.pii.semantic.masking import CANDIDATE, DATE, FULL, GIVEN, NUMBER, SURNAME

BLOCK = 6  # lines that are held out together
ONCE = ("lists", "whole")  # kinds of text that needs no filling and no company: real mails, and whole ones
TWINS = (
    "pairs",
    "writer",
    "kinds",
    "number",
)  # files whose breach and clean lines go in pairs, held out together too
_SLOT = re.compile(r"\{([A-Z])\}")
_PLACES = [
    "Ward 7",
    "AMU",
    "the stroke unit",
    "Maple Ward",
    "ICU",
    "level 3",
    "bay B",
    "the day unit",
    "Ward C4",
    "theatre 2",
    "outpatients",
]
_SYSTEMS = [
    "SystmOne",
    "EMIS",
    "Lorenzo",
    "RiO",
    "TrakCare",
    "Careflow",
    "Epic",
    "Datix",
    "ICE",
    "ESR",
    "Cerner",
    "EPMA",
    "PACS",
    "Allocate",
]
_DATES = ["12 March", "04/02/2026", "Monday", "next Friday", "1st Oct", "the 14th", "Tuesday week"]
_TITLES = ["Mr", "Mrs", "Ms", "Miss", "Mr", "Mrs"]


@dataclass(frozen=True, slots=True)
class Line:
    """A line as written, with its label, what kind of matter it tells, and its group."""

    text: str = field(repr=False)
    breach: bool
    kind: str
    group: str


@dataclass(frozen=True, slots=True)
class Example:
    text: str = field(repr=False)
    breach: bool
    kind: str
    group: str


def lines() -> list[Line]:
    """Every line of the training text."""
    found: list[Line] = []
    for file in sorted(
        resources.files("helpdesk.pii.semantic").joinpath("text").iterdir(), key=lambda f: f.name
    ):
        label, _, kind = file.name.removesuffix(".txt").partition("_")
        written = [
            line
            for line in file.read_text(encoding="utf-8").splitlines()
            if line and not line.startswith("#")
        ]
        group = kind if kind.startswith(TWINS) else file.name
        found += [
            Line(line, label == "breach", kind, f"{group}-{number // BLOCK}")
            for number, line in enumerate(written)
        ]
    return found


@cache
def _pool(name: str) -> tuple[str, ...]:
    text = resources.files("helpdesk.pii").joinpath("data", name).read_text(encoding="utf-8")
    return tuple(line.split()[0].title() for line in text.splitlines() if line and not line.startswith("#"))


def filled(line: Line, dice: random.Random, *, masked: bool) -> str:
    """The line with its slots filled: with the stand-ins of masking, or with names from the pools."""
    return _SLOT.sub(lambda slot: _value(slot.group(1), dice, masked=masked), line.text)


def _value(slot: str, dice: random.Random, *, masked: bool) -> str:
    given = GIVEN if masked else dice.choice(_pool("given.txt"))
    surname = SURNAME if masked else dice.choice(_pool("family.txt"))
    match slot:
        case "N" | "M":
            return FULL if masked else f"{given} {surname}"
        case "G":
            return given
        case "S":
            return surname
        case "T":
            return f"{dice.choice(_TITLES)} {surname}"
        case "D":
            return DATE if masked else dice.choice(_DATES)
        case "P":
            return CANDIDATE
        case "R":
            return NUMBER if masked else f"INC{dice.randrange(10**6, 10**7)}"
        case "W":
            return dice.choice(_PLACES)
        case _:
            return dice.choice(_SYSTEMS)


def examples(written: Sequence[Line], times: int = 2, seed: int = 7) -> Iterator[Example]:
    """Each line `times` times: the first alone and masked, the others among clean lines, in other spellings, some with real names.

    A line's own words throw its dice, so that new text changes no example of old text.
    """
    fillers = [line for line in written if not line.breach and line.kind == "ordinary"]
    for line in written:
        dice = random.Random(f"{seed} {line.text}")  # noqa: S311 - no secret is made of it
        yield Example(filled(line, dice, masked=True), line.breach, line.kind, line.group)
        for _ in range(0 if line.kind.startswith(ONCE) else times - 1):
            yield Example(_among(line, fillers, dice), line.breach, line.kind, line.group)


def _among(line: Line, fillers: Sequence[Line], dice: random.Random) -> str:
    masked = dice.random() < 0.7
    parts = [filled(line, dice, masked=masked)]
    for _ in range(dice.choice((0, 0, 1, 1, 2))):
        parts.insert(dice.randrange(len(parts) + 1), filled(dice.choice(fillers), dice, masked=masked))
    return _respelt(" ".join(parts), dice)


def _respelt(text: str, dice: random.Random) -> str:
    """As people type: sometimes all lower case, without apostrophes or the last stop."""
    roll = dice.random()
    if roll < 0.15:
        return text.lower().replace("'", "")
    if roll < 0.2:
        return text.upper()
    return text.rstrip(".") if roll < 0.4 else text
