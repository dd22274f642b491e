"""Checks of the scanner: it loads, it holds what it must, and files are read in isolation."""

import time
from collections.abc import Iterator

from helpdesk.cli.checks.values import Finding, fault, ok, warning
from helpdesk.config import Settings
from helpdesk.errors import HelpdeskError
from helpdesk.pii.documents import isolation
from helpdesk.pii.scanner import Scanner
from helpdesk.pii.values import Context, Kind, Piece

# an NHS number from the range that is never issued, with an invented person
SAMPLE = "Patient Joan Fernhill, NHS number 999 000 0018, date of birth 03/04/1961, needs a follow-up."


def scanner(settings: Settings) -> Iterator[Finding]:
    """Load it and let it judge a sentence that must be held."""
    begun = time.perf_counter()
    try:
        made = Scanner(settings)
        made.warm()
    except HelpdeskError as problem:
        yield fault("scanner", str(problem))
        return
    loaded = time.perf_counter() - begun
    verdict = made.scan([Piece("body_text", Kind.TEXT, text=SAMPLE)], Context())
    if verdict.hold and verdict.reasons:
        yield ok(
            "scanner",
            f"It loads in {loaded:.1f} s and holds the test sentence (policy {verdict.policy_version}; names by {made.names_by}).",
        )
    else:
        yield fault("scanner", "It does not hold a sentence with an NHS number; look at pii.policy.")


def documents(_settings: Settings) -> Iterator[Finding]:
    """What the child that reads files could give up on this machine."""
    in_force = isolation()
    missing = [name for name, done in in_force.items() if not done]
    if not missing:
        yield ok("documents", f"Files are read in isolation: {', '.join(in_force)}.")
    else:
        yield warning(
            "documents",
            f"Files are read in a child process, but this machine does not allow: {', '.join(missing)}.",
        )
