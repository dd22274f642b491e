"""What an agent sees of a ticket: everything said, in order, with its warnings, and nothing held."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from helpdesk.db import now, writing
from helpdesk.models import Message
from helpdesk.services import Services
from helpdesk.tickets.states import State
from tests.web import reads, rows
from tests.web.conftest import Visitor

PAGE = "/tickets/IT-000001"


def have(services: Services, state: State = State.NEW, **message: object) -> None:
    """One ticket, with one more message when `message` says something of it."""
    with writing(services.sessions) as session:
        ticket = rows.add_ticket(session, state=state)
        if message:
            rows.add_message(session, ticket, **message)


def order_of(text: str, *words: str) -> list[str]:
    assert all(word in text for word in words)
    return sorted(words, key=text.index)


def test_everything_said_stands_in_order(agent: Visitor, web_services: Services) -> None:
    start = now() - timedelta(hours=5)
    with writing(web_services.sessions) as session:
        ticket = rows.add_ticket(session, text="first mail")
        session.query(Message).update({"created_at": start})
        said = [("note", "second note"), ("outbound", "third reply"), ("automatic", "fourth automatic")]
        for hours, (direction, text) in enumerate(said, 1):
            rows.add_message(
                session, ticket, text, direction=direction, created_at=start + timedelta(hours=hours)
            )
        sent = rows.add_outgoing(session, ticket, text="our acknowledgement")
        sent.created_at = start + timedelta(minutes=1)
    words = ["first mail", "our acknowledgement", "second note", "third reply", "fourth automatic"]
    assert order_of(agent.get(PAGE).text, *words) == words


def test_a_held_message_is_a_placeholder_without_content(agent: Visitor, web_services: Services) -> None:
    with writing(web_services.sessions) as session:
        rows.add_held(web_services, session, rows.add_ticket(session))
    page = agent.get(PAGE).text
    assert "being checked by information governance" in page
    assert "Message held" in page
    assert "KANARIENVOGEL" not in page
    assert "943" not in page


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ({"flags": ["third_party"]}, ["Third party", "not one of this ticket&#39;s participants"]),
        ({"flags": ["forged_own_domain"]}, ["Maybe forged", "may be forged"]),
        ({"flags": ["failed_authentication"]}, ["Unverified", "did not come from it"]),
        ({"flags": ["alternatives-differ"]}, ["Two versions", "say different things"]),
        ({"redacted": True}, ["Redacted"]),
        ({"standing": "unconfirmed"}, ["Waits for you", "Confirm the sender"]),
        ({"evidence": [{"kind": "token_address"}]}, ["signed reply address"]),
        ({"subject": "Another subject"}, ["Another subject"]),
        ({"text": ""}, ["This message has no text"]),
        ({"text": "<b>not bold</b> & plain"}, ["&lt;b&gt;not bold&lt;/b&gt; &amp; plain"]),
    ],
)
def test_a_message_shows_its_marks(
    agent: Visitor, web_services: Services, message: dict[str, object], shown: list[str]
) -> None:
    have(web_services, **{"text": "body", **message})
    page = agent.get(PAGE).text
    for words in shown:
        assert words in page


@pytest.mark.parametrize(
    ("state", "why", "shown"),
    [
        ("failed", "mailbox full", "This mail was not delivered.</strong> Mailbox full."),
        ("uncertain", "connection lost", "not known whether this mail arrived.</strong> Connection lost."),
        ("suppressed", "cap reached", "This mail was not sent.</strong> Cap reached."),
    ],
)
def test_a_mail_that_did_not_arrive_says_so(
    agent: Visitor, web_services: Services, state: str, why: str, shown: str
) -> None:
    with writing(web_services.sessions) as session:
        ticket = rows.add_ticket(session)
        mail = rows.add_outgoing(session, ticket, state=state, last_error=why, automatic=False)
        rows.add_message(session, ticket, "reply", direction="outbound", outbox_id=mail.id)
    assert shown in agent.get(PAGE).text


@pytest.mark.parametrize(
    ("state", "standing", "heading"),
    [
        (State.RESOLVED, "aside", "Came in while the ticket was resolved"),
        (State.CLOSED, "kept", "Came in after the ticket was closed"),
    ],
)
def test_what_came_in_late_stands_apart(
    agent: Visitor, web_services: Services, state: State, standing: str, heading: str
) -> None:
    have(web_services, state, text="a late word", standing=standing)
    page = agent.get(PAGE).text
    assert order_of(page, heading, "a late word") == [heading, "a late word"]


@pytest.mark.parametrize(
    ("state", "offered", "not_offered"),
    [
        (State.NEW, ["/reply", "/resolve", "/close", "/state", "Assign to me"], ["/reopen"]),
        (State.WAITING_USER, ["/reply", "/resolve", "/close", "/state"], ["/reopen"]),
        (State.RESOLVED, ["/reopen", "/close"], ["/reply", "/resolve", "/state", "Assign to me"]),
        (State.CLOSED, ["stays closed", "/note"], ["/reopen", "/reply", "/resolve", "/close", "/state"]),
    ],
)
def test_only_what_the_state_allows_is_offered(
    agent: Visitor, web_services: Services, state: State, offered: list[str], not_offered: list[str]
) -> None:
    have(web_services, state)
    page = agent.get(PAGE).text
    for words in offered:
        assert words in page
    for path in not_offered:
        assert f"{PAGE}{path}" not in page if path.startswith("/") else path not in page


def test_html_is_shown_made_safe_with_its_plain_text_beside_it(
    agent: Visitor, web_services: Services
) -> None:
    have(web_services, text="plain words", html="<p>formatted<script>alert(1)</script></p>")
    page = agent.get(PAGE).text
    assert "<p>formatted</p>" in page
    assert "alert(1)" not in page
    assert "Plain text version" in page
    assert "plain words" in page


def test_names_and_subjects_are_kept_apart_from_the_text_around_them(
    agent: Visitor, web_services: Services
) -> None:
    with writing(web_services.sessions) as session:
        rows.add_ticket(session, "Subject \u202ereversed", name="שרה")
    page = agent.get(PAGE).text
    assert "<bdi>Subject reversed</bdi>" in page
    assert "<bdi>שרה</bdi>" in page


def test_a_long_conversation_comes_in_parts(agent: Visitor, web_services: Services) -> None:
    with writing(web_services.sessions) as session:
        ticket = rows.add_ticket(session, text="the very first")
        for number in range(60):
            rows.add_message(session, ticket, f"message number {number}.")
    page = agent.get(PAGE).text
    assert "the very first" not in page
    assert "message number 59." in page
    earlier = page.split('class="app-earlier"><a href="')[1].split('"')[0]
    assert "the very first" in agent.get(earlier).text


def test_the_page_costs_the_same_queries_however_much_was_said(
    agent: Visitor, web_services: Services
) -> None:
    def cost() -> int:
        with reads.counted_queries(web_services) as seen:
            assert agent.get(PAGE).status_code == 200
        return len(seen)

    with writing(web_services.sessions) as session:
        ticket = rows.add_ticket(session)
        rows.add_file(web_services, session, rows.add_message(session, ticket, "x"), "a.txt")
        rows.add_outgoing(session, ticket)
    few = cost()
    with writing(web_services.sessions) as session:
        ticket = session.merge(ticket)
        for _ in range(30):
            message = rows.add_message(session, ticket, "y")
            rows.add_file(web_services, session, message, "b.txt")
            rows.add_outgoing(session, ticket)
    assert cost() == few <= 11


def test_there_is_no_page_for_a_ticket_that_is_not_there(agent: Visitor) -> None:
    assert agent.get("/tickets/IT-999999").status_code == 404


def test_a_number_is_found_in_small_letters_too(agent: Visitor, web_services: Services) -> None:
    have(web_services)
    assert agent.get("/tickets/it-000001").status_code == 200


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("report.pdf", "attachment; filename=\"report.pdf\"; filename*=UTF-8''report.pdf"),
        (
            "Bericht für Ärzte.pdf",
            "attachment; filename=\"Bericht fur Arzte.pdf\"; filename*=UTF-8''Bericht%20f%C3%BCr%20%C3%84rzte.pdf",
        ),
        ("../../etc/passwd", "attachment; filename=\"_.._etc_passwd\"; filename*=UTF-8''_.._etc_passwd"),
        (
            'a"; filename=evil.exe',
            "attachment; filename=\"a__ filename=evil.exe\"; filename*=UTF-8''a__%20filename%3Devil.exe",
        ),
        ("invoice\u202efdp.exe", "attachment; filename=\"invoicefdp.exe\"; filename*=UTF-8''invoicefdp.exe"),
        (
            "a\r\nSet-Cookie: x=1",
            "attachment; filename=\"aSet-Cookie_ x=1\"; filename*=UTF-8''aSet-Cookie_%20x%3D1",
        ),
        (".htaccess", "attachment; filename=\"htaccess\"; filename*=UTF-8''htaccess"),
        ("日本.png", "attachment; filename=\".png\"; filename*=UTF-8''%E6%97%A5%E6%9C%AC.png"),
        ("...", "attachment; filename=\"file\"; filename*=UTF-8''file"),
        (
            "x" * 250 + ".docx",
            f"attachment; filename=\"{'x' * 145}.docx\"; filename*=UTF-8''{'x' * 145}.docx",
        ),
    ],
)
def test_a_file_is_saved_under_a_name_that_is_safe(
    agent: Visitor, web_services: Services, name: str, header: str
) -> None:
    with writing(web_services.sessions) as session:
        ticket = rows.add_ticket(session)
        rows.add_file(web_services, session, rows.add_message(session, ticket, "x"), name, b"<script>")
    answer = agent.get(f"{PAGE}/files/1")
    assert answer.data == b"<script>"
    assert answer.headers["Content-Disposition"] == header


def test_a_file_is_never_opened_as_a_page(agent: Visitor, web_services: Services) -> None:
    with writing(web_services.sessions) as session:
        ticket = rows.add_ticket(session)
        rows.add_file(web_services, session, rows.add_message(session, ticket, "x"), "page.html", b"<script>")
    headers = agent.get(f"{PAGE}/files/1").headers
    assert headers["Content-Type"] == "application/octet-stream"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert headers["Cache-Control"] == "no-store"
    assert len(reads.acts(web_services, "file.downloaded")) == 1


def test_a_file_is_had_by_its_own_ticket_only_and_not_when_it_is_gone(
    agent: Visitor, web_services: Services
) -> None:
    with writing(web_services.sessions) as session:
        first, _other = rows.add_ticket(session), rows.add_ticket(session)
        message = rows.add_message(session, first, "x")
        rows.add_file(web_services, session, message, "a.txt")
        gone = rows.add_file(web_services, session, message, "b.txt")
        gone.tombstone = "it held personal data"
    assert agent.get("/tickets/IT-000002/files/1").status_code == 404
    assert agent.get(f"{PAGE}/files/2").status_code == 404
    assert "it held personal data" in agent.get(PAGE).text


def test_other_roles_are_offered_no_ticket(signed_in: Callable[[str], Visitor]) -> None:
    for who in ("officer", "admin"):
        assert "/tickets" not in signed_in(who).get("/account/password").text


def test_an_agent_sees_how_the_sender_was_checked(agent: Visitor, web_services: Services) -> None:
    said = {"kind": "sender", "ticket": "", "header": "ourselves", "said": ["dmarc=fail <b>evil.example</b>"]}
    have(web_services, evidence=[said])
    page = agent.get(PAGE).text
    assert "How the sender was checked" in page
    assert "By our own checks" in page
    assert "dmarc=fail &lt;b&gt;evil.example" in page
    assert "On this ticket because" not in page
