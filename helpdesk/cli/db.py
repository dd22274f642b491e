"""`helpdesk db`: the tables' version."""

import click

from helpdesk import migrations
from helpdesk.cli.output import json_option, print_json
from helpdesk.cli.place import Place, pass_place
from helpdesk.db import check_reachable, make_engine


@click.group()
def db() -> None:
    """Bring the database to this program's tables, or back."""


@db.command()
@click.argument("revision", default="head")
@pass_place
def upgrade(place: Place, revision: str) -> None:
    """Bring the database to REVISION, or to the newest."""
    engine = make_engine(place.settings().database_url)
    migrations.upgrade(engine, revision)
    click.echo(f"The database is at {migrations.current(engine)}.")


@db.command()
@click.argument("revision")
@click.option("--yes", is_flag=True, help="Do not ask.")
@pass_place
def downgrade(place: Place, revision: str, yes: bool) -> None:
    """Take the database back to REVISION; `base` takes away every table."""
    engine = make_engine(place.settings().database_url)
    if not yes:
        click.confirm(f"What the tables after '{revision}' hold will be gone. Go on?", abort=True)
    migrations.downgrade(engine, revision)
    click.echo(f"The database is at {migrations.current(engine) or 'base, without tables'}.")


@db.command()
@json_option
@pass_place
def current(place: Place, as_json: bool) -> None:
    """Show the revision of the database and that of this program."""
    engine = make_engine(place.settings().database_url)
    check_reachable(engine)
    at, newest = migrations.current(engine), migrations.head()
    if as_json:
        print_json({"database": at, "program": newest, "same": at == newest})
    else:
        click.echo(f"database: {at or 'empty'}\nprogram:  {newest}")
