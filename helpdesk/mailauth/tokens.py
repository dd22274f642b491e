"""The access token to sign in with: the one that is kept while it is good, else a new one.

A new one is asked for some minutes before the old one ends, by one process at a time, and kept
before it is used: some providers take the old refresh token back with the first use of it.
"""

import contextlib
import logging
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from sqlalchemy import Engine

from helpdesk.config import OAuth, Server, Settings
from helpdesk.db import Sessions, now, reading, sole_holder, writing
from helpdesk.mailauth import store
from helpdesk.mailauth.errors import EndpointUnreachable, GrantRefused, TokenError
from helpdesk.mailauth.store import Kept
from helpdesk.mailauth.values import ASK_SECONDS, Granted
from helpdesk.vault import Vault

log = logging.getLogger(__name__)

EARLY = timedelta(minutes=5)  # or half a token's life, if that is shorter
FIRST_WAIT_SECONDS = 15.0
FIRST_WAIT_AFTER_REFUSAL_SECONDS = 60.0
LONGEST_WAIT_SECONDS = 900.0
REFUSED_TOO_SOON = timedelta(minutes=1)  # a token that is so new is not the fault when a server refuses it
TURN_SECONDS = 2 * ASK_SECONDS


class Access(Protocol):
    """Gives an access token. Raises TokenError.

    `refused`: the token that a server just refused although it has not ended; another one is given if there is one.
    """

    def __call__(self, refused: str = "") -> str: ...


class Ground(Protocol):
    """What of helpdesk.services.Services is needed here."""

    @property
    def settings(self) -> Settings: ...
    @property
    def engine(self) -> Engine: ...
    @property
    def sessions(self) -> Sessions: ...
    @property
    def vault(self) -> Vault: ...


def access_to(ground: Ground, account: str, server: Server, *, patient: bool = False) -> Access | None:
    """How to get tokens for a server of the settings; None where it is signed in to with a password.

    `account` is its place in the settings, such as `mailboxes.it` or `smtp`. `patient`: keep to the waiting time
    after a failure; without, the caller has its own.
    """
    return _Account(ground, account, server.oauth, patient=patient) if server.oauth else None


@dataclass(frozen=True)
class _Account:
    ground: Ground
    name: str
    oauth: OAuth
    patient: bool

    def __call__(self, refused: str = "") -> str:
        kept = self._kept()
        if _is_good(kept, refused):
            return kept.access_token
        with self._turn():
            kept = self._kept()  # another process may have renewed it while we waited
            if _is_good(kept, refused):
                return kept.access_token
            return self._renewed(kept, refused)

    def _kept(self) -> Kept:
        with reading(self.ground.sessions) as session:
            return store.read(session, self.ground.vault, self.name, self.oauth)

    def _renewed(self, kept: Kept, refused: str) -> str:
        if self.patient and kept.wait_until and kept.wait_until > now():
            return self._old_or_raise(kept, refused, EndpointUnreachable(kept.last_failure))
        first = self.oauth.refresh_token.get_secret_value()
        try:
            granted = self._ask(kept.refresh_token or first)
        except TokenError as fault:
            self._note(kept, fault)
            return self._old_or_raise(kept, refused, fault)
        with writing(self.ground.sessions) as session:
            store.keep(session, self.ground.vault, self.name, self.oauth, granted)
        return granted.access_token

    def _ask(self, refresh_token: str) -> Granted:
        # Here and not above: it takes a while to load, and who signs in with passwords has no need of it.
        from helpdesk.mailauth.endpoint import ask  # noqa: PLC0415

        return ask(self.oauth, self.name, refresh_token)

    def _old_or_raise(self, kept: Kept, refused: str, fault: TokenError) -> str:
        """A failure to renew early does no harm while the old token lasts."""
        if kept.access_token and kept.access_token != refused and kept.expires_at and kept.expires_at > now():
            log.warning("%s The token that is kept still lasts a while.", fault)
            return kept.access_token
        raise fault

    def _note(self, kept: Kept, fault: TokenError) -> None:
        wait = seconds_to_wait(fault, kept.failures + 1)
        with writing(self.ground.sessions) as session:
            store.note_failure(session, self.ground.vault, self.name, self.oauth, str(fault), wait)

    @contextlib.contextmanager
    def _turn(self) -> Iterator[None]:
        """One process at a time asks for an account's tokens."""
        ends = time.monotonic() + TURN_SECONDS
        lock, folder = f"mail token:{self.name}", self.ground.settings.data_folder
        while time.monotonic() < ends:
            with sole_holder(self.ground.engine, lock, folder) as alone:
                if alone:
                    yield
                    return
            time.sleep(0.05)
        raise EndpointUnreachable(
            f"Another process has been asking for the token of {self.name} for {TURN_SECONDS:g} s; try later."
        )


def _is_good(kept: Kept, refused: str) -> bool:
    if not kept.access_token or kept.expires_at is None or kept.renewed_at is None:
        return False
    if kept.access_token == refused and kept.renewed_at < now() - REFUSED_TOO_SOON:
        return False
    return now() < kept.expires_at - min(EARLY, (kept.expires_at - kept.renewed_at) / 2)


def seconds_to_wait(fault: TokenError, failures: int) -> float:
    """Doubling with each failure in a row, with jitter; never less than the endpoint asks for."""
    first = FIRST_WAIT_AFTER_REFUSAL_SECONDS if isinstance(fault, GrantRefused) else FIRST_WAIT_SECONDS
    longest = min(LONGEST_WAIT_SECONDS, first * float(1 << min(failures - 1, 20)))
    return max(fault.retry_after or 0.0, longest * random.uniform(0.5, 1.0))  # noqa: S311 (spreads load)
