"""`helpdesk templates`: the texts of answers, ours and the desks' own."""

import click

from helpdesk.cli.output import json_option, print_json, values
from helpdesk.cli.place import Place, pass_place
from helpdesk.errors import HelpdeskError
from helpdesk.outbound.kinds import Kind
from helpdesk.outbound.templates_check import check_templates
from helpdesk.outbound.templates_check import preview as preview_wording


@click.group()
def templates() -> None:
    """Check and preview the texts of answers."""


@templates.command()
@pass_place
def check(place: Place) -> None:
    """Check every desk's texts, as the service does when it starts."""
    check_templates(place.settings())
    click.echo("The texts of every desk's answers can be used.")


@templates.command()
@click.argument("kind", type=click.Choice(values(Kind)))
@click.option("--desk", help="The desk's key in the settings; else the first desk.")
@click.option("--state", type=click.Choice(["open", "resolved", "closed"]), default="open", show_default=True)
@click.option("--html", is_flag=True, help="Print the HTML form instead.")
@json_option
@pass_place
def preview(place: Place, kind: str, desk: str | None, state: str, html: bool, as_json: bool) -> None:
    """Print an answer as it would go out, for an invented ticket."""
    settings = place.settings()
    key = desk or next(iter(settings.desks), "")
    if key not in settings.desks:
        known = ", ".join(settings.desks) or "none"
        raise HelpdeskError(f"There is no desk {key!r} in the settings; it has: {known}.")
    words = preview_wording(kind, settings, key, state=state)
    if as_json:
        print_json(
            {"kind": kind, "desk": key, "subject": words.subject, "text": words.text, "html": words.html}
        )
    else:
        click.echo(words.html if html else f"Subject: {words.subject}\n\n{words.text}", nl=False)
