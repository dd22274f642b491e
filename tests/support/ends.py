"""What takes receipts to their ends in tests of the mail-in side alone, as fast as the database allows."""

from sqlalchemy import exists, select

from helpdesk import audit
from helpdesk.db import now, writing
from helpdesk.ingest import failures
from helpdesk.models import Receipt
from helpdesk.models.mail import ReceiptState
from helpdesk.services import Services


class Ends:
    """Ends each receipt as the pipeline does: done, a redelivery, or failed where the mail says CRASH."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.seen: list[bytes] = []  # each content that was processed, as often as it was

    def process_waiting(self, limit: int) -> list[int]:
        with writing(self.services.sessions) as session:
            query = select(Receipt).where(Receipt.state == ReceiptState.RECEIVED.value)
            waiting = session.scalars(query.order_by(Receipt.id).limit(limit)).all()
            for receipt in waiting:
                if session.scalar(select(exists().where(Receipt.first_digest == receipt.digest))):
                    audit.record(session, failures.end_as_redelivery(session, receipt))
                    continue
                raw = failures.raws_of(session, self.services.vault, [receipt.id])[receipt.id]
                assert isinstance(raw, bytes)
                self._end(receipt, raw)
                session.flush()
        return [receipt.id for receipt in waiting]

    def _end(self, receipt: Receipt, raw: bytes) -> None:
        receipt.ended_at = now()
        if b"CRASH" in raw:
            receipt.state = ReceiptState.FAILED.value
            return
        receipt.state, receipt.outcome = ReceiptState.DONE.value, "new_ticket"
        receipt.first_digest = receipt.digest
        self.seen.append(raw)


class Stops:
    """A pipeline that dies before it has done anything."""

    def process_waiting(self, limit: int) -> list[int]:
        raise ConnectionError(f"the machine lost its power before it did any of {limit}")
