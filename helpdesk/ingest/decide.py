"""What happens to a mail: one table, rows tried in order, the first that fits decides.

Pure: nothing is read or written here. The table is the one in the design; a row's
number is the design's. A mail with a forged sender, or from where no person reads our
answers, is answered in no row.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from helpdesk.ingest.values import (
    Answer,
    Decision,
    OriginKind,
    Purpose,
    Record,
    Sender,
    Situation,
    Trust,
)
from helpdesk.tickets.states import State

FORGED = "forged_own_domain"
UNAUTHENTICATED = "failed_authentication"
THIRD_PARTY = "third_party"
UNANSWERED = "unanswered"
AUTOMATIC_KINDS = (OriginKind.AUTO_REPLY, OriginKind.LIST, OriginKind.BOUNCE)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: when it fits, and what then."""

    number: int
    name: str
    when: Callable[[Situation], bool]
    then: Callable[[Situation], tuple[Record, Answer]]


def decide(situation: Situation) -> Decision:
    """The decision for a situation. Total: the last rows cover every state."""
    seen = _as_seen(situation)
    row = next(row for row in TABLE if row.when(seen))
    record, answer = row.then(seen)
    forged = situation.trust is Trust.FAILED and not situation.confirmed
    flags = _flags(situation, seen, record)
    if answer is not Answer.NONE and not forged and not situation.answerable:
        flags = (*flags, UNANSWERED)
    if forged or not situation.answerable:
        answer = Answer.NONE
    return Decision(row.number, record, answer, flags)


def _as_seen(situation: Situation) -> Situation:
    """A sender whose authentication failed goes on as a stranger, unless an agent confirmed them."""
    if situation.trust is Trust.FAILED and not situation.confirmed:
        return replace(situation, sender=Sender.STRANGER)
    return situation


def _flags(situation: Situation, seen: Situation, record: Record) -> tuple[str, ...]:
    flags = []
    if situation.trust is Trust.FAILED:
        flags.append(FORGED if situation.claims_own_domain else UNAUTHENTICATED)
    elsewhere = record in (Record.NEW_TICKET, Record.UNMATCHED)
    if seen.sender is Sender.STRANGER and seen.state is not None and not elsewhere:
        flags.append(THIRD_PARTY)
    return tuple(flags)


def _waits_for_confirmation(s: Situation) -> bool:
    forged = s.trust is Trust.FAILED and s.claims_own_domain
    return forged and s.forged_own_domain == "hold" and not s.confirmed


def _automatic(s: Situation) -> tuple[Record, Answer]:
    return (Record.AUTOMATIC if s.state is not None else Record.NOTED), Answer.NONE


def _new(s: Situation) -> tuple[Record, Answer]:
    return (
        (Record.NEW_TICKET, Answer.ACKNOWLEDGEMENT) if s.new_tickets else (Record.REFUSED, Answer.HOW_TO_OPEN)
    )


def _added(s: Situation) -> tuple[Record, Answer]:
    follow_up = s.follow_up_acknowledgement and s.sender is Sender.PARTICIPANT
    return Record.ADDED, Answer.FOLLOW_UP if follow_up else Answer.NONE


def _resolved(s: Situation) -> tuple[Record, Answer]:
    if s.sender is Sender.STRANGER:
        return Record.ASIDE, Answer.HOW_TO_OPEN if s.guidance_due else Answer.NONE
    if s.purpose is Purpose.REACTIVATE:
        return Record.REACTIVATED, Answer.REACTIVATED
    return Record.ASIDE, Answer.NEXT_TICKET_ACTION if s.guidance_due else Answer.NONE


def _is_open(s: Situation) -> bool:
    return s.state is not None and s.state.is_open


TABLE: tuple[Row, ...] = (
    Row(
        1,
        "a mail of ours came back",
        lambda s: s.kind is OriginKind.OWN,
        lambda _: (Record.DROPPED, Answer.NONE),
    ),
    Row(
        2,
        "a mail of ours could not be delivered",
        lambda s: s.kind is OriginKind.BOUNCE and s.bounce_of_ours,
        lambda _: (Record.DELIVERY_FAILURE, Answer.NONE),
    ),
    Row(3, "an automatic mail", lambda s: s.kind in AUTOMATIC_KINDS, _automatic),
    Row(4, "held for an IG officer", lambda s: s.hold, lambda _: (Record.QUARANTINE, Answer.HELD)),
    Row(11, "signs of several tickets", lambda s: s.conflict, lambda _: (Record.UNMATCHED, Answer.NONE)),
    Row(
        5,
        "claims a domain of ours and failed",
        _waits_for_confirmation,
        lambda _: (Record.WAITS, Answer.NONE),
    ),
    Row(6, "no ticket matched", lambda s: s.state is None, _new),
    Row(7, "open, from a participant", lambda s: _is_open(s) and s.sender is not Sender.STRANGER, _added),
    Row(8, "open, from a stranger", _is_open, lambda _: (Record.ADDED_STRANGER, Answer.NONE)),
    Row(9, "resolved", lambda s: s.state is State.RESOLVED, _resolved),
    Row(10, "closed", lambda s: s.state is State.CLOSED, lambda _: (Record.KEPT, Answer.CLOSED)),
)
