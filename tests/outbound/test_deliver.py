"""Each mail is sent at most once, each end is recorded, and one mail's fault is no other's."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from helpdesk.db import now, reading, sole_holder, writing
from helpdesk.models import OutboxMail, Suppression, Ticket
from helpdesk.outbound import claims
from helpdesk.outbound.deliver import DeliveryResult, deliver_due
from helpdesk.services import Services
from tests.outbound.samples import NURSE, acts, outbox, queue, queue_reply, states
from tests.support.smtp import SmtpServer, Step

OTHER = "porter@ward.example"


def test_a_queued_mail_arrives_and_is_sent(each_services: Services, smtp: SmtpServer) -> None:
    queue(each_services, NURSE)
    assert deliver_due(each_services) == DeliveryResult(sent=1)
    (taken,) = smtp.taken
    row = outbox(each_services)[NURSE]
    assert taken.recipients == [NURSE]
    assert taken.message["Message-ID"] == row.message_id
    assert (row.state, row.tries, row.last_error) == ("sent", 1, "")
    assert row.sent_at


def test_a_sent_mail_is_not_sent_again(services: Services, smtp: SmtpServer) -> None:
    queue(services, NURSE)
    deliver_due(services)
    assert deliver_due(services) == DeliveryResult()
    assert len(smtp.taken) == 1


def test_many_mails_go_over_one_connection(services: Services, smtp: SmtpServer) -> None:
    queue(services, *(f"a{n}@ward.example" for n in range(45)))
    assert deliver_due(services).sent == 45
    assert smtp.connections == 1
    assert [mail.recipients[0] for mail in smtp.taken] == [f"a{n}@ward.example" for n in range(45)]


def test_a_run_sends_no_more_than_its_limit(services: Services) -> None:
    queue(services, *(f"a{n}@ward.example" for n in range(30)))
    assert deliver_due(services, limit=25).sent == 25
    assert list(states(services).values()).count("queued") == 5


REFUSALS = [
    (Step.MAIL, "451 4.3.0 later", "queued"),
    (Step.RCPT, "450 4.2.1 later", "queued"),
    (Step.DATA, "451 4.3.0 later", "queued"),
    (Step.END, "452 4.3.1 later", "queued"),
    (Step.MAIL, "550 5.7.1 no", "failed"),
    (Step.RCPT, "550 5.7.1 no", "failed"),
    (Step.DATA, "554 5.6.0 no", "failed"),
    (Step.END, "554 5.7.1 no", "failed"),
]


@pytest.mark.parametrize(("step", "reply", "state"), REFUSALS, ids=lambda value: str(value)[:12])
def test_a_refusal_ends_its_own_mail_only(
    services: Services, smtp: SmtpServer, step: Step, reply: str, state: str
) -> None:
    smtp.fault(step, reply, times=1)
    queue(services, NURSE, OTHER)
    result = deliver_due(services)
    assert states(services) == {NURSE: state, OTHER: "sent"}
    assert (result.sent, result.queued_again + result.failed) == (1, 1)
    assert [mail.recipients for mail in smtp.taken] == [[OTHER]]
    assert smtp.connections == 1
    assert reply[:3] in outbox(services)[NURSE].last_error


CLOSED_BEFORE = [Step.MAIL, Step.RCPT, Step.DATA]


@pytest.mark.parametrize("step", CLOSED_BEFORE)
def test_a_connection_lost_before_the_end_of_a_mail_leaves_it_queued(
    services: Services, smtp: SmtpServer, step: Step
) -> None:
    smtp.fault(step, close=True, times=1)
    queue(services, NURSE, OTHER)
    deliver_due(services)
    assert states(services) == {NURSE: "queued", OTHER: "sent"}
    row = outbox(services)[NURSE]
    assert (row.tries, row.claimed_at, row.data_started_at) == (1, None, None)
    assert row.next_try_at > now()


def test_a_connection_lost_inside_a_mail_never_sends_it_twice(services: Services, smtp: SmtpServer) -> None:
    smtp.fault(Step.CONTENT, times=1)
    queue(services, NURSE, OTHER)
    deliver_due(services)
    # A short mail is in the system's buffers as a whole, so that nobody can know how much of it arrived.
    assert states(services)[NURSE] in ("queued", "uncertain")
    assert states(services)[OTHER] == "sent"


@pytest.mark.parametrize("kept", [True, False], ids=["taken", "not taken"])
def test_a_connection_lost_before_the_answer_is_uncertain_and_not_sent_again(
    each_services: Services, smtp: SmtpServer, kept: bool
) -> None:
    smtp.fault(Step.END, close=True, keep=kept, times=1)
    queue(each_services, NURSE, OTHER)
    assert deliver_due(each_services) == DeliveryResult(sent=1, uncertain=1)
    deliver_due(each_services)
    assert states(each_services) == {NURSE: "uncertain", OTHER: "sent"}
    assert [mail.recipients[0] for mail in smtp.taken].count(NURSE) == int(kept)


def test_an_answer_that_does_not_come_in_time_is_uncertain(
    services: Services, smtp: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("helpdesk.outbound.handover.END_WAIT_FACTOR", 1)
    services = replace(services, settings=services.settings.model_copy(update={"smtp": _impatient(services)}))
    smtp.fault(Step.END, delay=3, times=1)
    queue(services, NURSE)
    assert deliver_due(services).uncertain == 1


def test_a_slow_answer_at_the_end_is_waited_for_longer_than_others(
    services: Services, smtp: SmtpServer
) -> None:
    services = replace(services, settings=services.settings.model_copy(update={"smtp": _impatient(services)}))
    smtp.fault(Step.END, delay=1.5, times=1)
    queue(services, NURSE)
    assert deliver_due(services).sent == 1


def _impatient(services: Services) -> object:
    assert services.settings.smtp
    return services.settings.smtp.model_copy(update={"timeout_seconds": 1})


def test_an_answer_that_is_no_smtp_is_uncertain(services: Services, smtp: SmtpServer) -> None:
    smtp.fault(Step.END, "hello there", times=1)
    queue(services, NURSE)
    assert deliver_due(services).uncertain == 1


@pytest.mark.parametrize("reply", ["421 4.7.0 enough", ""], ids=["421", "closed"])
def test_a_server_that_takes_so_many_mails_a_connection_is_called_again(
    services: Services, smtp: SmtpServer, reply: str
) -> None:
    smtp.fault(Step.MAIL, reply, close=not reply, after=2, times=1)
    queue(services, NURSE, OTHER, "third@ward.example")
    assert deliver_due(services) == DeliveryResult(sent=3)
    assert {mail.tries for mail in outbox(services).values()} == {1}
    assert smtp.connections == 2


def test_a_server_that_is_down_changes_nothing_and_raises_nothing(
    each_services: Services, smtp: SmtpServer
) -> None:
    smtp.stop()
    queue(each_services, NURSE, OTHER)
    result = deliver_due(each_services)
    assert "does not answer" in result.server_error
    assert states(each_services) == {NURSE: "queued", OTHER: "queued"}
    assert {mail.tries for mail in outbox(each_services).values()} == {0}
    smtp.start()
    assert deliver_due(each_services) == DeliveryResult(sent=2)


@pytest.mark.parametrize(
    ("reply", "says"),
    [("554 5.3.2 not now", "554"), ("421 4.3.2 going down", "421"), ("", "Connection|closed|answer")],
)
def test_a_server_that_refuses_us_at_the_greeting_changes_nothing(
    services: Services, smtp: SmtpServer, reply: str, says: str
) -> None:
    smtp.fault(Step.CONNECT, reply)
    queue(services, NURSE)
    result = deliver_due(services)
    assert any(word in result.server_error for word in says.split("|"))
    assert states(services) == {NURSE: "queued"}
    assert outbox(services)[NURSE].tries == 0


def test_a_server_that_loses_every_mail_is_left_alone_after_three(
    services: Services, smtp: SmtpServer
) -> None:
    smtp.fault(Step.RCPT, close=True)
    queue(services, *(f"a{n}@ward.example" for n in range(10)))
    result = deliver_due(services)
    assert result.queued_again == 3
    assert "again and again" in result.server_error
    assert set(states(services).values()) == {"queued"}


def test_a_server_that_wants_another_sign_in_fails_no_mail(services: Services, smtp: SmtpServer) -> None:
    smtp.fault(Step.MAIL, "530 5.7.0 sign in first")
    queue(services, NURSE)
    assert "smtp.user" in deliver_due(services).server_error
    assert states(services) == {NURSE: "queued"}


def test_without_a_mail_server_mails_wait(sqlite_services: Services) -> None:
    queue(sqlite_services, NURSE)
    assert "[smtp]" in deliver_due(sqlite_services).server_error
    assert states(sqlite_services) == {NURSE: "queued"}


def test_a_mail_is_given_up_after_its_tries(services: Services, smtp: SmtpServer) -> None:
    limits = services.settings.limits.model_copy(update={"delivery_tries": 2})
    services = replace(services, settings=services.settings.model_copy(update={"limits": limits}))
    smtp.fault(Step.RCPT, "451 4.3.0 later")
    queue(services, NURSE)
    deliver_due(services)
    _make_due(services)
    assert deliver_due(services).failed == 1
    row = outbox(services)[NURSE]
    assert (row.state, row.tries) == ("failed", 2)
    assert "2 times" in row.last_error


def _make_due(services: Services) -> None:
    with writing(services.sessions) as session:
        for mail in session.scalars(select(OutboxMail)):
            mail.next_try_at = now()


def test_a_mail_that_cannot_be_written_blocks_no_other(services: Services) -> None:
    bad, _ = queue(services, NURSE, OTHER)
    with writing(services.sessions) as session:
        session.get_one(OutboxMail, bad).from_address = "not an address"
    deliver_due(services)
    assert states(services) == {NURSE: "failed", OTHER: "sent"}


def test_an_address_that_does_not_exist_gets_no_more_mail(services: Services, smtp: SmtpServer) -> None:
    smtp.fault(Step.RCPT, "550 5.1.1 unknown user", only=NURSE)
    queue(services, NURSE)
    deliver_due(services)
    with reading(services.sessions) as session:
        assert session.scalars(select(Suppression.address)).all() == [NURSE]
    smtp.faults.clear()
    queue(services, NURSE)
    assert deliver_due(services).sent == 0


@pytest.mark.parametrize(
    ("fault", "act"),
    [(None, "mail.sent"), (("550 5.7.1 no", False), "mail.failed"), (("", True), "mail.uncertain")],
    ids=["sent", "failed", "uncertain"],
)
def test_each_end_is_in_the_audit_trail_without_the_address(
    services: Services, smtp: SmtpServer, fault: tuple[str, bool] | None, act: str
) -> None:
    outbox_id, ticket_id = queue_reply(services)
    if fault:
        smtp.fault(Step.END, fault[0], close=fault[1])
    deliver_due(services)
    (entry,) = acts(services)
    assert (entry.action, entry.subject_id, entry.detail) == (act, str(outbox_id), {"ticket": "IT-000001"})
    assert NURSE not in f"{entry.reason}{entry.detail}"
    with reading(services.sessions) as session:
        assert session.get_one(Ticket, ticket_id).needs_agent is (act != "mail.sent")


def test_the_servers_words_are_not_kept(services: Services, smtp: SmtpServer) -> None:
    smtp.fault(Step.END, "554 5.7.1 your mail about Marjorie Testcase was refused")
    queue(services, NURSE)
    deliver_due(services)
    assert outbox(services)[NURSE].last_error == "The mail server answered 554 5.7.1 to the end of DATA."


def test_a_dead_process_leaves_mails_that_it_had_not_begun_to_the_next(
    services: Services, smtp: SmtpServer
) -> None:
    queue(services, NURSE)
    with writing(services.sessions) as session:
        claims.claim_due(session, 10)
    assert deliver_due(services) == DeliveryResult(sent=1, recovered=1)


def test_a_dead_process_leaves_a_mail_that_it_had_begun_uncertain(
    services: Services, smtp: SmtpServer
) -> None:
    queue(services, NURSE)
    with writing(services.sessions) as session:
        (claim,) = claims.claim_due(session, 10)
        claims.start_data(session, claim)
    assert deliver_due(services) == DeliveryResult(uncertain=1)
    assert smtp.taken == []
    assert [entry.action for entry in acts(services)] == ["mail.uncertain"]


def test_on_sqlite_only_one_process_delivers(services: Services) -> None:
    queue(services, NURSE)
    with sole_holder(services.engine, "outbox", services.settings.data_folder):
        assert deliver_due(services) == DeliveryResult(busy=True)
    assert states(services) == {NURSE: "queued"}


@pytest.mark.server
def test_on_postgresql_a_living_claim_is_left_alone_until_its_lease_ends(
    postgres_services: Services, smtp: SmtpServer
) -> None:
    from tests.outbound.conftest import sending_to

    services = sending_to(postgres_services, smtp)
    queue(services, NURSE, OTHER)
    with writing(services.sessions) as session:
        (claim,) = claims.claim_due(session, 1)
    assert deliver_due(services) == DeliveryResult(sent=1)
    with writing(services.sessions) as session:
        mail = session.get_one(OutboxMail, claim.mail.id)
        mail.claimed_at = now() - claims.LEASE - timedelta(seconds=1)
    assert deliver_due(services) == DeliveryResult(sent=1, recovered=1)


@pytest.mark.server
def test_on_postgresql_what_a_dead_deliverer_left_is_taken_up_at_once(
    postgres_services: Services, smtp: SmtpServer
) -> None:
    from tests.outbound.conftest import sending_to

    services = sending_to(postgres_services, smtp)
    queue(services, NURSE, OTHER)
    with sole_holder(services.engine, "outbox-first", services.settings.data_folder):
        with writing(services.sessions) as session:
            begun, _ = claims.claim_due(session, 2, "outbox-first")
            assert claims.start_data(session, begun)
        assert deliver_due(services) == DeliveryResult()  # it lives, so what it has is left alone
    assert deliver_due(services) == DeliveryResult(sent=1, uncertain=1, recovered=1)
    assert states(services) == {NURSE: "uncertain", OTHER: "sent"}


@pytest.mark.server
def test_a_deliverer_that_lost_its_session_sends_nothing_more_of_what_was_taken_from_it(
    postgres_services: Services,
) -> None:
    queue(postgres_services, NURSE)
    with writing(postgres_services.sessions) as session:
        (claim,) = claims.claim_due(session, 1, "outbox-gone")
    with writing(postgres_services.sessions) as session:
        assert claims.recover(session, alone=False).queued == 1
    with writing(postgres_services.sessions) as session:
        assert claims.start_data(session, claim) is None


def test_who_lost_the_claim_sends_nothing(each_services: Services) -> None:
    queue(each_services, NURSE)
    with writing(each_services.sessions) as session:
        (first,) = claims.claim_due(session, 1)
    with writing(each_services.sessions) as session:
        claims.recover(session, alone=True)
        (second,) = claims.claim_due(session, 1)
    with writing(each_services.sessions) as session:
        assert claims.start_data(session, first) is None
        assert claims.settle(session, first, state="sent") is False
        assert claims.start_data(session, second) is not None


def test_who_was_only_thought_dead_may_still_say_that_it_was_sent(each_services: Services) -> None:
    queue(each_services, NURSE)
    with writing(each_services.sessions) as session:
        (claim,) = claims.claim_due(session, 1)
        started = claims.start_data(session, claim)
    assert started
    with writing(each_services.sessions) as session:
        claims.recover(session, alone=True)
    with writing(each_services.sessions) as session:
        assert claims.settle(session, started, state="sent") is True
