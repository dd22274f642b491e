"""Handing one mail over an open connection, and what came of it.

A mail counts as handed over when the server answers the end of DATA with 2xx (RFC 5321
section 4.2.5). Until the last byte is written the server cannot have taken it; between
that byte and the answer nobody on our side can know.
"""

import contextlib
import re
import smtplib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum

_LEADING_DOT = re.compile(rb"(?m)^\.")
_ENHANCED = re.compile(rb"^\s*([245]\.\d{1,3}\.\d{1,3})\b")
# RFC 5321 section 4.5.3.2.6 gives the server ten minutes for this answer; less than a claim's lease here.
END_WAIT_FACTOR, END_WAIT_MOST = 10, 480
# All of a mail goes in one call, whose wait is that for one answer else: one with files takes longer than that on a
# slow line. Both waits together are still less than a lease.
SLOWEST_LINE, SEND_MOST = 250_000, 110  # bytes a second; seconds
# The recipient does not exist: RFC 3463 section 3.2, RFC 7505 section 4.
NO_SUCH_ADDRESS = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"})
_GOOD, _GO_AHEAD = range(200, 300), range(354, 355)
LOST_BEFORE = "The connection was lost before the mail was handed over."
LOST_AFTER = "The connection was lost after the mail was sent and before the server answered."
# The server wants another sign-in: RFC 4954 section 6.
_SIGN_IN = frozenset({530, 534, 535, 538})


class Outcome(StrEnum):
    SENT = "sent"
    TEMPORARY = "temporary"
    PERMANENT = "permanent"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True)
class Handed:
    """What came of one mail. `why` is our sentence with the server's codes, never the server's words."""

    outcome: Outcome
    why: str = ""
    connection_lost: bool = False
    no_such_address: bool = False
    refuses_us: bool = False  # the fault is in our sign-in, not in this mail
    closed_early: bool = False  # before the server knew anything of this mail


@dataclass(frozen=True, slots=True)
class Envelope:
    """One recipient, and the bytes."""

    sender: str
    recipient: str = field(repr=False)
    content: bytes = field(repr=False)


class _Refused(Exception):
    """A step was answered with a code that ends this mail."""

    def __init__(self, step: str, code: int, text: bytes) -> None:
        super().__init__(step, code)
        found = _ENHANCED.match(text)
        self.step, self.code = step, code
        self.enhanced = found[1].decode() if found else ""


def hand_over(smtp: smtplib.SMTP, envelope: Envelope, before_data: Callable[[], bool]) -> Handed | None:
    """Send one mail. `before_data` is called when the server has taken sender and recipient.

    Returns None, and sends nothing, when `before_data` says no.
    """
    begun = False
    try:
        _step("MAIL", lambda: smtp.mail(envelope.sender, _options(smtp, envelope)), _GOOD)
        begun = True
        _step("RCPT", lambda: smtp.rcpt(envelope.recipient), _GOOD)
        if not before_data():
            smtp.rset()
            return None
        _step("DATA", lambda: smtp.docmd("DATA"), _GO_AHEAD)
        _send(smtp, _stuffed(envelope.content))
    except _Refused as refused:
        handed = _after_refusal(smtp, refused)
        return replace(handed, closed_early=handed.connection_lost and not begun)
    except (smtplib.SMTPException, OSError):
        return Handed(Outcome.TEMPORARY, LOST_BEFORE, connection_lost=True, closed_early=not begun)
    return _end_of_data(smtp)


def _options(smtp: smtplib.SMTP, envelope: Envelope) -> tuple[str, ...]:
    return (f"SIZE={len(envelope.content)}",) if smtp.has_extn("size") else ()


def _stuffed(content: bytes) -> bytes:
    """Dots at line starts doubled, and the end mark (RFC 5321 section 4.5.2). In one piece: what is
    sent in two waits for the peer's delayed acknowledgement."""
    return _LEADING_DOT.sub(b"..", content) + b".\r\n"


def _send(smtp: smtplib.SMTP, content: bytes) -> None:
    with _waiting(smtp, lambda usual: max(usual, min(usual + len(content) / SLOWEST_LINE, SEND_MOST))):
        smtp.send(content)


def _step(name: str, ask: Callable[[], tuple[int, bytes]], good: range) -> None:
    code, text = ask()
    if code not in good:
        raise _Refused(name, code, text)


def _after_refusal(smtp: smtplib.SMTP, refused: _Refused) -> Handed:
    """Classify by the first digit; 421 means that the server closes (RFC 5321 section 3.8)."""
    handed = _classify(refused)
    if not handed.connection_lost:
        try:
            smtp.rset()
        except (smtplib.SMTPException, OSError):
            return replace(handed, connection_lost=True)
    return handed


def _classify(refused: _Refused) -> Handed:
    code, enhanced = refused.code, refused.enhanced
    why = f"The mail server answered {' '.join(filter(None, (str(code), enhanced)))} to {refused.step}."
    if refused.step == "MAIL" and code in _SIGN_IN:
        return Handed(Outcome.TEMPORARY, why, refuses_us=True)
    if 500 <= code <= 599:
        gone = refused.step == "RCPT" and enhanced in NO_SUCH_ADDRESS
        return Handed(Outcome.PERMANENT, why, no_such_address=gone)
    return Handed(Outcome.TEMPORARY, why, connection_lost=code == 421 or not 400 <= code <= 499)


def _end_of_data(smtp: smtplib.SMTP) -> Handed:
    try:
        # to give up is to be uncertain
        with _waiting(smtp, lambda usual: max(usual, min(usual * END_WAIT_FACTOR, END_WAIT_MOST))):
            code, text = smtp.getreply()
    except (smtplib.SMTPException, OSError):
        return Handed(Outcome.UNCERTAIN, LOST_AFTER, connection_lost=True)
    if 200 <= code <= 299:
        return Handed(Outcome.SENT)
    if not 400 <= code <= 599:
        smtp.close()
        return Handed(
            Outcome.UNCERTAIN, "The mail server's answer to the mail is no SMTP answer.", connection_lost=True
        )
    return _classify(_Refused("the end of DATA", code, text))


@contextlib.contextmanager
def _waiting(smtp: smtplib.SMTP, seconds: Callable[[float], float]) -> Iterator[None]:
    """Wait otherwise than usual for what is done inside."""
    sock = smtp.sock
    usual = sock.gettimeout() if sock else None
    if sock is None or usual is None:
        yield
        return
    sock.settimeout(seconds(usual))
    yield
    sock.settimeout(usual)
