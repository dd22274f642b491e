"""References grow by the parent's id, stay short, and carry nothing that is no id."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from helpdesk.db import writing
from helpdesk.db_rows import write_waiting
from helpdesk.models import MessageId
from helpdesk.outbound import thread
from helpdesk.outbound.enqueue import enqueue
from helpdesk.outbound.thread import Parent
from helpdesk.outbound.tokens import id_digest
from helpdesk.services import Services
from tests.outbound.samples import NURSE, a_reply, a_ticket, an_answer

UNFIT = [
    "",
    "a@b.example",
    "<a b@c.example>",
    "<a@b.example>\r\nBcc: x@y.example",
    "<a@b.example\n>",
    "<a@b.example> <c@d.example>",
    '<"call me"@b.example>',
    "<né@b.example>",
    "<(comment)@b.example>",
    f"<{'a' * 300}@b.example>",
]


@pytest.mark.parametrize("message_id", UNFIT)
def test_what_is_no_id_is_not_written(message_id: str) -> None:
    parent = Parent(message_id, (message_id, "<good@b.example>"))
    assert thread.in_reply_to(parent) == ""
    assert thread.references(parent) == ("<good@b.example>",)


FIT = [
    "<AM0PR01.abc+def$1@EUR.prod.outlook.com>",
    "<x=y/z@[192.0.2.1]>",
    "<a@b@c.example>",
    "<20250304.1:2@h>",
]


@pytest.mark.parametrize("message_id", FIT)
def test_ids_that_readers_send_are_kept(message_id: str) -> None:
    assert thread.references(Parent(message_id)) == (message_id,)


@settings(deadline=None)  # a loaded machine is no fault of ours
@given(st.integers(0, 300), st.integers(1, 240))
def test_references_are_capped_and_keep_the_first_and_the_newest(count: int, length: int) -> None:
    ids = tuple(f"<{n:03}{'x' * length}@b.example>"[-250:] for n in range(count))
    made = thread.references(Parent("<parent@b.example>", ids))
    assert made[-1] == "<parent@b.example>"
    assert not ids or not thread.is_fit(ids[0]) or made[0] == ids[0]
    assert len(made) <= thread.MAX_IDS
    assert len(" ".join(made)) <= thread.MAX_CHARACTERS


def test_a_repeated_id_stands_once_where_it_is_newest() -> None:
    assert thread.references(Parent("<a@x>", ("<a@x>", "<b@x>"))) == ("<b@x>", "<a@x>")


def test_a_reply_goes_under_our_last_mail_and_through_it_under_theirs(sqlite_services: Services) -> None:
    services = sqlite_services
    with writing(services.sessions) as session:
        ticket = a_ticket(session)
        first = enqueue(
            session, services.settings, an_answer(services, kind="acknowledgement", ticket=ticket)
        )
        parent = thread.parent_on_ticket(session, ticket.id, NURSE)
        assert parent == Parent(first.message_id, ("<theirs@ward.example>",))
        second = enqueue(session, services.settings, a_reply(services, ticket, parent=parent))
        assert second.in_reply_to == first.message_id
        assert second.references == ["<theirs@ward.example>", first.message_id]


def test_an_agents_first_mail_has_no_parent(sqlite_services: Services) -> None:
    with writing(sqlite_services.sessions) as session:
        assert thread.parent_on_ticket(session, a_ticket(session).id, NURSE) == Parent()


def test_a_reply_to_a_mail_of_ours_is_found_by_its_id(sqlite_services: Services) -> None:
    with writing(sqlite_services.sessions) as session:
        ticket = a_ticket(session)
        mail = enqueue(session, sqlite_services.settings, a_reply(sqlite_services, ticket))
        write_waiting(session)
        found = session.scalars(select(MessageId).where(MessageId.digest == id_digest(mail.message_id))).one()
        assert (found.ticket_id, found.outbox_id) == (ticket.id, mail.id)


def test_a_strangers_notice_leaves_no_id_that_would_lead_to_the_ticket(sqlite_services: Services) -> None:
    with writing(sqlite_services.sessions) as session:
        ticket = a_ticket(session)
        draft = an_answer(sqlite_services, "stranger@x.example", kind="held", ticket=ticket)
        enqueue(session, sqlite_services.settings, draft)
        write_waiting(session)
        assert session.scalars(select(MessageId)).all() == []


def test_digests_of_our_ids_stand_in_the_order_of_the_tickets(sqlite_services: Services) -> None:
    made = [
        sqlite_services.tokens.message_id(f"IT-{number:06}", "northmoor.nhs.uk") for number in range(1, 40)
    ]
    digests = [id_digest(one) for one in made]
    assert digests == sorted(digests)
    assert {len(one) for one in digests} == {64}
    assert len(set(digests)) == len(made)


@given(st.text(), st.text())
def test_ids_that_differ_have_digests_that_differ(one: str, other: str) -> None:
    assert (id_digest(one) == id_digest(other)) == (one.strip().strip("<>") == other.strip().strip("<>"))
