"""ARC (RFC 8617): a gateway that we trust hands on what it found; nobody else does."""

from collections.abc import Callable

import pytest

from helpdesk.ingest.values import Trust
from tests.ingest.authenticity.conftest import DOMAIN, World, delivered, letter
from tests.support.signing import Signer, rsa_key

V, U, F = Trust.VERIFIED, Trust.UNKNOWN, Trust.FAILED
PASS = f"dmarc=pass header.from={DOMAIN}"


def signer(w: World, domain: str, number: int = 1) -> Signer:
    made = Signer(domain, "arc", rsa_key(2048, number))
    w.zone.txt(made.name, made.record)
    return made


def link(w: World, raw: bytes, domain: str = "gateway.example", said: str = PASS, arc: str = "") -> bytes:
    """One more link, by a host of that domain that found `said`."""
    results = f"Authentication-Results: mx.{domain}; {said}{'; arc=' + arc if arc else ''}\r\n".encode()
    return signer(w, domain).seal(results + raw, f"mx.{domain}")


def arrived(raw: bytes) -> bytes:
    return delivered(raw, client="203.0.113.5", sender="bounce@gateway.example", helo="gateway.example")


def tagged(raw: bytes) -> bytes:
    """As a gateway alters mail before it seals it: so that DKIM does not hold any more."""
    return raw.replace(b"Subject: Printer", b"Subject: [EXTERNAL] Printer")


def two(w: World, first: str, second: str, arc: str = "pass") -> bytes:
    return link(w, link(w, letter(), first), second, arc=arc)


ROWS: list[tuple[str, Callable[[World], bytes], Trust]] = [
    ("a trusted gateway found it good", lambda w: link(w, tagged(w.signer.sign(letter()))), V),
    ("a trusted gateway found it forged", lambda w: link(w, letter(), said=f"dmarc=fail header.from={DOMAIN}"), F),
    ("it found good another From than ours", lambda w: link(w, letter(), said="dmarc=pass header.from=evil.example"), F),
    ("it found nothing, so that our own checks count", lambda w: link(w, letter(), said="dmarc=none"), F),
    ("a stranger's seal", lambda w: link(w, letter(), "evil.example"), F),
    ("a trusted seal upon a stranger's", lambda w: two(w, "lists.example", "gateway.example"), V),
    ("a stranger's seal upon a trusted one", lambda w: two(w, "gateway.example", "evil.example"), F),
    ("the gateway found the chain broken", lambda w: two(w, "lists.example", "gateway.example", arc="fail"), F),
    ("altered after it was sealed", lambda w: tagged(link(w, letter())), F),
    ("its body altered", lambda w: link(w, letter()).replace(b"not working", b"on fire"), F),
    ("its results altered", lambda w: link(w, letter(), said=f"dmarc=fail header.from={DOMAIN}").replace(b"dmarc=fail", b"dmarc=pass"), F),
    ("a From added", lambda w: b"From: jo@ward.example\r\n" + link(w, letter()), F),
    ("a Subject added", lambda w: b"Subject: Pay\r\n" + link(w, letter()), F),
    ("a seal without the rest", lambda w: b"".join(_lines(link(w, letter()), b"ARC-Message-Signature")), F),
    ("a seal twice", lambda w: link(w, letter())[: link(w, letter()).index(b"ARC-Message")] + link(w, letter()), F),
    ("a first link that is missing", lambda w: link(w, letter()).replace(b"i=1;", b"i=2;"), F),
    ("a seal in the gateway's name by another key", lambda w: _by_another_key(w), F),
    ("forged, not sealed at all", lambda _: f"ARC-Authentication-Results: i=1; mx.gateway.example; {PASS}\r\n".encode() + letter(), F),
]  # fmt: skip


@pytest.mark.parametrize(("make", "trust"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_what_comes_of_a_mail_that_was_sent_on(
    world: World, make: Callable[[World], bytes], trust: Trust
) -> None:
    found = world.believe(arrived(make(world)))
    assert found.trust is trust, " | ".join(map(str, found.words))


def test_the_seal_s_word_is_named_as_such(world: World) -> None:
    found = world.believe(arrived(link(world, letter())))
    assert found.by == "sealer"
    assert "arc=pass gateway.example" in map(str, found.words)


def test_without_trusted_sealers_no_seal_is_asked_about(world: World) -> None:
    raw = arrived(link(world, letter()))
    assert world.believe(raw, arc_sealers=[]).trust is F
    assert world.zone.asked["arc._domainkey.gateway.example"] == 0


def test_a_silent_dns_makes_a_seal_say_nothing(world: World) -> None:
    raw = arrived(link(world, letter()))
    world.zone.broken.add("arc._domainkey.gateway.example")
    assert world.word(raw, "arc").result == "temperror"


def _lines(raw: bytes, without: bytes) -> list[bytes]:
    """The mail without one header."""
    head, _, rest = raw.partition(without)
    lines = rest.splitlines(keepends=True)[1:]
    while lines[0][:1] in b" \t":
        lines.pop(0)
    return [head, *lines]


def _by_another_key(w: World) -> bytes:
    raw = link(w, letter())
    signer(w, "gateway.example", 2)
    return raw
