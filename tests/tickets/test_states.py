"""The table of legal moves."""

from itertools import product

import pytest

from helpdesk.tickets.states import MOVES, OPEN_STATES, Actor, IllegalMove, State, check_move, moves_for


@pytest.mark.parametrize(("now", "to", "actor"), list(product(State, State, Actor)))
def test_a_move_is_allowed_just_when_the_table_has_it(now: State, to: State, actor: Actor) -> None:
    if actor in MOVES.get((now, to), ()):
        check_move(now, to, actor)
        return
    with pytest.raises(IllegalMove):
        check_move(now, to, actor)


@pytest.mark.parametrize("actor", Actor)
def test_closed_stays_closed_for_everyone(actor: Actor) -> None:
    assert moves_for(State.CLOSED, actor) == []


def test_an_agent_can_bring_every_open_ticket_to_an_end() -> None:
    for state in OPEN_STATES:
        assert {State.RESOLVED, State.CLOSED} <= set(moves_for(state, Actor.AGENT))


def test_a_requester_can_only_re_activate_or_answer() -> None:
    legal = {move for move, actors in MOVES.items() if Actor.REQUESTER in actors}
    assert legal == {(State.RESOLVED, State.IN_PROGRESS), (State.WAITING_USER, State.IN_PROGRESS)}


def test_the_clock_can_only_close_what_is_resolved() -> None:
    assert {move for move, actors in MOVES.items() if Actor.CLOCK in actors} == {
        (State.RESOLVED, State.CLOSED)
    }
