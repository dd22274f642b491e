"""Changing bytes at random, in ways that matter to readers of mail."""

import random
from collections.abc import Callable, Sequence

LONGEST = 300_000
WORDS: tuple[bytes, ...] = (
    b"\r\n", b"\r\n\r\n", b"\n", b"\r", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"--", b'"', b";", b"=", b"<", b">",
    b"=?utf-8?B?", b"=?utf-8?Q?", b"=?x?Q?=00?=", b"?=", b"=\r\n", b"=C3", b"=ZZ", b"%00", b"*0*=", b"''",
    b"Content-Type: multipart/mixed; boundary=a\r\n", b"Content-Type: message/rfc822\r\n",
    b"Content-Type: text/html; charset=utf-7\r\n", b"Content-Type: text/plain; charset=\"\"\r\n",
    b"Content-Type: message/delivery-status\r\n", b"Content-Type: application/ms-tnef; name=winmail.dat\r\n",
    b"Content-Transfer-Encoding: base64\r\n", b"Content-Transfer-Encoding: x-uuencode\r\n", b"begin 644 a\r\n",
    b"Content-Disposition: attachment; filename*0*=utf-8''%e2;\r\n filename*1=b\r\n", b"boundary=", b"--a--\r\n",
    b"From: <>\r\n", b"From: a@b (c (d\r\n", b"To: g: a@b, <c@d>;\r\n", b"References: <a@b> <\r\n", b"In-Reply-To: x\r\n",
    b"Auto-Submitted: auto-replied\r\n", b"Authentication-Results: mx.northmoor.nhs.uk; dmarc=pass (", b"Date: Tue, 99 Foo\r\n",
    b"<table><tr><td>", b"<div style='", b"<!--", b"]]>", b"<svg><style><img src=x onerror=1>", b"&#x110000;", b"&amp", b"</",
    b"<a href=\"java\tscript:1\">", b"<blockquote>", b"> > > ", b"((((((((", b"[[[[", b"\xe2\x80\xae", b"\xf0\x9f\x92\xa9",
    b"\xed\xa0\x80", b"[IT-000001]", b"+reply.it-000001.", b"0123456789 ", b"999 000 0018", b"12/03/1948", b"A", b" ",
)  # fmt: skip
Change = Callable[[random.Random, bytearray], None]


def mutated(chance: random.Random, seeds: Sequence[bytes]) -> bytes:
    """One of the seeds, changed a few times; at most LONGEST bytes."""
    data = bytearray(chance.choice(seeds)[:LONGEST])
    for _ in range(1 << chance.randrange(5)):
        if chance.random() < 0.05:
            _splice(chance, data, chance.choice(seeds))
        else:
            chance.choice(_CHANGES)(chance, data)
    return bytes(data[:LONGEST])


def _place(chance: random.Random, data: bytearray) -> int:
    """Anywhere, but half of the time in the first kilobytes, where headers are."""
    most = len(data) if chance.random() < 0.5 else min(len(data), 3_000)
    return chance.randrange(most + 1)


def _flip(chance: random.Random, data: bytearray) -> None:
    if data:
        data[_place(chance, data) % len(data)] = chance.randrange(256)


def _cut(chance: random.Random, data: bytearray) -> None:
    start = _place(chance, data)
    del data[start : start + 1 + int(chance.expovariate(1 / 40))]


def _truncate(chance: random.Random, data: bytearray) -> None:
    del data[_place(chance, data) :]


def _insert(chance: random.Random, data: bytearray) -> None:
    start = _place(chance, data)
    data[start:start] = chance.choice(WORDS)


def _repeat_word(chance: random.Random, data: bytearray) -> None:
    start = _place(chance, data)
    data[start:start] = chance.choice(WORDS) * (1 << chance.randrange(3, 13))


def _repeat_slice(chance: random.Random, data: bytearray) -> None:
    start = _place(chance, data)
    piece = data[start : start + chance.randrange(1, 400)]
    data[start:start] = piece * (1 << chance.randrange(1, 7))


def _swap(chance: random.Random, data: bytearray) -> None:
    one, other, size = _place(chance, data), _place(chance, data), chance.randrange(1, 200)
    data[one : one + size], data[other : other + size] = data[other : other + size], data[one : one + size]


def _splice(chance: random.Random, data: bytearray, other: bytes) -> None:
    start, cut = _place(chance, data), chance.randrange(len(other) + 1)
    data[start:] = other[cut:LONGEST]


_CHANGES: tuple[Change, ...] = (
    _flip,
    _flip,
    _cut,
    _truncate,
    _insert,
    _insert,
    _repeat_word,
    _repeat_slice,
    _swap,
)
