"""Who handed a mail to us: read from the Received that our own border host wrote (RFC 5321 section 4.4).

A sender writes Received lines as well, so one counts only while every line above it is ours: written `by` a
host of `trust.relays`, about a client in a network of `trust.relays` or on the same machine.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from helpdesk.config_trust import network_of
from helpdesk.ingest.authenticity.values import Client
from helpdesk.ingest.values import Email

MOST_HOPS = 30
MOST_CHARACTERS = 2_000
_BY = re.compile(r"\bby\s+([^\s;()]+)", re.IGNORECASE)
_HELO_IN_COMMENT = re.compile(r"\bhelo=(\S+?)(?=[\s)]|$)", re.IGNORECASE)
# In square brackets anywhere in the comments, or alone in a comment, as Exchange writes it.
_ADDRESS = re.compile(r"\[(?:IPv6:)?([0-9A-Fa-f.:]{2,45})\]|\(([0-9A-Fa-f.:]{2,45})\)", re.IGNORECASE)
# Over these no stranger reaches a host of ours, and some write no address.
_INSIDE = re.compile(r"\bwith\s+(?:u?lmtps?a?|local)\b|\(Postfix, from userid", re.IGNORECASE)

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class Relays:
    """Our own hosts by name, and the networks that they are in."""

    names: frozenset[str]
    networks: tuple[Network, ...]

    def inside(self, address: Address) -> bool:
        return address.is_loopback or any(
            address.version == one.version and address in one for one in self.networks
        )


@dataclass(frozen=True, slots=True)
class Border:
    """The client, and when the mail came; None where the lines do not say."""

    client: Client | None = None
    at: datetime | None = None


def relays(values: Iterable[str]) -> Relays:
    networks = {value: network_of(value) for value in values}
    names = frozenset(value for value, network in networks.items() if network is None)
    return Relays(names, tuple(network for network in networks.values() if network is not None))


def border(email: Email, ours: Relays) -> Border:
    """The client of our border host. Without `relays`, or where a line above is not ours, nothing."""
    if not ours.names:
        return Border()
    at = None
    lines = [(place, value) for place, (name, value) in enumerate(email.headers) if name == "received"]
    for place, value in lines[:MOST_HOPS]:
        value = value[:MOST_CHARACTERS]
        came_from, by = _halves(value)
        if by not in ours.names:
            return Border(at=at)
        at = _date(value) or at
        address = _address(came_from)
        if address is not None and not ours.inside(address):
            return Border(Client(str(address), _helo(came_from), place), at)
        if address is None and came_from and not _INSIDE.search(value):
            return Border(at=at)
    return Border(at=at)


def _halves(value: str) -> tuple[str, str]:
    """What stands before `by`, and the host after it."""
    found = _BY.search(value)
    if found is None:
        return value, ""
    return value[: found.start()].strip(), found[1].lower().rstrip(".")


def _address(came_from: str) -> Address | None:
    """The client's address. The last counts: a name that the client says of itself stands before what was seen."""
    outside_helo = _HELO_IN_COMMENT.sub("", came_from)
    for found in reversed(list(_ADDRESS.finditer(outside_helo))):
        try:
            address = ip_address(found[1] or found[2])
        except ValueError:
            continue
        mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
        return mapped or address
    return None


def _helo(came_from: str) -> str:
    """The name that the client gave."""
    if found := _HELO_IN_COMMENT.search(came_from):
        return found[1].lower()
    words = came_from.split(maxsplit=2)
    return words[1].lower() if len(words) > 1 and words[0].lower() == "from" else ""


def _date(value: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(value.rpartition(";")[2].strip())
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return at if at.tzinfo else None
