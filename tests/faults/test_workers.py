"""A mail that ends or holds up its worker is a failed mail; its neighbours go on."""

import os
import time
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from helpdesk.config import Settings
from helpdesk.db import reading
from helpdesk.ingest import ending as ending_module
from helpdesk.ingest import workers as workers_module
from helpdesk.ingest.pipeline import Pipeline
from helpdesk.ingest.prepare import Preparer
from helpdesk.ingest.values import Email, Origin, OriginKind, Prepared, Trust
from helpdesk.ingest.workers import Crashed, Workers
from helpdesk.models import Receipt
from helpdesk.pii.values import Severity, Verdict
from helpdesk.services import Services
from tests.support.mails import mail
from tests.support.running import pipeline_for, take

CLEAR = Verdict(False, Severity.NONE, (), (), (), "", 0.0)


class Fragile:
    """Prepares a mail unless it says otherwise."""

    def prepare(self, raw: bytes, _mailbox: str) -> Prepared:
        if raw == b"END":
            os._exit(1)
        if raw == b"HANG":
            time.sleep(60)
        if raw == b"DEFECT":
            raise ValueError("what a mail says must not be told")
        email = Email(subject=raw.decode())
        return Prepared(email, Origin(OriginKind.PERSON, Trust.UNKNOWN, ""), CLEAR)


def fragile(_settings: Settings, _key: bytes) -> Any:
    return Fragile()


@pytest.fixture
def workers(settings: Settings) -> Iterator[Workers]:
    made = Workers(settings, b"", make=fragile)
    yield made
    made.close()


def ends_of(workers: Workers, raws: list[bytes]) -> list[str]:
    results = [one for some in workers.prepare([(raw, "it") for raw in raws], at_once=3) for one in some]
    return [one.kind if isinstance(one, Crashed) else one.email.subject for one in results]


def test_a_mail_that_ends_its_worker_is_found_among_its_neighbours(workers: Workers) -> None:
    raws = [b"a", b"b", b"END", b"c", b"DEFECT", b"d"]
    expected = ["a", "b", "the worker was ended by this mail", "c", "ValueError", "d"]
    assert ends_of(workers, raws) == expected
    assert ends_of(workers, [b"e"]) == ["e"], "the next mails have new workers"


def test_a_mail_that_hangs_is_ended(workers: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    workers.warm()
    monkeypatch.setattr(workers_module, "SECONDS_A_MAIL", 3)
    assert ends_of(workers, [b"a", b"HANG", b"b"]) == ["a", "not done within 3 seconds", "b"]


def test_a_defect_in_applying_one_mail_leaves_those_in_its_transaction_alone(
    each_engine: Services, scanner: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, 6):
        take(each_engine, mail(subject=f"Mail {number}"), uid=number)
    apply = ending_module.apply

    def defect(session: Any, services: Services, arrival: Any) -> Any:
        acts = apply(session, services, arrival)
        if arrival.prepared.email.subject == "Mail 3":
            raise ValueError("a defect")
        return acts

    monkeypatch.setattr(ending_module, "apply", defect)
    outcomes = run(each_engine, scanner)
    assert [outcome.record is not None for outcome in outcomes] == [True, True, False, True, True]
    with reading(each_engine.sessions) as session:
        rows = session.execute(select(Receipt.uid, Receipt.state, Receipt.tries).order_by(Receipt.uid)).all()
    assert [tuple(row) for row in rows] == [
        (number, "received" if number == 3 else "done", int(number == 3)) for number in range(1, 6)
    ]


def run(services: Services, scanner: Any) -> list[Any]:
    pipeline: Pipeline = pipeline_for(services, scanner)
    return pipeline.process_waiting()


def test_a_preparer_is_what_the_workers_make(settings: Settings) -> None:
    """The seam that the tests above use is the one of the service."""
    assert isinstance(workers_module.make_preparer(settings, b"k" * 32), Preparer)
