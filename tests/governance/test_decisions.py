"""An officer's decisions on held mail, on both engines, through the real scanner."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from helpdesk.db import empty_log, reading, writing
from helpdesk.db_search import matching_ids
from helpdesk.governance import decisions, quarantine
from helpdesk.governance.decisions import StillFound
from helpdesk.governance.quarantine import NotHeld, ReasonMissing
from helpdesk.ingest.pipeline import Pipeline
from helpdesk.models import (
    AuditEntry,
    Blob,
    HeldMail,
    IgCase,
    Message,
    OutboxMail,
    Receipt,
    SearchEntry,
    Ticket,
    User,
)
from helpdesk.services import Services
from helpdesk.tickets import actions
from helpdesk.tickets.states import Actor, State
from tests.support.mails import PATIENT_TEXT, mail
from tests.support.road import set_up
from tests.support.running import pipeline_for, take

OFFICER = "ig@northmoor.nhs.uk"
WHY = "checked with the sender"
SUBJECT = "Two records to merge"


@pytest.fixture
def held(each_engine: Services, scanner: object) -> tuple[Services, Pipeline, int]:
    """A mail in quarantine that opened a ticket of its own."""
    pipeline = pipeline_for(each_engine, scanner)
    return each_engine, pipeline, hold(each_engine, pipeline)


def hold(services: Services, pipeline: Pipeline, **over: object) -> int:
    with writing(services.sessions) as session:
        if not session.scalar(select(User.id).where(User.email == OFFICER)):
            session.add(User(email=OFFICER, name="Ines Officer", role="ig_officer", password_hash="x"))
    pipeline.process(take(services, mail(**{"subject": SUBJECT, "text": PATIENT_TEXT, **over})))  # type: ignore[arg-type]
    with reading(services.sessions) as session:
        return session.scalars(select(HeldMail.id)).one()


def the(services: Services, kind: type) -> object:
    with reading(services.sessions) as session:
        return session.scalars(select(kind)).one()


def acts(services: Services) -> list[str]:
    with reading(services.sessions) as session:
        return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def finds(services: Services, words: str) -> bool:
    with reading(services.sessions) as session:
        return bool(
            session.scalar(select(func.count()).where(SearchEntry.id.in_(matching_ids(session, words))))
        )


def test_until_a_decision_the_desk_sees_that_a_message_is_held_and_no_more(
    held: tuple[Services, Pipeline, int],
) -> None:
    services, _, _ = held
    ticket, message = the(services, Ticket), the(services, Message)
    assert (ticket.subject, ticket.requester_name, ticket.held_messages) == (
        "A message is being checked",
        "",
        1,
    )  # type: ignore[attr-defined]
    assert (message.direction, message.subject, message.text, message.author_name) == ("held", "", "", "")  # type: ignore[attr-defined]
    assert not finds(services, "Whitlock")


def test_opening_needs_a_reason_and_is_in_the_trail_first(held: tuple[Services, Pipeline, int]) -> None:
    services, _, number = held
    with pytest.raises(ReasonMissing):
        quarantine.open_held(services, number, OFFICER, "  ")
    assert "held.viewed" not in acts(services)
    view = quarantine.open_held(services, number, OFFICER, WHY)
    assert acts(services)[-1] == "held.viewed"
    body = next(piece for piece in view.pieces if piece.part == "body_text")
    assert "Whitlock" in body.text
    marked = {body.text[one.start : one.end] for one in body.findings}
    assert any("999 000 0018" in text for text in marked)
    assert any("12/03/1948" in text for text in marked)


def test_released_mail_is_what_the_desk_would_have_seen(held: tuple[Services, Pipeline, int]) -> None:
    services, pipeline, number = held
    decisions.release(services, pipeline, number, OFFICER, WHY)
    ticket, message = the(services, Ticket), the(services, Message)
    assert (ticket.subject, ticket.requester_name, ticket.held_messages) == (SUBJECT, "Jo Barnes", 0)  # type: ignore[attr-defined]
    assert (message.direction, message.standing) == ("inbound", "added")  # type: ignore[attr-defined]
    assert "Whitlock" in message.text  # type: ignore[attr-defined]
    assert finds(services, "Whitlock")
    case = the(services, IgCase)
    assert (case.state, case.outcome) == ("decided", "released")  # type: ignore[attr-defined]


def test_release_sends_no_second_answer(held: tuple[Services, Pipeline, int]) -> None:
    services, pipeline, number = held
    decisions.release(services, pipeline, number, OFFICER, WHY)
    with reading(services.sessions) as session:
        assert list(session.scalars(select(OutboxMail.kind))) == ["held"]


def test_released_mail_takes_the_table_with_the_ticket_s_state_then(
    each_engine: Services, scanner: object
) -> None:
    pipeline = pipeline_for(each_engine, scanner)
    before = set_up(each_engine, State.IN_PROGRESS)
    assert before is not None
    number = hold(each_engine, pipeline, headers=[("References", before.ours)])
    with writing(each_engine.sessions) as session:
        actions.move(session.scalars(select(Ticket)).one(), State.RESOLVED, Actor.AGENT, who="agent")
    decisions.release(each_engine, pipeline, number, OFFICER, WHY)
    with reading(each_engine.sessions) as session:
        message = session.scalars(select(Message)).one()
        assert (message.standing, message.direction) == ("aside", "inbound")
        assert session.scalars(select(Ticket)).one().state == "resolved"


def test_redacted_release_leaves_nothing_that_was_found(held: tuple[Services, Pipeline, int]) -> None:
    services, pipeline, number = held
    decisions.release_redacted(services, pipeline, number, OFFICER, WHY)
    message = the(services, Message)
    assert message.redacted  # type: ignore[attr-defined]
    for found in ("999 000 0018", "12/03/1948"):
        assert found not in message.text  # type: ignore[attr-defined]
    assert "merge these" in message.text  # type: ignore[attr-defined]
    assert not finds(services, "1948")
    assert the(services, HeldMail).state == "redacted"  # type: ignore[attr-defined]


def test_what_cannot_be_read_leaves_a_redacted_mail_as_a_note_that_it_is_gone(
    each_engine: Services, scanner: object
) -> None:
    pipeline = pipeline_for(each_engine, scanner)
    garbage = bytes(range(256)) * 8
    number = hold(
        each_engine, pipeline, text="See file.", files=[("x.bin", "application/octet-stream", garbage)]
    )
    decisions.release_redacted(each_engine, pipeline, number, OFFICER, WHY)
    with reading(each_engine.sessions) as session:
        message = session.scalars(select(Message)).one()
        (attachment,) = message.attachments
        assert attachment.file_name == "removed-2.txt"
        assert b"removed" in each_engine.vault.get(session, attachment.blob_id or 0)


def test_redaction_that_leaves_something_releases_nothing(
    held: tuple[Services, Pipeline, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    services, pipeline, number = held
    monkeypatch.setattr(decisions, "redact_email", lambda email, *_, **__: email)
    with pytest.raises(StillFound, match="Nothing was released"):
        decisions.release_redacted(services, pipeline, number, OFFICER, WHY)
    assert the(services, HeldMail).state == "held"  # type: ignore[attr-defined]
    assert the(services, Message).text == ""  # type: ignore[attr-defined]


def test_purged_mail_is_gone_and_its_record_stays(held: tuple[Services, Pipeline, int]) -> None:
    services, pipeline, number = held
    decisions.purge(services, number, OFFICER, WHY)
    blob, receipt, row = the(services, Blob), the(services, Receipt), the(services, HeldMail)
    assert (blob.wrapped_key, receipt.erase_from_mailbox) == (None, True)  # type: ignore[attr-defined]
    assert (row.state, row.decision_reason) == ("purged", WHY)  # type: ignore[attr-defined]
    assert row.reasons  # type: ignore[attr-defined]
    ticket, message = the(services, Ticket), the(services, Message)
    assert (ticket.subject, ticket.held_messages) == ("A message was removed", 0)  # type: ignore[attr-defined]
    assert "purged" in message.flags  # type: ignore[attr-defined]
    with pytest.raises(NotHeld):
        quarantine.open_held(services, number, OFFICER, WHY)
    with pytest.raises(NotHeld):
        decisions.release(services, pipeline, number, OFFICER, WHY)


def test_a_purged_mails_key_is_in_no_file_of_sqlite(held: tuple[Services, Pipeline, int]) -> None:
    """Nor in its log, which keeps what was written before until it is carried over and cut."""
    services, _, number = held
    key = the(services, Blob).wrapped_key  # type: ignore[attr-defined]
    decisions.purge(services, number, OFFICER, WHY)
    assert empty_log(services.engine)
    if services.engine.dialect.name == "sqlite":
        assert not _in_files(services, key)


def test_before_a_purge_the_key_is_in_a_file_of_sqlite(held: tuple[Services, Pipeline, int]) -> None:
    services = held[0]
    key = the(services, Blob).wrapped_key  # type: ignore[attr-defined]
    assert _in_files(services, key) == (services.engine.dialect.name == "sqlite")


def _in_files(services: Services, data: bytes) -> bool:
    database = Path(str(services.engine.url.database))
    return any(data in file.read_bytes() for file in database.parent.glob(f"{database.name}*"))


@pytest.mark.parametrize("act", ["release", "release_redacted", "purge"])
def test_every_decision_needs_a_reason(held: tuple[Services, Pipeline, int], act: str) -> None:
    services, pipeline, number = held
    more = (services, number) if act == "purge" else (services, pipeline, number)
    with pytest.raises(ReasonMissing):
        getattr(decisions, act)(*more, OFFICER, " ")
    assert the(services, HeldMail).state == "held"  # type: ignore[attr-defined]


def test_a_decision_is_made_once(held: tuple[Services, Pipeline, int]) -> None:
    services, pipeline, number = held
    decisions.release(services, pipeline, number, OFFICER, WHY)
    with pytest.raises(NotHeld):
        decisions.purge(services, number, OFFICER, WHY)


def test_a_redelivery_of_what_was_purged_is_recognised_and_not_kept(
    held: tuple[Services, Pipeline, int],
) -> None:
    services, pipeline, number = held
    with reading(services.sessions) as session:
        raw = services.vault.get(session, session.scalars(select(Receipt.blob_id)).one() or 0)
    decisions.purge(services, number, OFFICER, WHY)
    take(services, raw, uid=77)
    pipeline.process_waiting()
    with reading(services.sessions) as session:
        again = session.scalars(select(Receipt).where(Receipt.uid == 77)).one()
        assert again.outcome == "redelivery"
        assert all(blob.wrapped_key is None for blob in session.scalars(select(Blob)))
