"""A warm process that forks a child for each life, so that a kill test spends its time on the road, not on starting.

    python -m tests.support.zygote SETTINGS.json

Each line on its standard input forks a child that polls and delivers until nothing is left: `{}`, or
`{"settings": PATH}` for another place, or `{"point": NAME}` for a child that kills itself there
(tests.support.points). It answers `started PID`, `working` when the child has opened everything, and
`ended STATUS`.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from helpdesk import config
from helpdesk.db import reading
from helpdesk.ingest import batches
from helpdesk.ingest import pipeline as pipeline_module
from helpdesk.ingest.pipeline import Pipeline, make_pipeline
from helpdesk.ingest.poll import poll_once
from helpdesk.ingest.prepare import Preparer
from helpdesk.models import OutboxMail
from helpdesk.models.outbound import OutboxState
from helpdesk.outbound.deliver import deliver_due
from helpdesk.pii.scanner import Scanner
from helpdesk.services import Services, start
from tests.support import points

UNDELIVERED = (OutboxState.QUEUED.value, OutboxState.SENDING.value)


def main() -> None:
    # Small steps, so that a kill falls between any two of them and seldom after many.
    batches.MAILS_A_BATCH, pipeline_module.MAILS_A_TRANSACTION = 10, 3
    settings = load(sys.argv[1])
    scanner = Scanner(settings)
    scanner.warm()
    print("ready", flush=True)
    for line in sys.stdin:
        wanted = json.loads(line)
        child = os.fork()
        if child == 0:
            print(f"started {os.getpid()}", flush=True)
            with points.at(wanted.get("point", ""), points.kill):
                live(load(wanted["settings"]) if "settings" in wanted else settings, scanner)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print(f"ended {status}", flush=True)


def load(path: str) -> config.Settings:
    return config.load(None, **json.loads(Path(path).read_text()))


def live(settings: config.Settings, scanner: Any) -> None:
    """One life: open everything anew, then work until nothing is left to do."""
    services = start(settings)
    print("working", flush=True)
    pipeline = make_pipeline(services, preparer=Preparer(settings, services.tokens, scanner))
    while not turn(services, pipeline):
        pass


def turn(services: Services, pipeline: Pipeline) -> bool:
    """Poll, process, deliver once; True when nothing is left."""
    found = poll_once(services, "it", pipeline).found
    pipeline.process_waiting()
    deliver_due(services)
    with reading(services.sessions) as session:
        left = select(func.count()).select_from(OutboxMail).where(OutboxMail.state.in_(UNDELIVERED))
        return not found and not session.scalar(left)


if __name__ == "__main__":
    main()
