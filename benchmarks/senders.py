"""What checking a sender ourselves costs: DMARC, DKIM and SPF of one 14 KB mail, the DNS' answers kept."""

from collections.abc import Iterator

from benchmarks.figures import Figure, Options, timed
from benchmarks.letters import made
from benchmarks.place import Ground
from helpdesk.config_trust import Dns, Trust
from helpdesk.ingest.authenticity.examine import Examiner
from helpdesk.ingest.parse import parse
from helpdesk.ingest.values import Email
from tests.support.dns_server import Zone, serving
from tests.support.signing import Signer, rsa_key

NAME = "a sender checked ourselves: 14 KB, signed, DNS kept"
GOAL = 5.0
PATH = b"Return-Path: <%s>\r\nReceived: from out (out [192.0.2.10]) by mx.northmoor.nhs.uk; Tue, 3 Nov 2026 09:30:05 +0000\r\n"


def measure(_ground: Ground, options: Options) -> Iterator[Figure]:
    """Milliseconds a mail."""
    zone = Zone()
    with serving(zone) as nameserver:
        mails = [_delivered(zone, raw) for raw in made(min(options.count, 500))]
        trust = Trust(relays=["mx.northmoor.nhs.uk"], dns=Dns(nameservers=[nameserver]))
        examiner = Examiner(trust)
        assert all(examiner.examine(*one).words[0].result == "pass" for one in mails)
        runs = [timed(lambda: [examiner.examine(*one) for one in mails]).wall for _ in range(options.runs)]
    yield Figure(NAME, "ms", tuple(1_000 * run / len(mails) for run in runs), GOAL, more_is_better=False)


def _delivered(zone: Zone, raw: bytes) -> tuple[bytes, Email]:
    raw = raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    address = parse(raw).from_address
    domain = address.rpartition("@")[2]
    signer = Signer(domain, "s1", rsa_key())
    zone.txt(signer.name, signer.record)
    zone.txt(domain, "v=spf1 ip4:192.0.2.10 -all")
    zone.txt(f"_dmarc.{domain}", "v=DMARC1; p=reject")
    whole = PATH % address.encode() + signer.sign(raw)
    return whole, parse(whole)
