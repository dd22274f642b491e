"""Old mail is taken in without a word to its senders."""

from pathlib import Path

import pytest
from sqlalchemy import select

from helpdesk.db import reading
from helpdesk.ingest.importing import import_paths
from helpdesk.models import OutboxMail, Ticket
from helpdesk.services import Services
from tests.support.mails import mail
from tests.support.running import pipeline_for


@pytest.mark.parametrize(("answers", "kinds"), [(True, ["acknowledgement"]), (False, [])])
def test_answers_go_out_unless_they_are_not_wanted(
    sqlite_services: Services, scanner: object, tmp_path: Path, answers: bool, kinds: list[str]
) -> None:
    (tmp_path / "old.eml").write_bytes(mail())
    result = import_paths(
        sqlite_services, pipeline_for(sqlite_services, scanner), [tmp_path / "old.eml"], answers=answers
    )
    assert result.processed == 1
    with reading(sqlite_services.sessions) as session:
        assert list(session.scalars(select(OutboxMail.kind))) == kinds
        assert len(session.scalars(select(Ticket)).all()) == 1
