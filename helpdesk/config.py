"""Settings: one TOML file, environment variables over it, checked at start.

The file is named by HELPDESK_SETTINGS, else `helpdesk.toml` in the working folder.
`HELPDESK_SMTP__HOST=mail.example` sets `smtp.host` over the file. A fault names the
key, says what is wrong with it and what would be right. Secrets are `SecretStr`, so
they print as stars wherever a setting is printed.
"""

import os
import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)
from pydantic_settings import SettingsError as UnreadableVariable

from helpdesk import config_checks
from helpdesk.config_base import Section
from helpdesk.config_checks import Address, PageAddress, Zone
from helpdesk.config_outbound import Dkim, Outbound, Smime
from helpdesk.config_pii import Documents as Documents  # noqa: PLC0414 (others take it from here)
from helpdesk.config_pii import Pii as Pii  # noqa: PLC0414 (as above)
from helpdesk.config_senders import Senders
from helpdesk.config_trust import Checker, Trust
from helpdesk.errors import HelpdeskError

SETTINGS_VARIABLE = "HELPDESK_SETTINGS"
DEFAULT_FILE = Path("helpdesk.toml")
ENV_PREFIX = "HELPDESK_"

Tls = Literal["tls", "starttls", "plaintext"]


class SettingsError(HelpdeskError):
    """The settings cannot be used; each line names a key, its fault and the mend."""


Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,30}$")]


LOOPBACK = ("127.0.0.1", "localhost", "::1")


class OAuth(Section):
    """Signing in with a token instead of a password (RFC 6749; SASL XOAUTH2)."""

    flow: Literal["client_credentials", "refresh_token"] = "client_credentials"
    tenant: Annotated[str, Field(pattern=r"^[A-Za-z0-9.-]*$")] = ""
    token_endpoint: str = ""
    ca_file: Path | None = None
    client_id: str
    client_secret: SecretStr = SecretStr("")
    secret_expires_on: date | None = None
    refresh_token: SecretStr = SecretStr("")
    scope: str = "https://outlook.office365.com/.default"

    @property
    def endpoint(self) -> str:
        """Where tokens are asked for: as set, else Microsoft's for the tenant."""
        return self.token_endpoint or f"https://login.microsoftonline.com/{self.tenant}/oauth2/v2.0/token"

    @model_validator(mode="after")
    def _can_be_asked(self) -> Self:
        if not (self.tenant or self.token_endpoint):
            raise ValueError("names neither tenant nor token_endpoint; set one of the two")
        where = urlsplit(self.endpoint)
        if where.scheme != "https" and where.hostname not in LOOPBACK:
            raise ValueError("token_endpoint: secrets go there, so it must start with https://")
        if self.flow == "client_credentials" and not self.client_secret.get_secret_value():
            raise ValueError("client_secret: the flow client_credentials needs one")
        if self.flow == "refresh_token" and not self.refresh_token.get_secret_value():
            raise ValueError("refresh_token: the flow refresh_token needs the first one")
        return self


class Server(Section):
    """Where a mail server is and how to sign in to it; TLS is always verified."""

    host: str
    port: int | None = Field(default=None, ge=1, le=65535)
    tls: Tls = "tls"
    ca_file: Path | None = None
    user: str = ""
    password: SecretStr = SecretStr("")
    oauth: OAuth | None = None
    timeout_seconds: float = Field(default=30, gt=0, le=600)

    @model_validator(mode="after")
    def _signs_in_one_way(self) -> Self:
        if self.oauth is None:
            return self
        if self.password.get_secret_value():
            raise ValueError("sets both password and oauth; leave out one of the two")
        if not self.user:
            raise ValueError("user: oauth needs the account that is signed in to")
        if self.tls == "plaintext" and self.host not in LOOPBACK:
            raise ValueError("tls: a token must not go over a plaintext connection; set tls or starttls")
        return self


class Desk(Section):
    """One team that answers tickets."""

    name: str
    address: Address
    phone: str = ""
    hours: str = ""
    prefix: Annotated[str, Field(pattern=r"^[A-Z]{2,6}$")]
    self_service_url: str = ""
    follow_up_acknowledgement: bool = False
    templates: Path | None = None
    dkim: Dkim | None = None
    smime: Smime | None = None

    @model_validator(mode="after")
    def _signs_for_its_own_domain(self) -> Self:
        if self.dkim and not self.dkim.covers(self.address):
            raise ValueError(
                f"dkim.domain: {self.dkim.domain} is not the domain of {self.address}, so DMARC does not count the signature; name that one"
            )
        return self

    @model_validator(mode="after")
    def _leaves_room_for_a_token(self) -> Self:
        """A signed address is `local+reactivate.prefix-number.token@domain`; RFC 5321 allows a local part 64."""
        room = 64 - len("+reactivate.") - len(self.prefix) - len("-123456789.") - 16
        if len(self.address.partition("@")[0]) > room:
            raise ValueError(
                f"address: the part before @ has more than {room} letters, which leaves no room for signed replies; use a shorter one"
            )
        return self


class Mailbox(Server):
    """One mailbox that is read; several may feed one desk."""

    desk: Key
    address: Address
    folder: str = "INBOX"
    done_folder: str = "Helpdesk-Done"
    refused_folder: str = "Helpdesk-Refused"
    new_tickets: bool = True
    poll_seconds: float = Field(default=60, gt=0)
    sender_checks: Checker | None = None  # as in [trust] when None


class Keys(Section):
    """Master keys: 32 bytes each, URL-safe base64. The first encrypts, all decrypt."""

    master: list[SecretStr] = Field(default_factory=list)
    file: Path | None = None


class Periods(Section):
    """How long things last."""

    resolved_closes_after_days: float = Field(default=7, gt=0)
    guidance_every_hours: float = Field(default=24, gt=0)
    reactivation_link_days: float = Field(default=30, gt=0)
    session_hours: float = Field(default=12, gt=0)
    session_idle_minutes: float = Field(default=60, gt=0)
    lockout_minutes: float = Field(default=15, gt=0)

    @property
    def resolved_closes_after(self) -> timedelta:
        return timedelta(days=self.resolved_closes_after_days)


class Limits(Section):
    """Sizes in bytes, counts a day, tries."""

    mail_bytes: int = Field(default=36_700_160, gt=0)
    written_files: int = Field(default=10, ge=0, le=100)
    written_file_bytes: int = Field(default=10 * 2**20, gt=0)
    written_files_bytes: int = Field(default=20 * 2**20, gt=0, le=100 * 2**20)  # they are in memory together
    answers_per_address_a_day: int = Field(default=10, ge=0)
    answers_per_domain_a_day: int = Field(default=2_000, ge=0)
    answers_a_day: int = Field(default=20_000, ge=0)
    sign_in_failures: int = Field(default=5, ge=1)
    sessions_per_user: int = Field(default=5, ge=1)
    delivery_tries: int = Field(default=12, ge=1)
    ingest_tries: int = Field(default=2, ge=1)

    @property
    def largest_form(self) -> int:
        """Bytes of a form with files: far more than is taken, so that who chooses too much is told and keeps their text."""
        return 2 * 2**20 + 3 * self.written_files_bytes

    @model_validator(mode="after")
    def _one_file_fits_into_all(self) -> Self:
        if self.written_file_bytes > self.written_files_bytes:
            raise ValueError(
                "written_file_bytes: one file may be larger than all together; make it written_files_bytes or less"
            )
        return self


class Web(Section):
    """Where the pages are served and what their links start with."""

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    base_url: PageAddress = ""
    trusted_proxies: int = Field(default=0, ge=0)
    threads: int = Field(default=8, ge=1)

    @property
    def url(self) -> str:
        return (self.base_url or f"http://{self.host}:{self.port}").rstrip("/")


class Settings(BaseSettings):
    """Everything an operator can set."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True)

    demo: bool = False
    organisation: str = "the helpdesk"
    data_folder: Path = Path("var")
    database: SecretStr = SecretStr("")
    timezone: Zone = "Europe/London"
    desks: dict[Key, Desk] = Field(default_factory=dict)
    mailboxes: dict[Key, Mailbox] = Field(default_factory=dict)
    smtp: Server | None = None
    outbound: Outbound = Outbound()
    keys: Keys = Keys()
    periods: Periods = Periods()
    limits: Limits = Limits()
    trust: Trust = Trust()
    senders: Senders = Senders()
    pii: Pii = Pii()
    web: Web = Web()

    @property
    def database_url(self) -> str:
        """The SQLAlchemy URL; SQLite in the data folder unless set."""
        return self.database.get_secret_value() or f"sqlite:///{self.data_folder / 'helpdesk.db'}"

    @property
    def own_addresses(self) -> frozenset[str]:
        """Every address that we read or send as; mail from one of them is a loop."""
        desks = {desk.address for desk in self.desks.values()}
        return frozenset(desks | {box.address for box in self.mailboxes.values()})

    def checker_of(self, mailbox: str) -> Checker:
        """Who checks the senders of a mailbox's mail; what came otherwise (an import) is checked by nobody here."""
        box = self.mailboxes.get(mailbox)
        return (box.sender_checks or self.trust.sender_checks) if box else "gateway"

    @property
    def key_file(self) -> Path:
        return self.keys.file or self.data_folder / "master.key"

    @field_validator("database")
    @classmethod
    def _known_engine(cls, value: SecretStr) -> SecretStr:
        url = value.get_secret_value()
        if url and not url.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise ValueError("starts with neither sqlite:/// nor postgresql+psycopg://; write one of the two")
        return value

    @model_validator(mode="after")
    def _belongs_together(self) -> Self:
        for key, box in self.mailboxes.items():
            if box.desk not in self.desks:
                raise ValueError(
                    f"mailboxes.{key}.desk: no desk is called {box.desk!r}; add [desks.{box.desk}] or name another"
                )
        if self.limits.written_file_bytes > self.pii.documents.file_bytes:
            raise ValueError(
                "limits.written_file_bytes: a file so large is never scanned; make it pii.documents.file_bytes or less"
            )
        prefixes = [desk.prefix for desk in self.desks.values()]
        if len(set(prefixes)) < len(prefixes):
            raise ValueError(
                "desks: two desks share a prefix, so ticket numbers would clash; give each its own"
            )
        return self

    @classmethod
    def settings_customise_sources(  # the base class sets the parameters
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        environment = EnvSettingsSource(
            settings_cls, env_prefix=ENV_PREFIX, env_nested_delimiter="__", case_sensitive=False
        )
        return environment, init_settings


def settings_file(environ: Mapping[str, str] = os.environ) -> Path | None:
    """The file that would be read, or None when there is none (which means: demo)."""
    named = environ.get(SETTINGS_VARIABLE)
    if named:
        return Path(named)
    return DEFAULT_FILE if DEFAULT_FILE.exists() else None


def load(path: Path | None = None, **over: Any) -> Settings:
    """Read and check the settings.

    Raises SettingsError with one line a fault.
    """
    values = _read_toml(path) if path else {}
    if slips := config_checks.unknown_tables(os.environ, ENV_PREFIX, Settings.model_fields):
        raise SettingsError(_explain(slips, path))
    try:
        return Settings(**{**values, **over})
    except ValidationError as fault:
        raise SettingsError(_explain(config_checks.lines_of(fault), path)) from None
    except UnreadableVariable as fault:  # it names the table and not the value
        raise SettingsError(_explain([f'  {fault}; write a list as ["first", "second"]'], path)) from None


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as fault:
        raise SettingsError(
            f"The settings file {path} cannot be read ({fault.strerror}); mend its name or its rights."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise SettingsError(f"The settings file {path} is not TOML: {fault}.") from None


def _explain(lines: list[str], path: Path | None) -> str:
    where = f"the settings file {path}" if path else "the environment"
    first = f"The settings cannot be used; look in {where} and in variables that start with {ENV_PREFIX}:"
    return "\n".join([first, *lines])
