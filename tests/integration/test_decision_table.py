"""One mail for every row of the decision table, delivered to a real Dovecot, polled, and compared with the table."""

from dataclasses import replace

import pytest

from helpdesk.ingest.poll import poll_once
from helpdesk.services import Services
from tests.support.dovecot import MailUser
from tests.support.road import CASES, Case, check, set_up
from tests.support.running import pipeline_for

pytestmark = pytest.mark.server


@pytest.mark.parametrize("case", CASES, ids=[f"{case.row}-{case.name}" for case in CASES])
def test_row(desk: Services, user: MailUser, scanner: object, case: Case) -> None:
    trust = desk.settings.trust.model_copy(update=case.settings)
    services = replace(desk, settings=desk.settings.model_copy(update={"trust": trust}))
    before = set_up(services, case.state)
    raw = case.make(before)
    user.deliver(raw)
    result = poll_once(services, "it", pipeline_for(services, scanner))
    assert (result.found, result.taken, result.processed, result.moved) == (1, 1, 1, 1)
    check(services, case, before)
    assert user.files() == []
    assert user.raws("Helpdesk-Done") == [raw]
