"""A stop ends within its limit, however many mailboxes hang, and names what it left behind."""

from threading import Event, Thread
from time import monotonic

import pytest

from helpdesk.jobs import service as service_module
from helpdesk.jobs.service import Service


def test_hanging_mailboxes_share_one_limit(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(service_module, "WATCHER_SECONDS", 0.3)
    hung, service = Event(), object.__new__(Service)
    service._watchers = [Thread(target=hung.wait, name=f"mailbox-{n}", daemon=True) for n in range(5)]
    ended = Thread(target=str, name="mailbox-well", daemon=True)
    service._watchers.append(ended)
    for thread in service._watchers:
        thread.start()
    began = monotonic()
    service._wait_for_watchers()
    assert monotonic() - began < 1.2
    assert "mailbox-0, mailbox-1" in caplog.text
    assert "mailbox-well" not in caplog.text
    hung.set()
