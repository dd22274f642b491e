"""The loop of a service: new mail at once, whatever happens in between."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from helpdesk.db import reading
from helpdesk.ingest import mailbox_status
from helpdesk.ingest.poll import MailboxReader, PollResult, watch
from helpdesk.models import MailboxStatus
from helpdesk.services import Services
from tests.support.dovecot import Dovecot, MailUser
from tests.support.ends import Ends
from tests.support.imap_faults import faulty_line
from tests.support.mailboxes import reads, with_mailbox
from tests.support.mails import mail

pytestmark = pytest.mark.server


@contextmanager
def watching(services: Services, pipeline: object, key: str = "it") -> Iterator[list[PollResult]]:
    stop, results = threading.Event(), []
    thread = threading.Thread(
        target=watch, args=(services, key, pipeline, stop), kwargs={"on_result": results.append}
    )
    thread.start()
    try:
        eventually(lambda: bool(results))
        yield results
    finally:
        stop.set()
        thread.join(10)
        assert not thread.is_alive()


def eventually(holds: Callable[[], bool], seconds: float = 10) -> float:
    """Wait until it holds; returns how long that took."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < seconds, "it never held"
        time.sleep(0.02)
    return time.monotonic() - began


def test_new_mail_is_taken_in_within_two_seconds(desk: Services, user: MailUser, ends: Ends) -> None:
    with watching(with_mailbox(desk, poll_seconds=600), ends):
        for number in range(3):
            time.sleep(0.2)
            user.deliver(mail(subject=str(number)))
            assert eventually(lambda n=number: len(ends.seen) == n + 1) < 2
        eventually(lambda: len(user.files("Helpdesk-Done")) == 3)


def test_mail_that_comes_during_a_visit_is_not_left_until_the_next_poll(
    desk: Services, user: MailUser, ends: Ends
) -> None:
    class DeliversOneMore:
        def process_waiting(self, limit: int) -> list[int]:
            if not ends.seen:
                user.deliver(mail(subject="second"))
                time.sleep(0.1)
            return ends.process_waiting(limit)

    user.deliver(mail(subject="first"))
    with watching(with_mailbox(desk, poll_seconds=600), DeliversOneMore()):
        assert eventually(lambda: len(ends.seen) == 2) < 2


def test_without_idle_it_looks_every_poll_seconds(
    another_server: Callable[..., Dovecot], sqlite_services: Services, ends: Ends
) -> None:
    user = another_server(without=("IDLE",)).user()
    with watching(reads(sqlite_services, user, poll_seconds=0.3), ends):
        user.deliver(mail())
        assert eventually(lambda: len(ends.seen) == 1) < 2


def test_one_connection_serves_many_mails(desk: Services, user: MailUser, ends: Ends) -> None:
    with (
        faulty_line(user.server.port) as line,
        watching(with_mailbox(desk, port=line.port, poll_seconds=0.2), ends) as results,
    ):
        user.deliver(mail())
        eventually(lambda: len(results) > 4)
        assert line.connections == 1


def test_a_broken_line_is_connected_again(
    desk: Services, user: MailUser, ends: Ends, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox_status, "FIRST_WAIT_SECONDS", 0.2)
    with (
        faulty_line(user.server.port) as line,
        watching(with_mailbox(desk, port=line.port, poll_seconds=0.5), ends),
    ):
        line.cut_after = 10
        user.deliver(mail())
        eventually(lambda: failures(desk) > 0)
        line.cut_after = None
        eventually(lambda: len(ends.seen) == 1)
        eventually(lambda: failures(desk) == 0)


def failures(services: Services) -> int:
    with reading(services.sessions) as session:
        status = session.get(MailboxStatus, "it")
        return status.failures if status else 0


def test_a_line_that_goes_silent_during_idle_is_noticed(desk: Services, user: MailUser, ends: Ends) -> None:
    with (
        faulty_line(user.server.port) as line,
        watching(with_mailbox(desk, port=line.port, poll_seconds=1, timeout_seconds=0.5), ends),
    ):
        line.stall_after = 10  # the connection that is open goes dead with the server's next word
        user.deliver(mail())
        eventually(lambda: line.stalled > 0)
        line.stall_after = None
        eventually(lambda: len(ends.seen) == 1)


def test_a_defect_while_processing_does_not_end_the_watch(
    desk: Services,
    user: MailUser,
    ends: Ends,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(mailbox_status, "FIRST_WAIT_SECONDS", 0.2)

    class FailsOnce:
        calls = 0

        def process_waiting(self, limit: int) -> list[int]:
            self.calls += 1
            if self.calls == 1:
                raise RuntimeError("Margaret Whitlock")
            return ends.process_waiting(limit)

    stop = threading.Event()
    user.deliver(mail())
    thread = threading.Thread(target=watch, args=(desk, "it", FailsOnce(), stop))
    thread.start()
    eventually(lambda: len(user.files("Helpdesk-Done")) == 1)
    stop.set()
    thread.join(10)
    assert "RuntimeError" in caplog.text
    assert "Whitlock" not in caplog.text


def test_a_stop_ends_the_wait_within_two_seconds(desk: Services) -> None:
    stop = threading.Event()
    with MailboxReader(desk, "it") as reader:
        reader.poll(Ends(desk))
        threading.Timer(0.2, stop.set).start()
        began = time.monotonic()
        assert reader.wait(60, stop) is False
    assert time.monotonic() - began < 2


def test_a_wait_ends_by_itself(desk: Services) -> None:
    with MailboxReader(desk, "it") as reader:
        reader.poll(Ends(desk))
        began = time.monotonic()
        assert reader.wait(0.5, threading.Event()) is False
    assert 0.4 < time.monotonic() - began < 2
