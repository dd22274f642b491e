"""The service: what runs from its start to its stop, and in which order it ends.

web server ─ mailbox watchers (one thread each) ─ pipeline (worker processes)
           ─ schedule: receipts that wait, deliveries, closing, cleaning
"""

import logging
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from threading import Event, Thread
from time import monotonic
from typing import Any

from helpdesk.db import now
from helpdesk.ingest import refusals
from helpdesk.ingest.pipeline import Pipeline
from helpdesk.ingest.poll import PollResult, watch
from helpdesk.jobs.cleaning import close_resolved, empty_database_log, forget_sessions
from helpdesk.jobs.schedule import Counts, Job, Schedule, run_once
from helpdesk.jobs.turns import Turns
from helpdesk.jobs.watchdog import keep_tokens_fresh, look_at_certificates, look_at_mailboxes
from helpdesk.jobs.webserver import WebServer
from helpdesk.outbound.deliver import deliver_due
from helpdesk.pii import documents
from helpdesk.services import Services

log = logging.getLogger(__name__)

WATCHER_SECONDS = 15  # a fetch under way is waited for so long; what it did not store is still in the mailbox
SERVER_DOWN = timedelta(seconds=30)  # then it is asked again; its mails wait
BATCH = 50


@dataclass
class Service:
    """Everything that runs. `start` returns at once; `stop` when all has ended."""

    services: Services
    pipeline: Pipeline
    app: Any  # a WSGI application
    listener: socket.socket
    _stop: Event = field(default_factory=Event)
    _watchers: list[Thread] = field(default_factory=list)
    _server_down_until: datetime = field(default_factory=now)

    def __post_init__(self) -> None:
        self.turns = Turns(self.pipeline, lambda: self.schedule.wake("deliver"))
        self.schedule = Schedule(self.jobs())

    def jobs(self) -> list[Job]:
        """What runs again and again."""
        return [
            Job("deliver", timedelta(seconds=3), self._deliver),
            Job("process", timedelta(seconds=5), self._process),
            Job("close", timedelta(hours=1), lambda: close_resolved(self.services)),
            Job("tokens", timedelta(minutes=10), lambda: keep_tokens_fresh(self.services)),
            Job("certificates", timedelta(days=1), lambda: look_at_certificates(self.services)),
            Job("mailboxes", timedelta(minutes=5), lambda: look_at_mailboxes(self.services)),
            Job("log", timedelta(minutes=10), lambda: empty_database_log(self.services)),
            Job("sessions", timedelta(hours=1), lambda: forget_sessions(self.services)),
        ]

    def start(self) -> None:
        settings = self.services.settings
        # twice what the pages take, so that it is they who say so in most cases
        self.web = WebServer(self.app, self.listener, settings.web, 2 * settings.limits.largest_form)
        self.web.start()
        self.schedule.start()
        self._thread("warm", self._warm)
        for key in self.services.settings.mailboxes:
            self._thread(f"mailbox-{key}", partial(self._watch, key))

    def stop(self) -> None:
        """End in order: take in nothing new, finish what is under way, send what is due, close."""
        self._stop.set()
        self.web.stop()
        self._wait_for_watchers()
        self.schedule.stop()
        if self.services.settings.smtp:
            run_once(Job("deliver", timedelta(0), self._deliver))
        self.pipeline.close()
        documents.close()
        self.services.engine.dispose()

    def _wait_for_watchers(self) -> None:
        """All of them together get WATCHER_SECONDS: a server that hangs for each must not add up."""
        ends = monotonic() + WATCHER_SECONDS
        for thread in self._watchers:
            thread.join(max(0.0, ends - monotonic()))
        late = [thread.name for thread in self._watchers if thread.is_alive()]
        if late:
            log.warning("not ended within %d s, so left behind: %s", WATCHER_SECONDS, ", ".join(late))

    def _thread(self, name: str, work: Callable[[], None]) -> None:
        thread = Thread(target=work, name=name, daemon=True)
        self._watchers.append(thread)
        thread.start()

    def _warm(self) -> None:
        """Load the scanner's models while the pages are served already; mails wait for it."""
        if run_once(Job("scanner", timedelta(0), self._load)):
            log.info("The scanner is ready.")

    def _load(self) -> Counts:
        self.pipeline.workers.warm()
        return {}

    def _watch(self, key: str) -> None:
        notice = refusals.notice(self.services)
        watch(self.services, key, self.turns, self._stop, on_result=_tell, on_refused=notice)

    def _deliver(self) -> Counts:
        if self.services.settings.smtp is None or now() < self._server_down_until:
            return {}
        result = deliver_due(self.services)
        if result.server_error:
            self._server_down_until = now() + SERVER_DOWN
        return {"sent": result.sent, "failed": result.failed, "uncertain": result.uncertain}

    def _process(self) -> Counts:
        """What no watcher waits for: left by a crash, released, replayed, imported."""
        outcomes = self.turns.process_waiting(BATCH)
        failed = sum(outcome.failed for outcome in outcomes)
        return {"processed": len(outcomes) - failed, "failed": failed}


def _tell(result: PollResult) -> None:
    if result.taken or result.moved or result.failed:
        log.info(
            "mailbox %s: %d taken in, %d processed, %d failed, %d moved",
            result.mailbox, result.taken, result.processed, result.failed, result.moved,
        )  # fmt: skip
    if result.warning:
        log.warning("mailbox %s: %s", result.mailbox, result.warning)
