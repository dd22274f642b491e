"""The demo's own IMAP server, pymap, is read like any other."""

import asyncio
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from helpdesk.demo import imap
from helpdesk.ingest.poll import MailboxReader, poll_once
from helpdesk.services import Services
from tests.integration.test_mailbox_watch import eventually, watching
from tests.support.ends import Ends
from tests.support.mailboxes import with_mailbox
from tests.support.mails import mail


@dataclass
class Pymap:
    loop: asyncio.AbstractEventLoop
    boxes: imap.ImapBoxes
    port: int

    def deliver(self, raw: bytes) -> None:
        asyncio.run_coroutine_threadsafe(self.boxes.deliver("desk", raw), self.loop).result(10)

    def waiting(self) -> list[bytes]:
        return asyncio.run_coroutine_threadsafe(self.boxes.waiting("desk"), self.loop).result(10)


@pytest.fixture
def pymap() -> Iterator[Pymap]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def start() -> tuple[imap.ImapBoxes, asyncio.Server]:
        boxes = await imap.open_boxes(["desk"], "secret")
        return boxes, await imap.serve_imap(boxes, "127.0.0.1", 0)

    boxes, server = asyncio.run_coroutine_threadsafe(start(), loop).result(10)
    yield Pymap(loop, boxes, server.sockets[0].getsockname()[1])
    loop.call_soon_threadsafe(server.close)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)


@pytest.fixture
def demo(sqlite_services: Services, pymap: Pymap) -> Services:
    return with_mailbox(sqlite_services, port=pymap.port, user="desk", password="secret")


def test_mail_is_taken_in_and_moved(demo: Services, pymap: Pymap) -> None:
    sent = [mail(subject=str(number)) for number in range(60)]
    for raw in sent:
        pymap.deliver(raw)
    ends = Ends(demo)
    result = poll_once(demo, "it", ends)
    assert (result.taken, result.moved, result.warning) == (60, 60, "")
    assert sorted(ends.seen) == sorted(sent)
    assert pymap.waiting() == []


def test_a_folder_with_levels_is_made(demo: Services, pymap: Pymap) -> None:
    pymap.deliver(mail())
    assert poll_once(with_mailbox(demo, done_folder="Helpdesk/Done"), "it", Ends(demo)).moved == 1


def test_new_mail_is_taken_in_within_two_seconds(demo: Services, pymap: Pymap) -> None:
    ends = Ends(demo)
    with watching(with_mailbox(demo, poll_seconds=600), ends):
        for number in range(3):
            pymap.deliver(mail(subject=str(number)))
            assert eventually(lambda n=number: len(ends.seen) == n + 1) < 2
        eventually(lambda: pymap.waiting() == [])


def test_mail_that_came_since_the_last_visit_is_noticed_before_the_wait(demo: Services, pymap: Pymap) -> None:
    """IDLE alone would not do: pymap tells there only of what comes later."""
    with MailboxReader(demo, "it") as reader:
        reader.poll(Ends(demo))
        pymap.deliver(mail())
        began = time.monotonic()
        assert reader.wait(30, threading.Event())
        assert time.monotonic() - began < 2


def test_mail_that_comes_between_the_look_and_the_wait_is_noticed(demo: Services, pymap: Pymap) -> None:
    """pymap tells of it only when the IDLE ends."""
    with MailboxReader(demo, "it") as reader:
        reader.poll(Ends(demo))
        assert reader._box is not None
        reader._box.select()
        pymap.deliver(mail())
        began = time.monotonic()
        assert reader._box.wait(30, threading.Event())
        assert time.monotonic() - began < 2
