"""A helpdesk that has been used for a year: rows in bulk, as the road would have written them."""

import hashlib
import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, text

from benchmarks.letters import SENTENCES
from helpdesk.db import now, writing
from helpdesk.db_search import search_text
from helpdesk.models import Message, MessageId, OutboxMail, Participant, Receipt, SearchEntry, Ticket
from helpdesk.services import Services
from helpdesk.tickets.states import State

CHUNK = 2_000
OPEN_SHARE = 0.05
YEAR = timedelta(days=365)
ORDER = (Ticket, Participant, Receipt, Message, MessageId, SearchEntry, OutboxMail)  # as their keys ask


def fill(services: Services, tickets: int, *, seed: int = 1) -> None:
    """So many tickets, each with two messages, an answer that was sent, and what they are found by."""
    chance = random.Random(seed)
    for start in range(1, tickets + 1, CHUNK):
        rows: dict[type, list[dict[str, Any]]] = {}
        for number in range(start, min(start + CHUNK, tickets + 1)):
            for table, row in _rows(chance, number, tickets):
                rows.setdefault(table, []).append(row)
        with writing(services.sessions) as session:
            for table in ORDER:
                session.execute(insert(table.__table__), rows[table])  # type: ignore[attr-defined]
    with writing(services.sessions) as session:
        session.execute(text("INSERT INTO number_counters VALUES ('IT', :next)"), {"next": tickets + 1})
        if services.engine.dialect.name == "postgresql":
            _set_sequences(session)
    with services.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()


def _rows(chance: random.Random, number: int, tickets: int) -> Iterator[tuple[type, dict[str, Any]]]:
    """The rows of one ticket; the later its number, the newer it is."""
    at = now() - YEAR * (1 - number / tickets) - timedelta(days=2)
    person = f"person{chance.randrange(tickets // 20 + 1)}@team{number % 200}.example.org"
    words = [_words(chance) for _ in range(2)]
    state = chance.choice([s for s in State if s.is_open]) if chance.random() < OPEN_SHARE else State.CLOSED
    name = f"IT-{number:06d}"
    yield (
        Ticket,
        {"id": number, "number": name, "desk": "it", "mailbox": "it", "subject": words[0][:80],
         "state": state.value, "needs_agent": state.is_open, "requester_address": person,
         "requester_name": "A Person", "unverified": False, "held_messages": 0, "version": 1,
         "created_at": at, "updated_at": at, "closed_at": None if state.is_open else at},
    )  # fmt: skip
    yield Participant, {"ticket_id": number, "address": person, "requester": True}
    yield (
        SearchEntry,
        {"ticket_id": number, "message_id": None, "content": search_text(f"{name} {words[0]} {person}")},
    )
    for place, said in enumerate(words):
        mark = number * 2 + place
        digest = hashlib.sha256(f"{mark}".encode()).hexdigest()
        yield (
            Receipt,
            {"id": mark, "mailbox": "it", "uidvalidity": 1, "uid": mark, "digest": digest, "first_digest": digest,
             "size": 14_000, "state": "done", "outcome": "added", "ticket_id": number, "tries": 0,
             "failed_step": "", "failure": "", "received_at": at, "ended_at": at, "acknowledged_at": at,
             "moved_to": "", "erase_from_mailbox": False},
        )  # fmt: skip
        yield (
            Message,
            {"id": mark, "ticket_id": number, "receipt_id": mark, "direction": "inbound", "standing": "added",
             "author_address": person, "author_name": "A Person", "sender": "participant", "trust": "unknown",
             "flags": [], "evidence": [], "subject": said[:80], "text": said, "html": "", "redacted": False,
             "created_at": at},
        )  # fmt: skip
        yield MessageId, {"digest": digest, "ticket_id": number, "created_at": at}
        yield SearchEntry, {"ticket_id": number, "message_id": mark, "content": search_text(said)}
    yield (
        OutboxMail,
        {"kind": "acknowledgement", "automatic": True, "ticket_id": number, "receipt_id": number * 2, "desk": "it",
         "from_address": "servicedesk@northmoor.nhs.uk", "from_name": "IT", "reply_to": "", "to_address": person,
         "to_domain": person.partition("@")[2], "message_id": f"<{number}@northmoor.nhs.uk>", "in_reply_to": "",
         "references": [], "subject": "Received", "text": "Thank you", "html": "", "state": "sent", "tries": 1,
         "next_try_at": at, "sent_at": at, "last_error": "", "created_at": at},
    )  # fmt: skip


def _words(chance: random.Random) -> str:
    chosen = chance.sample(SENTENCES, 4)
    return " ".join(one.format(n=chance.randrange(2, 90), m=chance.randrange(10, 99)) for one in chosen)


def _set_sequences(session: Any) -> None:
    """Rows with ids of our own leave PostgreSQL's sequences behind."""
    for table in ("tickets", "receipts", "messages"):
        session.execute(text(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))"))  # noqa: S608
