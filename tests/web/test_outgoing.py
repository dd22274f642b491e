"""Outgoing mails: what an admin sees and decides, stops and alarms; what an agent is warned of before writing."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from helpdesk.db import now, reading, writing
from helpdesk.models import OutboxMail, Suppression
from helpdesk.models.outbound import Alarm
from helpdesk.outbound import alarms, resend
from helpdesk.outbound.suppression import suppress
from helpdesk.services import Services
from helpdesk.web.app import create_app
from tests.web import reads, rows
from tests.web.conftest import ScansTypedText, Visitor

ADMIN = rows.PEOPLE["admin"][0]
REQUESTER = "pat.green@example.org"


@pytest.mark.parametrize("state", ["uncertain", "failed", "suppressed", "queued", "sent"])
def test_outgoing_mails_are_listed_by_state_without_subject_and_text(
    admin: Visitor, web_services: Services, state: str
) -> None:
    with writing(web_services.sessions) as session:
        rows.add_outgoing(session, None, state=state, last_error="what was said", subject="SUBJ", text="TEXT")
    page = admin.get(f"/admin/outbox?state={state}").text
    assert "what was said" in page
    assert "SUBJ" not in page
    assert "TEXT" not in page
    assert ("Send again" in page) is (state in ("uncertain", "failed"))


@pytest.mark.parametrize(
    ("button", "state", "action"),
    [("retry", "queued", "mail.retried"), ("give-up", "suppressed", "mail.given_up")],
)
def test_a_person_decides_about_a_mail_that_nobody_knows_of(
    admin: Visitor, web_services: Services, button: str, state: str, action: str
) -> None:
    with writing(web_services.sessions) as session:
        rows.add_outgoing(session, None, state="uncertain", tries=4, data_started_at=now(), claimed_at=now())
    assert admin.post(f"/admin/outbox/1/{button}").status_code == 302
    assert reads.outbox(web_services)[0].state == state
    assert [(act.actor, act.detail) for act in reads.acts(web_services, action)] == [
        (ADMIN, {"was": "uncertain", "ticket": ""})
    ]


@pytest.mark.parametrize("state", ["sent", "queued", "sending", "suppressed"])
def test_a_mail_that_needs_no_decision_is_sent_no_second_time(
    admin: Visitor, web_services: Services, state: str
) -> None:
    with writing(web_services.sessions) as session:
        rows.add_outgoing(session, None, state=state)
    assert admin.post("/admin/outbox/1/retry").status_code == 409
    assert reads.outbox(web_services)[0].state == state


def test_giving_up_leaves_the_reason_for_the_agent(admin: Visitor, web_services: Services) -> None:
    with writing(web_services.sessions) as session:
        ticket = rows.add_ticket(session)
        rows.add_outgoing(session, ticket, state="failed")
    admin.post("/admin/outbox/1/give-up")
    with reading(web_services.sessions) as session:
        assert session.get_one(OutboxMail, 1).last_error == resend.GIVEN_UP


def test_what_is_being_sent_is_among_what_waits(admin: Visitor, web_services: Services) -> None:
    with writing(web_services.sessions) as session:
        rows.add_outgoing(session, None, state="sending", to_address="now@example.org")
        rows.add_outgoing(session, None, state="queued", to_address="soon@example.org", tries=2)
    page = admin.get("/admin/outbox?state=queued").text
    assert "now@example.org" in page
    assert "Being sent now" in page
    assert "next try" in page


FILTERS = [("to=JO@", "jo@example.org"), ("kind=reply", "al@example.org"), ("desk=hr", "al@example.org")]


@pytest.mark.parametrize(("asked", "found"), FILTERS)
def test_mails_are_filtered_by_address_kind_and_desk(
    admin: Visitor, web_services: Services, asked: str, found: str
) -> None:
    with writing(web_services.sessions) as session:
        rows.add_outgoing(session, None, to_address="jo@example.org")
        rows.add_outgoing(session, None, to_address="al@example.org", kind="reply", desk="hr")
    page = admin.get(f"/admin/outbox?state=sent&{asked}").text
    assert [address for address in ("jo@example.org", "al@example.org") if address in page] == [found]


@pytest.mark.parametrize("asked", ["to=%25", "to=_", "kind=king", "desk=none", "page=9999", "to=%00"])
def test_an_odd_filter_is_no_fault(admin: Visitor, web_services: Services, asked: str) -> None:
    with writing(web_services.sessions) as session:
        rows.add_outgoing(session, None, to_address="jo@example.org")
    answer = admin.get(f"/admin/outbox?state=sent&{asked}")
    assert answer.status_code == 200
    assert ("jo@example.org" in answer.text) is (asked in ("kind=king", "desk=none", "to=%00"))


def test_the_pages_of_a_filter_keep_it(admin: Visitor, web_services: Services) -> None:
    with writing(web_services.sessions) as session:
        for _ in range(26):
            rows.add_outgoing(session, None, kind="reply")
    page = admin.get("/admin/outbox?state=sent&kind=reply").text
    assert "1 to 25 of 26" in page
    assert "/admin/outbox?state=sent&amp;kind=reply&amp;page=2" in page


def stop(services: Services, address: str = REQUESTER) -> None:
    with writing(services.sessions) as session:
        suppress(session, address, "its mail came back for good")


def test_a_stop_is_lifted_with_a_reason_that_is_in_the_trail(admin: Visitor, web_services: Services) -> None:
    stop(web_services)
    assert REQUESTER in admin.get("/admin/outbox/stopped").text
    assert "came back for good" in admin.get("/admin/outbox/stopped/1").text
    answer = admin.post("/admin/outbox/stopped/1", "/admin/outbox/stopped/1", reason=" ")
    assert answer.status_code == 400
    assert "There is a problem" in answer.text
    assert admin.post("/admin/outbox/stopped/1", reason="They have a new mailbox").status_code == 302
    with reading(web_services.sessions) as session:
        assert session.scalars(select(Suppression)).all() == []
    (act,) = reads.acts(web_services, "mail.lifted")
    assert (act.actor, act.reason, act.subject_id) == (ADMIN, "They have a new mailbox", REQUESTER)
    assert admin.post("/admin/outbox/stopped/1", reason="again").status_code == 404


def test_stopped_addresses_are_filtered_and_paged(admin: Visitor, web_services: Services) -> None:
    for number in range(30):
        stop(web_services, f"nurse{number}@ward.example")
    first = admin.get("/admin/outbox/stopped").text
    assert "1 to 25 of 30" in first
    page = admin.get("/admin/outbox/stopped?address=NURSE29").text
    assert "nurse29@ward.example" in page
    assert "nurse28@" not in page


@pytest.mark.parametrize("path", ["/tickets/IT-000001", "/tickets/IT-000001/resolve"])
def test_an_agent_is_warned_before_writing_to_a_stopped_address(
    agent: Visitor, web_services: Services, path: str
) -> None:
    with writing(web_services.sessions) as session:
        rows.add_ticket(session)
    assert "is stopped" not in agent.get(path).text
    stop(web_services)
    page = agent.get(path).text
    assert "is stopped, so what you write will not be sent" in page
    assert "came back for good" in page
    assert "Ring the requester" in page
    assert page.index("is stopped") < page.index("<textarea")


def raise_alarms(services: Services, count: int = 3) -> None:
    for _ in range(count):
        with writing(services.sessions) as session:
            alarms.raise_alarm(
                session, services.settings, alarms.Kind.CAP, "limits.answers_a_day", "Not sent: too many."
            )


def test_an_alarm_is_told_on_every_page_of_an_admin_and_nobody_elses(
    admin: Visitor, agent: Visitor, officer: Visitor, web_services: Services
) -> None:
    assert "needs your attention" not in admin.get("/admin/mailboxes").text
    raise_alarms(web_services)
    for path in ("/admin/mailboxes", "/admin/users", "/account/password"):
        assert "An alarm needs your attention" in admin.get(path).text
    for person, path in ((agent, "/tickets"), (officer, "/quarantine")):
        assert "your attention" not in person.get(path).text
    page = admin.get("/admin/alarms").text
    for words in ("limits.answers_a_day", "Not sent: too many.", "3 mails", "/admin/outbox?state=suppressed"):
        assert words in page


def test_an_alarm_goes_when_it_is_acknowledged_or_old(admin: Visitor, web_services: Services) -> None:
    raise_alarms(web_services)
    assert admin.post("/admin/alarms/1/acknowledge").status_code == 302
    assert "your attention" not in admin.get("/admin/mailboxes").text
    assert reads.acts(web_services, "alarm.acknowledged")[0].actor == ADMIN
    assert admin.post("/admin/alarms/1/acknowledge").status_code == 409
    with writing(web_services.sessions) as session:
        alarm = session.query(Alarm).one()
        alarm.acknowledged_at = None
        alarm.last_at = now() - timedelta(days=2)
    assert "No alarms" in admin.get("/admin/alarms").text


def test_a_key_that_cannot_be_read_is_told_among_the_alarms(web_services: Services) -> None:
    from dataclasses import replace

    from helpdesk.config_outbound import Smime

    broken = Smime(certificate_file="/nowhere/cert.pem", key_file="/nowhere/key.pem")
    settings = web_services.settings
    desk = settings.desks["it"].model_copy(update={"smime": broken})
    services = replace(web_services, settings=settings.model_copy(update={"desks": {"it": desk}}))
    admin = Visitor(create_app(services, ScansTypedText()).test_client())  # type: ignore[arg-type]
    admin.sign_in(ADMIN)
    assert "An alarm needs your attention" in admin.get("/admin/mailboxes").text
    assert "desks.it.smime.certificate_file" in admin.get("/admin/alarms").text
