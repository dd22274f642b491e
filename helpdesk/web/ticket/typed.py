"""What an agent typed takes the same road as a mail: it is scanned before it is kept.

When the scanner would hold it, the agent is shown why and decides: change the text, or keep
it and say why. The reason is in the trail.
"""

import logging
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Protocol

from flask import request

from helpdesk.audit import Act
from helpdesk.errors import HelpdeskError
from helpdesk.models import Ticket
from helpdesk.pii.values import Verdict
from helpdesk.web.access import signed_in
from helpdesk.web.fields import Fields

log = logging.getLogger(__name__)
UNCHECKED = "could not be checked"
SHORTEST_REASON = 3


class Road(Protocol):
    """What scans a text; `ingest.pipeline.Pipeline` does."""

    def scan_text(self, text: str) -> Verdict: ...


@dataclass(frozen=True)
class Checked:
    """The scanner's word on a text: the rules that hit, each with its category."""

    found: tuple[tuple[str, str], ...] = ()

    @property
    def rules(self) -> list[str]:
        return [rule for rule, _ in self.found]

    @property
    def unchecked(self) -> bool:
        return self.rules == [UNCHECKED]

    @property
    def is_clear(self) -> bool:
        return not self.found


def check(road: Road, text: str) -> Checked:
    """Scan a text. What cannot be scanned is not clear: fail closed."""
    try:
        verdict = road.scan_text(text)
    except (HelpdeskError, BrokenProcessPool) as fault:
        log.warning("typed text was not scanned (%s)", type(fault).__name__)
        return Checked(((UNCHECKED, ""),))
    return _of(verdict) if verdict.hold else Checked()


def _of(verdict: Verdict) -> Checked:
    found = {reason.rule: reason.category for reason in verdict.reasons}
    return Checked(tuple(sorted(found.items())) or ((UNCHECKED, ""),))


def is_kept_knowingly(checked: Checked, form: Fields) -> bool:
    """Whether the agent saw just these rules, or more, and gave a reason to keep the text."""
    reason = form.line("override_reason", longest=1_000)
    if not set(checked.rules) <= set(request.form.getlist("seen_rule")):
        return False
    if len(reason) < SHORTEST_REASON:
        form.errors["override_reason"] = "Say in a few words why the text must stay as it is"
    return bool(form)


def override_act(checked: Checked, ticket: Ticket, reason: str) -> Act:
    detail = (("rules", checked.rules),)
    return Act("typed.kept", "ticket", ticket.number, actor=signed_in().email, reason=reason, detail=detail)
