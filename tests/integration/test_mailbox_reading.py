"""A mailbox of a real Dovecot, read as the service reads it."""

import shutil

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpdesk.db import reading, sole_holder
from helpdesk.ingest import batches
from helpdesk.ingest.failures import failed
from helpdesk.ingest.poll import MailboxReader, poll_once
from helpdesk.ingest.visit import Told
from helpdesk.models import AuditEntry, MailboxStatus, Receipt
from helpdesk.services import Services
from tests.support.dovecot import MailUser
from tests.support.ends import Ends, Stops
from tests.support.imap_faults import faulty_line
from tests.support.mailboxes import reads, with_limit, with_mailbox
from tests.support.mails import mail
from tests.support.running import pipeline_for

pytestmark = pytest.mark.server


def mails(count: int, **over: object) -> list[bytes]:
    return [mail(subject=f"Mail {number}", **over) for number in range(count)]  # type: ignore[arg-type]


def receipts(services: Services) -> list[Receipt]:
    with reading(services.sessions) as session:
        return list(session.scalars(select(Receipt).order_by(Receipt.id)))


def test_mail_is_taken_in_byte_for_byte_and_moved(desk: Services, user: MailUser, ends: Ends) -> None:
    sent = mails(3)
    user.deliver(*sent)
    result = poll_once(desk, "it", ends)
    assert (result.found, result.taken, result.processed, result.moved) == (3, 3, 3, 3)
    assert sorted(ends.seen) == sorted(sent)
    assert user.files() == []
    assert sorted(user.raws("Helpdesk-Done")) == sorted(sent)
    assert all(one.acknowledged_at for one in receipts(desk))


def test_an_empty_mailbox_is_read_without_a_word(desk: Services, ends: Ends) -> None:
    result = poll_once(desk, "it", ends)
    assert (result.found, result.taken, result.moved, result.warning) == (0, 0, 0, "")


def test_reading_does_not_mark_mail_as_read(desk: Services, user: MailUser, ends: Ends) -> None:
    user.deliver(*mails(1))
    poll_once(desk, "it", ends)
    (path,) = user.files("Helpdesk-Done")
    assert "S" not in path.name.rpartition(":2,")[2]


def test_more_than_a_batch_is_dealt_with_in_one_visit(
    desk: Services, user: MailUser, ends: Ends, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "MAILS_A_BATCH", 50)
    user.deliver(*mails(105))
    told: list[tuple[int, int]] = []
    result = poll_once(desk, "it", ends, progress=lambda done, found: told.append((done, found)))
    assert result.moved == result.found == 105
    assert told == [(0, 105), (50, 105), (100, 105), (105, 105)]


def test_mail_stays_where_it_is_until_it_came_to_its_end(desk: Services, user: MailUser, ends: Ends) -> None:
    user.deliver(*mails(3))
    with pytest.raises(ConnectionError):
        poll_once(desk, "it", Stops())
    assert len(user.files()) == 3
    assert [one.state for one in receipts(desk)] == ["received"] * 3
    result = poll_once(desk, "it", ends)
    assert (result.found, result.taken, result.processed, result.moved) == (0, 0, 3, 3)
    assert len(ends.seen) == 3


def test_a_mail_that_fails_is_moved_too_and_blocks_no_other(
    desk: Services, user: MailUser, ends: Ends
) -> None:
    user.deliver(mail(text="CRASH"), *mails(2))
    result = poll_once(desk, "it", ends)
    assert (result.processed, result.failed, result.moved) == (2, 1, 3)
    assert user.files() == []


def test_a_mail_that_ended_and_was_put_back_is_not_taken_in_again(
    desk: Services, user: MailUser, ends: Ends
) -> None:
    (sent,) = mails(1)
    user.deliver(sent)
    poll_once(desk, "it", ends)
    (path,) = user.files("Helpdesk-Done")
    user.deliver(b"Received: by relay.example; Tue, 3 Nov 2026 10:00:00 +0000\r\n" + path.read_bytes())
    result = poll_once(desk, "it", ends)
    assert (result.taken, result.redelivered, result.moved) == (1, 1, 1)
    assert len(ends.seen) == 1
    again = receipts(desk)[1]
    assert (again.outcome, again.blob_id) == ("redelivery", None)


def test_two_different_mails_with_one_message_id_are_two(desk: Services, user: MailUser, ends: Ends) -> None:
    user.deliver(mail(text="one", message_id="<a@x>"), mail(text="two", message_id="<a@x>"))
    poll_once(desk, "it", ends)
    assert len(ends.seen) == 2


def test_one_mail_in_two_of_our_mailboxes_is_processed_once(
    desk: Services, user: MailUser, ends: Ends
) -> None:
    other = user.server.user()
    both = reads(desk, other, "hr")
    (sent,) = mails(1)
    user.deliver(b"Delivered-To: it\r\n" + sent)
    other.deliver(b"Delivered-To: hr\r\n" + sent)
    assert poll_once(both, "it", ends).redelivered == 0
    assert poll_once(both, "hr", ends).redelivered == 1
    assert len(ends.seen) == 1
    assert user.files() == other.files() == []


def test_a_new_uidvalidity_makes_it_look_again_and_do_nothing_twice(
    desk: Services, user: MailUser, ends: Ends
) -> None:
    user.grant("lr")  # so that the mails stay
    user.deliver(*mails(4))
    poll_once(desk, "it", ends)
    user.grant("lrwstipekxa")
    user.forget_uids()
    user.deliver(*mails(1))
    result = poll_once(desk, "it", ends)
    assert (result.taken, result.redelivered, result.moved) == (5, 4, 5)
    assert len(ends.seen) == 5
    assert len({one.uidvalidity for one in receipts(desk)}) == 2


@pytest.mark.parametrize("rights", ["lr", "lrws", "lrwst"])
def test_a_mailbox_that_lets_nothing_go_is_read_once_and_says_so(
    desk: Services, user: MailUser, ends: Ends, rights: str
) -> None:
    user.grant(rights)
    user.deliver(*mails(2))
    first = poll_once(desk, "it", ends)
    second = poll_once(desk, "it", ends)
    assert (first.taken, first.moved, second.taken) == (2, 0, 0)
    assert len(ends.seen) == len(user.files()) == 2
    with reading(desk.sessions) as session:
        status = session.get_one(MailboxStatus, "it")
    assert status.last_failure == second.warning != ""
    assert (status.failures, status.wait_until) == (0, None)
    user.grant("lrwstipekxa")
    third = poll_once(desk, "it", ends)
    assert (third.moved, third.warning) == (2, "")


def test_a_mail_over_the_limit_is_not_fetched_but_refused_with_its_reason(
    desk: Services, user: MailUser, ends: Ends
) -> None:
    large = mail(subject="Scans", files=[("scan.bin", "application/octet-stream", b"x" * 200_000)])
    user.deliver(large, *mails(1))
    asked: list[tuple[int, bytes]] = []

    def notice(mailbox: str, header: bytes) -> Told:
        assert mailbox == "it"

        def tell(session: Session, receipt: Receipt) -> None:
            assert session.in_transaction()
            asked.append((receipt.id, header))

        return tell

    result = poll_once(with_limit(desk, 100_000), "it", ends, on_refused=notice)
    assert (result.taken, result.refused, result.failed, result.moved) == (2, 1, 1, 2)
    assert user.raws("Helpdesk-Refused") == [large]
    with reading(desk.sessions) as session:
        (refused,) = failed(session)
        acts = session.scalars(select(AuditEntry.action)).all()
    assert "too large" in refused.failure
    assert (refused.outcome, refused.blob_id, refused.size) == ("refused", None, len(large))
    assert "mail.refused" in acts
    assert [(number, b"Subject: Scans" in header) for number, header in asked] == [(refused.id, True)]
    assert asked[0][1].endswith(b"\r\n\r\n")


def test_a_refused_mail_that_comes_again_gets_no_second_notice(
    desk: Services, user: MailUser, ends: Ends
) -> None:
    large = mail(files=[("scan.bin", "application/octet-stream", b"x" * 200_000)])
    asked: list[int] = []
    for _ in range(2):
        user.deliver(large)
        poll_once(
            with_limit(desk, 100_000),
            "it",
            ends,
            on_refused=lambda *_: lambda _, receipt: asked.append(receipt.id),
        )
    assert len(asked) == 1
    assert len(user.files("Helpdesk-Refused")) == 2


def test_a_large_mail_within_the_limit_comes_whole_and_last(
    desk: Services, user: MailUser, ends: Ends
) -> None:
    large = mail(files=[("scan.bin", "application/octet-stream", bytes(range(256)) * 40_000)])
    assert len(large) > batches.BYTES_A_BATCH
    (small,) = mails(1)
    user.deliver(large, small)
    poll_once(desk, "it", ends)
    assert ends.seen == [small, large]


def test_mail_that_vanishes_while_we_look_is_left_out_and_the_rest_comes(
    desk: Services, user: MailUser, ends: Ends
) -> None:
    paths = user.deliver(*mails(5))

    def somebody_deletes_one(done: int, found: int) -> None:
        if done == 0:
            for path in user.maildir.glob(f"*/{paths[2].name}*"):
                path.unlink()

    result = poll_once(desk, "it", ends, progress=somebody_deletes_one)
    assert (result.found, result.taken, result.unreadable, result.moved) == (5, 4, 1, 4)
    assert poll_once(desk, "it", ends).found == 0


def test_mail_that_somebody_marked_as_deleted_is_left_alone(
    desk: Services, user: MailUser, ends: Ends
) -> None:
    (path,) = user.deliver(*mails(1))
    path.rename(user.maildir / "cur" / f"{path.name}:2,T")
    assert poll_once(desk, "it", ends).found == 0
    assert len(user.files()) == 1


def test_a_folder_that_somebody_deletes_is_made_again(desk: Services, user: MailUser, ends: Ends) -> None:
    with MailboxReader(desk, "it") as reader:
        user.deliver(*mails(1))
        reader.poll(ends)
        shutil.rmtree(user.maildir / ".Helpdesk-Done")
        user.deliver(*[mail(subject="another")])
        assert reader.poll(ends).moved == 1
    assert len(user.files("Helpdesk-Done")) == 1


def test_a_visit_leaves_no_trace_of_content_in_the_status(desk: Services, user: MailUser, ends: Ends) -> None:
    user.deliver(*mails(2))
    poll_once(desk, "it", ends)
    with reading(desk.sessions) as session:
        status = session.get_one(MailboxStatus, "it")
        assert session.scalar(select(func.count()).select_from(Receipt)) == 2
    assert status.last_success_at is not None
    assert (status.failures, status.last_failure) == (0, "")


def test_it_is_the_same_on_either_engine(each_engine: Services, user: MailUser) -> None:
    ends, services = Ends(each_engine), reads(each_engine, user)
    (sent,) = mails(1)
    user.deliver(sent, mail(text="CRASH"))
    with sole_holder(services.engine, "mailbox:it", services.settings.data_folder):
        assert poll_once(services, "it", ends).busy
    result = poll_once(services, "it", ends)
    user.deliver(sent)
    again = poll_once(services, "it", ends)
    assert (result.taken, result.processed, result.failed, result.moved) == (2, 1, 1, 2)
    assert (again.redelivered, again.moved) == (1, 1)


def test_a_mailbox_of_thousands_is_looked_through_without_a_word_to_each(
    desk: Services, user: MailUser, ends: Ends
) -> None:
    """Read-only, so all stay: a second visit costs a listing and a look into our own tables."""
    user.deliver(*mails(400))
    user.grant("lr")
    poll_once(desk, "it", ends)
    with faulty_line(user.server.port) as line:
        poll_once(with_mailbox(desk, port=line.port), "it", ends)
        assert line.sent < 5_000
    assert len(ends.seen) == 400


def test_a_mail_without_a_byte_is_taken_in_and_moved_like_any_other(
    desk: Services, user: MailUser, scanner: object
) -> None:
    user.deliver(b"", *mails(1))
    pipeline = pipeline_for(desk, scanner)
    for _ in range(2):
        poll_once(desk, "it", pipeline)
    assert user.files() == []
    with reading(desk.sessions) as session:
        assert [one.size for one in failed(session)] == [0]
