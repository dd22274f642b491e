"""Settings of whose word counts on who sent a mail (RFC 8601 section 5), and of our own checks."""

import re
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from helpdesk.config_base import Section

# gateway: only what a host of `authserv_ids` wrote. exchange_online: also the topmost Authentication-Results
# of a mail, which Exchange Online writes without a name. ourselves: where no such word is there, our own checks.
Checker = Literal["gateway", "exchange_online", "ourselves"]
_HOST = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,62}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")
_WITH_PORT = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([0-9.]+)):([0-9]{1,5})")


def network_of(value: str) -> IPv4Network | IPv6Network | None:
    try:
        return ip_network(value, strict=False)
    except ValueError:
        return None


def nameserver_of(value: str) -> tuple[str, int]:
    """The address and the port of a name server. Raises ValueError."""
    found = _WITH_PORT.fullmatch(value)
    address, port = (found[1] or found[2], int(found[3])) if found else (value, 53)
    return str(ip_address(address)), port


def _relay(value: str) -> str:
    value = value.strip().lower().rstrip(".")
    if network_of(value) is None and not _HOST.fullmatch(value):
        raise ValueError(
            "neither the name of a host nor a network; write one such as mx.example.nhs.uk or 192.0.2.0/24"
        )
    return value


def _domain(value: str) -> str:
    value = value.strip().lower().rstrip(".")
    if not _HOST.fullmatch(value):
        raise ValueError("not a domain; write one such as gateway.example")
    return value


def _nameserver(value: str) -> str:
    try:
        nameserver_of(value)
    except ValueError:
        raise ValueError(
            "not the address of a name server; write one such as 192.0.2.53 or 192.0.2.53:5353"
        ) from None
    return value


class Dns(Section):
    """Who is asked when we check senders ourselves, and how much may be asked for one mail."""

    nameservers: list[Annotated[str, AfterValidator(_nameserver)]] = Field(default_factory=list)
    seconds: float = Field(default=5, gt=0, le=60)
    lookups: int = Field(default=60, ge=1, le=500)


class Trust(Section):
    """Whose word counts on who sent a mail (RFC 8601 section 5)."""

    authserv_ids: list[str] = Field(default_factory=list)
    own_domains: list[str] = Field(default_factory=list)
    forged_own_domain: Literal["tag", "hold"] = "tag"
    sender_checks: Checker = "gateway"
    relays: list[Annotated[str, AfterValidator(_relay)]] = Field(default_factory=list)
    arc_sealers: list[Annotated[str, AfterValidator(_domain)]] = Field(default_factory=list)
    dns: Dns = Dns()
