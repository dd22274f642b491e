"""Which settings a command works with, and what it opens with them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import update_wrapper
from getpass import getuser
from pathlib import Path
from typing import Any

import click

from helpdesk import migrations
from helpdesk.config import Settings, SettingsError, load, settings_file
from helpdesk.db import check_reachable
from helpdesk.demo.settings import demo_settings
from helpdesk.errors import HelpdeskError
from helpdesk.services import Services, start


class NotReady(HelpdeskError):
    """The database is not at the tables that this program knows."""


class NoSuchDesk(HelpdeskError):
    """The settings have no desk of that key."""


@dataclass(frozen=True)
class Place:
    """The settings file that was named on the command line, if one was."""

    named: Path | None = None

    @property
    def file(self) -> Path | None:
        """The settings file that counts, or None for the demo."""
        return self.named or settings_file()

    def settings(self) -> Settings:
        """The settings, checked. Raises SettingsError."""
        if self.file is None:
            return demo_settings()
        settings = load(self.file)
        if settings.demo:
            raise SettingsError(
                f"demo: {self.file} asks for the demo, which has settings of its own; "
                "take `demo` out of it, or start the demo with `helpdesk demo`."
            )
        return settings

    def services(self) -> Services:
        """Database and keys, with the tables checked to be this program's. Raises HelpdeskError."""
        services = start(self.settings())
        check_reachable(services.engine)
        if migrations.current(services.engine) != migrations.head():
            raise NotReady(
                "The database does not have this program's tables; "
                "run `helpdesk db upgrade` (or `helpdesk run`, which does so) first."
            )
        return services


def pass_place(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command its Place as the first argument."""

    @click.pass_context
    def with_place(ctx: click.Context, *args: Any, **options: Any) -> Any:
        return ctx.invoke(command, Place(ctx.find_root().params.get("file")), *args, **options)

    return update_wrapper(with_place, command)


def desk_key(settings: Settings, named: str | None) -> str:
    """The key of the desk that was named, or of the first one. Raises NoSuchDesk."""
    key = named or next(iter(settings.desks), "")
    if key not in settings.desks:
        known = ", ".join(settings.desks) or "none"
        raise NoSuchDesk(f"There is no desk {key!r} in the settings; it has: {known}.")
    return key


def operator() -> str:
    """Who is named in the audit trail for what a command does."""
    return f"cli:{getuser()}"
