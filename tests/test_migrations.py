"""The schema goes up and down on both engines and equals the models."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import func, inspect, select

from helpdesk import migrations
from helpdesk.db import Base, DatabaseError, make_engine, reading, writing
from helpdesk.db_search import matching_ids
from helpdesk.models import MessageId, User
from helpdesk.outbound.thread import keep_id
from helpdesk.outbound.tokens import id_digest
from helpdesk.services import Services
from tests.web import rows

LEFT_OUT = ("search_entries_fts", "ix_search_entries_words", "words")


def _compares(_object: object, name: str | None, _kind: str, _reflected: bool, _to: object) -> bool:
    return not str(name).startswith(LEFT_OUT)


def test_the_migrated_schema_is_the_models(each_engine: Services) -> None:
    with each_engine.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": _compares})
        assert compare_metadata(context, Base.metadata) == []


def test_down_leaves_nothing_and_up_works_again(each_engine: Services) -> None:
    migrations.downgrade(each_engine.engine)
    assert set(inspect(each_engine.engine).get_table_names()) <= {"alembic_version"}
    assert migrations.current(each_engine.engine) is None
    migrations.upgrade(each_engine.engine)
    assert migrations.current(each_engine.engine) == migrations.head()


def test_a_database_that_does_not_answer_is_named_without_its_password() -> None:
    engine = make_engine("postgresql+psycopg://helpdesk:secret-word@127.0.0.1:9/none")
    with pytest.raises(DatabaseError, match=r"127\.0\.0\.1") as caught:
        migrations.upgrade(engine)
    assert "secret-word" not in str(caught.value)


def test_a_database_file_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DatabaseError, match="cannot be made"):
        migrations.upgrade(make_engine(f"sqlite:///{tmp_path}/file/x.db"))


def test_texts_of_before_are_found_after(each_engine: Services) -> None:
    with writing(each_engine.sessions) as session:
        rows.add_ticket(session, "An older ticket", text="a kestrel")
    migrations.downgrade(each_engine.engine, "0004")
    migrations.upgrade(each_engine.engine)
    with reading(each_engine.sessions) as session:
        assert session.scalars(matching_ids(session, "kestrel")).all()


def test_an_index_that_nothing_reads_goes_and_comes_back(each_engine: Services) -> None:
    def indexes() -> set[str | None]:
        return {one["name"] for one in inspect(each_engine.engine).get_indexes("outbox")}

    assert "ix_outbox_to_domain" not in indexes()
    migrations.downgrade(each_engine.engine, "0006")
    assert "ix_outbox_to_domain" in indexes()
    migrations.upgrade(each_engine.engine)
    assert "ix_outbox_to_domain" not in indexes()


def test_replies_to_mails_of_before_still_find_their_ticket(each_engine: Services) -> None:
    ours = each_engine.tokens.message_id("IT-000123", "northmoor.nhs.uk")
    with writing(each_engine.sessions) as session:
        ticket = rows.add_ticket(session)
        mail = rows.add_outgoing(session, ticket, message_id=ours)
        keep_id(session, ours, ticket.id, outbox_id=mail.id)
        keep_id(session, "<theirs@ward.example>", ticket.id)
    migrations.downgrade(each_engine.engine, "0008")
    with reading(each_engine.sessions) as session:
        assert not session.scalars(select(MessageId).where(MessageId.digest == id_digest(ours))).all()
    migrations.upgrade(each_engine.engine)
    with reading(each_engine.sessions) as session:
        for message_id in (ours, "<theirs@ward.example>"):
            assert session.scalars(select(MessageId).where(MessageId.digest == id_digest(message_id))).one()


def test_who_was_there_before_desks_sees_all_as_before(each_engine: Services) -> None:
    with writing(each_engine.sessions) as session:
        rows.add_people(session)["agent"].desks = ["hr"]
    migrations.downgrade(each_engine.engine, "0011")
    assert "desks" not in {one["name"] for one in inspect(each_engine.engine).get_columns("users")}
    migrations.upgrade(each_engine.engine)
    with reading(each_engine.sessions) as session:
        everybody = session.scalars(select(User)).all()
        assert len(everybody) == len(rows.PEOPLE)
        assert {one.desks for one in everybody} == {None}
        assert session.scalar(select(func.count()).select_from(User).where(User.desks.is_(None))) == len(
            rows.PEOPLE
        )
