"""A mail that says again what we answered already: a program that sets no sign of one talks to us.

It was written after our answer went out, by the address that got it, in the words of the mail that
we answered; numbers, times and what is quoted may differ. One answer is enough for both of us
(RFC 3834 section 2). The mail itself goes the way of any other.
"""

import re
from datetime import UTC, datetime, timedelta

from sqlalchemy import Row, Select, bindparam, select
from sqlalchemy.orm import Session

from helpdesk.db import now
from helpdesk.ingest.subjects import without_answers
from helpdesk.ingest.values import OriginKind, Prepared
from helpdesk.models import Message, OutboxMail
from helpdesk.models.outbound import OutboxState
from helpdesk.models.tickets import Direction
from helpdesk.pii.html import read_html

WITHIN = timedelta(days=1)
SKEW = timedelta(minutes=1)  # of the other's clock
AT_ONCE = timedelta(minutes=2)  # where the words are held and cannot be compared
ALIKE = 0.85  # of the words of both
LATEST = 10
CHARACTERS = 4_000
_WORD = re.compile(r"[^\W\d_]{2,}")

Columns = tuple[datetime, str, str, str, str]

# The mails of an address that were answered within a day, before this one was written. Made once: to build
# the query costs more than to run it.
_ANSWERED: Select[Columns] = (
    select(OutboxMail.created_at, Message.direction, Message.subject, Message.text, Message.html)
    .join(Message, Message.receipt_id == OutboxMail.receipt_id)
    .where(
        OutboxMail.to_address == bindparam("address"),
        OutboxMail.created_at > bindparam("since"),
        OutboxMail.created_at <= bindparam("until"),
        OutboxMail.automatic,
        OutboxMail.state != OutboxState.SUPPRESSED.value,
    )
    .order_by(OutboxMail.created_at.desc())
    .limit(LATEST)
)


def is_echo(session: Session, prepared: Prepared) -> bool:
    """Whether it repeats a mail that this address had an answer to: one query."""
    email = prepared.email
    if prepared.origin.kind is not OriginKind.PERSON or not email.from_address:
        return False
    written = _written(email.date)
    values = {"address": email.from_address.lower(), "since": now() - WITHIN, "until": written + SKEW}
    rows = session.execute(_ANSWERED, values).all()
    if not rows:
        return False
    subject = _words(without_answers(email.subject))
    said = _words(email.text, email.html)
    return any(_repeats(row, prepared, written, subject, said) for row in rows)


def _written(date: datetime | None) -> datetime:
    """When the mail was written; one from the future, or without a date, now."""
    at = now()
    if date is None:
        return at
    return min(date if date.tzinfo else date.replace(tzinfo=UTC), at)


def _repeats(
    row: Row[Columns], prepared: Prepared, written: datetime, subject: frozenset[str], said: frozenset[str]
) -> bool:
    answered_at, direction, before, text, html = row
    if direction == Direction.HELD.value:
        return prepared.verdict.hold and written - answered_at < AT_ONCE
    return subject == _words(without_answers(before)) and _alike(said, _words(text, html))


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    every = one | other
    return not every or len(one & other) >= ALIKE * len(every)


def _words(text: str, html: str = "") -> frozenset[str]:
    """The words that its writer wrote, without numbers and quoted lines."""
    read = text if text.strip() or not html else read_html(html[:CHARACTERS]).text
    own = (line for line in read[:CHARACTERS].splitlines() if not line.lstrip().startswith(">"))
    return frozenset(word.lower() for word in _WORD.findall("\n".join(own)))
