"""A mailbox of 100,000 mails that all but a few were taken in from: listed, skipped and read in seconds."""

import os
import time
import tracemalloc
import uuid

import pytest
from sqlalchemy import insert

from helpdesk.db import writing
from helpdesk.ingest.mailbox import Mailbox
from helpdesk.ingest.poll import MailboxReader
from helpdesk.models import Receipt
from helpdesk.models.mail import ReceiptState
from helpdesk.services import Services
from tests.support.dovecot import MailUser
from tests.support.ends import Ends
from tests.support.mails import mail

pytestmark = [pytest.mark.server, pytest.mark.slow]

MAILS, NEW = 100_000, 5
SECONDS_A_VISIT = 15  # on a machine that does other things too; see the printed figures
MEGABYTES = 64


def fill(user: MailUser) -> None:
    """Straight into the Maildir, two files under many names: what lies in the mails does not matter here."""
    files = user.deliver(mail(subject="old"), mail(subject="older"))  # a file has at most 65,000 names
    for number in range(MAILS - len(files)):
        os.link(
            files[number % 2],
            user.maildir / "cur" / f"{1_000_000_000 + number}.{uuid.uuid4().hex[:8]}.test:2,",
        )


def has_receipts(services: Services, uidvalidity: int, uids: list[int]) -> None:
    ended = {"mailbox": "it", "uidvalidity": uidvalidity, "size": 500, "state": ReceiptState.DONE.value}
    rows = [{**ended, "uid": uid, "digest": f"{uid:064x}", "first_digest": f"{uid:064x}"} for uid in uids]
    with writing(services.sessions) as session:
        session.execute(insert(Receipt), rows)


def timed(reader: MailboxReader, ends: Ends) -> float:
    began = time.monotonic()
    reader.poll(ends)
    return time.monotonic() - began


def test_of_a_hundred_thousand_mails_the_newest_few_are_taken_in(
    desk: Services, user: MailUser, ends: Ends, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(user)
    box = Mailbox("it", desk.settings.mailboxes["it"])
    opened = box.select()
    has_receipts(desk, opened.uidvalidity, box.uids())
    box.close()
    user.grant("lr")  # nobody lets us move them
    sent = [mail(subject=f"new {number}") for number in range(NEW)]
    user.deliver(*sent)
    with MailboxReader(desk, "it") as reader:
        first = timed(reader, ends)
        tracemalloc.start()  # it slows what it measures, so that this visit is not timed
        result = reader.poll(ends)
        peak = tracemalloc.get_traced_memory()[1] / 2**20
        tracemalloc.stop()
        second = timed(reader, ends)
    with capsys.disabled():
        print(
            f"\n{MAILS} mails, {NEW} new: {first:.1f} s, then {second:.1f} s a visit; {peak:.0f} MB at most"
        )
    assert sorted(ends.seen) == sorted(sent)
    assert result.taken == 0
    assert max(first, second) < SECONDS_A_VISIT
    assert peak < MEGABYTES
