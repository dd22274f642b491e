"""What comes of a mail by SPF, DKIM and DMARC, as a table: signed for real, asked of a real DNS server."""

import time
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256

from helpdesk.config_trust import Dns
from helpdesk.ingest.authenticity.examine import Examiner
from helpdesk.ingest.parse import parse
from helpdesk.ingest.values import Trust
from tests.ingest.authenticity.conftest import CLIENT, DOMAIN, World, delivered, letter
from tests.support.signing import HEADERS, Signer, ed25519, rsa_key, signed_by_hand

V, U, F = Trust.VERIFIED, Trust.UNKNOWN, Trust.FAILED
ELSEWHERE = "203.0.113.5"  # no client that the domain sends from
Made = Callable[[World], bytes]


def forwarded(raw: bytes, sender: str = "list@lists.example") -> bytes:
    """Sent on by another server, so that its own SPF speaks for another domain."""
    return delivered(raw, client=ELSEWHERE, sender=sender, helo="lists.example")


def signed(w: World, headers: tuple[bytes, ...] = HEADERS, **over: str) -> bytes:
    return w.signer.sign(letter(**over), headers)


def other(w: World, domain: str, number: int = 1) -> Signer:
    made = Signer(domain, "s1", rsa_key(2048, number))
    w.zone.txt(made.name, made.record)
    return made


def dmarc(w: World, record: str, domain: str = DOMAIN) -> World:
    w.zone.txt(f"_dmarc.{domain}", record)
    return w


def without_dmarc(w: World) -> World:
    w.zone.records.pop((f"_dmarc.{DOMAIN}", "TXT"))
    return w


def keyless(w: World, *records: str) -> World:
    w.zone.records.pop((w.signer.name, "TXT"))
    if records:
        w.zone.txt(w.signer.name, *records)
    return w


def silent(w: World, name: str, kind: str = "broken") -> World:
    getattr(w.zone, kind).add(name)
    return w


def ed_signed(w: World) -> bytes:
    key, record = ed25519()
    w.zone.txt(f"ed._domainkey.{DOMAIN}", record)
    return signed_by_hand(letter(), DOMAIN, "ed", {"a": "ed25519-sha256"}, key.sign)


def tagged(w: World, **tags: str) -> bytes:
    """Signed with further tags."""
    key = w.signer.key
    return signed_by_hand(
        letter(), DOMAIN, "s1", tags, lambda digest: key.sign(digest, PKCS1v15(), Prehashed(SHA256()))
    )


def subdomain(w: World) -> bytes:
    return other(w, f"mail.{DOMAIN}").sign(letter())


ROWS: list[tuple[str, Made, Trust]] = [
    # What holds
    ("signed, from its own server", lambda w: delivered(signed(w)), V),
    ("signed, forwarded", lambda w: forwarded(signed(w)), V),
    ("not signed, from its own server", lambda _: delivered(letter()), V),
    ("Ed25519", lambda w: forwarded(ed_signed(w)), V),
    ("a broken signature above a good one", lambda w: forwarded(w.signer.sign(letter("Else"))[:-len(letter("Else"))] + signed(w)), V),
    ("two signatures, one of a stranger", lambda w: forwarded(other(w, "evil.example").sign(signed(w))), V),
    ("no end of the signature in sight", lambda w: forwarded(tagged(w, x="4102444800")), V),
    ("it had expired by now, but not when it came", lambda w: forwarded(tagged(w, t="1793698000", x="1793699000")), V),
    ("signed by a subdomain, relaxed", lambda w: forwarded(subdomain(w)), V),
    ("the policy of the organisation", lambda w: forwarded(signed(w, From=f"jo@north.{DOMAIN}")), V),
    # What is altered, or not there
    ("neither signed nor from its own server", lambda _: forwarded(letter()), F),
    ("an altered body", lambda w: forwarded(signed(w).replace(b"not working", b"on fire")), F),
    ("an altered Subject", lambda w: forwarded(signed(w).replace(b"Subject: P", b"Subject: S")), F),
    ("another From", lambda w: forwarded(signed(w).replace(b"jo@", b"ann@", 1)), F),
    ("a signature with one more From above", lambda w: forwarded(b"From: x@ward.example\r\n" + signed(w)), F),
    ("a signature with one more From below", lambda w: forwarded(signed(w).replace(b"To:", b"From: x@ward.example\r\nTo:", 1)), F),
    ("no such selector", lambda w: forwarded(keyless(w) and signed(w)), F),
    ("the key of somebody else", lambda w: forwarded(keyless(w, other(w, "x.example").record) and signed(w)), F),
    ("a revoked key", lambda w: forwarded(keyless(w, "v=DKIM1; p=") and signed(w)), F),
    ("a record that is no key", lambda w: forwarded(keyless(w, "v=DKIM1; p=!!!") and signed(w)), F),
    ("a key for another service", lambda w: forwarded(keyless(w, w.signer.record + "; s=tlsrpt") and signed(w)), F),
    ("expired when it came", lambda w: forwarded(tagged(w, t="1700000000", x="1700000100")), F),
    ("SHA-1", lambda w: forwarded(tagged(w, a="rsa-sha1")), F),
    ("signed by a stranger only", lambda w: forwarded(other(w, "evil.example").sign(letter())), F),
    ("a look-alike signs", lambda w: forwarded(other(w, "xn--wrd-5cd.example").sign(letter())), F),
    ("a list added a footer", lambda w: forwarded(signed(w) + b"-- \r\nThe ward list\r\n"), F),
    ("a subdomain, strict", lambda w: dmarc(w, "v=DMARC1; p=none; adkim=s") and forwarded(subdomain(w)), F),
    ("SPF of a subdomain, strict", lambda w: dmarc(w, "v=DMARC1; p=none; aspf=s") and _spf_of_sub(w), F),
    ("SPF of a subdomain, relaxed", lambda w: _spf_of_sub(w), V),
    ("pct=0 changes no truth", lambda w: dmarc(w, "v=DMARC1; p=reject; pct=0") and forwarded(letter()), F),
    # What proves too little
    ("only the beginning of the body is signed", lambda w: forwarded(w.signer.sign(letter(), length=True) + b"Click\r\n"), U),
    ("Subject is not signed", lambda w: forwarded(signed(w, (b"from", b"to", b"date"))), U),
    ("a second Subject", lambda w: forwarded(b"Subject: Pay\r\n" + signed(w)), U),
    ("a second Content-Type", lambda w: forwarded(b"Content-Type: text/html\r\n" + signed(w)), U),
    # No policy: what is aligned counts
    ("no DMARC, signed", lambda w: without_dmarc(w) and forwarded(signed(w)), V),
    ("no DMARC, not signed, from elsewhere", lambda w: without_dmarc(w) and forwarded(letter()), U),
    ("no DMARC, SPF fails", lambda w: without_dmarc(w) and delivered(letter(), client=ELSEWHERE), F),
    ("two DMARC records are none", lambda w: w.zone.txt(f"_dmarc.{DOMAIN}", "v=DMARC1; p=reject", "v=DMARC1; p=none") or forwarded(letter()), U),
    ("a record without a policy is none", lambda w: dmarc(w, "v=DMARC1; foo=bar") and forwarded(letter()), U),
    # A silent DNS is neither for nor against
    ("no answer for the key", lambda w: silent(w, w.signer.name) and forwarded(signed(w)), U),
    ("no answer for the policy", lambda w: silent(w, f"_dmarc.{DOMAIN}") and forwarded(letter()), U),
    ("no answer for the policy, signed", lambda w: silent(w, f"_dmarc.{DOMAIN}") and forwarded(signed(w)), U),
    ("no answer for SPF", lambda w: silent(w, DOMAIN) and delivered(letter()), U),
    ("no answer for SPF, signed", lambda w: silent(w, DOMAIN) and delivered(signed(w)), V),
    # Who is looked at
    ("several senders", lambda w: delivered(signed(w, From=f"jo@{DOMAIN}, ann@{DOMAIN}")), U),
    ("a public suffix signs for one below it", lambda w: forwarded(other(w, "nhs.uk").sign(letter(From="x@ward.nhs.uk"))), U),
    ("two customers of one host", lambda w: forwarded(other(w, "evil.github.io").sign(letter(From="x@ward.github.io"))), U),
]  # fmt: skip


def _spf_of_sub(w: World) -> bytes:
    w.zone.txt(f"out.{DOMAIN}", f"v=spf1 ip4:{CLIENT} -all")
    return delivered(letter(), sender=f"bounce@out.{DOMAIN}")


@pytest.mark.parametrize(("make", "trust"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_what_comes_of_a_mail(world: World, make: Made, trust: Trust) -> None:
    found = world.believe(make(world))
    assert found.trust is trust, " | ".join(map(str, found.words))


def test_a_short_key_does_not_count(world: World) -> None:
    weak = Signer(DOMAIN, "weak", rsa_key(1024))
    short = "MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBALRiMLAHudeSA2ai6TuBcHcSxV0jLd3oP9mJ2tiA8n6H8K6Bv7rfDYN3kGqyA5tyj+i5S5iMZBhoGTYj2RDIZrECAwEAAQ=="
    world.zone.txt(weak.name, f"v=DKIM1; p={short}")
    word = world.word(forwarded(weak.sign(letter())), "dkim")
    assert (word.result, "512 bits" in word.reason) == ("permerror", True)
    world.zone.txt(weak.name, weak.record)
    assert world.word(forwarded(weak.sign(letter())), "dkim").result == "pass"


def test_a_look_alike_is_verified_as_what_it_is(world: World) -> None:
    look_alike = "w\u0430rd.example"  # its second letter is Cyrillic
    ascii_name = look_alike.encode("idna").decode()
    raw = forwarded(other(world, ascii_name).sign(letter(From=f"Jo Barnes <jo@{look_alike}>")))
    assert world.believe(raw).trust is V
    assert parse(raw).from_address == f"jo@{ascii_name}", "and that is what an agent sees"


def test_the_policy_for_subdomains_is_read(world: World) -> None:
    dmarc(world, "v=DMARC1; p=none; sp=reject")
    assert world.word(forwarded(letter(From=f"x@sub.{DOMAIN}")), "dmarc").reason == "p=reject"
    assert world.word(forwarded(letter()), "dmarc").reason == "p=none"


def test_a_reason_is_kept_and_says_nothing_of_the_mail(world: World) -> None:
    silent(world, world.signer.name)
    words = world.believe(forwarded(signed(world, Subject="Mrs Whitlock"))).words
    assert "dkim=temperror ward.example (the DNS did not answer (NoNameservers))" in map(str, words)
    assert "Whitlock" not in " ".join(map(str, words))


def test_a_dns_that_hangs_costs_the_set_seconds_and_no_more(world: World) -> None:
    for name in (world.signer.name, DOMAIN, f"_dmarc.{DOMAIN}"):
        silent(world, name, "silent")
    began = time.monotonic()
    found = world.believe(delivered(signed(world)), dns=Dns(nameservers=[world.nameserver], seconds=0.4))
    assert found.trust is U
    assert time.monotonic() - began < 1.5


def test_the_lookups_of_a_mail_are_counted(world: World) -> None:
    found = world.believe(delivered(signed(world)), dns=Dns(nameservers=[world.nameserver], lookups=1))
    assert found.trust is U
    assert sum(world.zone.asked.values()) == 1


def test_a_stranger_s_signature_asks_nobody(world: World) -> None:
    evil = other(world, "evil.example")
    world.believe(forwarded(evil.sign(letter())))
    assert world.zone.asked[evil.name] == 0


def test_answers_are_kept(world: World) -> None:
    raw = delivered(signed(world))
    examiner = Examiner(world.trust())
    examiner.examine(raw, parse(raw))
    asked = sum(world.zone.asked.values())
    examiner.examine(raw, parse(raw))
    assert (asked, sum(world.zone.asked.values())) == (3, 3)
