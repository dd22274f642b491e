"""What a person decides about a mail that nobody knows of is done and recorded."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from helpdesk.db import writing
from helpdesk.models import OutboxMail
from helpdesk.outbound.deliver import deliver_due
from helpdesk.outbound.resend import NotStopped, give_up, retry
from helpdesk.services import Services
from tests.outbound.samples import NURSE, acts, outbox, queue_reply, states
from tests.support.smtp import SmtpServer, Step

Deed = Callable[[Session, int, str], OutboxMail]


def stopped(services: Services, smtp: SmtpServer, **fault: object) -> int:
    smtp.fault(Step.END, times=1, **fault)  # type: ignore[arg-type]
    outbox_id, _ = queue_reply(services)
    deliver_due(services)
    return outbox_id


@pytest.mark.parametrize("fault", [{"close": True}, {"reply": "554 5.7.1 no"}], ids=["uncertain", "failed"])
def test_retry_sends_it_once_more_under_the_same_id(
    services: Services, smtp: SmtpServer, fault: dict[str, object]
) -> None:
    outbox_id = stopped(services, smtp, **fault)
    before = outbox(services)[NURSE]
    with writing(services.sessions) as session:
        retry(session, outbox_id, "agent@northmoor.nhs.uk")
    assert deliver_due(services).sent == 1
    assert [mail.message["Message-ID"] for mail in smtp.taken] == [before.message_id]
    deed = acts(services)[1]
    assert (deed.action, deed.actor) == ("mail.retried", "agent@northmoor.nhs.uk")
    assert deed.detail == {"ticket": "IT-000001", "was": before.state}


def test_given_up_is_never_sent(services: Services, smtp: SmtpServer) -> None:
    outbox_id = stopped(services, smtp, close=True)
    with writing(services.sessions) as session:
        give_up(session, outbox_id, "agent@northmoor.nhs.uk")
    assert deliver_due(services).sent == 0
    assert states(services) == {NURSE: "suppressed"}
    assert acts(services)[-1].action == "mail.given_up"


@pytest.mark.parametrize(("deed", "state"), [(retry, "sent"), (give_up, "sent"), (retry, "sending"), (give_up, "suppressed"), (retry, "suppressed")])  # fmt: skip
def test_a_mail_that_does_not_wait_for_a_person_is_left_alone(
    services: Services, deed: Deed, state: str
) -> None:
    outbox_id, _ = queue_reply(services)
    with writing(services.sessions) as session:
        session.get_one(OutboxMail, outbox_id).state = state
    with pytest.raises(NotStopped, match=f"is {state}"), writing(services.sessions) as session:
        deed(session, outbox_id, "someone")
    assert states(services) == {NURSE: state}


def test_a_mail_that_is_not_there_is_said_to_be(services: Services) -> None:
    with pytest.raises(NotStopped, match="no outgoing mail 99"), writing(services.sessions) as session:
        retry(session, 99, "someone")
