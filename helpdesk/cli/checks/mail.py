"""Checks of the mail servers: each is reached, signed in to, and left as it was."""

from collections.abc import Iterator

from helpdesk.cli.checks.values import Finding, fault, ok, warning
from helpdesk.config import Settings
from helpdesk.ingest.imap_errors import MailboxError
from helpdesk.ingest.mailbox import Mailbox
from helpdesk.outbound.connection import MailServerDown, connect, say_goodbye

DEMO = " The demo's servers run only while the demo does: start it with `helpdesk run`."


def mailboxes(settings: Settings) -> Iterator[Finding]:
    """Each IMAP server: reached, signed in, the folder opened."""
    if not settings.mailboxes:
        yield warning("mailboxes", "The settings name none, so no mail comes in; add [mailboxes.NAME].")
    for key, box in settings.mailboxes.items():
        subject = f"mailbox {key}"
        try:
            connection = Mailbox(key, box)
            try:
                opened = connection.select()
            finally:
                connection.close()
        except MailboxError as problem:
            yield fault(subject, f"{problem}{DEMO if settings.demo else ''}")
            continue
        if opened.read_only:
            yield fault(subject, f"{box.host}: {box.folder} is read-only; grant the right to move mail.")
        else:
            yield ok(
                subject, f"{box.host} was signed in to as {box.user} (password ****); {box.folder} opens."
            )


def smtp(settings: Settings) -> Iterator[Finding]:
    """The SMTP server: reached and signed in. Nothing is sent."""
    server = settings.smtp
    if server is None:
        yield warning("smtp", "The settings name no server, so no answer goes out; add [smtp].")
        return
    try:
        say_goodbye(connect(server))
    except MailServerDown as problem:
        yield fault("smtp", f"{problem}{DEMO if settings.demo else ''}")
        return
    signed = (
        f"was signed in to as {server.user} (password ****)" if server.user else "answers, without sign-in"
    )
    yield ok("smtp", f"{server.host} {signed}.")
