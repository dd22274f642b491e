"""Ticket numbers: a prefix for the desk, a dash and a running number, as in IT-000123."""

import re

from sqlalchemy import text
from sqlalchemy.orm import Session

NUMBER = re.compile(r"\b([A-Z]{2,6})-(\d{6,9})\b")
# In a subject the number stands in brackets, so that a part number is not taken for one.
TAG = re.compile(r"\[([A-Z]{2,6}-\d{6,9})\]")

# Both engines know it; others who want a number of this prefix wait for the row until we commit.
_TAKE = text(
    "INSERT INTO number_counters (prefix, next) VALUES (:prefix, 2) "
    "ON CONFLICT (prefix) DO UPDATE SET next = number_counters.next + 1 RETURNING next - 1"
)


def next_number(session: Session, prefix: str) -> str:
    """Take the next number of this prefix; a rolled back transaction gives it back."""
    number = session.execute(_TAKE, {"prefix": prefix}).scalar_one()
    return f"{prefix}-{number:06d}"


def tags_in(subject: str) -> list[str]:
    """The ticket numbers that stand in brackets in a subject, in order, each once."""
    return list(dict.fromkeys(TAG.findall(subject)))
