"""What is listed: tickets, held mails, failed mails, outgoing mails, mailboxes, the trail; for people and for programs."""

import json

import pytest
from sqlalchemy import text

from helpdesk import audit
from helpdesk.audit import Act
from helpdesk.db import reading, writing
from helpdesk.ingest import receipts
from helpdesk.models import HeldMail, IgCase, Message, OutboxMail, Receipt, Ticket
from helpdesk.models.mail import ReceiptState
from helpdesk.models.tickets import Direction
from helpdesk.outbound import suppression
from helpdesk.tickets import actions
from helpdesk.tickets.actions import NewTicket
from helpdesk.tickets.states import Actor, State
from tests.cli.conftest import Line

SUBJECT = "Printer jams \x1b[31mred"
HIDDEN = "only-in-the-held-mail"


@pytest.fixture
def filled(line: Line) -> Line:
    """Two tickets, one of them with a held mail; one failed receipt; one outgoing mail of each state that matters."""
    with writing(line.services.sessions) as session:
        open_one = actions.open_ticket(session, NewTicket("it", "IT", "jo@x.example", SUBJECT, "Jo"))
        actions.add_message(
            session,
            open_one,
            Message(direction="inbound", text="It jams.\x1b]0;title\x07", author_address="jo@x.example"),
        )
        closed = actions.open_ticket(session, NewTicket("it", "IT", "sam@x.example"))
        act = actions.move(closed, State.CLOSED, Actor.AGENT)
        raw = f"From: sam@x.example\n\n{HIDDEN}\n".encode()
        held = receipts.take_in(session, line.services.vault, "it", 1, 1, raw)
        failed = receipts.take_in(session, line.services.vault, "it", 1, 2, b"From: a@x.example\n\nhello\n")
        assert held
        assert failed
        failed.state, failed.failed_step, failed.failure = ReceiptState.FAILED.value, "apply", "KeyError"
        mail = HeldMail(
            receipt_id=held.id, ticket_id=closed.id, sender_address="sam@x.example", severity="high",
            reasons=[{"rule": "NHS number", "category": "patient", "parts": ["body_text"]}],
            findings=[], unscannable=[], policy_version="1",
        )  # fmt: skip
        mail.case = IgCase(reference="IG-000001")
        session.add(mail)
        actions.add_message(session, closed, Message(direction=Direction.HELD.value, receipt_id=held.id))
        for number, state in enumerate(("queued", "uncertain", "sent", "failed")):
            session.add(_outgoing(number, state))
        audit.record(session, act, Act("test.done", "ticket", closed.number))
    return line


def _outgoing(number: int, state: str) -> OutboxMail:
    return OutboxMail(
        kind="reply", automatic=False, desk="it", from_address="d@n.example", from_name="D",
        to_address="jo@x.example", to_domain="x.example", message_id=f"<{number}@n.example>",
        subject="secret subject", text="secret text", state=state,
    )  # fmt: skip


def _state(line: Line, mail_id: int) -> str:
    with reading(line.services.sessions) as session:
        return session.get_one(OutboxMail, mail_id).state


@pytest.mark.parametrize(
    ("options", "numbers"),
    [
        ([], ["IT-000001"]),
        (["--state", "all"], ["IT-000001", "IT-000002"]),
        (["--state", "closed"], ["IT-000002"]),
        (["--state", "all", "--desk", "it", "--limit", "1"], ["IT-000001"]),
        (["--desk", "none"], []),
    ],
)
def test_tickets_are_listed_as_asked_for(filled: Line, options: list[str], numbers: list[str]) -> None:
    with writing(filled.services.sessions) as session:
        ticket = session.get_one(Ticket, 1)
        ticket.updated_at = ticket.updated_at.replace(year=ticket.updated_at.year + 1)
    assert [row["number"] for row in filled.rows("tickets", "list", *options)] == numbers


def test_a_ticket_is_shown_with_its_messages(filled: Line) -> None:
    (shown,) = filled.rows("tickets", "show", "it-000001")
    assert shown["participants"] == ["jo@x.example"]
    assert [(one["direction"], one["text"][:8]) for one in shown["messages"]] == [("inbound", "It jams.")]


def test_a_terminal_is_not_given_control_characters(filled: Line) -> None:
    for command in (("tickets", "list"), ("tickets", "show", "IT-000001")):
        assert "\x1b" not in filled(*command).stdout


def test_an_unknown_ticket_is_said(filled: Line) -> None:
    assert "IT-999999" in filled.fails("tickets", "show", "IT-999999")


def test_held_mails_are_listed_by_rule_without_content(filled: Line) -> None:
    (row,) = filled.rows("held", "list")
    assert (row["severity"], row["rules"], row["case"]) == ("high", ["NHS number"], "IG-000001")
    shown = [filled(*command).stdout for command in (("held", "list"), ("tickets", "show", "IT-000002"))]
    assert HIDDEN not in "".join(shown)
    assert "officer decides" in shown[1]


def test_failed_mails_are_listed_with_their_reason(filled: Line) -> None:
    (row,) = filled.rows("failed", "list")
    assert (row["mailbox"], row["step"], row["reason"]) == ("it", "apply", "KeyError")


def test_a_failed_mail_is_replayed_to_its_end(filled: Line) -> None:
    (row,) = filled.rows("failed", "list")
    done = filled("failed", "replay", str(row["id"]))
    assert done.exit_code == 0, done.output
    assert "1 reached their end" in done.stdout
    assert filled.rows("failed", "list") == []
    with reading(filled.services.sessions) as session:
        assert session.get_one(Receipt, row["id"]).ticket_id


def test_a_mail_that_fails_again_is_said_by_the_exit_code(filled: Line) -> None:
    with writing(filled.services.sessions) as session:
        session.execute(text("UPDATE blobs SET content = x'00000000000000000000000000000000' WHERE id = 2"))
    done = filled("failed", "replay", "--all")
    assert (done.exit_code, "1 failed again" in done.stdout) == (1, True)
    assert len(filled.rows("failed", "list")) == 1


def test_replaying_what_has_not_failed_is_said(filled: Line) -> None:
    assert "failed list" in filled.fails("failed", "replay", "999")


@pytest.mark.parametrize("arguments", [(), ("1", "--all")])
def test_replay_wants_ids_or_all(filled: Line, arguments: tuple[str, ...]) -> None:
    assert filled("failed", "replay", *arguments).exit_code == 2


@pytest.mark.parametrize(
    ("options", "states"),
    [
        ([], ["failed", "uncertain", "queued"]),
        (["--state", "all"], ["failed", "sent", "uncertain", "queued"]),
    ],
)
def test_outgoing_mails_are_listed_without_what_they_say(
    filled: Line, options: list[str], states: list[str]
) -> None:
    rows = filled.rows("outbox", "list", *options)
    assert [row["state"] for row in rows] == states
    assert "secret" not in json.dumps(rows)


@pytest.mark.parametrize(
    ("command", "mail_id", "after"),
    [
        ("retry", 4, "queued"),
        ("retry", 2, "queued"),
        ("give-up", 2, "suppressed"),
        ("give-up", 1, "suppressed"),
    ],
)
def test_an_outgoing_mail_is_decided(filled: Line, command: str, mail_id: int, after: str) -> None:
    assert filled("outbox", command, str(mail_id)).exit_code == 0
    assert _state(filled, mail_id) == after
    assert filled.rows("audit", "list")[0]["actor"].startswith("cli:")


@pytest.mark.parametrize(
    ("command", "mail_id"), [("retry", 3), ("give-up", 3), ("retry", 99), ("give-up", 99)]
)
def test_what_cannot_be_decided_is_said(filled: Line, command: str, mail_id: int) -> None:
    assert str(mail_id) in filled.fails("outbox", command, str(mail_id))


def test_mailboxes_are_listed_before_they_were_ever_read(line: Line) -> None:
    (row,) = line.rows("mailboxes", "status")
    assert (row["mailbox"], row["last_success_at"], row["failures"], row["waiting"]) == ("it", None, 0, 0)


def test_a_failing_mailbox_shows_why_and_what_waits(filled: Line) -> None:
    filled("poll", "--once")
    (row,) = filled.rows("mailboxes", "status")
    assert row["failures"] == 1
    assert "127.0.0.1:9" in row["last_failure"]
    assert row["waiting"] == 1


def test_the_trail_is_listed_newest_first_and_filtered(filled: Line) -> None:
    assert [row["action"] for row in filled.rows("audit", "list")] == ["test.done", "ticket.moved"]
    assert [row["action"] for row in filled.rows("audit", "list", "--action", "ticket.")] == ["ticket.moved"]
    assert filled.rows("audit", "list", "--subject", "IT-000009") == []


def test_a_whole_trail_verifies(filled: Line) -> None:
    assert filled.rows("audit", "verify")[0]["whole"] is True


def test_a_broken_trail_is_told_by_place_and_exit_code(filled: Line) -> None:
    with writing(filled.services.sessions) as session:
        session.execute(text("DROP TRIGGER audit_entries_no_update"))
        session.execute(text("UPDATE audit_entries SET actor = 'x' WHERE id = 2"))
    done = filled("audit", "verify")
    assert (done.exit_code, "entry 2" in done.stderr) == (1, True)
    assert json.loads(filled("audit", "verify", "--json").stdout)["broken_at"] == 2


def test_empty_lists_say_so(line: Line) -> None:
    for command in ("tickets", "held", "unmatched", "failed", "outbox", "audit", "users"):
        done = line(command, "list")
        assert done.exit_code == 0
        assert done.stdout.strip()


def test_a_stopped_address_is_listed_and_can_be_lifted_once(line: Line) -> None:
    with writing(line.services.sessions) as session:
        suppression.suppress(session, "jo@x.example", "a mail came back")
    (row,) = line.rows("outbox", "stopped")
    assert (row["address"], row["reason"]) == ("jo@x.example", "a mail came back")
    assert line("outbox", "lift", "Jo@x.example").exit_code == 0
    assert line.rows("outbox", "stopped") == []
    assert "is not stopped" in line.fails("outbox", "lift", "jo@x.example")
    (entry,) = line.rows("audit", "list", "--limit", "1")
    assert (entry["action"], entry["subject_id"]) == ("mail.lifted", "jo@x.example")


def test_a_trail_whose_end_was_cut_off_is_broken_for_whoever_noted_its_last_hash(filled: Line) -> None:
    (before,) = filled.rows("audit", "verify")
    noted = ("audit", "verify", "--holds", before["last_hash"])
    assert filled(*noted).exit_code == 0
    with writing(filled.services.sessions) as session:
        session.execute(text("DROP TRIGGER audit_entries_no_delete"))
        session.execute(text("DELETE FROM audit_entries WHERE id = (SELECT max(id) FROM audit_entries)"))
    assert filled("audit", "verify").exit_code == 0  # a chain alone cannot tell
    done = filled(*noted)
    assert done.exit_code == 1
    assert "is not in the trail" in done.stderr
