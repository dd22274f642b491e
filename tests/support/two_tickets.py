"""Two tickets of one requester, and what takes a mail to its end: for mails with signs of both."""

from dataclasses import dataclass
from typing import Self

from helpdesk.services import Services
from helpdesk.tickets.states import State
from tests.support.road import Before, set_up
from tests.support.running import pipeline_for, take

WHO = "amal.khan@northmoor.nhs.uk"
A, B = "IT-000001", "IT-000002"


@dataclass
class TwoTickets:
    services: Services
    scanner: object
    a: Before
    b: Before
    taken: int = 0

    @classmethod
    def of(cls, services: Services, scanner: object, state: State) -> Self:
        a, b = set_up(services, state), set_up(services, state)
        assert a is not None
        assert b is not None
        return cls(services, scanner, a, b)

    def send(self, raw: bytes) -> str:
        """The outcome of a mail."""
        self.taken += 1
        receipt = take(self.services, raw, uid=self.taken)
        outcome = pipeline_for(self.services, self.scanner).process(receipt)
        assert outcome.record is not None
        return outcome.record.value
