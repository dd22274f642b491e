"""The quarantine: what is held, and the deliberate act of looking into it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from helpdesk import audit
from helpdesk.audit import Act
from helpdesk.config import Settings
from helpdesk.db import now, reading, writing
from helpdesk.errors import HelpdeskError
from helpdesk.ingest.parse import parse
from helpdesk.ingest.scan import pieces
from helpdesk.models import HeldMail, MailReport, Message, Receipt
from helpdesk.models.governance import HeldState
from helpdesk.pii.documents import read_document
from helpdesk.pii.values import Finding, Kind, Piece
from helpdesk.services import Services

PAGE = 25
CLOCK = timedelta(hours=72)  # UK GDPR Art. 33(1): wall-clock hours, weekends included


_WITH = (
    joinedload(HeldMail.ticket),
    joinedload(HeldMail.case),
    selectinload(HeldMail.reports).joinedload(MailReport.reporter),
)


class ReasonMissing(HelpdeskError):
    """An act on held mail without a reason."""


class NotHeld(HelpdeskError):
    """The mail is not, or no longer, in quarantine."""


@dataclass(frozen=True)
class HeldPage:
    """One page of the list, and how many there are in all."""

    rows: list[HeldMail]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


@dataclass(frozen=True)
class HeldPiece:
    """A part of a held mail as an officer reads it. `marked`: the findings' offsets are in `text`."""

    part: str
    label: str
    text: str = field(repr=False)
    findings: tuple[Finding, ...]
    marked: bool = True
    note: str = ""  # what could not be read, and why


@dataclass(frozen=True)
class HeldView:
    """A held mail, opened."""

    held: HeldMail
    pieces: tuple[HeldPiece, ...]


def list_held(session: Session, *, state: HeldState = HeldState.HELD, page: int = 1) -> HeldPage:
    """A page of held mails, the oldest first, since their clock is the shortest."""
    total = (
        session.scalar(select(func.count()).select_from(HeldMail).where(HeldMail.state == state.value)) or 0
    )
    rows = session.scalars(
        select(HeldMail)
        .where(HeldMail.state == state.value)
        .options(*_WITH)
        .order_by(HeldMail.held_at, HeldMail.id)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    ).all()
    return HeldPage(list(rows), total, page)


def get_held(session: Session, held_id: int) -> HeldMail:
    """The row of a held mail, without its content. Raises NotHeld."""
    held = session.get(HeldMail, held_id, options=_WITH)
    if held is None:
        raise NotHeld("There is no held mail with that number; go back to the quarantine list.")
    return held


def time_left(held: HeldMail, at: datetime | None = None) -> timedelta:
    """How long until 72 hours after we became aware; negative when it is past."""
    return held.case.aware_at + CLOCK - (at or now())


def check_reason(reason: str) -> str:
    """The reason, trimmed. Raises ReasonMissing when it says nothing."""
    said = reason.strip()
    if len(said) < 3:
        raise ReasonMissing("Say in a few words why; the reason is kept in the audit trail.")
    return said[:2000]


def open_held(services: Services, held_id: int, officer: str, reason: str) -> HeldView:
    """Show a held mail's content to an officer. The look is in the trail before anything is shown."""
    why = check_reason(reason)
    with writing(services.sessions) as session:
        held = get_held(session, held_id)
        audit.record(session, Act("held.viewed", "held_mail", held_id, actor=officer, reason=why))
    with reading(services.sessions) as session:
        raw = raw_of(session, services, held)
    return HeldView(held, tuple(_shown(piece, held, services.settings) for piece in pieces(parse(raw))))


def raw_of(session: Session, services: Services, held: HeldMail) -> bytes:
    """The raw mail. Raises NotHeld when it was purged."""
    receipt = session.get_one(Receipt, held.receipt_id)
    if receipt.blob_id is None or held.state == HeldState.PURGED.value:
        raise NotHeld("This mail was purged; only its record is left.")
    return services.vault.get(session, receipt.blob_id)


def message_shown(session: Session, held: HeldMail) -> int | None:
    """The id of the message that agents see of a released mail; it can be reported."""
    if held.state not in (HeldState.RELEASED.value, HeldState.REDACTED.value):
        return None
    return session.scalar(select(Message.id).where(Message.receipt_id == held.receipt_id))


def note_of(services: Services, report: MailReport) -> str:
    """What a reporter wrote to the officer; nothing where the mail was purged."""
    return services.vault.open(report.wrapped_key, report.note).decode() if report.wrapped_key else ""


def findings_of(held: HeldMail) -> tuple[Finding, ...]:
    return tuple(Finding(**one) for one in held.findings)


def _shown(piece: Piece, held: HeldMail, settings: Settings) -> HeldPiece:
    mine = tuple(one for one in findings_of(held) if one.part == piece.part)
    label = piece.part.replace("_", " ").capitalize()
    if piece.kind is not Kind.FILE:
        return HeldPiece(piece.part, label, piece.text, mine)
    return _shown_file(piece, label, mine, settings)


def _shown_file(piece: Piece, label: str, findings: tuple[Finding, ...], settings: Settings) -> HeldPiece:
    """The text of a file, read in the isolated child; findings in it are listed with their path."""
    document = read_document(
        piece.data, piece.file_name, piece.media_type, settings.pii.documents, ocr=settings.pii.ocr
    )
    text = "\n\n".join(f"[{section.path}]\n{section.text}" for section in document.sections)
    note = "; ".join(f"{one.path}: {one.why}" for one in document.unscannable)
    return HeldPiece(piece.part, f"{label}: {piece.file_name}", text, findings, marked=False, note=note)
