"""Whatever a sender writes, and whatever records say: a result, in little time, and no exception."""

import time
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpdesk.ingest.authenticity.examine import Examiner
from helpdesk.ingest.authenticity.keys import NoKey, read
from helpdesk.ingest.parse import ParseError, parse
from helpdesk.ingest.values import Trust
from tests.ingest.authenticity.conftest import DOMAIN, World, delivered, letter

NAMES = st.sampled_from(
    [b"DKIM-Signature", b"ARC-Seal", b"ARC-Message-Signature", b"ARC-Authentication-Results", b"Received",
     b"Return-Path", b"Authentication-Results", b"From", b"Subject", b" x"]
)  # fmt: skip
PIECES = st.sampled_from(
    [b"i=1;", b"i=2; ", b"v=1;", b"a=rsa-sha256;", b"a=ed25519-sha256;", b"d=ward.example;", b"d=gateway.example;", b"s=s1;",
     b"h=from:subject;", b"bh=", b"b=AAAA", b"b=====;", b"l=99999999999999999999;", b"x=\xb9;", b"t=0;", b"cv=none;", b"cv=pass;", b"c=relaxed;",
     b"c=a/b/c", b"q=dns/txt;", b"i=@ward.example;", b"from [192.0.2.1] by mx.northmoor.nhs.uk", b"(x [::1])", b"<>", b"<jo@ward.example>",
     b"jo@ward.example", b"; Tue, 99 Foo", b"\xff", b"\x00", b"..", b"d=a..b;", b"d=%00;", b"s=" + b"a" * 70 + b";", b"=", b";", b":", b"\r\n ", b" "]
)  # fmt: skip
VALUES = st.lists(st.one_of(PIECES, st.binary(max_size=4)), max_size=14).map(b"".join)
HEADERS = st.lists(st.tuples(NAMES, VALUES), max_size=8)
RECORDS = st.lists(
    st.sampled_from(
        [
            "v=spf1",
            "v=DMARC1;",
            "v=DKIM1;",
            " ",
            "p=reject;",
            "p=",
            "sp=x;",
            "a:%{",
            "%{d}",
            "include:",
            "ip4:1.2.3",
            "ip6::",
            "redirect=",
            "exp=",
            "mx/33",
            "ptr",
            "k=rsa;",
            "p=AAAA;",
            "t=s;",
            "é",
            ";",
            "=",
            "exists:%{i}.x",
            "+all",
            "//129",
        ]
    ),
    max_size=8,
).map("".join)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(headers=HEADERS, body=st.binary(max_size=60))
def test_no_header_raises_or_verifies(world: World, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    raw = b"".join(name + b": " + value + b"\r\n" for name, value in headers) + letter() + body
    try:
        found = world.believe(delivered(raw, client="203.0.113.5"))
    except ParseError:
        return
    assert found.trust is not Trust.VERIFIED


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(record=RECORDS, policy=RECORDS, key=RECORDS)
def test_no_record_raises(world: World, record: str, policy: str, key: str) -> None:
    for name, value in ((DOMAIN, record), (f"_dmarc.{DOMAIN}", policy), (world.signer.name, key)):
        world.zone.txt(name, value)
    assert world.believe(delivered(world.signer.sign(letter()))).trust in Trust


@given(record=st.one_of(st.binary(max_size=200), RECORDS.map(str.encode)))
def test_a_key_or_a_reason(record: bytes) -> None:
    with suppress(NoKey):
        assert read(record).algorithm in (b"rsa-sha256", b"ed25519-sha256")


RELAXED = b"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=ward.example; s=s1; h=from:subject; bh=AAAA; b=AAAA\r\n"
HOSTILE = {
    "blanks": RELAXED + letter(" " * 2_000_000 + "x"),
    "blank lines": RELAXED + letter("\t \n" * 300_000),
    "a long tag": RELAXED.replace(b"from:", b"from" + b" " * 100_000 + b":") + letter(),
    "many names": RELAXED.replace(b"from:", b"a:" * 4_000) + letter(),
    "many signatures": RELAXED * 500 + letter(),
    "many headers": RELAXED + b"X-A: b\r\n" * 50_000 + letter(),
    "many seals": b"ARC-Seal: i=1; cv=none; d=gateway.example; s=a; a=rsa-sha256; b=AAAA\r\n" * 500
    + letter(),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_mail_costs_little(world: World, name: str) -> None:
    raw = delivered(HOSTILE[name], client="203.0.113.5")
    email = parse(raw)
    began = time.process_time()
    found = Examiner(world.trust()).examine(raw, email)
    assert time.process_time() - began < 2
    assert found.words[0].result != "pass"
    if name.startswith("blank"):
        assert "the body was altered" in str(found.words[1]), "the body was hashed, then"
