"""What a mail costs the database: a small number of statements, the same however much is stored and however it is taken."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event, insert

from helpdesk.db import writing
from helpdesk.models import MessageId, Participant
from helpdesk.services import Services
from tests.support.mails import mail
from tests.support.road import CASES, Case, set_up
from tests.support.running import pipeline_for, take

# Of any row of the decision table, its transaction's beginning and end left out; two are locks on PostgreSQL.
MOST = 25
NEW_TICKET, A_BATCH_EACH = 19, 15  # with an answer


@contextmanager
def counted(services: Services) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith("BEGIN"):
            statements.append(statement)

    event.listen(services.engine, "before_cursor_execute", note)
    yield statements
    event.remove(services.engine, "before_cursor_execute", note)


@pytest.mark.parametrize("case", CASES, ids=[f"{case.row}-{case.name}" for case in CASES])
def test_no_row_of_the_table_costs_many(each_engine: Services, scanner: object, case: Case) -> None:
    before = set_up(each_engine, case.state)
    receipt_id, pipeline = take(each_engine, case.make(before)), pipeline_for(each_engine, scanner)
    with counted(each_engine) as statements:
        pipeline.process(receipt_id)
    assert len(statements) <= MOST, "\n".join(statements)


def test_a_new_ticket_with_its_answer(each_engine: Services, scanner: object) -> None:
    receipt_id, pipeline = take(each_engine, mail()), pipeline_for(each_engine, scanner)
    with counted(each_engine) as statements:
        pipeline.process(receipt_id)
    assert len(statements) <= NEW_TICKET, "\n".join(statements)


def test_mails_that_wait_together_cost_less_each(each_engine: Services, scanner: object) -> None:
    for number in range(20):
        take(each_engine, mail(subject=f"Mail {number}"), uid=number + 1)
    with counted(each_engine) as statements:
        assert len(pipeline_for(each_engine, scanner).process_waiting()) == 20
    assert len(statements) <= 20 * A_BATCH_EACH, "\n".join(statements)


def test_a_reply_costs_the_same_however_much_is_on_the_ticket(each_engine: Services, scanner: object) -> None:
    case = next(c for c in CASES if c.name == "open, from the requester")
    before, pipeline = set_up(each_engine, case.state), pipeline_for(each_engine, scanner)
    costs = []
    for uid, more in ((1, 0), (2, 300)):
        with writing(each_engine.sessions) as session:
            _add_to_the_ticket(session.execute, more)
        receipt_id = take(each_engine, case.make(before), uid=uid)
        with counted(each_engine) as statements:
            pipeline.process(receipt_id)
        costs.append(len(statements))
    assert costs[0] == costs[1]


def _add_to_the_ticket(execute: Callable[..., object], count: int) -> None:
    for number in range(count):
        execute(insert(Participant).values(ticket_id=1, address=f"p{number}@x.example", requester=False))
        execute(insert(MessageId).values(ticket_id=1, digest=f"{number}"))
