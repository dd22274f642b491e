"""What a check finds."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from helpdesk.config import Settings


class Level(StrEnum):
    OK = "ok"
    WARNING = "warning"  # it runs, but an operator should know
    FAULT = "fault"  # something does not work


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at, and a sentence: what is so, and for a fault what to do."""

    subject: str
    level: Level
    sentence: str


Check = Callable[[Settings], Iterator[Finding]]


def ok(subject: str, sentence: str) -> Finding:
    return Finding(subject, Level.OK, sentence)


def warning(subject: str, sentence: str) -> Finding:
    return Finding(subject, Level.WARNING, sentence)


def fault(subject: str, sentence: str) -> Finding:
    return Finding(subject, Level.FAULT, sentence)
