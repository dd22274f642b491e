"""What can be known of a mail without the database: parse, origin, verdict. The costly part of the road."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from helpdesk.config import Settings
from helpdesk.ingest.authenticity.values import Authenticity
from helpdesk.ingest.origin import judge
from helpdesk.ingest.origin_trust import is_ours_to_check
from helpdesk.ingest.parse import parse
from helpdesk.ingest.scan import context, pieces
from helpdesk.ingest.values import Email, Origin, Prepared
from helpdesk.outbound.tokens import Tokens
from helpdesk.pii.values import Context, Piece, Reason, Severity, Unscannable, Verdict

if TYPE_CHECKING:
    from helpdesk.ingest.authenticity.examine import Examiner

UNREADABLE_RULE = "part could not be scanned"


class ScanStopped(Exception):
    """The scanner stumbled over a mail: over what, and the origin of the mail."""

    def __init__(self, fault: Exception, origin: Origin) -> None:
        super().__init__()
        self.fault, self.origin = fault, origin


class Scans(Protocol):
    """What looks for personal data; `helpdesk.pii.Scanner` in the service."""

    def scan(self, pieces: Sequence[Piece], context: Context, *, strict: bool = False) -> Verdict: ...


@dataclass(frozen=True)
class Preparer:
    """Prepares mails in this process."""

    settings: Settings
    tokens: Tokens
    scanner: Scans

    def prepare(self, raw: bytes, mailbox: str = "") -> Prepared:
        """Parse, judge and scan one mail. Raises ParseError when it is no mail at all, ScanStopped where it is not scanned.

        `mailbox`: where it was read, by whose settings its sender is checked; nobody asks about one from elsewhere.
        """
        email = parse(raw)
        found = self._examined(raw, email, mailbox)
        origin = judge(email, self.settings, self.tokens, mailbox=mailbox, found=found)
        try:
            return Prepared(email, origin, self.scan(email))
        except Exception as fault:
            raise ScanStopped(fault, origin) from fault

    def _examined(self, raw: bytes, email: Email, mailbox: str) -> Authenticity | None:
        checker = self.settings.checker_of(mailbox)
        if not is_ours_to_check(email, self.settings.trust.authserv_ids, checker):
            return None
        return self._examiner.examine(raw, email)

    @cached_property
    def _examiner(self) -> "Examiner":
        from helpdesk.ingest.authenticity.examine import Examiner  # noqa: PLC0415 (only where senders are checked)

        return Examiner(self.settings.trust)

    def scan(self, email: Email, *, strict: bool = False) -> Verdict:
        """The verdict on a mail; `strict` as the scanner's."""
        verdict = self.scanner.scan(pieces(email), context(email, self.settings), strict=strict)
        return _with_unreadable(verdict, email)


def _with_unreadable(verdict: Verdict, email: Email) -> Verdict:
    """Parts that parsing could not read are held like those that the scanner could not: fail closed."""
    if not email.unreadable:
        return verdict
    more = tuple(Unscannable(part, why) for part, why in email.unreadable)
    reason = Reason(UNREADABLE_RULE, "unscannable", Severity.LOW, tuple(part.part for part in more))
    return replace(
        verdict,
        hold=True,
        severity=verdict.severity if verdict.hold else Severity.LOW,
        reasons=(*verdict.reasons, reason),
        unscannable=(*verdict.unscannable, *more),
    )
