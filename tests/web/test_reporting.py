"""An agent says that a message should not be here: what the page asks, who may, and what nobody sees from then on."""

from collections.abc import Callable

import pytest
from flask import Flask

from helpdesk.db import reading, writing
from helpdesk.errors import HelpdeskError
from helpdesk.governance import quarantine
from helpdesk.models import AuditEntry, HeldMail, MailReport, Message
from helpdesk.pii.values import Verdict
from helpdesk.services import Services
from helpdesk.web import create_app
from tests.web import reads, rows
from tests.web.conftest import RULE, ScansTypedText, Visitor

WORD = "KANARIENVOGEL"
TICKET = "/tickets/IT-000001"
REPORT = f"{TICKET}/messages/2/report"
RAW = (
    f"From: Dana {WORD} <dana.fox@example.org>\r\nTo: servicedesk@northmoor.nhs.uk\r\n"
    f"Subject: The chair of {WORD}\r\nMessage-ID: <chair@example.org>\r\nDate: Mon, 23 Nov 2026 09:00:00 +0000\r\n"
    f"Content-Type: text/plain; charset=utf-8\r\n\r\nThe chair of {WORD} is broken.\r\n"
).encode()
HIDDEN = "was reported as holding personal data and is with information governance"
HEALTH = {"category": "health of a person"}


@pytest.fixture
def ticket(web_services: Services) -> Services:
    """A ticket with a mail of the requester (1), one of somebody else with a file (2), and one held at arrival (3)."""
    with writing(web_services.sessions) as session:
        ticket = rows.add_ticket(session)
        message = rows.add_mail(web_services, session, ticket, RAW)
        rows.add_file(web_services, session, message, f"{WORD}.txt")
        rows.add_held(web_services, session, ticket)
        rows.add_message(session, ticket, "Seen.", direction="note", author_name="Jo Price")
        rows.add_message(session, ticket, "On its way.", direction="outbound", author_name="Jo Price")
    return web_services


def count(services: Services, kind: type) -> int:
    with reading(services.sessions) as session:
        return int(session.query(kind).count())


def test_the_link_is_on_what_came_in_and_is_shown_and_on_nothing_else(
    agent: Visitor, ticket: Services
) -> None:
    page = agent.get(TICKET).text
    links = [number for number in range(1, 6) if f"/messages/{number}/report" in page]
    assert links == [2]  # the first has no mail behind it here, the others are held or an agent's


def test_the_page_says_what_happens_and_asks_one_thing(agent: Visitor, ticket: Services) -> None:
    page = agent.get(REPORT).text
    for words in ("dana.fox@example.org", "hidden from everybody", "IG) officer", "Do not repeat the data"):
        assert words in page
    assert WORD not in page
    assert page.count('type="radio"') == 9
    for words in ("A patient&#39;s number", "A CV or job application", "Something else, or I am not sure"):
        assert words in page


@pytest.mark.parametrize(
    ("fields", "code", "words"),
    [
        ({}, 400, "Choose what kind of data it is"),
        ({"category": "gossip"}, 400, ""),
        ({**HEALTH, "note": "It is 943 476 5919."}, 400, "say it without"),
        ({**HEALTH, "note": "x" * 501}, 400, "500 or fewer"),
    ],
)
def test_what_is_not_right_hides_nothing_and_says_what_to_do(
    agent: Visitor, ticket: Services, fields: dict[str, str], code: int, words: str
) -> None:
    answer = agent.post(REPORT, **fields)
    assert (answer.status_code, words in answer.text) == (code, True)
    assert count(ticket, MailReport) == 0
    assert WORD in agent.get(TICKET).text


def test_from_then_on_no_agent_sees_or_finds_it(
    agent: Visitor, signed_in: Callable[[str], Visitor], ticket: Services
) -> None:
    other = signed_in("other")
    file = f"{TICKET}/files/1"
    assert other.get(file).status_code == 200
    answer = agent.post(REPORT, **HEALTH, note="the chair")
    assert (answer.status_code, answer.location) == (302, TICKET)
    for who in (agent, other):
        page = who.get(TICKET).text
        assert HIDDEN in " ".join(page.split())
        assert "Message held" in page
        for path in (TICKET, "/tickets", "/tickets?q=chair", f"/tickets?q={WORD}", REPORT):
            assert WORD not in who.get(path).text.replace(f'value="{WORD}"', "").replace(f"q={WORD}", "")
        assert "No tickets match" in who.get(f"/tickets?q={WORD}").text
        assert who.get(file).status_code == 404
    assert "Message reported as holding personal data" in agent.get(TICKET).text


def test_a_reply_has_nothing_of_it(agent: Visitor, ticket: Services) -> None:
    agent.post(REPORT, **HEALTH)
    version = str(reads.ticket(ticket).version)
    assert agent.post(f"{TICKET}/reply", reply="It is on its way.", version=version).status_code == 302
    sent = reads.outbox(ticket)[-1]
    assert WORD not in sent.subject + sent.text + sent.html


def test_the_second_of_two_agents_hears_that_it_is_done(
    agent: Visitor, signed_in: Callable[[str], Visitor], ticket: Services
) -> None:
    other = signed_in("other")
    agent.post(REPORT, **HEALTH)
    answer = other.post(REPORT, **HEALTH)
    assert answer.status_code == 302
    assert "reported this message already" in other.get(TICKET).text
    assert "reported this message already" in other.get(REPORT).text
    assert (count(ticket, MailReport), reads.ticket(ticket).held_messages) == (1, 2)


@pytest.mark.parametrize(
    "path",
    [f"{TICKET}/messages/{number}/report" for number in (1, 3, 4, 5, 99)]
    + ["/tickets/HR-000001/messages/2/report"],
)
def test_there_is_no_such_page_for_anything_else(agent: Visitor, ticket: Services, path: str) -> None:
    """Not without a mail behind it, held at arrival, a note, a reply; nor by the number of another desk's ticket."""
    with writing(ticket.sessions) as session:
        rows.add_ticket(session, "A contract", prefix="HR")
    assert agent.get(path).status_code == 404
    assert agent.post(path, **HEALTH).status_code == 404
    assert count(ticket, MailReport) == 0


@pytest.mark.parametrize(("who", "code"), [("admin", 403), ("nobody", 401)])
def test_an_admin_cannot_nor_can_an_end_user(
    app: Flask, make_visitor: Callable[[Flask, str], Visitor], ticket: Services, who: str, code: int
) -> None:
    person = Visitor(app.test_client()) if who == "nobody" else make_visitor(app, who)
    assert person.post(REPORT, **HEALTH).status_code == code
    assert count(ticket, MailReport) == 0


def test_a_form_of_another_site_reports_nothing(agent: Visitor, ticket: Services) -> None:
    assert agent.client.post(REPORT, data=HEALTH).status_code == 400
    assert count(ticket, MailReport) == 0


def test_the_officer_sees_who_reported_when_and_the_note(
    agent: Visitor, officer: Visitor, ticket: Services
) -> None:
    agent.post(REPORT, **HEALTH, note="it is in the second file")
    listed = " ".join(officer.get("/quarantine").text.split())
    for words in ("IG-000002", "Reported", "by Amal Khan", "Health of a person", "71 hours left"):
        assert words in listed
    page = officer.get("/quarantine/2").text
    for words in (
        "Amal Khan",
        "Health of a person",
        "it is in the second file",
        "The scan had found it clear",
    ):
        assert words in page
    assert "No rule of the scanner" in page
    assert WORD not in page + listed
    assert WORD in officer.post("/quarantine/2/open", look_reason="is it a patient").text


def test_the_trail_has_no_word_of_the_message_nor_of_the_note(agent: Visitor, ticket: Services) -> None:
    agent.post(REPORT, **HEALTH, note="it is in the second file")
    with reading(ticket.sessions) as session:
        acts = session.query(AuditEntry).all()
    told = " ".join(f"{act.action} {act.reason} {act.detail}" for act in acts)
    assert "ticket.message_reported" in told
    assert WORD not in told
    assert "second file" not in told


def test_a_scanner_that_fails_hides_the_message_all_the_same(
    ticket: Services, make_visitor: Callable[[Flask, str], Visitor]
) -> None:
    class Broken(ScansTypedText):
        def scan_again(self, _raw: bytes) -> Verdict:
            raise HelpdeskError("the workers are gone")

    app = create_app(ticket, Broken())  # type: ignore[arg-type]
    agent, officer = make_visitor(app, "agent"), make_visitor(app, "officer")
    assert agent.post(REPORT, **HEALTH).status_code == 302
    assert HIDDEN in " ".join(agent.get(TICKET).text.split())
    assert "has not looked at it again" in officer.get("/quarantine/2").text


def test_what_the_scanner_finds_stands_below_the_report(
    agent: Visitor, officer: Visitor, ticket: Services
) -> None:
    with writing(ticket.sessions) as session:
        mail = rows.add_mail(ticket, session, session.merge(reads.ticket(ticket)), rows.HELD_RAW)
        number = mail.id
    agent.post(f"{TICKET}/messages/{number}/report", **HEALTH)
    page = officer.get("/quarantine/2").text
    assert page.index("Reported as personal data") < page.index(RULE.replace("'", "&#39;"))
    with reading(ticket.sessions) as session:
        assert quarantine.get_held(session, 2).policy_version == "test"


def test_an_officer_takes_back_what_was_released(officer: Visitor, ticket: Services) -> None:
    with writing(ticket.sessions) as session:
        session.get_one(HeldMail, 1).state = "released"
        session.get_one(Message, 3).direction = "inbound"
    assert f"{TICKET}/messages/3/report" in officer.get("/quarantine/1").text
    answer = officer.post(f"{TICKET}/messages/3/report", **HEALTH)
    assert (answer.status_code, answer.location) == (302, "/quarantine")
    assert "Ines Reed" in officer.get("/quarantine/1").text


@pytest.mark.parametrize("words", ["", "no such words"])
def test_words_to_take_out_are_asked_for_where_the_scanner_finds_none(
    agent: Visitor, officer: Visitor, ticket: Services, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from helpdesk.governance.decisions import NothingToTakeOut
    from helpdesk.governance.words import WordsNotFound

    def refuses(*args: object) -> None:
        assert args[-1] == words
        raise WordsNotFound("Line 1 is not there.") if words else NothingToTakeOut("Write the words.")

    monkeypatch.setattr("helpdesk.governance.decisions.release_redacted", refuses)
    agent.post(REPORT, **HEALTH)
    assert "Words to take out" in officer.get("/quarantine/2").text
    answer = officer.post("/quarantine/2/decide", act="redacted", reason="because", words=words)
    assert answer.status_code == 409
    assert 'href="#words"' in answer.text
