"""A mail that ends or holds up its worker is a failed mail; its neighbours go on."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from subprocess import PIPE
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm.exc import StaleDataError

from helpdesk.config import Settings
from helpdesk.db import reading
from helpdesk.ingest import ending as ending_module
from helpdesk.ingest import workers as workers_module
from helpdesk.ingest.pipeline import Pipeline
from helpdesk.ingest.prepare import Preparer
from helpdesk.ingest.values import Email, Origin, OriginKind, Prepared, Trust
from helpdesk.ingest.workers import Crashed, NotScanned, Workers
from helpdesk.models import Receipt
from helpdesk.pii.values import Context, Kind, Piece, Severity, Verdict
from helpdesk.services import Services
from tests.demo.running import eventually
from tests.support.mails import mail
from tests.support.running import pipeline_for, take

CLEAR = Verdict(False, Severity.NONE, (), (), (), "", 0.0)


class Fragile:
    """Prepares a mail and scans a text unless it says otherwise."""

    @property
    def scanner(self) -> "Fragile":
        return self

    def scan(self, pieces: list[Piece], _context: Context, **_how: bool) -> Verdict:
        if pieces[0].text == "END":
            os._exit(1)
        return CLEAR

    def prepare(self, raw: bytes, _mailbox: str) -> Prepared:
        if raw == b"END":
            os._exit(1)
        if raw == b"WAIT":
            time.sleep(0.2)
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
    monkeypatch.setattr(workers_module, "SECONDS_A_MAIL", 6)
    assert ends_of(workers, [b"a", b"HANG", b"b"]) == ["a", "not done within 6 seconds", "b"]


def test_a_text_is_scanned_though_the_workers_ended_over_something_else(workers: Workers) -> None:
    workers.warm()
    for process in multiprocessing.active_children():
        process.kill()
        process.join()
    assert workers.scan_pieces([Piece("note", Kind.TEXT, text="words")]) == CLEAR


def test_a_text_that_ends_its_workers_is_not_scanned_and_the_next_one_is(workers: Workers) -> None:
    with pytest.raises(NotScanned):
        workers.scan_pieces([Piece("note", Kind.TEXT, text="END")])
    assert workers.scan_pieces([Piece("note", Kind.TEXT, text="words")]) == CLEAR


KILLED = """
import multiprocessing, time
from helpdesk.config import load
from helpdesk.ingest.workers import Workers
from tests.faults.test_workers import fragile

workers = Workers(load(None), b"", make=fragile)
workers.warm()
print(*(process.pid for process in multiprocessing.active_children()), flush=True)
time.sleep(60)
"""


def test_workers_end_when_their_service_is_killed() -> None:
    service = subprocess.Popen([sys.executable, "-c", KILLED], stdout=PIPE, text=True)
    assert service.stdout
    pids = [int(pid) for pid in service.stdout.readline().split()]
    assert pids
    service.kill()
    service.wait()
    ends = time.monotonic() + 20
    while any(is_running(pid) for pid in pids):
        assert time.monotonic() < ends, "a worker outlives its service"
        time.sleep(0.05)


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


AT_A_TERMINAL = """
import signal, threading, time
from helpdesk.config import load
from helpdesk.ingest.workers import Workers
from tests.faults.test_workers import fragile

signal.signal(signal.SIGINT, signal.default_int_handler)  # who started the suite may have switched it off
workers = Workers(load(None), b"", make=fragile)
try:
    starting = threading.Timer(0.15, print, ["workers start"], {"flush": True})
    starting.start()
    for some in workers.prepare([(b"WAIT", "it")] * 8):
        print("workers are at work", flush=True)
    print("workers wait for work", flush=True)
    time.sleep(60)
except KeyboardInterrupt:
    workers.close()
    print("ended", flush=True)
"""


@pytest.mark.parametrize("when", ["workers start", "workers are at work", "workers wait for work"])
def test_ctrl_c_at_a_terminal_ends_a_command_without_a_word_of_its_workers(when: str) -> None:
    """It goes to the command and to its workers at once."""
    command = subprocess.Popen(
        [sys.executable, "-c", AT_A_TERMINAL], stdout=PIPE, stderr=PIPE, text=True, start_new_session=True
    )
    assert command.stdout
    while command.stdout.readline().strip() != when:
        assert command.poll() is None
    os.killpg(command.pid, signal.SIGINT)
    told, complaints = command.communicate(timeout=60)
    assert told.splitlines()[-1] == "ended"
    assert complaints == ""


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


def test_a_ticket_that_an_agent_changed_meanwhile_costs_a_mail_no_try(
    each_engine: Services, scanner: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(each_engine, mail(subject="Mail"), uid=1)
    apply, stale = ending_module.apply, iter([True])

    def raced(*arguments: Any) -> Any:
        acts = apply(*arguments)
        if next(stale, False):
            raise StaleDataError("the row was changed by another")
        return acts

    monkeypatch.setattr(ending_module, "apply", raced)
    (outcome,) = run(each_engine, scanner)
    assert outcome.record is not None
    with reading(each_engine.sessions) as session:
        assert session.scalars(select(Receipt.tries)).all() == [0]


def run(services: Services, scanner: Any) -> list[Any]:
    pipeline: Pipeline = pipeline_for(services, scanner)
    return pipeline.process_waiting()


def test_a_preparer_is_what_the_workers_make_and_its_models_are_loaded(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The seam that the tests above use is the one of the service."""
    made = workers_module.make_preparer(settings, b"k" * 32)
    assert isinstance(made, Preparer)

    loaded: list[object] = []
    monkeypatch.setattr("helpdesk.pii.models.load_engine", lambda *_: loaded.append(_))
    made.scanner.warm()  # type: ignore[attr-defined]  # the real scanner has it
    assert loaded == [], "a mail would wait for a model"


def test_a_worker_that_hangs_holds_up_no_stop(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers_module, "CLOSING_SECONDS", 0.5)
    others = set(multiprocessing.active_children())  # of tests before, which end by themselves
    workers = Workers(settings, b"", make=fragile)
    workers.warm()
    workers.prepare([(b"HANG", "it")])
    mine = set(multiprocessing.active_children()) - others
    began = time.monotonic()
    workers.close()
    assert time.monotonic() - began < 10
    assert mine
    eventually(lambda: not [child for child in mine if child.is_alive()], 10)
