"""What a person reports is hidden, lost nowhere, and comes back or goes as the officer says; on both engines."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from helpdesk import audit
from helpdesk.db import empty_log, now, reading, writing
from helpdesk.db_search import matching_ids
from helpdesk.governance import decisions, quarantine, reporting
from helpdesk.governance.decisions import NothingToTakeOut
from helpdesk.governance.reporting import NothingToReport, NotKept, ReportedAlready, Said
from helpdesk.governance.words import WordsNotFound
from helpdesk.ingest import keep
from helpdesk.ingest.pipeline import Pipeline
from helpdesk.models import (
    Attachment,
    AuditEntry,
    Blob,
    HeldMail,
    IgCase,
    MailReport,
    Message,
    OutboxMail,
    Receipt,
    SearchEntry,
    Ticket,
    UnmatchedMail,
    User,
)
from helpdesk.outbound.compose import compose_agent_reply
from helpdesk.outbound.enqueue import enqueue
from helpdesk.pii.policy import load_policy
from helpdesk.pii.values import Severity
from helpdesk.services import Services
from helpdesk.tickets import actions, merging
from helpdesk.tickets.states import Actor, State
from helpdesk.tickets.wall import EVERY_DESK
from tests.support.mails import PATIENT_TEXT, mail
from tests.support.running import pipeline_for, take

OFFICER, AGENT = "ig@northmoor.nhs.uk", "amal.khan@northmoor.nhs.uk"
WHY = "checked with the sender"
CANARY = "zqxkestrel"
SUBJECT = f"Chair for {CANARY}"
MAIL: dict[str, Any] = {
    "subject": SUBJECT,
    "text": f"The chair of {CANARY} is broken.\n\nJo\n",
    "html": f"<p>The chair of <b>{CANARY}</b> is broken.</p>",
    "name": f"Jo {CANARY}",
    "files": [(f"{CANARY}.txt", "text/plain", f"Serial number of {CANARY}".encode())],
    "message_id": "<chair@northmoor.nhs.uk>",
}


@dataclass
class Desk:
    """A service with a mail of which the scanner found nothing, on a ticket of its own."""

    services: Services
    pipeline: Pipeline
    uid: int = 0

    def send(self, **over: Any) -> None:
        self.uid += 1
        self.pipeline.process(take(self.services, mail(**over), uid=self.uid))

    def report(self, message_id: int = 1, *, number: str = "IT-000001", note: str = "") -> int:
        return reporting.report(self.services, number, message_id, said(self.services, note), EVERY_DESK)

    def all(self, kind: type[Any]) -> list[Any]:
        with reading(self.services.sessions) as session:
            return list(session.scalars(select(kind).order_by(kind.id)))

    def one(self, kind: type[Any]) -> Any:
        (found,) = self.all(kind)
        return found

    def finds(self, words: str) -> bool:
        with reading(self.services.sessions) as session:
            return bool(
                session.scalar(select(func.count()).where(SearchEntry.id.in_(matching_ids(session, words))))
            )


def said(services: Services, note: str = "") -> Said:
    with reading(services.sessions) as session:
        who = session.scalars(select(User.id).where(User.email == AGENT)).one()
    return Said(who, AGENT, "health of a person", Severity.HIGH, note)


@pytest.fixture
def desk(each_engine: Services, scanner: object) -> Desk:
    return opened(each_engine, scanner)


@pytest.fixture
def desk_on_sqlite(sqlite_services: Services, scanner: object) -> Desk:
    return opened(sqlite_services, scanner)


def opened(services: Services, scanner: object) -> Desk:
    with writing(services.sessions) as session:
        for email, role in ((OFFICER, "ig_officer"), (AGENT, "agent")):
            session.add(User(email=email, name=role.title(), role=role, password_hash="x"))
    made = Desk(services, pipeline_for(services, scanner))
    made.send(**MAIL)
    assert made.finds(CANARY), "the control was not found"
    return made


def stored_words(desk: Desk) -> str:
    """All that the tables have in the clear."""
    kinds = (
        Ticket,
        Message,
        Attachment,
        SearchEntry,
        OutboxMail,
        HeldMail,
        MailReport,
        AuditEntry,
        UnmatchedMail,
    )
    rows = [row for kind in kinds for row in desk.all(kind)]
    return "\n".join(str({c.name: getattr(row, c.name) for c in row.__table__.columns}) for row in rows)


def test_nothing_of_it_is_left_in_the_clear_and_the_quarantine_has_it(desk: Desk) -> None:
    assert CANARY in stored_words(desk), "the control was not found"
    desk.report(note=f"look for {CANARY}")
    assert CANARY not in stored_words(desk)
    assert not desk.finds(CANARY)
    message, ticket = desk.one(Message), desk.one(Ticket)
    assert (message.direction, message.flags[-1], ticket.held_messages) == ("held", "reported", 1)
    assert (ticket.subject, ticket.requester_name) == ("A message is being checked", "")
    assert desk.all(Attachment) == []
    held, case = desk.one(HeldMail), desk.one(IgCase)
    assert (held.state, held.severity, held.policy_version) == ("held", "high", "")
    assert [one["category"] for one in held.reasons] == ["health of a person"]
    assert (case.reference, case.state) == ("IG-000001", "open")
    assert now() - case.aware_at < timedelta(minutes=1)


def test_the_ticket_is_still_found_by_its_number_and_its_address(desk: Desk) -> None:
    desk.report()
    assert desk.finds("IT-000001")
    assert desk.finds("jo.barnes@northmoor.nhs.uk")


def test_the_bytes_of_sqlite_do_not_have_it(desk_on_sqlite: Desk) -> None:
    """Neither its tables, nor the index of the search, nor the log. PostgreSQL's files are its administrator's."""
    desk = desk_on_sqlite
    files = [path for path in desk.services.settings.data_folder.rglob("*") if path.is_file()]
    assert any(CANARY.encode() in path.read_bytes() for path in files), "the control was not found"
    desk.report(note=CANARY)
    assert empty_log(desk.services.engine)
    assert not any(CANARY.encode() in path.read_bytes() for path in files)


def test_the_officer_reads_the_whole_mail_and_the_note(desk: Desk) -> None:
    number = desk.report(note="it is in the file")
    view = quarantine.open_held(desk.services, number, OFFICER, WHY)
    assert CANARY in "".join(piece.text for piece in view.pieces)
    (report,) = view.held.reports
    assert (report.reporter.email, quarantine.note_of(desk.services, report)) == (AGENT, "it is in the file")


def test_who_reported_is_in_the_trail_with_no_word_of_the_note(desk: Desk) -> None:
    desk.report(note="it is in the file")
    acts = {act.action: act for act in desk.all(AuditEntry)}
    held, reported = acts["mail.held"], acts["ticket.message_reported"]
    assert (held.actor, reported.actor, reported.subject_id) == (AGENT, AGENT, "IT-000001")
    assert reported.detail == {"message": 1, "case": "IG-000001", "category": "health of a person"}
    assert "in the file" not in stored_words(desk)


def places(desk: Desk) -> dict[int, tuple[object, ...]]:
    """What an agent sees of each message, and where."""
    return {
        m.id: (
            m.ticket_id,
            m.created_at,
            m.direction,
            m.standing,
            m.flags,
            m.author_name,
            m.subject,
            m.text,
            m.html,
        )
        for m in desk.all(Message)
    }


def test_release_brings_it_back_in_its_place_and_writes_to_nobody(desk: Desk) -> None:
    desk.send(subject="Re: chair", headers=[("References", "<chair@northmoor.nhs.uk>")])
    before, mails = places(desk), len(desk.all(OutboxMail))
    number = desk.report()
    assert places(desk) != before
    decisions.release(desk.services, desk.pipeline, number, OFFICER, WHY)
    assert places(desk) == before
    with reading(desk.services.sessions) as session:
        file = session.scalars(select(Attachment)).one()
        assert CANARY.encode() in desk.services.vault.get(session, file.blob_id or 0)
    assert len(desk.all(OutboxMail)) == mails
    assert desk.finds(CANARY)
    ticket = desk.one(Ticket)
    assert (ticket.subject, ticket.requester_name, ticket.held_messages) == (SUBJECT, f"Jo {CANARY}", 0)


@pytest.mark.parametrize("state", [State.RESOLVED, State.CLOSED])
def test_a_release_changes_no_state_and_gives_no_guidance(desk: Desk, state: State) -> None:
    """Held at arrival it would take the decision table; this one took it when it came."""
    number = desk.report()
    with writing(desk.services.sessions) as session:
        ticket = session.get_one(Ticket, 1)
        actions.move(ticket, State.RESOLVED, Actor.AGENT, who=AGENT)
        if state is State.CLOSED:
            actions.move(ticket, State.CLOSED, Actor.AGENT, who=AGENT)
    mails = len(desk.all(OutboxMail))
    decisions.release(desk.services, desk.pipeline, number, OFFICER, WHY)
    assert (desk.one(Ticket).state, desk.one(Message).standing) == (state.value, "added")
    assert len(desk.all(OutboxMail)) == mails


def test_an_automatic_mail_comes_back_as_one(desk: Desk) -> None:
    desk.send(
        subject="Away",
        headers=[("References", "<chair@northmoor.nhs.uk>"), ("Auto-Submitted", "auto-replied")],
    )
    assert desk.all(Message)[1].direction == "automatic"
    number = desk.report(2)
    decisions.release(desk.services, desk.pipeline, number, OFFICER, WHY)
    assert desk.all(Message)[1].direction == "automatic"


def test_redaction_takes_out_the_words_that_the_officer_names(desk: Desk) -> None:
    number = desk.report()
    decisions.release_redacted(desk.services, desk.pipeline, number, OFFICER, WHY, CANARY)
    message = desk.one(Message)
    assert (message.redacted, message.direction) == (True, "inbound")
    assert "The chair of [removed] is broken." in message.text
    assert CANARY not in stored_words(desk)
    assert not desk.finds(CANARY)
    with reading(desk.services.sessions) as session:
        file = session.scalars(select(Attachment)).one()
        assert CANARY.encode() not in desk.services.vault.get(session, file.blob_id or 0)
    assert desk.one(HeldMail).state == "redacted"


@pytest.mark.parametrize(
    ("words", "fault"),
    [("", NothingToTakeOut), ("x", WordsNotFound), (f"{CANARY}\nGoldfinch", WordsNotFound)],
)
def test_a_redaction_that_would_change_nothing_releases_nothing(
    desk: Desk, words: str, fault: type[Exception]
) -> None:
    number = desk.report()
    with pytest.raises(fault) as caught:
        decisions.release_redacted(desk.services, desk.pipeline, number, OFFICER, WHY, words)
    assert CANARY not in str(caught.value)
    assert (desk.one(HeldMail).state, desk.one(Message).text) == ("held", "")


def test_a_purge_erases_all_of_it(desk: Desk) -> None:
    number = desk.report(note=f"look for {CANARY}")
    decisions.purge(desk.services, number, OFFICER, WHY)
    assert all(blob.wrapped_key is None for blob in desk.all(Blob))
    assert desk.one(Receipt).erase_from_mailbox
    report, ticket, message = desk.one(MailReport), desk.one(Ticket), desk.one(Message)
    assert (report.wrapped_key, report.note, ticket.subject) == (None, b"", "A message was removed")
    assert (ticket.held_messages, message.flags[-1]) == (0, "purged")
    assert [one for one in desk.all(SearchEntry) if one.message_id is not None] == []
    assert (desk.one(IgCase).outcome, desk.one(HeldMail).decision_reason) == ("purged", WHY)


@pytest.mark.parametrize("act", ["release", "release_redacted"])
def test_a_mail_that_was_held_and_released_is_held_again_under_its_case(
    each_engine: Services, desk: Desk, act: str
) -> None:
    desk.send(text=PATIENT_TEXT)
    decide: Callable[..., None] = getattr(decisions, act)
    decide(each_engine, desk.pipeline, 1, OFFICER, WHY)
    shown = desk.all(Message)[1].text
    assert desk.report(2, number="IT-000002") == 1
    held, case, report = desk.one(HeldMail), desk.one(IgCase), desk.one(MailReport)
    assert (held.state, held.decision_reason, held.decided_by) == ("held", "", None)
    assert (case.reference, case.state, case.outcome) == ("IG-000001", "open", "")
    assert (report.before["reason"], report.before["decided_by"]) == (WHY, 1)
    message = desk.all(Message)[1]
    assert (message.text, message.direction, message.redacted) == ("", "held", False)
    decide(
        each_engine, desk.pipeline, 1, OFFICER, "again", *(["ward 4"] if act == "release_redacted" else [])
    )
    again = desk.all(Message)[1].text
    assert again == shown if act == "release" else "ward 4" not in again
    assert len(desk.all(Message)) == 2


def test_what_was_redacted_does_not_come_back_just_so(desk: Desk) -> None:
    desk.send(text=PATIENT_TEXT)
    decisions.release_redacted(desk.services, desk.pipeline, 1, OFFICER, WHY)
    desk.report(2, number="IT-000002")
    with pytest.raises(NothingToTakeOut):
        decisions.release_redacted(desk.services, desk.pipeline, 1, OFFICER, WHY)


def test_what_the_scanner_finds_is_added_and_the_report_stays_the_first_reason(desk: Desk) -> None:
    desk.send(text=PATIENT_TEXT)
    decisions.release(desk.services, desk.pipeline, 1, OFFICER, WHY)
    desk.report(2, number="IT-000002")
    reporting.note_findings(desk.services, desk.pipeline, 1)
    held = desk.one(HeldMail)
    assert held.reasons[0]["rule"] == reporting.RULE
    assert len(held.reasons) > 1
    assert held.findings
    assert held.policy_version


def test_where_the_scanner_cannot_look_it_is_held_all_the_same(desk: Desk) -> None:
    class Blind:
        def scan_again(self, raw: bytes) -> None: ...

    number = desk.report()
    reporting.note_findings(desk.services, Blind(), number)
    assert (desk.one(HeldMail).state, desk.one(HeldMail).policy_version) == ("held", "")


def test_a_message_is_reported_once(desk: Desk) -> None:
    desk.report()
    with pytest.raises(ReportedAlready):
        desk.report()
    assert (len(desk.all(HeldMail)), len(desk.all(MailReport)), desk.one(Ticket).held_messages) == (1, 1, 1)


def test_of_two_agents_at_once_one_reports_and_the_other_hears_so(desk: Desk) -> None:
    desk.send(subject="Another", text="About the door.\n\nJo\n")
    start, ended = threading.Barrier(2), []

    def agent() -> None:
        start.wait()
        try:
            ended.append(desk.report())
        except ReportedAlready:
            ended.append("already")

    threads = [threading.Thread(target=agent) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, ended)) == ["1", "already"]
    assert (len(desk.all(HeldMail)), len(desk.all(MailReport)), desk.all(Ticket)[0].held_messages) == (
        1,
        1,
        1,
    )
    desk.report(2, number="IT-000002")
    assert [one.reference for one in desk.all(IgCase)] == ["IG-000001", "IG-000002"]  # no number was lost


@pytest.mark.parametrize("step", [(keep, "hold"), (reporting, "withdraw"), (audit, "record")])
def test_a_crash_between_the_steps_leaves_all_as_it_was(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, step: tuple[Any, str]
) -> None:
    def breaks(*_args: object, **_options: object) -> None:
        raise ConnectionError

    before = stored_words(desk)
    with monkeypatch.context() as patch:
        patch.setattr(*step, breaks)
        with pytest.raises(ConnectionError):
            desk.report()
    assert stored_words(desk) == before
    assert desk.finds(CANARY)
    assert desk.all(IgCase) == []
    desk.report()
    assert desk.one(IgCase).reference == "IG-000001"


def test_only_what_came_in_and_is_shown_can_be_reported(desk: Desk) -> None:
    desk.send(subject="Held", text=PATIENT_TEXT)
    with writing(desk.services.sessions) as session:
        ticket = session.get_one(Ticket, 1)
        me = session.scalars(select(User).where(User.email == AGENT)).one()
        for direction in (actions.Direction.NOTE, actions.Direction.OUTBOUND):
            actions.add_message(session, ticket, actions.agents_message(me, direction, "Seen."))
    for number, message_id in [
        ("IT-000002", 1),  # of another ticket
        ("IT-000002", 2),  # held at its arrival
        ("IT-000001", 3),  # a note
        ("IT-000001", 4),  # a reply
        ("IT-000001", 99),
        ("IT-000099", 1),
    ]:
        with pytest.raises(NothingToReport):
            desk.report(message_id, number=number)
    assert len(desk.all(HeldMail)) == 1


def test_what_could_not_come_back_is_not_emptied(desk: Desk) -> None:
    with writing(desk.services.sessions) as session:
        desk.services.vault.destroy(session, session.scalars(select(Receipt.blob_id)).one() or 0)
    with pytest.raises(NotKept, match="not hidden"):
        desk.report()
    assert CANARY in desk.one(Message).text


def test_a_reply_of_ours_is_stored_without_the_subject_that_it_bore(desk: Desk) -> None:
    with writing(desk.services.sessions) as session:
        draft = compose_agent_reply(
            settings=desk.services.settings,
            tokens=desk.services.tokens,
            ticket=session.get_one(Ticket, 1),
            text="A new one is on its way.",
        )
        assert CANARY in enqueue(session, desk.services.settings, draft).subject
    desk.report()
    assert desk.all(OutboxMail)[-1].subject == "[IT-000001] Re: A message is being checked"


def test_a_later_mail_leaves_the_tickets_name_alone(desk: Desk) -> None:
    desk.send(
        subject="Re: x", headers=[("References", "<chair@northmoor.nhs.uk>")], text="The door too.\n\nJo\n"
    )
    desk.report(2)
    assert desk.one(Ticket).subject == SUBJECT


def test_a_ticket_bears_a_subject_as_long_as_a_mail_that_is_shown_has_it(desk: Desk) -> None:
    desk.send(
        subject=SUBJECT, text="Sent again.\n\nJo\n", headers=[("References", "<chair@northmoor.nhs.uk>")]
    )
    desk.report(2)
    assert desk.one(Ticket).subject == SUBJECT
    desk.report(1)
    assert desk.one(Ticket).subject == "A message is being checked"
    assert CANARY not in stored_words(desk)
    decisions.purge(desk.services, 2, OFFICER, WHY)  # the first, which was reported after the second
    decisions.release(desk.services, desk.pipeline, 1, OFFICER, WHY)
    assert desk.all(Message)[1].subject == SUBJECT


def test_a_ticket_merged_into_another_hides_its_name_too_until_it_is_back(desk: Desk) -> None:
    desk.send(subject="Another matter", text="About the door.\n\nJo\n")
    with writing(desk.services.sessions) as session:
        merging.merge(session, merging.pair_of(session, "IT-000001", "IT-000002", EVERY_DESK), who=AGENT)
    number = desk.report(1, number="IT-000002")
    assert CANARY not in stored_words(desk)
    assert [one.subject for one in desk.all(Ticket)] == ["A message is being checked", "Another matter"]
    with writing(desk.services.sessions) as session:
        merging.unmerge(session, "IT-000001", EVERY_DESK, who=AGENT)
    assert not desk.finds(CANARY)
    assert desk.finds("IT-000001")
    decisions.release(desk.services, desk.pipeline, number, OFFICER, WHY)
    assert [(one.subject, one.held_messages) for one in desk.all(Ticket)] == [
        (SUBJECT, 0),
        ("Another matter", 0),
    ]


def test_what_was_noted_while_it_waited_to_be_matched_goes_too(desk: Desk) -> None:
    with writing(desk.services.sessions) as session:
        row = {
            "receipt_id": 1,
            "desk": "it",
            "author_address": "a@b.example",
            "trust": "unknown",
            "flags": [],
        }
        more = {"state": "matched", "evidence": [], "policy_version": "x", "waits_since": now()}
        session.add(UnmatchedMail(**row, **more, subject=SUBJECT, author_name=f"Jo {CANARY}"))
    desk.report()
    assert CANARY not in stored_words(desk)


def test_a_reply_to_it_still_finds_the_ticket(desk: Desk) -> None:
    desk.report()
    desk.send(subject="Re: x", headers=[("References", "<chair@northmoor.nhs.uk>")])
    assert [one.ticket_id for one in desk.all(Message)] == [1, 1]


def test_the_kinds_of_data_are_those_of_the_policy_with_their_gravest_rule(sqlite_services: Services) -> None:
    kinds = reporting.kinds_of_data(sqlite_services.settings)
    rules = load_policy().rules
    assert list(kinds) == [*dict.fromkeys(rule.category for rule in rules), reporting.NOT_SURE]
    for rule in rules:
        assert list(Severity).index(kinds[rule.category]) >= list(Severity).index(rule.severity)
