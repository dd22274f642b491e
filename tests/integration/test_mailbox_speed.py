"""How fast mail comes in, apart from what is done with it: list, fetch, receive (durably), move."""

import random
import time

import pytest
from sqlalchemy import update

from helpdesk.db import now, writing
from helpdesk.ingest.poll import poll_once
from helpdesk.models import Receipt
from helpdesk.models.mail import ReceiptState
from helpdesk.services import Services
from tests.support.dovecot import MailUser
from tests.support.mails import mail

pytestmark = [pytest.mark.server, pytest.mark.slow]

MAILS = 2_000
LEAST_A_SECOND = 150  # on a machine that does other things too; see the printed figure for more


class EndsAllAtOnce:
    """Costs one statement a batch, so that what is measured is the way to here and away."""

    def __init__(self, services: Services) -> None:
        self.services = services

    def process_waiting(self, limit: int) -> range:
        with writing(self.services.sessions) as session:
            waiting = Receipt.state == ReceiptState.RECEIVED.value
            values = {"state": ReceiptState.DONE.value, "outcome": "new_ticket", "ended_at": now()}
            session.execute(update(Receipt).where(waiting).values(**values, first_digest=Receipt.digest))
        return range(limit)


def test_two_thousand_mails_of_14_kilobytes(
    desk: Services, user: MailUser, capsys: pytest.CaptureFixture[str]
) -> None:
    rng = random.Random(1)
    words = ["".join(rng.choices("abcdefghijklmnop", k=6)) for _ in range(400)]
    for number in range(MAILS):
        text = "\n".join(" ".join(rng.choices(words, k=10)) for _ in range(196))
        user.deliver(mail(subject=f"Request {number}", text=text))
    began = time.monotonic()
    result = poll_once(desk, "it", EndsAllAtOnce(desk))
    rate = MAILS / (time.monotonic() - began)
    with capsys.disabled():
        print(
            f"\nmail-in from Dovecot: {rate:.0f} mails/s ({MAILS} mails, {len(user.raws('Helpdesk-Done')[0])} bytes each)"
        )
    assert result.moved == MAILS
    assert rate > LEAST_A_SECOND
