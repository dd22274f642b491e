"""Who is told that their mail was too large to be taken in, and who is not."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from helpdesk.config_senders import Senders
from helpdesk.db import reading, writing
from helpdesk.ingest import refusals
from helpdesk.ingest.poll import poll_all, poll_once
from helpdesk.models import OutboxMail, Receipt
from helpdesk.outbound import suppression
from helpdesk.outbound.wording import TemplateError
from helpdesk.services import Services
from tests.support.dovecot import MailUser
from tests.support.ends import Ends
from tests.support.mailboxes import with_limit
from tests.support.mails import DESK, FAILS, JO, PASSES, mail

pytestmark = pytest.mark.server

LIMIT = 50_000


def large(*headers: tuple[str, str], **over: object) -> bytes:
    scan = [("scan.bin", "application/octet-stream", b"x" * LIMIT)]
    return mail(subject="Secret scans", files=scan, headers=headers, **over)  # type: ignore[arg-type]


def outbox(services: Services) -> list[OutboxMail]:
    with reading(services.sessions) as session:
        return list(session.scalars(select(OutboxMail)))


@pytest.mark.parametrize("headers", [(), (("Authentication-Results", PASSES),)], ids=["unknown", "verified"])
def test_a_person_is_told_with_nothing_of_their_mail(
    desk: Services, user: MailUser, ends: Ends, headers: tuple[tuple[str, str], ...]
) -> None:
    user.deliver(large(*headers, message_id="<scans@northmoor.nhs.uk>"))
    assert poll_once(with_limit(desk, LIMIT), "it", ends).refused == 1
    (notice,) = outbox(desk)
    with reading(desk.sessions) as session:
        receipt = session.scalars(select(Receipt)).one()
    assert (notice.kind, notice.to_address, notice.receipt_id) == ("too_large", JO, receipt.id)
    assert (notice.in_reply_to, notice.state, notice.automatic) == (
        "<scans@northmoor.nhs.uk>",
        "queued",
        True,
    )
    assert "Secret" not in notice.subject + notice.text + notice.html


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(large(("Auto-Submitted", "auto-replied")), id="an automatic reply"),
        pytest.param(large(("List-Id", "<staff.northmoor.nhs.uk>")), id="a list"),
        pytest.param(large(("Precedence", "bulk")), id="bulk mail"),
        pytest.param(b"Return-Path: <>\r\n" + large(), id="a null return path"),
        pytest.param(large(sender="MAILER-DAEMON@mx.example.org"), id="a mail daemon"),
        pytest.param(
            large().replace(b"multipart/mixed", b"multipart/report; report-type=delivery-status"),
            id="a delivery report",
        ),
        pytest.param(large(("Authentication-Results", FAILS)), id="a forged sender"),
        pytest.param(large(sender=DESK), id="ourselves"),
        pytest.param(large(sender=DESK.replace("@", "+reply.a.b@")), id="a signed address of ours"),
        pytest.param(large(sender=DESK.upper()), id="ourselves in capitals"),
        pytest.param(large(sender="no-reply@shop.example"), id="a no-reply address"),
        pytest.param(large(sender="owner-staff@lists.example"), id="who keeps a list"),
        pytest.param(large(sender="team@hospital.example"), id="a mailbox that answers by itself"),
        pytest.param(
            large(("X-Forwarded-For", "a@x.example"), to="sam@x.example"), id="what a mailbox passed on"
        ),
        pytest.param(large(("X-MS-Exchange-Inbox-Rules-Loop", "a@x.example")), id="what a rule passed on"),
        pytest.param(large(("Auto-Submitted", "auto-generated")), id="a machine"),
        pytest.param(large().replace(b"From:", b"X-From:"), id="nobody"),
        pytest.param(b"what is no mail\r\n" * (LIMIT // 10), id="no mail"),
    ],
)
def test_whatever_is_not_a_persons_mail_gets_no_word(
    desk: Services, user: MailUser, ends: Ends, raw: bytes
) -> None:
    user.deliver(raw)
    settings = desk.settings.model_copy(update={"senders": Senders(never_answer=["team@hospital.example"])})
    desk = replace(desk, settings=settings)
    assert poll_once(with_limit(desk, LIMIT), "it", ends).refused == 1
    assert outbox(desk) == []


def test_an_address_that_mail_is_stopped_to_gets_no_notice(
    desk: Services, user: MailUser, ends: Ends
) -> None:
    with writing(desk.sessions) as session:
        suppression.suppress(session, JO, "a mail came back")
    user.deliver(large())
    assert poll_once(with_limit(desk, LIMIT), "it", ends).refused == 1
    assert [one.state for one in outbox(desk)] == ["suppressed"]


def test_notices_count_among_the_answers_of_a_day(desk: Services, user: MailUser, ends: Ends) -> None:
    desk = with_limit(desk, LIMIT)
    limits = desk.settings.limits.model_copy(update={"answers_per_address_a_day": 1})
    desk = replace(desk, settings=desk.settings.model_copy(update={"limits": limits}))
    user.deliver(large(("X-Number", "1")), large(("X-Number", "2")))
    assert poll_once(desk, "it", ends).refused == 2
    assert [one.state for one in outbox(desk)] == ["queued", "suppressed"]


def test_a_mail_that_comes_again_is_answered_once(desk: Services, user: MailUser, ends: Ends) -> None:
    raw = large()
    for _ in range(2):
        user.deliver(raw)
        (result, _hr) = poll_all(with_limit(desk, LIMIT), ends)
        assert result.refused == 1
    assert len(outbox(desk)) == 1


def test_where_a_desks_text_of_the_notice_fails_ours_goes_out(
    desk: Services, user: MailUser, ends: Ends, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "too_large.txt").write_text("Subject: Hello\n\n{{ no_such_word }}\n")
    settings = desk.settings
    own = settings.desks["it"].model_copy(update={"templates": tmp_path})
    object.__setattr__(desk, "settings", settings.model_copy(update={"desks": {**settings.desks, "it": own}}))
    user.deliver(large(), mail())
    result = poll_once(with_limit(desk, LIMIT), "it", ends)
    assert (result.refused, result.moved, len(outbox(desk))) == (1, 2, 1)
    assert "the text of desk it for too_large fails" in caplog.text


def test_a_notice_that_cannot_be_written_keeps_no_mail_in_the_way(
    desk: Services,
    user: MailUser,
    ends: Ends,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise TemplateError("The text of too_large is broken; install the package afresh.")

    monkeypatch.setattr(refusals, "compose_answer", fails)
    user.deliver(large(), mail())
    result = poll_once(with_limit(desk, LIMIT), "it", ends)
    assert (result.refused, result.moved, outbox(desk)) == (1, 2, [])
    assert "its notice cannot be written" in caplog.text
