"""Checks of the mail servers: each is reached, signed in to, and left as it was."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from helpdesk import config
from helpdesk.cli.checks.values import Finding, Level, fault, ok, warning
from helpdesk.config import Server, Settings
from helpdesk.ingest.imap_errors import MailboxError
from helpdesk.ingest.mailbox import Mailbox
from helpdesk.mailauth import expiry
from helpdesk.mailauth.tokens import access_to
from helpdesk.outbound.connection import MailServerDown, connect, say_goodbye
from helpdesk.services import Services, start

IN_BASE64 = 1.37  # what a file grows by in a mail, line ends too
TEXT_BYTES = 2**18  # for the words, the headers and the signatures
DEMO = " The demo's servers run only while the demo does: start it with `helpdesk run`."


def mailboxes(settings: Settings) -> Iterator[Finding]:
    """Each IMAP server: reached, signed in, the folder opened."""
    if not settings.mailboxes:
        yield warning("mailboxes", "The settings name none, so no mail comes in; add [mailboxes.NAME].")
    for key, box in settings.mailboxes.items():
        with _tokens(settings, box) as ground:
            yield _with_hint(settings, _mailbox(key, box, ground))
            yield from _ends_soon(f"mailbox {key}", f"mailboxes.{key}", box, ground)


def smtp(settings: Settings) -> Iterator[Finding]:
    """The SMTP server: reached and signed in. Nothing is sent."""
    if settings.smtp is None:
        yield warning("smtp", "The settings name no server, so no answer goes out; add [smtp].")
        return
    with _tokens(settings, settings.smtp) as ground:
        for finding in _smtp(settings, settings.smtp, ground):
            yield _with_hint(settings, finding)
        yield from _ends_soon("smtp", "smtp", settings.smtp, ground)


@contextmanager
def _tokens(settings: Settings, server: Server) -> Iterator[Services | None]:
    """Database and keys, which are opened only for a server that is signed in to with OAuth tokens."""
    if server.oauth is None:
        yield None
        return
    services = start(settings)
    try:
        yield services
    finally:
        services.engine.dispose()


def _mailbox(key: str, box: config.Mailbox, ground: Services | None) -> Finding:
    subject = f"mailbox {key}"
    try:
        connection = Mailbox(key, box, access_to(ground, f"mailboxes.{key}", box) if ground else None)
        try:
            opened = connection.select()
        finally:
            connection.close()
    except MailboxError as problem:
        return fault(subject, str(problem))
    if opened.read_only:
        return fault(subject, f"{box.host}: {box.folder} is read-only; grant the right to move mail.")
    return ok(subject, f"{box.host} was signed in to as {box.user} ({_by(box)}); {box.folder} opens.")


def _smtp(settings: Settings, server: Server, ground: Services | None) -> Iterator[Finding]:
    try:
        connection = connect(server, access_to(ground, "smtp", server) if ground else None)
    except MailServerDown as problem:
        yield fault("smtp", str(problem))
        return
    takes = connection.esmtp_features.get("size", "")
    say_goodbye(connection)
    signed = (
        f"was signed in to as {server.user} ({_by(server)})" if server.user else "answers, without sign-in"
    )
    yield ok("smtp", f"{server.host} {signed}.")
    yield from _too_large(settings.limits, server, int(takes) if takes.isdecimal() else 0)


def _too_large(limits: config.Limits, server: Server, takes: int) -> Iterator[Finding]:
    """Whether files that an agent may send make a mail that the server says it does not take (RFC 1870); 0: it says nothing."""
    fits = int(max(0, takes - TEXT_BYTES) / IN_BASE64)
    if takes and limits.written_files and limits.written_files_bytes > fits:
        yield warning(
            "smtp",
            f"{server.host} takes mails of {takes:,} bytes, so those with as many files as agents may send fail; "
            f"set limits.written_files_bytes to {fits} or less, or let more through there.",
        )


def _ends_soon(subject: str, account: str, server: Server, ground: Services | None) -> Iterator[Finding]:
    said = expiry.warning(ground, account, server) if ground else ""
    if said:
        yield warning(subject, said)


def _by(server: Server) -> str:
    return "by token" if server.oauth else "password ****"


def _with_hint(settings: Settings, finding: Finding) -> Finding:
    failed = settings.demo and finding.level is Level.FAULT
    return replace(finding, sentence=finding.sentence + DEMO) if failed else finding
