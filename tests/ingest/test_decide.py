"""The decision table, row by row, and the laws that hold over all of it."""

from dataclasses import replace
from itertools import product

import pytest

from helpdesk.ingest.decide import TABLE, UNANSWERED, decide
from helpdesk.ingest.values import Answer, OriginKind, Purpose, Record, Sender, Situation, Trust
from helpdesk.tickets.states import OPEN_STATES, State

P, S, A = Sender.PARTICIPANT, Sender.STRANGER, Sender.AGENT
PERSON = Situation(OriginKind.PERSON, Trust.UNKNOWN, hold=False)


def person(**over: object) -> Situation:
    return replace(PERSON, **over)


ROWS = [
    # row, situation, record, answer
    (1, person(kind=OriginKind.OWN), Record.DROPPED, Answer.NONE),
    (1, person(kind=OriginKind.OWN, hold=True, state=State.NEW), Record.DROPPED, Answer.NONE),
    (2, person(kind=OriginKind.BOUNCE, bounce_of_ours=True, state=State.CLOSED), Record.DELIVERY_FAILURE, Answer.NONE),
    (2, person(kind=OriginKind.BOUNCE, bounce_of_ours=True, hold=True, state=State.NEW), Record.DELIVERY_FAILURE, Answer.NONE),
    (3, person(kind=OriginKind.BOUNCE), Record.NOTED, Answer.NONE),
    (3, person(kind=OriginKind.AUTO_REPLY, state=State.RESOLVED, sender=P), Record.AUTOMATIC, Answer.NONE),
    (3, person(kind=OriginKind.AUTO_REPLY, state=State.CLOSED, sender=P), Record.AUTOMATIC, Answer.NONE),
    (3, person(kind=OriginKind.AUTO_REPLY), Record.NOTED, Answer.NONE),
    (3, person(kind=OriginKind.LIST), Record.NOTED, Answer.NONE),
    (4, person(hold=True), Record.QUARANTINE, Answer.HELD),
    (4, person(hold=True, state=State.RESOLVED, sender=P), Record.QUARANTINE, Answer.HELD),
    (4, person(hold=True, state=State.CLOSED, sender=P), Record.QUARANTINE, Answer.HELD),
    (4, person(hold=True, trust=Trust.FAILED), Record.QUARANTINE, Answer.NONE),
    (5, person(trust=Trust.FAILED, claims_own_domain=True, forged_own_domain="hold"), Record.WAITS, Answer.NONE),
    (5, person(trust=Trust.FAILED, claims_own_domain=True, forged_own_domain="hold", state=State.ASSIGNED, sender=P), Record.WAITS, Answer.NONE),
    (11, person(conflict=True, state=State.NEW), Record.UNMATCHED, Answer.NONE),
    (11, person(conflict=True, state=State.RESOLVED, sender=P), Record.UNMATCHED, Answer.NONE),
    (11, person(conflict=True, state=State.CLOSED, sender=A), Record.UNMATCHED, Answer.NONE),
    (11, person(conflict=True, state=State.NEW, trust=Trust.FAILED, claims_own_domain=True, forged_own_domain="hold"), Record.UNMATCHED, Answer.NONE),
    (4, person(conflict=True, hold=True), Record.QUARANTINE, Answer.HELD),
    (3, person(conflict=True, kind=OriginKind.AUTO_REPLY, state=State.NEW), Record.AUTOMATIC, Answer.NONE),
    (6, person(answerable=False), Record.NEW_TICKET, Answer.NONE),
    (4, person(answerable=False, hold=True), Record.QUARANTINE, Answer.NONE),
    (9, person(answerable=False, state=State.RESOLVED, sender=P), Record.ASIDE, Answer.NONE),
    (10, person(answerable=False, state=State.CLOSED, sender=P), Record.KEPT, Answer.NONE),
    (6, person(trust=Trust.FAILED, claims_own_domain=True), Record.NEW_TICKET, Answer.NONE),
    (8, person(trust=Trust.FAILED, claims_own_domain=True, state=State.NEW, sender=P), Record.ADDED_STRANGER, Answer.NONE),
    (8, person(trust=Trust.FAILED, state=State.NEW, sender=P), Record.ADDED_STRANGER, Answer.NONE),
    (9, person(trust=Trust.FAILED, state=State.RESOLVED, sender=P), Record.ASIDE, Answer.NONE),
    (10, person(trust=Trust.FAILED, state=State.CLOSED, sender=P), Record.KEPT, Answer.NONE),
    (6, person(), Record.NEW_TICKET, Answer.ACKNOWLEDGEMENT),
    (6, person(trust=Trust.VERIFIED), Record.NEW_TICKET, Answer.ACKNOWLEDGEMENT),
    (6, person(new_tickets=False), Record.REFUSED, Answer.HOW_TO_OPEN),
    *[(7, person(state=state, sender=P), Record.ADDED, Answer.NONE) for state in OPEN_STATES],
    (7, person(state=State.NEW, sender=P, follow_up_acknowledgement=True), Record.ADDED, Answer.FOLLOW_UP),
    (7, person(state=State.NEW, sender=A, follow_up_acknowledgement=True), Record.ADDED, Answer.NONE),
    (7, person(state=State.IN_PROGRESS, sender=P, purpose=Purpose.REACTIVATE), Record.ADDED, Answer.NONE),
    *[(8, person(state=state, sender=S), Record.ADDED_STRANGER, Answer.NONE) for state in OPEN_STATES],
    (9, person(state=State.RESOLVED, sender=P), Record.ASIDE, Answer.NEXT_TICKET_ACTION),
    (9, person(state=State.RESOLVED, sender=P, guidance_due=False), Record.ASIDE, Answer.NONE),
    (9, person(state=State.RESOLVED, sender=S), Record.ASIDE, Answer.HOW_TO_OPEN),
    (9, person(state=State.RESOLVED, sender=P, purpose=Purpose.REACTIVATE), Record.REACTIVATED, Answer.REACTIVATED),
    (9, person(state=State.RESOLVED, sender=S, purpose=Purpose.REACTIVATE), Record.ASIDE, Answer.HOW_TO_OPEN),
    (10, person(state=State.CLOSED, sender=P), Record.KEPT, Answer.CLOSED),
    (10, person(state=State.CLOSED, sender=S), Record.KEPT, Answer.CLOSED),
    (10, person(state=State.CLOSED, sender=P, purpose=Purpose.REACTIVATE), Record.KEPT, Answer.CLOSED),
]  # fmt: skip


@pytest.mark.parametrize(("row", "situation", "record", "answer"), ROWS)
def test_row(row: int, situation: Situation, record: Record, answer: Answer) -> None:
    decision = decide(situation)
    assert (decision.row, decision.record, decision.answer) == (row, record, answer)


def test_every_row_of_the_table_has_a_case() -> None:
    assert {row for row, *_ in ROWS} == {row.number for row in TABLE}


def every_situation() -> list[Situation]:
    options = product(
        OriginKind, Trust, (False, True), Sender, (None, *State), (False, True), (False, True), ("tag", "hold"),
        (False, True), (False, True), (False, True), Purpose,
    )  # fmt: skip
    made = [Situation(*values) for values in options]
    some = made[::7]  # the two last say the same of every one
    return [*made, *(replace(s, conflict=True) for s in some), *(replace(s, answerable=False) for s in some)]


SITUATIONS = every_situation()


def test_every_situation_has_exactly_one_decision() -> None:
    assert len(SITUATIONS) > 50_000
    for situation in SITUATIONS:
        fitting = [row for row in TABLE if row.when(situation)]
        assert fitting, situation
        decide(situation)


def test_automatic_mail_is_never_answered() -> None:
    for situation in SITUATIONS:
        if situation.kind is not OriginKind.PERSON:
            assert decide(situation).answer is Answer.NONE


def test_a_forged_sender_is_never_answered_and_never_acts_as_participant() -> None:
    for situation in SITUATIONS:
        if situation.trust is Trust.FAILED:
            decision = decide(situation)
            assert decision.answer is Answer.NONE
            assert decision.record not in (Record.ADDED, Record.REACTIVATED)
            assert decision.flags


def test_what_may_not_be_answered_is_not_and_goes_its_way_otherwise() -> None:
    for situation in SITUATIONS:
        if not situation.answerable:
            decision, otherwise = decide(situation), decide(replace(situation, answerable=True))
            assert decision.answer is Answer.NONE
            assert (decision.row, decision.record) == (otherwise.row, otherwise.record)
            assert (UNANSWERED in decision.flags) == (otherwise.answer is not Answer.NONE)


def test_signs_of_several_tickets_put_a_persons_mail_on_none_of_them() -> None:
    for situation in SITUATIONS:
        if situation.conflict and situation.kind is OriginKind.PERSON and not situation.hold:
            assert decide(situation).record is Record.UNMATCHED
            assert decide(situation).answer is Answer.NONE


def test_held_mail_of_a_person_reaches_nothing_but_quarantine() -> None:
    for situation in SITUATIONS:
        if situation.hold and situation.kind is OriginKind.PERSON:
            assert decide(situation).record is Record.QUARANTINE


def test_a_stranger_never_re_activates_and_is_never_given_the_guidance_of_a_ticket() -> None:
    for situation in SITUATIONS:
        if situation.sender is Sender.STRANGER:
            decision = decide(situation)
            assert decision.record is not Record.REACTIVATED
            assert decision.answer is not Answer.NEXT_TICKET_ACTION


def test_nothing_changes_a_closed_ticket() -> None:
    unchanged = {
        Record.DROPPED,
        Record.AUTOMATIC,
        Record.DELIVERY_FAILURE,
        Record.QUARANTINE,
        Record.WAITS,
        Record.KEPT,
        Record.UNMATCHED,
    }
    for situation in SITUATIONS:
        if situation.state is State.CLOSED:
            assert decide(situation).record in unchanged
