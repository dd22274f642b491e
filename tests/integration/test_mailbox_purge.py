"""A purge reaches the mailbox: what an officer erased is expunged there, and nothing else."""

import contextlib
from collections.abc import Callable

import pytest
from imapclient import IMAPClient
from sqlalchemy import select, update

from helpdesk import audit
from helpdesk.db import now, reading, writing
from helpdesk.governance import decisions
from helpdesk.ingest import purged
from helpdesk.ingest.imap_errors import MailboxUnreachable
from helpdesk.ingest.mailbox import Mailbox
from helpdesk.ingest.poll import poll_once
from helpdesk.models import AuditEntry, Receipt
from helpdesk.services import Services
from helpdesk.vault import ContentDestroyed
from tests.support.dovecot import PASSWORD, Dovecot, MailUser
from tests.support.ends import Ends
from tests.support.imap_faults import faulty_line
from tests.support.mailboxes import reads, with_mailbox
from tests.support.mails import mail
from tests.web.rows import add_held, add_people, add_ticket

pytestmark = pytest.mark.server

ERASED, MISSED = "mail.erased_from_mailbox", "mail.not_found_in_mailbox"


def purge(services: Services, raw_digest: str) -> None:
    """What governance.decisions.purge asks of the mail-in side."""
    with writing(services.sessions) as session:
        session.execute(update(Receipt).where(Receipt.digest == raw_digest).values(erase_from_mailbox=True))


def receipts(services: Services) -> list[Receipt]:
    with reading(services.sessions) as session:
        return list(session.scalars(select(Receipt).order_by(Receipt.id)))


def acts(services: Services) -> list[tuple[str, str]]:
    with reading(services.sessions) as session:
        assert audit.verify(session)[1] is None
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id))
        return [(one.action, one.subject_id) for one in entries if one.action in (ERASED, MISSED)]


def taken_in(services: Services, user: MailUser, ends: Ends, *more: bytes) -> Receipt:
    """One mail that will be purged, between others of its size; moved."""
    user.deliver(mail(subject="before"), mail(subject="purged"), mail(subject="behind"), *more)
    poll_once(services, "it", ends)
    number = next(n for n, raw in enumerate(ends.seen) if b"Subject: purged" in raw)
    return receipts(services)[number]


def left(user: MailUser, folder: str = "Helpdesk-Done") -> list[bool]:
    """Of each mail in the folder, whether it is the purged one."""
    return sorted(b"Subject: purged" in raw for raw in user.raws(folder))


def test_a_move_keeps_where_each_mail_went(desk: Services, user: MailUser, ends: Ends) -> None:
    user.deliver(*[mail(subject=str(number)) for number in range(5)])
    poll_once(desk, "it", ends)
    with IMAPClient("127.0.0.1", user.server.port, ssl=False) as client:
        client.login(user.name, PASSWORD)
        uidvalidity = client.select_folder("Helpdesk-Done")[b"UIDVALIDITY"]
        there = {uid: one[b"BODY[]"] for uid, one in client.fetch(client.search(), ["BODY.PEEK[]"]).items()}
    rows = receipts(desk)
    assert {(one.moved_to, one.moved_uidvalidity) for one in rows} == {("Helpdesk-Done", uidvalidity)}
    assert [there[one.moved_uid] for one in rows] == ends.seen


def test_a_purged_mail_is_expunged_and_no_other(desk: Services, user: MailUser, ends: Ends) -> None:
    gone = taken_in(desk, user, ends)
    purge(desk, gone.digest)
    result = poll_once(desk, "it", ends)
    assert (result.erased, result.warning) == (1, "")
    assert left(user) == [False, False]
    assert acts(desk) == [(ERASED, str(gone.id))]
    assert [one.erased_at is not None for one in receipts(desk)].count(True) == 1
    assert poll_once(desk, "it", ends).erased == 0


def test_an_officers_purge_goes_all_the_way(desk: Services, user: MailUser, ends: Ends) -> None:
    gone = taken_in(desk, user, ends)
    with writing(desk.sessions) as session:
        people = add_people(session)
        held = add_held(desk, session, add_ticket(session))
        held.receipt_id = gone.id
    decisions.purge(desk, held.id, people["officer"].email, "sent to us by mistake")
    assert poll_once(desk, "it", ends).erased == 1
    assert left(user) == [False, False]
    with reading(desk.sessions) as session, pytest.raises(ContentDestroyed):
        desk.vault.get(session, gone.blob_id or 0)


def test_new_mail_is_seen_after_an_erasure_in_the_same_connection(
    desk: Services, user: MailUser, ends: Ends
) -> None:
    """The erasure leaves another folder open; the next visit must not read that one."""
    gone = taken_in(desk, user, ends)
    purge(desk, gone.digest)
    poll_once(desk, "it", ends)
    user.deliver(mail(subject="later"))
    assert poll_once(desk, "it", ends).moved == 1


def test_what_others_marked_as_deleted_in_our_folder_stays(
    desk: Services, user: MailUser, ends: Ends
) -> None:
    gone = taken_in(desk, user, ends)
    theirs = next(path for path in user.files("Helpdesk-Done") if b"before" in path.read_bytes())
    theirs.rename(theirs.parent.parent / "cur" / f"{theirs.name.split(':')[0]}:2,T")
    purge(desk, gone.digest)
    assert poll_once(desk, "it", ends).erased == 1
    assert left(user) == [False, False]


@pytest.mark.parametrize(
    "without", [("UIDPLUS",), ("MOVE",), ("MOVE", "UIDPLUS")], ids=lambda names: " and ".join(names)
)
def test_on_a_server_that_does_not_say_where_a_mail_went_it_is_found_by_its_content(
    another_server: Callable[..., Dovecot], sqlite_services: Services, ends: Ends, without: tuple[str, ...]
) -> None:
    user = another_server(without=without).user()
    services = reads(sqlite_services, user)
    gone = taken_in(services, user, ends)
    with writing(services.sessions) as session:  # Dovecot says it even where it does not offer UIDPLUS
        session.execute(update(Receipt).values(moved_uid=None, moved_uidvalidity=None))
    purge(services, gone.digest)
    assert poll_once(services, "it", ends).erased == 1
    assert left(user) == [False, False]
    assert not any(left(user, "INBOX")), "nor what a move without MOVE and UIDPLUS leaves there"
    assert acts(services) == [(ERASED, str(gone.id))]


def test_without_uidplus_nothing_is_expunged_beside_what_others_deleted(
    another_server: Callable[..., Dovecot], sqlite_services: Services, ends: Ends
) -> None:
    user = another_server(without=("UIDPLUS",)).user()
    services = reads(sqlite_services, user)
    gone = taken_in(services, user, ends)
    theirs = next(path for path in user.files("Helpdesk-Done") if b"before" in path.read_bytes())
    marked = theirs.rename(theirs.parent.parent / "cur" / f"{theirs.name.split(':')[0]}:2,T")
    purge(services, gone.digest)
    result = poll_once(services, "it", ends)
    assert (result.erased, left(user)) == (0, [False, False, True])
    assert "does not let us erase" in result.warning
    marked.unlink()
    assert poll_once(services, "it", ends).erased == 1
    assert left(user) == [False]


def test_redeliveries_of_purged_content_are_erased_too_whenever_they_come(
    desk: Services, user: MailUser, ends: Ends
) -> None:
    again = b"Received: by relay.example; Tue, 3 Nov 2026 10:00:00 +0000\r\n"
    gone = taken_in(desk, user, ends)
    raw = next(raw for raw in ends.seen if b"Subject: purged" in raw)
    user.deliver(again + raw)
    poll_once(desk, "it", ends)
    purge(desk, gone.digest)
    assert poll_once(desk, "it", ends).erased == 2
    user.deliver(again + again + raw)
    result = poll_once(desk, "it", ends)
    assert (result.redelivered, result.erased) == (1, 1)
    assert left(user) == [False, False]
    assert [action for action, _ in acts(desk)] == [ERASED] * 3


def test_a_redelivery_to_another_mailbox_of_ours_is_erased_there(
    desk: Services, user: MailUser, ends: Ends
) -> None:
    other = user.server.user()
    both = reads(desk, other, "hr")
    gone = taken_in(both, user, ends)
    raw = next(raw for raw in ends.seen if b"Subject: purged" in raw)
    other.deliver(raw)
    poll_once(both, "hr", ends)
    with writing(
        both.sessions
    ) as session:  # the purge and the second delivery crossed: only the first is marked
        session.get_one(Receipt, gone.id).erase_from_mailbox = True
    assert poll_once(both, "it", ends).erased == 1
    assert poll_once(both, "hr", ends).erased == 1
    assert left(other) == []


@pytest.mark.parametrize("step", ["note_found", "note_erased"])
def test_a_crash_between_the_erasing_and_its_record_ends_as_no_crash(
    desk: Services, user: MailUser, ends: Ends, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    gone = taken_in(desk, user, ends)
    purge(desk, gone.digest)

    def dies(*_about: object) -> None:
        raise ConnectionError("the machine lost its power")

    monkeypatch.setattr(purged, step, dies)
    with pytest.raises(ConnectionError):
        poll_once(desk, "it", ends)
    assert left(user) == ([False, False] if step == "note_erased" else [False, False, True])
    monkeypatch.undo()
    assert poll_once(desk, "it", ends).erased == 1
    assert acts(desk) == [(ERASED, str(gone.id))]
    assert left(user) == [False, False]


def test_wherever_the_line_is_cut_it_is_erased_in_the_end_and_audited_once(
    desk: Services, user: MailUser, ends: Ends
) -> None:
    gone = taken_in(desk, user, ends)
    purge(desk, gone.digest)
    with faulty_line(user.server.port) as line:
        cut = 600
        while any(left(user)):
            line.cut_after = cut
            with contextlib.suppress(MailboxUnreachable):
                poll_once(with_mailbox(desk, port=line.port), "it", ends)
            cut += 150
    poll_once(desk, "it", ends)
    assert acts(desk) == [(ERASED, str(gone.id))]
    assert left(user) == [False, False]


def test_a_mail_that_never_left_a_mailbox_is_erased_there_when_the_right_is_granted(
    desk: Services, user: MailUser, ends: Ends
) -> None:
    user.grant("lr")
    gone = taken_in(desk, user, ends)
    purge(desk, gone.digest)
    result = poll_once(desk, "it", ends)
    assert (result.erased, left(user, "INBOX")) == (0, [False, False, True])
    user.grant("lrwstipekxa")
    with writing(desk.sessions) as session:
        session.execute(update(Receipt).values(erase_missed_at=now() - 2 * purged.LOOK_AGAIN_AFTER))
    poll_once(desk, "it", ends)
    assert left(user) == [False, False]
    assert left(user, "INBOX") == []


def test_a_folder_that_was_numbered_anew_costs_no_other_mail(
    desk: Services, user: MailUser, ends: Ends
) -> None:
    """After a restore the UID that was kept may be another mail's."""
    gone = taken_in(desk, user, ends)
    with writing(desk.sessions) as session:
        row = session.get_one(Receipt, gone.id)
        row.moved_uid = (row.moved_uid or 0) % 3 + 1  # another mail's now
    purge(desk, gone.digest)
    assert poll_once(desk, "it", ends).erased == 1
    assert left(user) == [False, False]


def test_a_purged_mail_that_somebody_took_away_is_told_once_and_looked_for_daily(
    desk: Services, user: MailUser, ends: Ends
) -> None:
    gone = taken_in(desk, user, ends)
    path = next(path for path in user.files("Helpdesk-Done") if b"Subject: purged" in path.read_bytes())
    raw = path.read_bytes()
    path.unlink()
    purge(desk, gone.digest)
    assert "mail.not_found_in_mailbox" in poll_once(desk, "it", ends).warning
    assert poll_once(desk, "it", ends).warning == ""
    with writing(desk.sessions) as session:
        session.execute(update(Receipt).values(erase_missed_at=now() - 2 * purged.LOOK_AGAIN_AFTER))
    with IMAPClient("127.0.0.1", user.server.port, ssl=False) as client:
        client.login(user.name, PASSWORD)
        client.append("Helpdesk-Done", raw)  # they put it back
    assert poll_once(desk, "it", ends).erased == 1
    assert acts(desk) == [(MISSED, str(gone.id)), (ERASED, str(gone.id))]


def test_what_waits_to_be_erased_is_found_by_an_index(each_engine: Services) -> None:
    with reading(each_engine.sessions) as session:
        assert purged.waiting(session, "it", "INBOX") == []
        if each_engine.engine.dialect.name == "sqlite":
            plan = session.connection().exec_driver_sql(
                "EXPLAIN QUERY PLAN SELECT id FROM receipts WHERE mailbox = 'it' "
                f"AND {purged.TO_ERASE} AND (erase_missed_at IS NULL OR erase_missed_at < '2026')"
            )
            assert "ix_receipts_to_erase" in str(plan.all())


def test_a_size_that_a_server_only_estimates_still_leads_to_the_mail(
    desk: Services, user: MailUser, ends: Ends, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = taken_in(desk, user, ends)
    with writing(desk.sessions) as session:
        session.execute(update(Receipt).values(moved_uid=None, size=Receipt.size + 700))
    purge(desk, gone.digest)
    assert poll_once(desk, "it", ends).erased == 1
    assert left(user) == [False, False]


def test_erasing_takes_only_what_it_is_told(desk: Services, user: MailUser) -> None:
    user.deliver(*[mail(subject=str(number)) for number in range(3)])
    box = Mailbox("it", desk.settings.mailboxes["it"])
    box.select()
    first, second, third = box.uids()
    assert box.erase([second]) == set()
    assert box.uids() == [first, third]
    box.close()
