"""Settings of what goes out: signatures, the envelope of automatic mails, how long an alarm stays."""

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from helpdesk.config_base import Section
from helpdesk.config_checks import plain_address

Domain = Annotated[str, Field(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$")]
AddressOrNone = Annotated[str, AfterValidator(lambda value: value and plain_address(value))]
Selector = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$")]


class Dkim(Section):
    """A DKIM signature (RFC 6376): whose, and the private key (RSA or Ed25519, PEM) for it."""

    domain: Domain
    selector: Selector
    key_file: Path

    def covers(self, address: str) -> bool:
        """Whether the domain is the address's or above it, so that DMARC counts the signature (RFC 7489, 3.1.1)."""
        host = address.rpartition("@")[2].lower()
        return host == self.domain or host.endswith(f".{self.domain}")


class Smime(Section):
    """An S/MIME signature (RFC 8551): the desk's certificate, those above it after it, and its private key (PEM)."""

    certificate_file: Path
    key_file: Path


class Outbound(Section):
    """What holds for every mail that goes out."""

    automatic_sender: AddressOrNone = ""
    dkim: Dkim | None = None
    certificate_warning_days: int = Field(default=30, ge=0)
    alarm_hours: float = Field(default=24, gt=0)
