"""A DNS server of the tests' own, a domain that signs its mail, and the check of a mail by ourselves."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from helpdesk.config_trust import Dns, Trust
from helpdesk.ingest.authenticity.examine import Examiner
from helpdesk.ingest.authenticity.values import Authenticity, Word
from helpdesk.ingest.origin_trust import Belief, believe
from helpdesk.ingest.parse import parse
from tests.support.dns_server import Zone, serving
from tests.support.signing import Signer, rsa_key

CLIENT = "192.0.2.10"
DOMAIN = "ward.example"


@dataclass(frozen=True)
class World:
    """Whom we ask, what they say, and who signs."""

    zone: Zone
    nameserver: str
    signer: Signer

    def trust(self, **over: object) -> Trust:
        settings: dict[str, object] = {
            "sender_checks": "ourselves",
            "relays": ["mx.northmoor.nhs.uk", "10.0.0.0/8"],
            "arc_sealers": ["gateway.example"],
            "dns": Dns(nameservers=[self.nameserver], seconds=2),
        }
        return Trust(**{**settings, **over})  # type: ignore[arg-type]

    def examine(self, raw: bytes, **over: object) -> Authenticity:
        return Examiner(self.trust(**over)).examine(raw, parse(raw))

    def believe(self, raw: bytes, **over: object) -> Belief:
        return believe(parse(raw), [], "ourselves", self.examine(raw, **over))

    def word(self, raw: bytes, method: str, **over: object) -> Word:
        """The first word of a method."""
        return next(one for one in self.examine(raw, **over).words if one.method == method)


@pytest.fixture(scope="session")
def served() -> Iterator[tuple[Zone, str]]:
    zone = Zone()
    with serving(zone) as address:
        yield zone, address


@pytest.fixture
def world(served: tuple[Zone, str]) -> World:
    """A domain with SPF for CLIENT, a DKIM key, and p=reject."""
    zone, address = served
    zone.clear()
    signer = Signer(DOMAIN, "s1", rsa_key())
    zone.txt(signer.name, signer.record)
    zone.txt(DOMAIN, "something else", f"v=spf1 ip4:{CLIENT} -all")
    zone.txt(f"_dmarc.{DOMAIN}", "v=DMARC1; p=reject; rua=mailto:x@ward.example")
    return World(zone, address, signer)


def letter(body: str = "The printer is not working.", **headers: str) -> bytes:
    """Jo's mail as it left her server; a header given here replaces or joins the usual ones."""
    usual = {
        "From": f"Jo Barnes <jo@{DOMAIN}>",
        "To": "servicedesk@northmoor.nhs.uk",
        "Subject": "Printer",
        "Date": "Tue, 03 Nov 2026 09:30:00 +0000",
        "Message-ID": "<a1@ward.example>",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
    }
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"{name}: {value}" for name, value in {**usual, **given}.items() if value]
    return "\r\n".join([*lines, "", *body.split("\n"), ""]).encode()


def delivered(
    raw: bytes,
    *,
    client: str = CLIENT,
    sender: str | None = f"jo@{DOMAIN}",
    helo: str = "out.ward.example",
    by: str = "mx.northmoor.nhs.uk",
) -> bytes:
    """The mail as our border host left it: its Return-Path and its Received on top."""
    path = f"Return-Path: <{sender}>\r\n" if sender is not None else ""
    place = f"IPv6:{client}" if ":" in client else client
    return (
        f"{path}Received: from {helo} (unknown [{place}])\r\n\tby {by} (Postfix) with ESMTPS id 4F;\r\n"
        "\tTue, 03 Nov 2026 09:30:05 +0000 (GMT)\r\n"
    ).encode() + raw
