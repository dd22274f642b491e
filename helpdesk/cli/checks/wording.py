"""Check of the texts of answers: ours and the desks' own."""

from collections.abc import Iterator

from helpdesk.cli.checks.values import Finding, fault, ok
from helpdesk.config import Settings
from helpdesk.outbound.templates_check import check_templates
from helpdesk.outbound.wording import TemplateError


def templates(settings: Settings) -> Iterator[Finding]:
    try:
        check_templates(settings)
    except TemplateError as problem:
        yield fault("templates", str(problem))
    else:
        yield ok("templates", "The texts of every desk's answers can be used.")
