"""Checks of what goes out: what it is signed with, and what stopped or changed mails of late."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from helpdesk.cli.checks.storage import in_the_database
from helpdesk.cli.checks.values import Finding, fault, ok, warning
from helpdesk.config import Settings
from helpdesk.outbound import alarms as outbound_alarms
from helpdesk.outbound import edited, rules
from helpdesk.outbound.kinds import Kind
from helpdesk.outbound.signing import signers
from helpdesk.outbound.signing.keys import SigningError
from helpdesk.outbound.texts import Text


def signing(settings: Settings) -> Iterator[Finding]:
    """The keys can be used, and no certificate ends soon."""
    try:
        signers.check_signing(settings)
    except SigningError as problem:
        yield from (fault("signing", line) for line in str(problem).splitlines())
        return
    said = signers.warnings(settings)
    yield from (warning("signing", sentence) for sentence in said)
    if not said:
        yield ok("signing", _signed_by(settings))


def alarms(settings: Settings) -> Iterator[Finding]:
    """Caps that were reached, and texts that failed, that nobody has acknowledged."""
    yield from in_the_database(settings, _alarms)


def _alarms(session: Session, settings: Settings) -> Iterator[Finding]:
    yield from _edited_texts(session, settings)
    found = outbound_alarms.active(session, settings)
    for one in found:
        yield warning(
            "outgoing mail",
            f"{one.sentence} So far {one.count} times, last {one.last_at:%Y-%m-%d %H:%M} UTC; "
            f"`helpdesk outbox acknowledge {one.id}` silences this.",
        )
    if not found:
        yield ok("outgoing mail", "No cap was reached and no text failed of late.")


def _edited_texts(session: Session, settings: Settings) -> Iterator[Finding]:
    """Texts that were edited for another release of this program may not fit any more."""
    for key, desk in settings.desks.items():
        for row in edited.newest_versions(session, key):
            if not row.edited or row.kind not in set(Kind):
                continue
            try:
                rules.check(Kind(row.kind), desk, Text(row.subject, row.text, row.html))
            except rules.Unfit as problem:
                yield warning("texts", f"desks.{key}, {row.kind.replace('_', ' ')}, as edited: {problem}")


def _signed_by(settings: Settings) -> str:
    dkim = settings.outbound.dkim or any(desk.dkim for desk in settings.desks.values())
    smime = any(desk.smime for desk in settings.desks.values())
    ways = [name for name, used in (("DKIM", dkim), ("S/MIME", smime)) if used]
    return f"Mails are signed with {' and '.join(ways)}." if ways else "The settings ask for no signatures."
