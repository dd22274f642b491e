"""Which ticket a mail belongs to, and who its sender is to it: each row on a real database."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from helpdesk.db import now, reading, writing
from helpdesk.ingest.match import match
from helpdesk.ingest.origin import judge
from helpdesk.ingest.parse import parse
from helpdesk.ingest.values import Match, Origin, OriginKind, Purpose, Sender, Trust
from helpdesk.models import MessageId, OutboxMail, Participant, Ticket, User
from helpdesk.outbound.tokens import id_digest
from helpdesk.services import Services, start
from helpdesk.tickets.numbers import lead
from helpdesk.tickets.persons import join
from helpdesk.tickets.states import State
from tests.conftest import settings_for
from tests.ingest.mails import mail, multipart

DESK = "servicedesk@northmoor.nhs.uk"
PRIYA, AGENT, OTHER = "priya.venkat@northmoor.nhs.uk", "jane.agent@northmoor.nhs.uk", "ann@other.example"
PASS = "Authentication-Results: mx.northmoor.nhs.uk; dmarc=pass\n"
FAIL = "Authentication-Results: mx.northmoor.nhs.uk; dmarc=fail\n"
HOME_PASS, HOME_FAIL = (
    f"Authentication-Results: mx.northmoor.nhs.uk; dmarc={word} header.from=home.example\n"
    for word in ("pass", "fail")
)
A, B, CLOSED = "IT-000001", "IT-000002", "IT-000003"
HOME, SUB = "priya@home.example", "priya.venkat+phone@northmoor.nhs.uk"


@dataclass
class Desk:
    """The database with three tickets, and the ids that stand in mails about them."""

    services: Services
    names: dict[str, str] = field(default_factory=dict)

    def match(self, headers: str, **changes: Any) -> Match:
        """The match of a mail whose `{names}` are filled in."""
        email = parse(mail(headers.format(**self.names)))
        origin = judge(email, self.services.settings, self.services.tokens)
        with reading(self.services.sessions) as session:
            return match(session, email, Origin(**{**_fields(origin), **changes}), self.services.tokens)


def _fields(origin: Origin) -> dict[str, Any]:
    return {name: getattr(origin, name) for name in Origin.__dataclass_fields__}


@pytest.fixture(scope="module")
def desk(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Made once: matching only reads."""
    folder = tmp_path_factory.mktemp("match")
    (folder / "helpdesk.db").write_bytes(sqlite_template.read_bytes())
    services = start(settings_for(folder))
    tokens = services.tokens
    made = Desk(services)
    with writing(services.sessions) as session:
        for number, state in ((A, State.IN_PROGRESS), (B, State.RESOLVED), (CLOSED, State.CLOSED)):
            _ticket(session, made, number, state)
        _old_numbers(session, made)
        join(session, HOME, PRIYA, ticket=A, who=AGENT, reason="rang her")
        session.add(User(email=AGENT, name="Jane", role="agent", password_hash="x"))
        session.add(
            User(
                email="gone@northmoor.nhs.uk", name="Gone", role="agent", password_hash="x", disabled_at=now()
            )
        )
    for letter, number in (("a", A), ("b", B), ("c", CLOSED)):
        made.names[f"reply_{letter}"] = tokens.address("reply", number, DESK)
        made.names[f"reactivate_{letter}"] = tokens.address("reactivate", number, DESK)
    made.names["none"] = tokens.message_id("IT-999999", "northmoor.nhs.uk")
    made.names["forged"] = "<it-000001.ab12.aaaaaaaaaaaaaaaa@northmoor.nhs.uk>"
    yield made
    services.engine.dispose()


def _ticket(session: Session, made: Desk, number: str, state: State) -> None:
    letter = {A: "a", B: "b", CLOSED: "c"}[number]
    ticket = Ticket(number=number, desk="it", subject="x", state=state.value, requester_address=PRIYA)
    ticket.participants.append(Participant(address=PRIYA, requester=True))
    session.add(ticket)
    session.flush()
    theirs = f"<theirs-{letter}@mail.example>"
    sent = _sent(session, made.services.tokens.message_id(number, "northmoor.nhs.uk"))
    session.add(MessageId(digest=id_digest(sent.message_id), ticket_id=ticket.id, outbox_id=sent.id))
    session.add(MessageId(digest=id_digest(theirs), ticket_id=ticket.id))
    made.names.update(
        {f"ours_{letter}": sent.message_id, f"theirs_{letter}": theirs, f"sent_{letter}": str(sent.id)}
    )


def _old_numbers(session: Session, made: Desk) -> None:
    """HR-000009 is A's number of before it was moved; IT-000008 was merged into B, with its mails."""
    ids = {ticket.number: ticket.id for ticket in session.query(Ticket)}
    shell = Ticket(number="IT-000008", desk="it", subject="x", state="closed", requester_address=OTHER)
    session.add(shell)
    lead(session, "HR-000009", ids[A])
    lead(session, "IT-000008", ids[B])
    tokens = made.services.tokens
    for letter, number in (("moved", "HR-000009"), ("merged", "IT-000008")):
        made.names[f"reply_{letter}"] = tokens.address("reply", number, DESK)
        made.names[f"reactivate_{letter}"] = tokens.address("reactivate", number, DESK)
        made.names[f"ours_{letter}"] = tokens.message_id(number, "northmoor.nhs.uk")


def _sent(session: Session, message_id: str) -> OutboxMail:
    mail = OutboxMail(
        kind="acknowledgement",
        automatic=True,
        desk="it",
        from_address=DESK,
        from_name="IT",
        to_address=PRIYA,
        to_domain="northmoor.nhs.uk",
        message_id=message_id,
        subject="x",
        text="x",
    )
    session.add(mail)
    session.flush()
    return mail


P, S, G = Sender.PARTICIPANT, Sender.STRANGER, Sender.AGENT

# (headers, the ticket, kinds of evidence in their order, sender, conflict)
ROWS = [
    ("Subject: Printer", "", "", S, False),
    # Each kind of evidence
    (PASS + "To: {reply_a}", A, "token_address", P, False),
    (PASS + "Cc: Desk <{reply_a}>", A, "token_address", P, False),
    (PASS + "Delivered-To: {reply_a}", A, "token_address", P, False),
    (PASS + "X-Original-To: {reply_a}", A, "token_address", P, False),
    (PASS + "In-Reply-To: {ours_a}", A, "token_message_id", P, False),
    (PASS + "References: <x@y> {ours_a} <z@y>", A, "token_message_id", P, False),
    (PASS + "In-Reply-To: <foreign@y>\nReferences: {ours_a}", A, "token_message_id", P, False),
    (PASS + "In-Reply-To: {theirs_a}", A, "reference", P, False),
    (PASS + "References: {theirs_a} <x@y>", A, "reference", P, False),
    (PASS + "Subject: Re: [EXTERNAL] [IT-000001] Printer", A, "subject_tag", S, False),
    (PASS + "Subject: re: [it-000001] printer", A, "subject_tag", S, False),
    ("In-Reply-To: {ours_a}", A, "token_message_id", P, False),  # nothing known of the sender
    # What is no evidence
    ("To: servicedesk+reply.it-000001.aaaaaaaaaaaaaaaa@northmoor.nhs.uk", "", "", S, False),
    ("In-Reply-To: {forged}", "", "", S, False),
    ("In-Reply-To: {none}\nSubject: [IT-999999] x", "", "", S, False),
    ("Subject: IT-000001 without brackets", "", "", S, False),
    ("Subject: [INC-000001] another desk's", "", "", S, False),
    ("References: <forged@evil.example>\nSubject: Re: Printer", "", "", S, False),
    # The stronger wins, and all is kept
    (
        PASS + "To: {reply_a}\nIn-Reply-To: {ours_a}\nSubject: [IT-000001] x",
        A,
        "token_address token_message_id subject_tag",
        P,
        False,
    ),
    (PASS + "To: {reply_b}\nIn-Reply-To: {ours_a}", B, "token_address token_message_id", P, True),
    (PASS + "In-Reply-To: {theirs_a}\nSubject: Re: [IT-000002] x", A, "reference subject_tag", P, True),
    (PASS + "In-Reply-To: {theirs_b}\nReferences: {ours_a}", A, "token_message_id reference", P, True),
    (PASS + "References: {theirs_a} {theirs_b}", B, "reference reference", P, True),  # the newest first
    (PASS + "Subject: Re: [IT-000001] Fwd: [IT-000002] x", A, "subject_tag subject_tag", S, True),
    (PASS + "In-Reply-To: {ours_c}", CLOSED, "token_message_id", P, False),
    # Who it is: From alone is nothing, and a failed authentication makes everyone a stranger
    (FAIL + "To: {reply_a}\nIn-Reply-To: {ours_a}", A, "token_address token_message_id", S, False),
    (PASS + "From: ann@other.example\nTo: {reply_a}", A, "token_address", S, False),
    (
        PASS + 'From: "priya.venkat@northmoor.nhs.uk" <ann@other.example>\nTo: {reply_a}',
        A,
        "token_address",
        S,
        False,
    ),
    (PASS + "From: Priya.Venkat@NORTHMOOR.nhs.uk\nIn-Reply-To: {theirs_a}", A, "reference", P, False),
    (PASS + "From: priyavenkat@northmoor.nhs.uk\nTo: {reply_a}", A, "token_address", S, False),
    (PASS + "From: Undisclosed:;\nTo: {reply_a}", A, "token_address", S, False),
    (PASS + f"From: {AGENT}\nTo: {{reply_a}}", A, "token_address", G, False),
    (PASS + f"From: {AGENT}\nIn-Reply-To: {{theirs_a}}", A, "reference", S, False),
    (f"From: {AGENT}\nTo: {{reply_a}}", A, "token_address", S, False),  # not verified, though a server could
    (FAIL + f"From: {AGENT}\nTo: {{reply_a}}", A, "token_address", S, False),
    (
        PASS + f"From: {AGENT}\nSubject: [IT-000001] x",
        A,
        "subject_tag",
        S,
        False,
    ),  # no conflict: they work here
    (PASS + "From: gone@northmoor.nhs.uk\nTo: {reply_a}", A, "token_address", S, False),
    # A tag alone, which anyone can type: a participant's address may; anybody else's waits for an agent
    (PASS + "From: ann@other.example\nSubject: [IT-000001] x", A, "subject_tag", S, True),
    ("From: ann@other.example\nSubject: [IT-000003] x", CLOSED, "subject_tag", S, True),
    (FAIL + "Subject: [IT-000001] x", A, "subject_tag", S, False),
    ("Subject: [IT-000001] x", A, "subject_tag", S, False),
    (f"From: {AGENT}\nSubject: [IT-000001] x", A, "subject_tag", S, True),
    ("From: Undisclosed:;\nSubject: [IT-000001] x", A, "subject_tag", S, True),
    (
        PASS + "From: ann@other.example\nIn-Reply-To: {theirs_a}\nSubject: [IT-000001] x",
        A,
        "reference subject_tag",
        S,
        False,
    ),
    # Forged and foreign ids say nothing, and leave what is true as it is
    (PASS + "In-Reply-To: {forged}\nReferences: {forged} {ours_a} <z@y>", A, "token_message_id", P, False),
    (PASS + "In-Reply-To: {forged}\nSubject: [IT-000002] x", B, "subject_tag", S, False),
    (
        PASS + "References: <it-000002.ab12.aaaaaaaaaaaaaaaa@evil.example> {theirs_a}",
        A,
        "reference",
        P,
        False,
    ),
    # Several of one ticket are one; of several tickets a conflict, whatever their order
    (PASS + "References: {theirs_a} <x@y> {theirs_a}", A, "reference", P, False),
    (PASS + "References: {theirs_b} {theirs_a}", A, "reference reference", P, True),
    (PASS + "References: {ours_b} {ours_a}", A, "token_message_id token_message_id", P, True),
    (PASS + "To: {reply_a}, {reply_b}", A, "token_address token_address", P, True),
    # A ticket that was moved or merged: by old tag, address, id, all lead to what it is now
    (PASS + "To: {reply_moved}", A, "token_address", P, False),
    (PASS + "In-Reply-To: {ours_moved}", A, "token_message_id", P, False),
    (PASS + "Subject: Re: [HR-000009] x", A, "subject_tag", S, False),
    (
        PASS + "To: {reply_moved}\nIn-Reply-To: {ours_a}\nSubject: [IT-000001] [HR-000009]",
        A,
        "token_address token_message_id subject_tag subject_tag",
        P,
        False,
    ),
    (PASS + "To: {reply_merged}", B, "token_address", P, False),
    (PASS + "In-Reply-To: {ours_merged}\nReferences: {theirs_b}", B, "token_message_id reference", P, False),
    (PASS + "Subject: Re: [IT-000008] x", B, "subject_tag", S, False),
    (
        PASS + "In-Reply-To: {ours_merged}\nSubject: Re: [IT-000001] x",
        B,
        "token_message_id subject_tag",
        P,
        True,
    ),
    (PASS + "From: ann@other.example\nIn-Reply-To: {ours_merged}", B, "token_message_id", S, False),
    # The requester's other addresses, and sub-addresses: verified ones only
    (HOME_PASS + "From: " + HOME + "\nIn-Reply-To: {ours_a}", A, "token_message_id", P, False),
    ("From: " + HOME + "\nIn-Reply-To: {ours_a}", A, "token_message_id", S, False),
    (HOME_FAIL + "From: " + HOME + "\nIn-Reply-To: {ours_a}", A, "token_message_id", S, False),
    (HOME_PASS + "From: Priya@HOME.Example\nTo: {reply_a}", A, "token_address", P, False),
    (HOME_PASS + "From: " + HOME + "\nSubject: [IT-000001] x", A, "subject_tag", S, False),  # no conflict
    (PASS + "From: " + SUB + "\nIn-Reply-To: {theirs_a}", A, "reference", P, False),
    ("From: " + SUB + "\nIn-Reply-To: {theirs_a}", A, "reference", S, False),
    (PASS + "From: priya.venkat+phone@other.example\nIn-Reply-To: {theirs_a}", A, "reference", S, False),
    # Evidence for another ticket is none for this one
    (
        PASS + "To: {reply_a}\nFrom: ann@other.example\nIn-Reply-To: {theirs_b}",
        A,
        "token_address reference",
        S,
        True,
    ),
]


@pytest.mark.parametrize(("headers", "number", "kinds", "sender", "conflict"), ROWS)
def test_ticket_evidence_and_sender(
    headers: str, number: str, kinds: str, sender: Sender, conflict: bool, desk: Desk
) -> None:
    found = desk.match(headers)
    assert found.ticket_number == number
    assert [one.kind.value for one in found.evidence] == kinds.split()
    assert (found.sender, found.conflict) == (sender, conflict)
    assert (found.ticket_id is None) == (number == "")


def test_the_state_of_the_ticket_comes_with_it(desk: Desk) -> None:
    states = [desk.match("To: {reply_" + letter + "}").state for letter in "abc"]
    assert states == [State.IN_PROGRESS, State.RESOLVED, State.CLOSED]


def test_a_signed_address_says_what_it_asks_for(desk: Desk) -> None:
    assert desk.match("To: {reactivate_b}").purpose is Purpose.REACTIVATE
    assert desk.match("To: {reply_b}").purpose is Purpose.REPLY
    assert desk.match("To: {reply_b}, {reactivate_b}").purpose is Purpose.REACTIVATE
    assert desk.match("To: {reply_b}, {reactivate_c}").purpose is Purpose.REPLY


def test_a_re_activation_address_of_an_old_number_asks_for_the_ticket_that_it_leads_to(desk: Desk) -> None:
    found = desk.match("To: {reactivate_merged}")
    assert (found.ticket_number, found.state, found.purpose) == (B, State.RESOLVED, Purpose.REACTIVATE)
    assert desk.match("To: {reactivate_moved}").ticket_number == A


def test_the_number_that_was_written_is_kept_where_it_is_another_by_now(desk: Desk) -> None:
    found = desk.match("Subject: [IT-000008] [IT-000002] x")
    assert [(one.ticket_number, one.written) for one in found.evidence] == [(B, "IT-000008"), (B, "")]


def test_an_agent_is_believed_unverified_where_no_server_could_verify(desk: Desk) -> None:
    assert desk.match(f"From: {AGENT}\nTo: {{reply_a}}", checked=False).sender is Sender.AGENT


def test_a_tag_in_quoted_text_is_no_evidence(desk: Desk) -> None:
    email = parse(mail("Subject: Printer", "> Subject: [IT-000001] x\n[IT-000001]"))
    origin = Origin(OriginKind.PERSON, Trust.UNKNOWN, "x")
    with reading(desk.services.sessions) as session:
        assert match(session, email, origin, desk.services.tokens) == Match()


def bounce(message_id: str, status: str = "5.1.1") -> bytes:
    return multipart(
        "report; report-type=delivery-status",
        "Content-Type: text/plain\n\nfailed",
        f"Content-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nFinal-Recipient: rfc822; {PRIYA}\nAction: failed\nStatus: {status}",
        f"Content-Type: message/rfc822\n\nMessage-ID: {message_id}\nSubject: [IT-000002] x\n\nx",
        headers="From: MAILER-DAEMON@mx.example\nReturn-Path: <>\nSubject: Undelivered",
    )


@pytest.mark.parametrize(("status", "permanent"), [("5.1.1", True), ("4.2.2", False)])
def test_a_bounce_of_ours_names_our_mail_and_its_ticket(status: str, permanent: bool, desk: Desk) -> None:
    found = _match_raw(desk, bounce(desk.names["ours_a"], status))
    assert (found.ticket_number, found.bounced_outbox_id) == (A, int(desk.names["sent_a"]))
    assert (found.bounced_permanent, found.evidence[0].header) == (permanent, "returned mail")


@pytest.mark.parametrize("name", ["forged", "none", "theirs_a"])
def test_a_bounce_of_what_we_never_sent_is_nothing_of_ours(name: str, desk: Desk) -> None:
    found = _match_raw(desk, bounce(desk.names[name]))
    assert (found.bounced_outbox_id, found.bounced_permanent) == (None, False)


def test_a_bounce_of_a_mail_without_a_ticket_is_known_by_its_signed_id(desk: Desk) -> None:
    loose = desk.services.tokens.message_id("IT-000000", "northmoor.nhs.uk")
    with writing(desk.services.sessions) as session:
        sent = _sent(session, loose).id
    found = _match_raw(desk, bounce(loose))
    assert (found.ticket_id, found.bounced_outbox_id) == (None, sent)


def _match_raw(desk: Desk, raw: bytes) -> Match:
    email = parse(raw)
    origin = judge(email, desk.services.settings, desk.services.tokens)
    assert origin.kind is OriginKind.BOUNCE
    with reading(desk.services.sessions) as session:
        return match(session, email, origin, desk.services.tokens)


def test_the_number_of_queries_does_not_grow_with_the_mail(desk: Desk) -> None:
    def queries(count: int) -> int:
        seen: list[str] = []

        def listen(*arguments: Any) -> None:
            seen.append(arguments[2])

        event.listen(desk.services.engine, "before_cursor_execute", listen)
        references = " ".join(f"<r{i}@x.org>" for i in range(count))
        people = ", ".join(f"p{i}@x.org" for i in range(count))
        tags = " ".join(f"[IT-{i:06d}]" for i in range(count))
        desk.match(f"{PASS}References: {references} {{ours_a}}\nTo: {people}, {{reply_a}}\nSubject: {tags}")
        event.remove(desk.services.engine, "before_cursor_execute", listen)
        return len(seen)

    assert queries(90) <= queries(1) <= 6
