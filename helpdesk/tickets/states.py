"""The states of a ticket and the one table of legal moves."""

from enum import StrEnum

from helpdesk.errors import HelpdeskError


class State(StrEnum):
    """Where a ticket is. Open means any but resolved and closed."""

    NEW = "new"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    WAITING_USER = "waiting_user"
    WAITING_THIRD_PARTY = "waiting_third_party"
    RESOLVED = "resolved"
    CLOSED = "closed"

    @property
    def is_open(self) -> bool:
        return self not in (State.RESOLVED, State.CLOSED)

    @property
    def label(self) -> str:
        return LABELS[self]


LABELS = {
    State.NEW: "New",
    State.ASSIGNED: "Assigned",
    State.IN_PROGRESS: "In progress",
    State.WAITING_USER: "Waiting for user",
    State.WAITING_THIRD_PARTY: "Waiting for third party",
    State.RESOLVED: "Resolved",
    State.CLOSED: "Closed",
}

OPEN_STATES = tuple(state for state in State if state.is_open)


class Actor(StrEnum):
    """Who moves a ticket."""

    AGENT = "agent"
    REQUESTER = "requester"  # by the signed link or the signed address, or by replying
    CLOCK = "clock"  # the settable time after resolving


_WORKING = (State.ASSIGNED, State.IN_PROGRESS, State.WAITING_USER, State.WAITING_THIRD_PARTY)

# (from, to): who may make that move. What is not here is not legal.
MOVES: dict[tuple[State, State], frozenset[Actor]] = {
    **{(State.NEW, to): frozenset({Actor.AGENT}) for to in _WORKING},
    **{(one, to): frozenset({Actor.AGENT}) for one in _WORKING for to in _WORKING if one is not to},
    **{(one, State.NEW): frozenset({Actor.AGENT}) for one in _WORKING},  # handed back to the queue
    **{(one, State.RESOLVED): frozenset({Actor.AGENT}) for one in OPEN_STATES},
    **{(one, State.CLOSED): frozenset({Actor.AGENT}) for one in OPEN_STATES},
    (State.WAITING_USER, State.IN_PROGRESS): frozenset({Actor.AGENT, Actor.REQUESTER}),
    (State.RESOLVED, State.IN_PROGRESS): frozenset({Actor.AGENT, Actor.REQUESTER}),
    (State.RESOLVED, State.CLOSED): frozenset({Actor.AGENT, Actor.CLOCK}),
}


class IllegalMove(HelpdeskError):
    """A move that the table does not have, or not for this actor."""


def check_move(now: State, to: State, actor: Actor) -> None:
    """Raise IllegalMove when `actor` may not move a ticket from `now` to `to`."""
    if actor in MOVES.get((now, to), ()):
        return
    if now is State.CLOSED:
        raise IllegalMove("This ticket is closed and stays closed; open a new one instead.")
    raise IllegalMove(
        f"A ticket that is '{now.label}' cannot become '{to.label}' this way; reload the page to see its state."
    )


def moves_for(now: State, actor: Actor) -> list[State]:
    """The states that `actor` may move a ticket to, in the order of their definition."""
    return [to for to in State if actor in MOVES.get((now, to), ())]
