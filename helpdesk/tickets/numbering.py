"""Ticket numbers: a prefix for the desk, a dash and a running number, as in IT-000123."""

import re

from sqlalchemy.orm import Session

from helpdesk.db import serialise
from helpdesk.models import NumberCounter

NUMBER = re.compile(r"\b([A-Z]{2,6})-(\d{6,9})\b")
# In a subject the number stands in brackets, so that a part number is not taken for one.
TAG = re.compile(r"\[([A-Z]{2,6}-\d{6,9})\]")


def next_number(session: Session, prefix: str) -> str:
    """Take the next number of this prefix; a rolled back transaction gives it back."""
    serialise(session, f"number {prefix}")
    counter = session.get(NumberCounter, prefix)
    if counter is None:
        counter = NumberCounter(prefix=prefix, next=1)
        session.add(counter)
    number = counter.next
    counter.next += 1
    session.flush()
    return f"{prefix}-{number:06d}"


def tags_in(subject: str) -> list[str]:
    """The ticket numbers that stand in brackets in a subject, in order, each once."""
    return list(dict.fromkeys(TAG.findall(subject)))
