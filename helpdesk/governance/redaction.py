"""A mail without what was found in it."""

from collections import defaultdict
from dataclasses import replace

from helpdesk.config import Settings
from helpdesk.ingest.values import Email, MailPart
from helpdesk.pii.redact import redact_file, redact_html, redact_text
from helpdesk.pii.values import Finding, Verdict

STRONG = 0.4  # findings below it are signs that matter only beside others
SENTENCE = "_MATTER"  # how the scanner calls a sentence about somebody's affairs
REMOVED_NAME = "removed"
TOMBSTONE_TYPE = "text/plain"


def redact_email(email: Email, verdict: Verdict, settings: Settings, *, sparing: bool = False) -> Email:
    """The mail with each finding removed, in text, HTML, subject, names and files.

    `sparing` leaves weak signs and whole sentences that only their company makes sensitive.

    A file that could not be read, or cannot be redacted safely, becomes a short text that says so.
    """
    found: dict[str, list[Finding]] = defaultdict(list)
    for finding in verdict.findings:
        if not sparing or _stands_alone(finding):
            found[finding.part].append(finding)
    unread = {one.part for one in verdict.unscannable}
    parts = tuple(_redact_part(part, found, unread, settings) for part in email.parts)
    return replace(
        email,
        subject=redact_text(email.subject, found["subject"]),
        from_name=redact_text(email.from_name, found["from_name"]),
        to=_without_names(email.to, found),
        cc=_without_names(email.cc, found),
        text=_rejoined(redact_text(email.text, found["body_text"]), email, parts),
        html=_rejoined(redact_html(email.html, found["body_html"]), email, parts),
        parts=parts,
        unreadable=(),
        headers=(),
    )


def _stands_alone(finding: Finding) -> bool:
    """True for what is personal data by itself: not a weak sign, not a sentence judged as a whole."""
    return finding.score >= STRONG and not finding.entity.endswith(SENTENCE)


def _rejoined(body: str, email: Email, parts: tuple[MailPart, ...]) -> str:
    """The body with each further inline text replaced by its redacted form; without a trace of it, no body.

    Several inline texts stand joined in the body and are scanned one by one as well.
    """
    for old, new in zip(email.parts, parts, strict=True):
        if old.text == new.text or old.text == email.text:
            continue
        if old.text not in body:
            return "" if _first_words(old.text) in body else body
        body = body.replace(old.text, new.text)
    return body


def _first_words(text: str) -> str:
    return text.strip()[:40]


def _without_names(
    people: tuple[tuple[str, str], ...], found: dict[str, list[Finding]]
) -> tuple[tuple[str, str], ...]:
    return tuple(("", address) for _, address in people) if found["recipient_names"] else people


def _redact_part(
    part: MailPart, found: dict[str, list[Finding]], unread: set[str], settings: Settings
) -> MailPart:
    name = redact_text(part.file_name, found[f"file_name:{part.number}"])
    text = redact_text(part.text, found[f"text:{part.number}"])
    key = f"attachment:{part.number}"
    if key in unread:
        return _tombstone(part, "This file was removed: it could not be checked for personal data.")
    if not found[key]:
        return replace(part, file_name=name, text=text)
    redacted = redact_file(part.data, part.file_name, part.media_type, found[key], settings.pii.documents)
    if redacted.data is None:
        return _tombstone(part, redacted.tombstone or "This file was removed: it held personal data.")
    return replace(part, file_name=name, text=text, data=redacted.data, media_type=redacted.media_type)


def _tombstone(part: MailPart, sentence: str) -> MailPart:
    return replace(
        part,
        file_name=f"{REMOVED_NAME}-{part.number}.txt",
        media_type=TOMBSTONE_TYPE,
        text="",
        data=sentence.encode(),
    )
