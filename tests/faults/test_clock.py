"""The clock jumps in the middle of the work, either way: the same tickets, messages and mails."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

import pytest
from sqlalchemy import update

from helpdesk import db
from helpdesk.db import reading, writing
from helpdesk.models import OutboxMail
from helpdesk.models.outbound import OutboxState
from helpdesk.outbound import claims
from helpdesk.services import Services
from tests.faults.running import until_done
from tests.faults.scene import Ends, Scene
from tests.support import points

pytestmark = [pytest.mark.server, pytest.mark.slow, pytest.mark.xdist_group("faults")]


class Clock(datetime):
    """What `helpdesk.db.now` asks."""

    shift = timedelta()

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]  # as it is called here
        return datetime.now(tz) + cls.shift


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    monkeypatch.setattr(db, "datetime", Clock)
    monkeypatch.setattr(Clock, "shift", timedelta())
    return lambda shift: setattr(Clock, "shift", shift)


@pytest.mark.parametrize("point", ["after the commit", "mails claimed"])
@pytest.mark.parametrize(
    # not a day on: then the guidance, which goes once a day, is rightly due again
    "hours",
    [-9_000, -24, 20],
    ids=["a year back", "a day back", "hours on"],
)
def test_set_at(
    point: str,
    hours: int,
    set_clock: Callable[[timedelta], None],
    scene: Callable[..., Scene],
    scanner: Any,
    undisturbed: Ends,
) -> None:
    place = scene()
    services = place.services()
    with points.at(point, lambda: set_clock(timedelta(hours=hours))):
        until_done(services, scanner)
    services.engine.dispose()
    assert place.ends() == undisturbed
    place.assert_sent_once()
    assert db.now() - datetime.now(UTC) == pytest.approx(timedelta(hours=hours), abs=timedelta(minutes=1))


@pytest.mark.parametrize("ahead", [timedelta(hours=1), timedelta(days=30)])
def test_a_mail_that_waits_for_its_next_try_does_not_wait_for_the_clock(
    each_engine: Services, ahead: timedelta
) -> None:
    """Never tried: due at once. Tried: due when its time is further off than we ever wait."""
    row = {
        "kind": "held", "automatic": True, "desk": "it", "from_address": "it@x.example", "from_name": "",
        "to_domain": "x.example", "subject": "", "text": "", "next_try_at": db.now() + ahead,
    }  # fmt: skip
    with writing(each_engine.sessions) as session:
        for tries in (0, 1):
            session.add(
                OutboxMail(**row, to_address=f"{tries}@x.example", message_id=f"<{tries}@x>", tries=tries)
            )
    with writing(each_engine.sessions) as session:
        due = {claim.mail.tries for claim in claims.claim_due(session, 10)}
    assert due == ({0, 1} if ahead > claims.NEVER_SO_LONG else {0})


def test_a_claim_from_the_future_is_a_dead_ones(each_engine: Services) -> None:
    with writing(each_engine.sessions) as session:
        mail = OutboxMail(
            kind="held", automatic=True, desk="it", from_address="it@x.example", from_name="", subject="", text="",
            to_address="a@x.example", to_domain="x.example", message_id="<a@x>",
        )  # fmt: skip
        session.add(mail)
        session.flush()
        values = {"state": OutboxState.SENDING.value, "claimed_at": db.now() + timedelta(days=1)}
        session.execute(update(OutboxMail).values(**values))
    with writing(each_engine.sessions) as session:
        assert claims.recover(session, alone=False).queued == 1
    with reading(each_engine.sessions) as session:
        assert session.query(OutboxMail).one().state == OutboxState.QUEUED.value
