"""What a process holds while it runs: made once at start, handed down as a value."""

from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import Engine

from helpdesk.config import Settings
from helpdesk.db import Sessions, make_engine, make_sessions
from helpdesk.outbound.tokens import Tokens
from helpdesk.vault import Vault, open_vault


@dataclass(frozen=True)
class Services:
    """Settings, database, keys."""

    settings: Settings
    engine: Engine
    sessions: Sessions
    vault: Vault

    @cached_property
    def tokens(self) -> Tokens:
        return Tokens(self.vault.signing_key("tokens"))


def start(settings: Settings) -> Services:
    """Open what the settings name. Nothing is migrated or sent here."""
    engine = make_engine(settings.database_url)
    return Services(settings, engine, make_sessions(engine), open_vault(settings))
