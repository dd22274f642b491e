"""What an agent wrote, files too, takes the same road as a mail: it is scanned before it is kept.

When the scanner would hold it, the agent is shown why and decides: change it, or keep
it and say why. The reason is in the trail.
"""

import logging
from collections.abc import Iterable, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from typing import Protocol

from flask import request

from helpdesk.audit import Act
from helpdesk.errors import HelpdeskError
from helpdesk.models import Ticket
from helpdesk.outbound.files import File
from helpdesk.pii.values import Verdict
from helpdesk.web.access import signed_in
from helpdesk.web.fields import Fields

log = logging.getLogger(__name__)
UNCHECKED = "could not be checked"
SHORTEST_REASON = 3


class Road(Protocol):
    """What scans what was written; `ingest.pipeline.Pipeline` does."""

    def scan_written(self, text: str, files: Sequence[File] = ()) -> Verdict: ...


@dataclass(frozen=True)
class Found:
    """A rule that hit, and in which files; none: in the text, or in all of it together."""

    rule: str
    category: str = ""
    files: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Checked:
    """The scanner's word on what was written."""

    found: tuple[Found, ...] = ()

    @property
    def rules(self) -> list[str]:
        return [one.rule for one in self.found]

    @property
    def hits(self) -> list[Found]:
        return [one for one in self.found if one.rule != UNCHECKED]

    @property
    def unchecked(self) -> Found | None:
        """What could not be scanned."""
        return next((one for one in self.found if one.rule == UNCHECKED), None)

    @property
    def is_clear(self) -> bool:
        return not self.found


def check(road: Road, text: str, files: Sequence[File] = ()) -> Checked:
    """Scan what was written. What cannot be scanned is not clear: fail closed."""
    try:
        verdict = road.scan_written(text, files)
    except (HelpdeskError, BrokenProcessPool) as fault:
        log.warning("what was written was not scanned (%s)", type(fault).__name__)
        return Checked((Found(UNCHECKED),))
    return _of(verdict, files) if verdict.hold else Checked()


def _of(verdict: Verdict, files: Sequence[File]) -> Checked:
    categories = {one.rule: one.category for one in verdict.reasons}
    parts = {
        rule: [p for one in verdict.reasons if one.rule == rule for p in one.parts] for rule in categories
    }
    found = [Found(rule, categories[rule], _names(parts[rule], files)) for rule in sorted(categories)]
    if verdict.unscannable or not found:
        found.append(Found(UNCHECKED, "", _names([one.part for one in verdict.unscannable], files)))
    return Checked(tuple(found))


def _names(parts: Iterable[str], files: Sequence[File]) -> tuple[str, ...]:
    """The names of the files that these parts of `ingest.scan.written` are of."""
    numbers = {int(number) for _, mark, number in (part.partition(":") for part in parts) if mark}
    return tuple(one.name for number, one in enumerate(files, 1) if number in numbers)


def is_kept_knowingly(checked: Checked, form: Fields) -> bool:
    """Whether the agent saw just these rules, or more, and gave a reason to keep the text."""
    reason = form.line("override_reason", longest=1_000)
    if not set(checked.rules) <= set(request.form.getlist("seen_rule")):
        return False
    if len(reason) < SHORTEST_REASON:
        form.errors["override_reason"] = "Say in a few words why it must stay as it is"
    return bool(form)


def override_act(checked: Checked, ticket: Ticket, reason: str) -> Act:
    detail = (("rules", checked.rules),)
    return Act("typed.kept", "ticket", ticket.number, actor=signed_in().email, reason=reason, detail=detail)
