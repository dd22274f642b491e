"""`helpdesk demo`: the whole service with mail servers of its own, and a mail to it from the command line."""

import sys
from contextlib import ExitStack
from pathlib import Path
from threading import Event, Thread

import click

from helpdesk.cli.run import make_service, on_port, serve
from helpdesk.config import Server, Settings
from helpdesk.db import make_engine, sole_holder
from helpdesk.demo.agent import Agent
from helpdesk.demo.people import add_people
from helpdesk.demo.seed import seed
from helpdesk.demo.server import MailServers
from helpdesk.demo.settings import IT_ADDRESS, MAIL_PASSWORD, PEOPLE, demo_settings
from helpdesk.demo.sink import Sink
from helpdesk.demo.story import Story
from helpdesk.demo.web import MailClient, make_blueprint
from helpdesk.demo.write import Attached, EndUserMail, newest_on, reply_to, send
from helpdesk.errors import HelpdeskError
from helpdesk.jobs.service import Service
from helpdesk.jobs.webserver import listen
from helpdesk.web.access import check_all_marked


class RunsAlready(HelpdeskError):
    """Another process runs the demo in the same folder."""


@click.group(invoke_without_command=True)
@click.pass_context
def demo(ctx: click.Context) -> None:
    """Start the demo: the real service on SQLite, with an IMAP and an SMTP server of its own.

    Settings files are not looked at; environment variables are, such as HELPDESK_WEB__PORT.
    """
    if ctx.invoked_subcommand is None:
        run_demo()


@demo.command("send")
@click.option(
    "--as", "sender", default="visitor@mail.example", show_default=True, help="Whom the mail is from."
)
@click.option("--to", default=IT_ADDRESS, show_default=True)
@click.option("--subject", default="A question", show_default=True)
@click.option("--text", help="What it says; else standard input.")
@click.option(
    "--attach",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    multiple=True,
    help="Add a file.",
)
@click.option(
    "--reply-to", "ticket", metavar="NUMBER", help="Reply to the newest mail on this ticket instead."
)
def send_one(
    sender: str, to: str, subject: str, text: str | None, attach: tuple[Path, ...], ticket: str | None
) -> None:
    """Send a mail to the running demo as an end user would."""
    settings = demo_settings()
    words = sys.stdin.read() if text is None else text
    if ticket:
        mail = reply_to(newest_on(Sink(settings.data_folder / "sink"), ticket), words)
    else:
        files = tuple(Attached(path.name, path.read_bytes()) for path in attach)
        mail = EndUserMail(sender, to, subject, words, files=files)
    server = _server(settings)
    send(mail, server.host, server.port or 0)
    click.echo(f"Sent from {mail.from_address} to {mail.to}. See {settings.web.url}/demo/")


def run_demo() -> None:
    """Run until told to stop."""
    with ExitStack() as stack:
        listener = listen(demo_settings().web)
        stack.callback(listener.close)
        first = on_port(demo_settings(), listener)
        _alone(stack, first)
        servers = MailServers(
            first.data_folder, [box.address for box in first.mailboxes.values()], MAIL_PASSWORD
        )
        stack.callback(servers.stop)
        settings = on_port(demo_settings(servers.start()), listener)
        service = make_service(settings, listener)
        add_people(service.services)
        _mount(service, servers)
        _serve(service, servers)


def _alone(stack: ExitStack, settings: Settings) -> None:
    engine = make_engine(settings.database_url)
    stack.callback(engine.dispose)
    if not stack.enter_context(sole_holder(engine, "demo", settings.data_folder)):
        raise RunsAlready(
            f"The demo runs already in {settings.data_folder}; stop it, "
            "or give this one another folder with HELPDESK_DATA_FOLDER."
        )


def _mount(service: Service, servers: MailServers) -> None:
    client = MailClient(service.services, _server(service.services.settings), servers.sink)
    service.app.register_blueprint(make_blueprint(client))
    check_all_marked(service.app)


def _serve(service: Service, servers: MailServers) -> None:
    stop = Event()
    story = Story(
        services=service.services,
        server=_server(service.services.settings),
        sink=servers.sink,
        agent=Agent(service.services, PEOPLE[0].email),
        stop=stop,
        wake=lambda: service.schedule.wake("deliver"),
    )
    telling = Thread(target=seed, args=(story,), name="demo-seed", daemon=True)

    def started() -> None:
        click.echo(_greeting(service.services.settings))
        telling.start()

    def stopping() -> None:
        stop.set()
        telling.join(5)

    serve(service, started, stopping)


def _server(settings: Settings) -> Server:
    if settings.smtp is None:
        raise HelpdeskError("smtp: the demo needs its own server; take HELPDESK_SMTP out of the environment.")
    return settings.smtp


def _greeting(settings: Settings) -> str:
    people = "\n".join(
        f"  {one.role.value.replace('_', ' '):<11}{one.email:<36}{one.password}" for one in PEOPLE
    )
    imap = next(iter(settings.mailboxes.values()))
    return (
        f"\nThe helpdesk demo runs at {settings.web.url} (Ctrl-C stops it).\n\n"
        f"Sign in as one of:\n{people}\n\n"
        f"Be the end user: {settings.web.url}/demo/ writes mails and shows the answers.\n"
        f"A mail client works too: SMTP {_server(settings).host}:{_server(settings).port}, "
        f"IMAP {imap.host}:{imap.port}, no TLS.\n"
        f"Its data are in {settings.data_folder}. Delete that folder to start afresh.\n"
        "The first tickets arrive within some seconds.\n"
    )
