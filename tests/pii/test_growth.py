"""Time grows with length and no faster, whatever the text; no pattern of ours runs away."""

import importlib
import pkgutil
import re
import time
from collections.abc import Iterator

import pytest

import helpdesk.pii
from helpdesk.config import Settings
from helpdesk.pii.scanner import Scanner
from helpdesk.pii.values import Context, Kind, Piece

SEEDS = {
    "spaced digits": "12 ", "digits": "1", "spaces": " ", "letters": "a", "names": "Maria Lopez ", "commas": "a,b,c\n", "open tags": "<", "open comments": "<div><!-- ", "line ends": "\n",
    "quotes": "> ", "headers": "From: a\nTo: b\nSubject: c\n", "labels": "nhs no ", "passports": "passport number ", "digit words": "one two three ", "headers of tables": "name\tdob\n",
    "tabs": "a\t", "capitals": "A ", "inserts": "insert into a(name,dob) values ", "segments": "PID|", "addresses": "12 High ", "dates": "01/02/1950 ", "self": "i have ", "dots": ". ",
}  # fmt: skip


def seconds(scanner: Scanner, seed: str, size: int) -> float:
    kind = Kind.HTML if "<" in seed else Kind.TEXT
    piece = Piece("body", kind, (seed * (size // len(seed) + 1))[:size])
    begun = time.process_time()
    verdict = scanner.scan([piece], Context())
    assert not verdict.unscannable
    return time.process_time() - begun


@pytest.fixture(scope="module")
def scanner() -> Scanner:
    scanner = Scanner(Settings(demo=True))
    scanner.warm()
    return scanner


@pytest.mark.slow
@pytest.mark.parametrize("name", SEEDS)
def test_ten_times_the_text_takes_about_ten_times_as_long(scanner: Scanner, name: str) -> None:
    small, large = seconds(scanner, SEEDS[name], 5_000), seconds(scanner, SEEDS[name], 50_000)
    assert large < 1.5
    assert large < 0.6 or large < 30 * small


@pytest.mark.slow
def test_a_million_characters_are_read_in_their_time(scanner: Scanner) -> None:
    assert seconds(scanner, "the printer on ward 7 will not print for Mark Day. ", 1_000_000) < 20


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    for module in pkgutil.walk_packages(helpdesk.pii.__path__, "helpdesk.pii."):
        if any(part in module.name for part in (".documents", ".redact", ".semantic", "__main__")):
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
                yield f"{module.name}.{name}", value


NASTY = [
    seed * 4_000
    for seed in (
        "a",
        "A",
        " ",
        "1",
        "1 ",
        "a ",
        "Aa ",
        "a.",
        "-",
        "\t",
        "(",
        "'",
        "\n",
        "i was very ",
        "he is ",
        "mrs a ",
        "1 a ",
    )
]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "pattern"), list(patterns()))
def test_no_pattern_runs_away(name: str, pattern: re.Pattern[str]) -> None:
    for nasty in NASTY:
        piece = nasty[:8_000]
        begun = time.process_time()
        for _ in pattern.finditer(piece):
            pass
        assert time.process_time() - begun < 0.5, name
