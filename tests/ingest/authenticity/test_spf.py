"""SPF (RFC 7208): of the envelope's sender, by the client that our own border host wrote down."""

import pytest

from tests.ingest.authenticity.conftest import CLIENT, DOMAIN, World, delivered, letter

# (records: name and text, or name, kind and value; client; result for jo@ward.example)
V6 = "2001:db8::10"
ROWS: list[tuple[str, list[tuple[str, ...]], str, str]] = [
    ("its address", [(DOMAIN, f"v=spf1 ip4:{CLIENT} -all")], CLIENT, "pass"),
    ("another address", [(DOMAIN, "v=spf1 ip4:198.51.100.0/24 -all")], CLIENT, "fail"),
    ("softly", [(DOMAIN, "v=spf1 ~all")], CLIENT, "softfail"),
    ("neither", [(DOMAIN, "v=spf1 ?all")], CLIENT, "neutral"),
    ("no record", [(DOMAIN, "v=spf10 -all")], CLIENT, "none"),
    ("two records", [(DOMAIN, "v=spf1 -all", "v=spf1 +all")], CLIENT, "permerror"),
    ("an unknown word", [(DOMAIN, "v=spf1 moo -all")], CLIENT, "permerror"),
    ("IPv6", [(DOMAIN, "v=spf1 ip6:2001:db8::/32 -all")], V6, "pass"),
    ("IPv6 fails", [(DOMAIN, f"v=spf1 ip4:{CLIENT} -all")], V6, "fail"),
    ("a", [(DOMAIN, "v=spf1 a -all"), (DOMAIN, "A", CLIENT)], CLIENT, "pass"),
    ("a by IPv6", [(DOMAIN, "v=spf1 a -all"), (DOMAIN, "AAAA", V6)], V6, "pass"),
    ("mx", [(DOMAIN, "v=spf1 mx -all"), (DOMAIN, "MX", "out.ward.example"), ("out.ward.example", "A", CLIENT)], CLIENT, "pass"),
    ("include", [(DOMAIN, "v=spf1 include:spf.host.example -all"), ("spf.host.example", f"v=spf1 ip4:{CLIENT} -all")], CLIENT, "pass"),
    ("include that does not fit", [(DOMAIN, "v=spf1 include:spf.host.example -all"), ("spf.host.example", "v=spf1 -all")], CLIENT, "fail"),
    ("include of nothing", [(DOMAIN, "v=spf1 include:spf.host.example -all")], CLIENT, "permerror"),
    ("redirect", [(DOMAIN, "v=spf1 redirect=spf.host.example"), ("spf.host.example", f"v=spf1 ip4:{CLIENT} -all")], CLIENT, "pass"),
    ("a loop of includes", [(DOMAIN, "v=spf1 include:b.example -all"), ("b.example", f"v=spf1 include:{DOMAIN} -all")], CLIENT, "permerror"),
    ("eleven lookups", [(DOMAIN, "v=spf1 " + "".join(f"a:h{n}.example " for n in range(11)) + "+all"), *((f"h{n}.example", "A", "198.51.100.1") for n in range(11))], CLIENT, "permerror"),
    ("ten lookups", [(DOMAIN, "v=spf1 " + "".join(f"a:h{n}.example " for n in range(10)) + "+all"), *((f"h{n}.example", "A", "198.51.100.1") for n in range(10))], CLIENT, "pass"),
    ("three void lookups", [(DOMAIN, "v=spf1 a:v1.example a:v2.example a:v3.example +all")], CLIENT, "permerror"),
    ("two void lookups", [(DOMAIN, "v=spf1 a:v1.example a:v2.example +all")], CLIENT, "pass"),
    ("exists with a macro", [(DOMAIN, "v=spf1 exists:%{i}.ok.example -all"), (f"{CLIENT}.ok.example", "A", "127.0.0.2")], CLIENT, "pass"),
    ("a long record in several strings", [(DOMAIN, "v=spf1 " + "ip4:198.51.100.1 " * 40 + f"ip4:{CLIENT} -all")], CLIENT, "pass"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("records", "client", "result"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS]
)
def test_the_result(world: World, records: list[tuple[str, ...]], client: str, result: str) -> None:
    for name, *rest in records:
        if len(rest) == 2 and rest[0].isupper():
            world.zone.add(name, *rest)
        else:
            world.zone.txt(name, *rest)
    assert world.word(delivered(letter(), client=client), "spf").result == result


def test_a_mail_without_a_sender_is_judged_by_the_client_s_name(world: World) -> None:
    world.zone.txt("out.ward.example", f"v=spf1 ip4:{CLIENT} -all")
    word = world.word(delivered(letter(), sender=""), "spf")
    assert (word.result, word.domain) == ("pass", "out.ward.example")


def test_nothing_is_guessed_without_relays(world: World) -> None:
    assert world.word(delivered(letter()), "spf", relays=[]).result == "none"
    assert world.word(delivered(letter()), "spf", relays=["10.0.0.0/8"]).result == "none"


def test_a_return_path_of_the_sender_s_own_is_not_taken(world: World) -> None:
    raw = delivered(b"Return-Path: <jo@ward.example>\r\n" + letter(), sender=None)
    assert world.word(raw, "spf").result == "none"
