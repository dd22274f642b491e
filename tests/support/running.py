"""Run the road in a test: the real pipeline, in this process, on a scanner that is loaded already."""

from typing import Any

from helpdesk.db import writing
from helpdesk.ingest.pipeline import Pipeline, make_pipeline
from helpdesk.ingest.prepare import Preparer
from helpdesk.ingest.receipts import take_in
from helpdesk.services import Services


def pipeline_for(services: Services, scanner: Any) -> Pipeline:
    return make_pipeline(services, preparer=Preparer(services.settings, services.tokens, scanner))


def take(services: Services, raw: bytes, uid: int = 1, mailbox: str = "it") -> int:
    """Take a mail in as the poller would; returns the receipt's id."""
    with writing(services.sessions) as session:
        receipt = take_in(session, services.vault, mailbox, 1, uid, raw)
        assert receipt is not None
        return receipt.id
