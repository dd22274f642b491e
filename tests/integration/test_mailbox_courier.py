"""The main promises of reading a mailbox, kept on Courier too."""

import contextlib
import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from helpdesk.db import reading, writing
from helpdesk.ingest import batches
from helpdesk.ingest.imap_errors import MailboxUnreachable, SignInRefused
from helpdesk.ingest.mailbox import Mailbox
from helpdesk.ingest.poll import MailboxReader, poll_once
from helpdesk.models import OutboxMail, Receipt
from helpdesk.services import Services
from tests.conftest import need
from tests.integration.test_mailbox_watch import eventually, watching
from tests.support import courier
from tests.support.courier import Courier
from tests.support.dovecot import MailUser
from tests.support.ends import Ends, Stops
from tests.support.imap_faults import faulty_line
from tests.support.mailboxes import reads, with_limit, with_mailbox
from tests.support.mails import mail

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def courier_server() -> Iterator[Courier]:
    need(courier.binary(), "Courier (courier-imap, unpacked by .ci/run)")
    with courier.running() as server:
        yield server


@pytest.fixture
def user(courier_server: Courier) -> MailUser:
    return courier_server.user()


def receipts(services: Services) -> list[Receipt]:
    with reading(services.sessions) as session:
        return list(session.scalars(select(Receipt).order_by(Receipt.id)))


def test_mail_is_taken_in_byte_for_byte_and_moved(desk: Services, user: MailUser, ends: Ends) -> None:
    sent = [mail(subject=str(number), text="Zoë's line\n" * number) for number in range(1, 4)]
    user.deliver(*sent)
    result = poll_once(desk, "it", ends)
    assert (result.found, result.processed, result.moved, result.warning) == (3, 3, 3, "")
    assert sorted(ends.seen) == sorted(sent)
    assert user.files() == []
    assert sorted(user.raws("Helpdesk-Done")) == sorted(sent)
    assert all("S" not in path.name.rpartition(":2,")[2] for path in user.files("Helpdesk-Done"))


def test_where_each_mail_went_is_kept(desk: Services, user: MailUser, ends: Ends) -> None:
    user.deliver(*[mail(subject=str(number)) for number in range(batches.MAILS_A_BATCH + 5)])
    assert poll_once(desk, "it", ends).moved == batches.MAILS_A_BATCH + 5
    rows = receipts(desk)
    assert {one.moved_to for one in rows} == {"INBOX.Helpdesk-Done"}
    box = Mailbox("it", desk.settings.mailboxes["it"])
    assert box.open("INBOX.Helpdesk-Done") == rows[0].moved_uidvalidity
    there = box.bodies([one.moved_uid for one in rows if one.moved_uid], 100_000)
    box.close()
    assert [there[one.moved_uid] for one in rows if one.moved_uid] == ends.seen


def test_what_others_marked_as_deleted_stays(desk: Services, user: MailUser, ends: Ends) -> None:
    (theirs,) = user.deliver(mail(subject="theirs"))
    theirs.rename(user.maildir / "cur" / f"{theirs.name}:2,T")
    user.deliver(mail(subject="ours"))
    assert poll_once(desk, "it", ends).moved == 1
    assert len(user.files()) == len(ends.seen) == 1


def test_mail_stays_until_it_came_to_its_end(desk: Services, user: MailUser, ends: Ends) -> None:
    user.deliver(mail())
    with pytest.raises(ConnectionError):
        poll_once(desk, "it", Stops())
    assert len(user.files()) == 1
    assert poll_once(desk, "it", ends).moved == 1
    assert len(ends.seen) == 1


def test_a_purged_mail_is_expunged_and_no_other(desk: Services, user: MailUser, ends: Ends) -> None:
    user.deliver(*[mail(subject=f"mail {number}") for number in range(3)])
    poll_once(desk, "it", ends)
    with writing(desk.sessions) as session:
        session.get_one(Receipt, receipts(desk)[1].id).erase_from_mailbox = True
    assert poll_once(desk, "it", ends).erased == 1
    assert sorted(user.raws("Helpdesk-Done")) == sorted([ends.seen[0], ends.seen[2]])


def test_a_mail_over_the_limit_is_refused_with_a_notice(desk: Services, user: MailUser, ends: Ends) -> None:
    large = mail(files=[("scan.bin", "application/octet-stream", b"x" * 50_000)])
    user.deliver(large, mail())
    result = poll_once(with_limit(desk, 20_000), "it", ends)
    assert (result.refused, result.moved) == (1, 2)
    assert user.raws("Helpdesk-Refused") == [large]
    with reading(desk.sessions) as session:
        assert session.scalars(select(OutboxMail.kind)).all() == ["too_large"]


def test_new_mail_is_noticed_by_idle(desk: Services, user: MailUser, ends: Ends) -> None:
    with watching(with_mailbox(desk, poll_seconds=600), ends):
        for number in range(2):
            user.deliver(mail(subject=str(number)))
            eventually(lambda n=number: len(ends.seen) == n + 1, 6)
        eventually(lambda: len(user.files("Helpdesk-Done")) == 2)


def test_mail_that_comes_between_a_visit_and_the_wait_is_noticed_at_once(
    desk: Services, user: MailUser, ends: Ends
) -> None:
    """Courier says no UIDNEXT when a folder is opened, so that the number of mails has to tell."""
    with MailboxReader(desk, "it") as reader:
        reader.poll(ends)
        user.deliver(mail())
        assert reader.wait(0.1, threading.Event())


def test_a_wrong_password_is_told(desk: Services, ends: Ends) -> None:
    with pytest.raises(SignInRefused, match="Login failed"):
        poll_once(with_mailbox(desk, password="wrong"), "it", ends)


def test_wherever_the_line_is_cut_no_mail_is_lost_or_processed_twice(
    sqlite_services: Services, courier_server: Courier
) -> None:
    for cut in (900, 2_500, 5_000, 6_500):
        user, ends = courier_server.user(), Ends(sqlite_services)
        desk = reads(sqlite_services, user)
        sent = [mail(subject=f"{cut} {number}", text="line\n" * 100) for number in range(6)]
        user.deliver(*sent)
        with faulty_line(courier_server.port) as line, contextlib.suppress(MailboxUnreachable):
            line.cut_after = cut
            poll_once(with_mailbox(desk, port=line.port), "it", ends)
        poll_once(desk, "it", ends)
        assert sorted(ends.seen) == sorted(sent), cut
        assert user.files() == [], cut
        # A COPY that was cut before its answer is made again: twice there is better than nowhere.
        assert set(user.raws("Helpdesk-Done")) == set(sent), cut
