"""Laws of parsing, origin and scanning that hold for any bytes."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk import config
from helpdesk.ingest.origin import judge
from helpdesk.ingest.parse import ParseError, parse
from helpdesk.ingest.scan import context, pieces
from helpdesk.ingest.values import Email, OriginKind, Trust
from helpdesk.outbound.tokens import Tokens
from tests.conftest import settings_for
from tests.ingest.mails import mail, multipart

HEADERS = st.sampled_from(
    [
        b"From",
        b"To",
        b"Subject",
        b"Content-Type",
        b"Content-Transfer-Encoding",
        b"Content-Disposition",
        b"References",
        b"Message-ID",
        b"Date",
        b"Authentication-Results",
        b"Return-Path",
        b"Received",
        b"Auto-Submitted",
    ]
)
PIECES = st.sampled_from(
    [
        b"multipart/mixed; boundary=b",
        b"multipart/alternative",
        b"message/rfc822",
        b"message/delivery-status",
        b"text/html; charset=",
        b"utf-16",
        b"utf-7",
        b"base64",
        b"quoted-printable",
        b"x-uuencode",
        b"attachment; filename*0*=utf-8''%",
        b"; filename*1=x",
        b"=?utf-8?b?8J+?=",
        b"=?iso-2022-jp?q?=1B$B?=",
        b"--b",
        b"--b--",
        b"\n",
        b"\r\n\r\n",
        b"<a@b.c>",
        b'a@b, "c" <d',
        b"mx.northmoor.nhs.uk; dmarc=pass",
        b"begin 644 x\n",
        b"\xff\xfe",
        b"\xed\xa0\x80",
        b"\x00",
        b"failed",
    ]
)
VALUES = st.lists(st.one_of(PIECES, st.binary(max_size=8)), max_size=6).map(b" ".join)
MAILS = st.builds(
    lambda fields, body: (
        b"From: a@x.org\n" + b"".join(n + b": " + v + b"\n" for n, v in fields) + b"\n" + body
    ),
    st.lists(st.tuples(HEADERS, VALUES), max_size=8),
    st.lists(st.one_of(PIECES, st.binary(max_size=20)), max_size=20).map(b"\n".join),
)
SAMPLES = [
    mail("Subject: =?utf-8?q?caf=C3=A9?=\nReferences: <a@x> <b@y>"),
    multipart("alternative", "Content-Type: text/plain\n\nHi", "Content-Type: text/html\n\n<p>Hi</p>"),
    multipart("report", "\nfailed", "Content-Type: message/delivery-status\n\nAction: failed\nStatus: 5.1.1"),
]


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> config.Settings:
    return settings_for(tmp_path_factory.mktemp("settings"))


TOKENS = Tokens(b"k" * 32)


def texts(email: Email) -> list[str]:
    values = [email.subject, email.from_address, email.from_name, email.reply_to, email.return_path or ""]
    values += [email.message_id, *email.in_reply_to, *email.references, email.text, email.html]
    values += [word for pair in (*email.to, *email.cc, *email.headers, *email.unreadable) for word in pair]
    values += [
        w for part in email.parts for w in (part.media_type, part.file_name, part.content_id, part.text)
    ]
    return [*values, *email.defects, *email.flags]


def hold(raw: bytes, known: config.Settings) -> None:
    """Whatever the bytes: a refusal or an Email whose every string can be stored, judged and scanned."""
    try:
        email = parse(raw)
    except ParseError:
        return
    for text in texts(email):
        assert "\0" not in text
        assert not any(c in text for c in ("\ud800", "\udfff"))
        json.dumps(text).encode()
        text.encode()
    assert not {"\r", "\n"} & set(email.subject + email.from_name + "".join(p.file_name for p in email.parts))
    assert [part.number for part in email.parts] == list(range(1, len(email.parts) + 1))
    assert all("/" not in part.file_name for part in email.parts)
    origin = judge(email, known, TOKENS)
    assert origin.kind in OriginKind
    assert origin.trust in Trust
    named = [piece.part for piece in pieces(email)]
    assert len(named) == len(set(named))
    assert context(email, known).sender_address == email.from_address


@given(raw=st.binary(max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_refused_or_read(raw: bytes, known: config.Settings) -> None:
    hold(raw, known)


@given(raw=MAILS)
@settings(max_examples=300, deadline=None)
def test_any_mail_is_read_judged_and_scanned(raw: bytes, known: config.Settings) -> None:
    hold(raw, known)


@given(
    sample=st.sampled_from(SAMPLES),
    changes=st.lists(st.tuples(st.integers(0, 10_000), st.binary(max_size=4)), max_size=6),
)
@settings(max_examples=200, deadline=None)
def test_any_damaged_mail_is_read_judged_and_scanned(
    sample: bytes, changes: list[tuple[int, bytes]], known: config.Settings
) -> None:
    damaged = bytearray(sample)
    for where, what in changes:
        at = where % len(damaged)
        damaged[at : at + len(what)] = what
    hold(bytes(damaged), known)


WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=60
)


@given(
    text=WORDS,
    charset=st.sampled_from(["utf-8", "utf-16", "utf-32"]),
    kind=st.sampled_from(["plain", "html"]),
)
@settings(max_examples=100, deadline=None)
def test_every_character_of_a_text_comes_back(text: str, charset: str, kind: str) -> None:
    import base64

    body = base64.encodebytes(text.encode(charset)).decode()
    email = parse(
        mail(f"Content-Type: text/{kind}; charset={charset}\nContent-Transfer-Encoding: base64", body)
    )
    read = email.text if kind == "plain" else email.html
    assert read.strip() == text.lstrip("\ufeff").strip()


@given(data=st.binary(max_size=200), name=st.from_regex(r"[a-z]{1,12}\.bin", fullmatch=True))
@settings(max_examples=100, deadline=None)
def test_every_byte_of_a_file_comes_back(data: bytes, name: str) -> None:
    import base64

    part = (
        f'Content-Type: application/x-thing\nContent-Disposition: attachment; filename="{name}"\n'
        f"Content-Transfer-Encoding: base64\n\n{base64.encodebytes(data).decode()}"
    )
    read = parse(multipart("mixed", "Content-Type: text/plain\n\nHi", part)).parts[1]
    assert (read.data, read.file_name) == (data, name)


@given(
    number=st.from_regex(r"[A-Z]{2}-\d{6}", fullmatch=True),
    guess=st.from_regex(r"[a-z2-7]{16}", fullmatch=True),
)
@settings(max_examples=100)
def test_tokens_cannot_be_forged(number: str, guess: str) -> None:
    other = Tokens(b"o" * 32)
    for forged in (
        f"<{number.lower()}.abcd.{guess}@x.org>",
        other.message_id(number, "x.org"),
        TOKENS.message_id(number, "x.org").replace(number.lower(), "zz-999999"),
    ):
        assert TOKENS.ticket_of_message_id(forged) is None
    for forged in (
        f"desk+reply.{number.lower()}.{guess}@x.org",
        other.address("reply", number, "desk@x.org"),
        TOKENS.address("reply", number, "desk@x.org").replace("+reply", "+reactivate"),
        TOKENS.address("reply", number, "desk@x.org").replace(number.lower(), "zz-999999"),
    ):
        assert TOKENS.ticket_of_address(forged) is None
    assert TOKENS.ticket_of_message_id(TOKENS.message_id(number, "x.org")) == number
    assert TOKENS.ticket_of_address(TOKENS.address("reply", number, "desk@x.org").upper()) == (
        "reply",
        number,
    )
