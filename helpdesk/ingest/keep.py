"""Rows for what is kept of a mail: the message, its files, its Message-ID, its quarantine and case."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy.orm import Session

from helpdesk.audit import SYSTEM, Act
from helpdesk.ingest.arrival import Arrival
from helpdesk.ingest.parse import text_of
from helpdesk.ingest.values import Email, MailPart, Match, Origin, Trust
from helpdesk.models import Attachment, HeldMail, IgCase, Message, Ticket, UnmatchedMail
from helpdesk.models.tickets import Direction, Standing
from helpdesk.outbound.thread import keep_id
from helpdesk.pii.values import Verdict
from helpdesk.tickets.numbering import next_number
from helpdesk.vault import Vault

UNPROVED = "sender_unproved"
OUR_CHECKS = ("ourselves", "sealer")  # who vouches where we looked and asked the DNS
SENDER = "sender"  # of what is evidence on a message: not for a ticket, but for its From
MOST_PROOF = 300
CASE_PREFIX = "IG"
TEXT_LIMIT = 1_000_000


def clear_message(arrival: Arrival, direction: Direction, standing: Standing) -> Message:
    """The message as an agent reads it. Only for a mail whose verdict is clear."""
    email = arrival.prepared.email
    return Message(
        **_common(arrival, standing),
        direction=direction.value,
        author_name=email.from_name[:255],
        subject=email.subject[:500],
        text=email.text[:TEXT_LIMIT],
        html=email.html[:TEXT_LIMIT],
    )


def placeholder(arrival: Arrival, standing: Standing) -> Message:
    """A message without content: that something is held, and from which address."""
    columns = _common(arrival, standing)
    columns["evidence"] = without_domains(columns["evidence"])
    return Message(**columns, direction=Direction.HELD.value)


def _common(arrival: Arrival, standing: Standing) -> dict[str, Any]:
    email, match = arrival.prepared.email, arrival.match
    return {
        "receipt_id": arrival.receipt.id,
        "standing": standing.value,
        "author_address": email.from_address,
        "sender": match.sender.value,
        "trust": arrival.prepared.origin.trust.value,
        "flags": _flags(arrival),
        "evidence": [*evidence_columns(match), *proof_columns(arrival.prepared.origin)],
        "created_at": arrival.at,
    }


def evidence_columns(match: Match) -> list[dict[str, str]]:
    """Why a mail was put where it is, the strongest first; `written` is the number that the mail names."""
    return [
        {
            "kind": one.kind.value,
            "ticket": one.ticket_number,
            "header": one.header,
            **({"written": one.written} if one.written else {}),
        }
        for one in match.evidence
    ]


def proof_columns(origin: Origin) -> list[dict[str, Any]]:
    """What was said of the sender when the mail came, and by whom: the DNS may say something else tomorrow."""
    if not origin.vouched_by:
        return []
    said = [one[:MOST_PROOF] for one in origin.proof]
    return [{"kind": SENDER, "ticket": "", "header": origin.vouched_by, "said": said}]


def as_noted(origin: Origin, trust: str, noted: Sequence[dict[str, Any]]) -> Origin:
    """The origin with what was found when `proof_columns` noted it; who else it speaks of stays as judged now."""
    origin = replace(origin, trust=Trust(trust))
    for one in noted:
        if one["kind"] == SENDER:
            return replace(origin, vouched_by=one["header"], proof=tuple(one["said"]))
    return origin


def sender_columns(origin: Origin) -> dict[str, Any] | None:
    """What we found ourselves, for a mail that failed and was perhaps not scanned; None where others' word counts,
    which stands in the mail."""
    if origin.vouched_by not in OUR_CHECKS:
        return None
    return {"trust": origin.trust.value, "noted": without_domains(proof_columns(origin))}


def found_first(origin: Origin, sender: dict[str, Any]) -> Origin:
    """The origin of a mail that failed before: what we found of its sender then stands; a gateway's word is as it was."""
    if origin.vouched_by not in OUR_CHECKS:
        return origin
    return as_noted(origin, sender["trust"], sender["noted"])


def without_domains(evidence: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """What was said of a sender, but of no domain: those in a held mail's signatures are its sender's words, stored in the clear."""
    return [
        {**one, "said": [line.partition(" ")[0] for line in one["said"]]} if one["kind"] == SENDER else one
        for one in evidence
    ]


def unmatched(session: Session, arrival: Arrival) -> Act:
    """A clear mail that waits until an agent says which ticket it belongs to; on none of them it shows."""
    email = arrival.prepared.email
    row = UnmatchedMail(
        receipt_id=arrival.receipt.id,
        desk=arrival.desk,
        author_address=email.from_address,
        author_name=email.from_name[:255],
        subject=email.subject[:500],
        trust=arrival.prepared.origin.trust.value,
        flags=_flags(arrival),
        evidence=[*evidence_columns(arrival.match), *proof_columns(arrival.prepared.origin)],
        policy_version=arrival.prepared.verdict.policy_version,
        waits_since=arrival.at,
    )
    session.add(row)
    session.flush()
    named = sorted({one.ticket_number for one in arrival.match.evidence})
    return Act("mail.unmatched", "receipt", arrival.receipt.id, detail=(("names", named),))


def _flags(arrival: Arrival) -> list[str]:
    """What the agent is told of a mail, each a mark on it."""
    origin = arrival.prepared.origin
    several = ("ticket_conflict",) if arrival.match.conflict else ()
    # Our own mail host looked and said nothing, so the From address is only what the mail says of itself.
    unproved = (UNPROVED,) if origin.checked and origin.trust is Trust.UNKNOWN else ()
    return [*arrival.decision.flags, *several, *unproved, *arrival.prepared.email.flags]


def searchable(email: Email) -> str:
    names = " ".join(part.file_name for part in email.parts if part.file_name)
    return f"{email.subject} {email.from_name} {email.from_address} {names} {text_of(email)}"


def attachments(session: Session, vault: Vault, message: Message, email: Email) -> None:
    """Keep the files of a cleared mail, each sealed in the vault."""
    for part in email.parts:
        if part.attachment or part.inline:
            session.add(_attachment(session, vault, message, part))


def _attachment(session: Session, vault: Vault, message: Message, part: MailPart) -> Attachment:
    data = part.data or part.text.encode()
    return Attachment(
        message_id=message.id,
        blob_id=vault.put(session, data).id,
        file_name=part.file_name[:255] or f"part-{part.number}",
        media_type=part.media_type[:127],
        size=len(data),
        content_id=part.content_id[:255],
    )


def remember_id(session: Session, arrival: Arrival, ticket: Ticket) -> None:
    """Store the mail's Message-ID as a digest, so that what answers it finds the ticket."""
    if arrival.prepared.email.message_id:
        keep_id(session, arrival.prepared.email.message_id, ticket.id)


def quarantine(session: Session, arrival: Arrival, ticket: Ticket) -> Act:
    """Open the quarantine row and its IG case; the 72 hours count from now."""
    verdict = arrival.prepared.verdict
    held = HeldMail(
        receipt_id=arrival.receipt.id,
        ticket_id=ticket.id,
        sender_address=arrival.prepared.email.from_address,
        **verdict_columns(verdict),
    )
    held.case = IgCase(reference=next_number(session, CASE_PREFIX), aware_at=arrival.at)
    return hold(session, held, ticket)


def hold(session: Session, held: HeldMail, ticket: Ticket, *, actor: str = SYSTEM) -> Act:
    """Put a mail with its case into quarantine, whether it came just now or was shown before."""
    session.add(held)
    session.flush()
    ticket.held_messages += 1
    detail = (
        ("case", held.case.reference),
        ("severity", held.severity),
        ("rules", sorted({reason["rule"] for reason in held.reasons})),
        ("policy", held.policy_version),
    )
    return Act("mail.held", "held_mail", held.id, actor=actor, detail=detail)


def verdict_columns(verdict: Verdict) -> dict[str, Any]:
    """A verdict as JSON columns; no text of the mail is in it."""
    return {
        "severity": verdict.severity.value,
        "reasons": [asdict(reason) for reason in verdict.reasons],
        "findings": [asdict(finding) for finding in verdict.findings],
        "unscannable": [asdict(part) for part in verdict.unscannable],
        "policy_version": verdict.policy_version,
    }
