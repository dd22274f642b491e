"""Mails that come back (RFC 3464, RFC 6522), and those of servers that follow no standard.

Only what a report says is read here; whether the mail is one of ours is known by its
Message-ID, which `match` looks up. A complaint (RFC 5965) is a bounce for good.
"""

import re
from collections.abc import Iterator

from helpdesk.ingest.parsing.addresses import plain_address
from helpdesk.ingest.parsing.headers import cut_headers
from helpdesk.ingest.subjects import without_answers
from helpdesk.ingest.values import Bounced, Email, MailPart

MOST_TEXT = 50_000
MOST_RECIPIENTS = 50
MOST_IDS = 10
_STATUS_TYPES = ("message/delivery-status", "message/global-delivery-status")
_RETURNED_TYPES = ("message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers")
_FAILED_ACTIONS = ("failed", "delayed")  # delivered, relayed and expanded are receipts

_DAEMON = re.compile(
    r"^(?:mailer-daemon|postmaster|mail-?daemon|mailerdaemon|microsoftexchange[0-9a-f]{20,})(?:\+.*)?$"
)
_SUBJECT = re.compile(
    r"^(?:undeliver(?:able|ed)\b|returned mail\b|mail delivery (?:failed|failure|problem)|delivery (?:failure|failed|has failed|"
    r"status notification|problem|notification)|failure notice|failed mail|delayed mail|warning: could not send|"
    r"message (?:delivery )?(?:undeliverable|could not be delivered|not delivered|delayed|status)|mail system error|"
    r"non[ -]?deliver|non remis|unzustellbar|nicht zustellbar|no se puede entregar|não entregue|niet te bestellen|"
    r"niedostarczon|rejected:|bounced?:|heb ei ddanfon)",
    re.IGNORECASE,
)
_TEXT = re.compile(
    r"this is the (?:qmail-send program|mail (?:system|delivery (?:system|subsystem)))|this message was created automatically by mail delivery software"
    r"|could not be delivered|couldn't be delivered|wasn't delivered|was not delivered|delivery (?:to the following|has failed)|permanent (?:fatal )?error",
    re.IGNORECASE,
)
_PERMANENT = re.compile(
    r"permanent (?:fatal )?error|permanent failure|permanently|user unknown|unknown user|no such user|does(?:n't| not) exist|"
    r"address (?:was |couldn't be |could not be )?(?:rejected|found)|mailbox unavailable|recipient (?:address )?rejected|unrouteable",
    re.IGNORECASE,
)
_TEMPORARY = re.compile(
    r"will (?:be )?(?:retry|retried|try again|keep trying)|still trying|has been delayed|not yet been delivered|no action is required",
    re.IGNORECASE,
)
_CODE = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d]|\.\d)")
_REPLY_CODE = re.compile(r"(?<![\d.])([45]\d\d)(?=[ \-]#?[45]\.\d|[ \-]+[A-Za-z])")
_MESSAGE_ID = re.compile(r"^[ \t>|]*Message-ID:\s*(<[^<>\s]{3,900}>)", re.IGNORECASE | re.MULTILINE)
_ADDRESS = re.compile(
    r"<?([^\s<>@:;,()\[\]\"']{1,64}@[^\s<>@:;,()\[\]\"']{1,255}\.[a-z]{2,24})>?", re.IGNORECASE
)
_FIELD = re.compile(r"^([A-Za-z-]{2,60}):[ \t]*(.*)$")


def bounced(email: Email) -> tuple[Bounced, ...]:
    """Each recipient that a delivery report speaks of; empty when the mail is no such report."""
    complaint = _part(email, ("message/feedback-report",))
    if complaint:
        return tuple(_complaints(email))
    status = _part(email, _STATUS_TYPES)
    if status:
        return tuple(_reported(email, status))
    return tuple(_free_form(email)) if _is_free_form(email) else ()


def _part(email: Email, types: tuple[str, ...]) -> MailPart | None:
    return next((part for part in email.parts if part.media_type in types), None)


def _reported(email: Email, status: MailPart) -> Iterator[Bounced]:
    """RFC 3464 section 2: a group of fields about the mail, then one a recipient."""
    ids = _returned_ids(email)
    for group in _groups(status.text):
        action = group.get("action", "").split(" ")[0].lower()
        if action not in _FAILED_ACTIONS:
            continue
        found = _CODE.search(group.get("status", "") or group.get("diagnostic-code", ""))
        code = found[1] if found else ""
        named = group.get("original-recipient") or group.get("final-recipient") or ""
        recipient = plain_address(named.rpartition(";")[2])
        yield from (Bounced(one, recipient, action == "failed" and code.startswith("5"), code) for one in ids)


def _groups(text: str) -> list[dict[str, str]]:
    unfolded = re.sub(r"\n[ \t]+", " ", text[:MOST_TEXT].replace("\r\n", "\n"))
    groups = re.split(r"\n[ \t]*\n", unfolded.strip())[: MOST_RECIPIENTS + 1]
    fields = ((found for line in group.split("\n") if (found := _FIELD.match(line))) for group in groups)
    return [{found[1].lower(): found[2].strip() for found in group} for group in fields]


def _complaints(email: Email) -> Iterator[Bounced]:
    yield from (Bounced(one, "", permanent=True, status="complaint") for one in _returned_ids(email))


def _returned_ids(email: Email) -> list[str]:
    """The Message-ID of the mail that came back: from the returned part, else what the report answers."""
    part = _part(email, _RETURNED_TYPES)
    if part:
        headers, _ = cut_headers(part.data, 0, len(part.data))
        found = re.findall(r"<[^<>\s]+>", headers.text("message-id"))
        if found:
            return found[:1]
    written = _MESSAGE_ID.findall(email.text[:MOST_TEXT])
    return (written or [*email.in_reply_to, *email.references])[:MOST_IDS] or [""]


def _is_free_form(email: Email) -> bool:
    """A mail server's sender, and a subject or a text that says what came of a mail."""
    if email.header("x-failed-recipients") or email.header("x-ms-exchange-message-is-ndr"):
        return email.return_path in ("", None) or _from_daemon(email)
    if not (_from_daemon(email) or email.return_path == ""):
        return False
    return bool(
        _SUBJECT.search(without_answers(email.subject))
        or (_from_daemon(email) and _TEXT.search(email.text[:MOST_TEXT]))
    )


def _from_daemon(email: Email) -> bool:
    return bool(_DAEMON.match(email.from_address.rpartition("@")[0]))


def _free_form(email: Email) -> Iterator[Bounced]:
    said = _before_the_original(email.text[:MOST_TEXT])
    status = next((found[1] for found in (_CODE.search(said),) if found), "")
    permanent = _is_permanent(said, status)
    for recipient in _recipients(email, said):
        yield from (Bounced(one, recipient, permanent, status) for one in _returned_ids(email))


def _is_permanent(said: str, status: str) -> bool:
    if status:
        return status.startswith("5")
    if _TEMPORARY.search(said):
        return False
    code = _REPLY_CODE.search(said)
    return code[1].startswith("5") if code else bool(_PERMANENT.search(said))


def _before_the_original(text: str) -> str:
    """What the server says, without the returned mail that stands below it."""
    cut = re.search(
        r"^[ \t]*(?:-{2,}|={3,}|_{5,})?[^\n]{0,40}(?:below this line|this is a copy of|original message|returned message|message header)",
        text,
        re.IGNORECASE | re.MULTILINE,
    )
    return text[: cut.start()] if cut else text


def _recipients(email: Email, said: str) -> list[str]:
    named = (
        email.header("x-failed-recipients").split(",")
        if email.header("x-failed-recipients")
        else _ADDRESS.findall(said)
    )
    found = dict.fromkeys(filter(None, map(plain_address, named)))
    return list(found)[:MOST_RECIPIENTS] or [""]
