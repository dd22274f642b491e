"""A mailbox that nobody reads, and a token that ends, are told without a failure to tell of them."""

import logging
from datetime import timedelta

import pytest

from helpdesk.db import now, writing
from helpdesk.jobs.watchdog import keep_tokens_fresh, look_at_mailboxes
from helpdesk.models import MailboxStatus
from helpdesk.services import Services


def read_last(services: Services, ago: timedelta) -> None:
    with writing(services.sessions) as session:
        session.add(MailboxStatus(mailbox="it", last_success_at=now() - ago))


def test_a_mailbox_that_nobody_reads_is_told(
    sqlite_services: Services, caplog: pytest.LogCaptureFixture
) -> None:
    read_last(sqlite_services, timedelta(hours=5))
    with caplog.at_level(logging.WARNING):
        assert look_at_mailboxes(sqlite_services) == {"stale": 1}
    assert "mailbox it" in caplog.text


def test_a_mailbox_that_was_just_read_is_not(sqlite_services: Services) -> None:
    read_last(sqlite_services, timedelta(seconds=5))
    assert look_at_mailboxes(sqlite_services) == {"stale": 0}


def test_accounts_without_tokens_need_none(sqlite_services: Services) -> None:
    assert keep_tokens_fresh(sqlite_services) == {"warnings": 0}
