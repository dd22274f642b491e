"""A real DNS server on loopback, UDP and TCP, whose records a test writes."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from dnslib import AAAA, CNAME, MX, PTR, QTYPE, RCODE, RR, TXT, A
from dnslib.server import BaseResolver, DNSLogger, DNSServer

from tests.support.ports import free_port

KINDS = {"A": A, "AAAA": AAAA, "MX": MX, "PTR": PTR, "CNAME": CNAME}
TTL = 300


class Zone(BaseResolver):
    """Names and what is said of them. `silent` and `broken` are names that get no answer, or SERVFAIL."""

    def __init__(self) -> None:
        self.records: dict[tuple[str, str], list[Any]] = {}
        self.silent: set[str] = set()
        self.broken: set[str] = set()
        self.asked: Counter[str] = Counter()

    def clear(self) -> None:
        for one in (self.records, self.silent, self.broken, self.asked):
            one.clear()

    def txt(self, name: str, *values: str) -> None:
        self.records[(name.lower(), "TXT")] = [
            TXT([value[at : at + 255] for at in range(0, len(value), 255)] or [""]) for value in values
        ]

    def add(self, name: str, kind: str, *values: Any) -> None:
        self.records[(name.lower(), kind)] = [KINDS[kind](value) for value in values]

    def resolve(self, request: Any, _handler: Any) -> Any:
        name, kind = str(request.q.qname).rstrip(".").lower(), QTYPE[request.q.qtype]
        self.asked[name] += 1
        reply = request.reply()
        if name in self.silent:
            time.sleep(3)
        if name in self.broken:
            reply.header.rcode = RCODE.SERVFAIL
            return reply
        for data in self.records.get((name, kind), []):
            reply.add_answer(RR(name, request.q.qtype, rdata=data, ttl=TTL))
        if not reply.rr and not any(known == name for known, _ in self.records):
            reply.header.rcode = RCODE.NXDOMAIN
        return reply


@contextmanager
def serving(zone: Zone) -> Iterator[str]:
    """The address to name in `trust.dns.nameservers`."""
    port = free_port()
    udp = DNSServer(
        zone,
        address="127.0.0.1",
        port=port,
        logger=DNSLogger("-request,-reply,-truncated,-error,-recv,-send,-data"),
    )
    tcp = DNSServer(
        zone,
        address="127.0.0.1",
        port=port,
        tcp=True,
        logger=DNSLogger("-request,-reply,-truncated,-error,-recv,-send,-data"),
    )
    for server in (udp, tcp):
        server.server.daemon_threads = True
        server.server.block_on_close = False
        threading.Thread(
            target=server.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        ).start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        for server in (udp, tcp):
            server.server.shutdown()
            server.server.server_close()
