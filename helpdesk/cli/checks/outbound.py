"""Checks of what goes out: the keys and certificates that it is signed with."""

from collections.abc import Iterator

from helpdesk.cli.checks.values import Finding, fault, ok, warning
from helpdesk.config import Settings
from helpdesk.outbound.signing import signers
from helpdesk.outbound.signing.keys import SigningError


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


def _signed_by(settings: Settings) -> str:
    dkim = settings.outbound.dkim or any(desk.dkim for desk in settings.desks.values())
    smime = any(desk.smime for desk in settings.desks.values())
    ways = [name for name, used in (("DKIM", dkim), ("S/MIME", smime)) if used]
    return f"Mails are signed with {' and '.join(ways)}." if ways else "The settings ask for no signatures."
