"""`helpdesk run`: the service. Without a settings file it is the demo."""

import signal
import socket
from collections.abc import Callable
from multiprocessing import resource_tracker

import click
from sqlalchemy import func, select

from helpdesk import migrations
from helpdesk.cli.logs import start_logging
from helpdesk.cli.place import Place, pass_place
from helpdesk.config import Settings
from helpdesk.db import reading
from helpdesk.ingest.pipeline import make_pipeline
from helpdesk.jobs.service import Service
from helpdesk.jobs.signals import StopSignal
from helpdesk.jobs.webserver import listen
from helpdesk.models import User
from helpdesk.outbound.signing.signers import check_signing
from helpdesk.outbound.templates_check import check_templates
from helpdesk.pii.models import check_models
from helpdesk.services import Services, start
from helpdesk.web import create_app


@click.command()
@pass_place
def run(place: Place) -> None:
    """Start the service and run until it is told to stop (Ctrl-C, SIGTERM).

    Brings the database to this program's tables first. Without a settings file it is the demo.
    """
    if place.file is None:
        from helpdesk.cli.demo import run_demo  # noqa: PLC0415 (its servers are installed for the demo only)

        run_demo()
        return
    settings = place.settings()
    listener = listen(settings.web)
    service = make_service(on_port(settings, listener), listener)
    serve(service, lambda: click.echo(_greeting(service.services)))


def make_service(settings: Settings, listener: socket.socket) -> Service:
    """Everything opened, brought up to date and checked; nothing runs yet. Raises HelpdeskError."""
    start_logging()
    services = start(settings)
    migrations.upgrade(services.engine)
    check_templates(settings)
    check_signing(settings)
    check_models(settings.pii)
    pipeline = make_pipeline(services)
    return Service(services, pipeline, create_app(services, pipeline), listener)


def serve(
    service: Service, when_started: Callable[[], object], when_stopping: Callable[[], object] = lambda: None
) -> None:
    """Run until SIGTERM or Ctrl-C, then end in order. A second signal ends at once."""
    stop = StopSignal()
    # Ctrl-C goes to every process at the terminal. Threads inherit what is blocked here, and so do the
    # worker processes that they start: those go on until the service has finished and ends them.
    # The tracker is started first, for whoever starts it has the signals unblocked again.
    resource_tracker.ensure_running()
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    service.start()
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    try:
        when_started()
        stop.wait()
        click.echo("Stopping: what is under way is finished first.", err=True)
    finally:
        when_stopping()
        service.stop()
    click.echo("Stopped.", err=True)


def on_port(settings: Settings, listener: socket.socket) -> Settings:
    """The settings with the port that the listener got."""
    port = listener.getsockname()[1]
    return settings.model_copy(update={"web": settings.web.model_copy(update={"port": port})})


def _greeting(services: Services) -> str:
    settings = services.settings
    boxes = ", ".join(box.address for box in settings.mailboxes.values()) or "none (set [mailboxes.NAME])"
    return (
        f"The helpdesk runs at {settings.web.url} (Ctrl-C stops it).\n"
        f"It reads: {boxes}.\n"
        f"{_who_signs_in(services)}"
    )


def _who_signs_in(services: Services) -> str:
    with reading(services.sessions) as session:
        users = session.scalar(select(func.count()).select_from(User).where(User.disabled_at.is_(None))) or 0
    if users:
        return f"{users} people can sign in; `helpdesk users list` names them."
    return "Nobody can sign in yet: `helpdesk users add EMAIL --name NAME --role admin` adds the first."
