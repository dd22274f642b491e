"""`helpdesk templates`: the texts of answers: ours, those of a desk's folder, and what is edited on the page Mail texts."""

import click

from helpdesk.cli.checks.storage import is_missing_file
from helpdesk.cli.output import Row, json_option, print_json, print_rows, values
from helpdesk.cli.place import NotReady, Place, desk_key, pass_place
from helpdesk.config import Settings
from helpdesk.db import reading
from helpdesk.outbound import edited
from helpdesk.outbound.kinds import Kind
from helpdesk.outbound.templates_check import check_templates
from helpdesk.outbound.templates_check import preview as preview_wording
from helpdesk.outbound.texts import origin_of
from helpdesk.outbound.wording import NOT_EDITED, Edited


@click.group()
def templates() -> None:
    """Check, list and preview the texts of answers."""


@templates.command()
@pass_place
def check(place: Place) -> None:
    """Check every desk's texts, as the service does when it starts."""
    check_templates(place.settings())
    click.echo("The texts of every desk's answers can be used.")


@templates.command("list")
@click.option("--desk", help="The desk's key in the settings; else the first desk.")
@json_option
@pass_place
def list_texts(place: Place, desk: str | None, as_json: bool) -> None:
    """List a desk's texts, and where each is from: edited (goes first), the desk's folder, ours."""
    settings = place.settings()
    key = desk_key(settings, desk)
    texts = _edited(place, settings, key)
    rows: list[Row] = [
        {"kind": kind.value, "desk": key, "from": origin_of(kind, settings.desks[key], texts).value}
        for kind in Kind
    ]
    print_rows(rows, ("kind", "desk", "from"), as_json, nothing="There are no texts.")


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
    key = desk_key(settings, desk)
    words = preview_wording(kind, settings, key, state=state, edited=_edited(place, settings, key))
    if as_json:
        print_json(
            {"kind": kind, "desk": key, "subject": words.subject, "text": words.text, "html": words.html}
        )
    else:
        click.echo(words.html if html else f"Subject: {words.subject}\n\n{words.text}", nl=False)


def _edited(place: Place, settings: Settings, key: str) -> Edited:
    """What is edited; nothing before the first start, when there is no database yet."""
    if is_missing_file(settings):
        return NOT_EDITED
    try:
        services = place.services()
    except NotReady:
        return NOT_EDITED
    with reading(services.sessions) as session:
        return edited.newest(session, key)
