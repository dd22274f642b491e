"""What the pages work with: the services, the road for typed text, and the settings that shape a page."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from zoneinfo import ZoneInfo

from flask import current_app

from helpdesk.config import Settings
from helpdesk.governance.reporting import kinds_of_data
from helpdesk.ingest.pipeline import Pipeline
from helpdesk.pii.values import Severity
from helpdesk.services import Services

EXTENSION = "helpdesk"


@dataclass(frozen=True)
class Site:
    """One application's parts; kept in Flask's `extensions`."""

    services: Services
    pipeline: Pipeline

    @property
    def settings(self) -> Settings:
        return self.services.settings

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.settings.timezone)

    @cached_property
    def kinds_of_data(self) -> Mapping[str, Severity]:
        """What a person may say that a message holds, and how grave each is."""
        return kinds_of_data(self.settings)

    @property
    def is_https(self) -> bool:
        return self.settings.web.url.startswith("https://")


def site() -> Site:
    """The parts of the application that answers this request."""
    found: Site = current_app.extensions[EXTENSION]
    return found
