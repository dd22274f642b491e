"""Mail in a file: the text parts and the shown headers are redacted, attachments by their kind."""

import email
import email.generator  # as_bytes would import it when no file can be opened any more
import email.policy
from email.message import EmailMessage, Message

from helpdesk.pii.documents.formats.charset import decode
from helpdesk.pii.documents.formats.mail import SHOWN, header_text
from helpdesk.pii.redact.html import TAG
from helpdesk.pii.redact.job import Job, RefusedError

TEXTS = {"text/plain": "plain", "text/html": "html"}


def redact(data: bytes, job: Job) -> tuple[bytes, str]:
    """A new mail with the headers that people read and the parts in their order; one inside it, likewise.

    Written anew rather than changed, so that no other header or preamble keeps what was found.
    """
    old = email.message_from_bytes(data, policy=email.policy.compat32)
    return _rewritten(old, job).as_bytes(), ""


def _rewritten(old: Message, job: Job) -> EmailMessage:
    new = EmailMessage(policy=email.policy.SMTP)
    for name in SHOWN:
        value = " ".join(job.eraser.clean(header_text(str(old.get(name, ""))), "removed").split())
        if value and name not in ("From", "Sender", "Reply-To", "To", "Cc", "Bcc", "Date"):
            new[name] = value
    new.set_content("A mail, redacted.")
    leaves = [part for part in old.walk() if not part.is_multipart()]
    if (
        any(part.get_content_type() == "message/rfc822" for part in old.walk())
        or len(leaves) > job.limits.members
    ):
        raise RefusedError("place")
    for number, part in enumerate(leaves, 1):
        _leaf(part, new, job, number)
    return new


def _leaf(part: Message, new: EmailMessage, job: Job, number: int) -> None:
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    name = header_text(part.get_filename() or "")
    kind = part.get_content_type()
    if kind in TEXTS and not name:
        text = decode(content, str(part.get_content_charset() or ""))
        if kind == "text/html" and job.eraser.found_in(TAG.sub("", text)):
            text = TAG.sub(" ", text)  # without its tags, which may part what was found
        suffix = "html" if kind == "text/html" else "txt"
        new.add_attachment(job.eraser.clean(text), subtype=TEXTS[kind], filename=f"part-{number}.{suffix}")
        return
    made = job.redact_one(content, job.member(name, name, kind)).data
    shown = job.eraser.clean(name, "removed") or f"part-{number}"
    new.add_attachment(made, maintype="application", subtype="octet-stream", filename=shown)
