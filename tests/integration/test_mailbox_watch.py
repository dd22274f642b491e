"""The loop of a service: new mail at once, whatever happens in between."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from helpdesk.db import reading
from helpdesk.ingest import mailbox_status
from helpdesk.ingest.mailbox import Mailbox
from helpdesk.ingest.poll import MailboxReader, PollResult, watch
from helpdesk.models import MailboxStatus
from helpdesk.services import Services
from tests.support.dovecot import Dovecot, MailUser
from tests.support.ends import Ends
from tests.support.imap_faults import faulty_line
from tests.support.mailboxes import reads, with_mailbox
from tests.support.mails import mail
from tests.support.scripted_imap import scripted

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


@pytest.mark.parametrize("tls", ["plaintext", "tls"])
def test_mail_that_came_just_before_the_wait_is_noticed(desk: Services, user: MailUser, tls: str) -> None:
    """The server may tell of it in one piece with its consent to IDLE."""
    port = user.server.tls_port if tls == "tls" else user.server.port
    secure = with_mailbox(desk, tls=tls, port=port, ca_file=user.server.certificates.authority)
    box = Mailbox("it", secure.settings.mailboxes["it"])
    for number in range(5):
        box.select()
        user.deliver(mail(subject=str(number)))
        began = time.monotonic()
        assert box.wait(30, threading.Event())
        assert time.monotonic() - began < 2
    box.close()


@pytest.mark.parametrize(
    ("consent", "comes"),
    [
        pytest.param(b"+ idling\r\n* 1 EXISTS", True, id="in one piece with the consent"),
        pytest.param(b"+ idling\r\n* OK Still here", False, id="something else"),
        pytest.param(b"TAG NO not now", False, id="refused"),
    ],
)
def test_whatever_a_server_says_to_idle_the_wait_goes_on_as_it_should(
    desk: Services, consent: bytes, comes: bool
) -> None:
    answers = [
        (b"CAPABILITY", b"* CAPABILITY IMAP4rev1 IDLE\r\nTAG OK done"),
        (b"LOGIN", b"TAG OK done"),
        (b"LIST", b'* LIST (\\Noselect) "/" ""\r\nTAG OK done'),
        (b"SELECT", b"* 0 EXISTS\r\n* OK [UIDVALIDITY 1] ok\r\n* OK [UIDNEXT 1] ok\r\nTAG OK done"),
        (b"IDLE", consent),
        (b"DONE", b"LAST OK done"),
    ]
    with scripted(b"* OK ready", answers) as server:
        box = Mailbox("it", with_mailbox(desk, port=server.port).settings.mailboxes["it"])
        box.select()
        began = time.monotonic()
        assert box.wait(0.5, threading.Event()) is comes
        assert (time.monotonic() - began < 0.4) is comes
        box.close()


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
