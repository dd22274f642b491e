"""A content is recognised whatever its way here added, and only then."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.ingest.digest import content_digest, header_digest

SENT = (
    b"From: Jo <jo@example.org>\r\nTo: desk@example.org\r\nSubject: A long subject that was written on one line\r\n"
    b"Date: Tue, 3 Nov 2026 09:30:00 +0000\r\nMessage-ID: <1@example.org>\r\nReferences: <0@example.org>\r\n"
    b"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nHello\r\n\r\nJo\r\n"
)
TRACES = [
    b"Received: from a by b; Tue, 3 Nov 2026 09:30:01 +0000",
    b"Return-Path: <bounce@example.org>",
    b"X-Spam-Score: 1.0",
    b"Authentication-Results: mx; dmarc=pass\r\n\theader.from=example.org",
    b"DKIM-Signature: v=1; a=rsa-sha256; b=abc",
    b"ARC-Seal: i=1; cv=none",
    b"Delivered-To: desk@example.org",
    b"Content-Length: 13",
    b"Status: RO",
]


@given(st.lists(st.sampled_from(TRACES), max_size=6), st.booleans())
def test_what_relays_add_changes_nothing(traces: list[bytes], at_the_end: bool) -> None:
    head, body = SENT.split(b"\r\n\r\n", 1)
    lines = [head, *traces] if at_the_end else [*traces, head]
    assert content_digest(b"\r\n".join(lines) + b"\r\n\r\n" + body) == content_digest(SENT)


@pytest.mark.parametrize("ending", [b"\n", b"\r", b"\r\n"])
def test_line_endings_change_nothing(ending: bytes) -> None:
    assert content_digest(SENT.replace(b"\r\n", ending)) == content_digest(SENT)


@pytest.mark.parametrize("added", [b"\r\n", b"\n", b"\r\n\r\n\r\n"])
def test_empty_lines_at_the_end_change_nothing(added: bytes) -> None:
    assert content_digest(SENT + added) == content_digest(SENT)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"subject that was", b"subject\r\n that was"),
        (b"subject that was", b"subject  that\r\n\twas"),
        (b"Subject: ", b"SUBJECT:"),
        (b"Message-ID:", b"Message-Id:"),
    ],
)
def test_folding_and_case_of_names_change_nothing(before: bytes, after: bytes) -> None:
    assert content_digest(SENT.replace(before, after)) == content_digest(SENT)


def test_order_of_headers_changes_nothing() -> None:
    head, body = SENT.split(b"\r\n\r\n", 1)
    turned = b"\r\n".join(reversed(head.split(b"\r\n")))
    assert content_digest(turned + b"\r\n\r\n" + body) == content_digest(SENT)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"Hello", b"Hallo"),
        (b"Hello\r\n\r\nJo", b"Hello\r\nJo"),
        (b"<1@example.org>", b"<2@example.org>"),
        (b"<0@example.org>", b"<9@example.org>"),
        (b"Jo <jo@", b"Jo <bo@"),
        (b"To: desk", b"To: bank"),
        (b"09:30:00", b"09:30:01"),
        (b"long subject", b"short subject"),
        (b"utf-8", b"latin-1"),
    ],
)
def test_what_the_sender_wrote_changes_it(before: bytes, after: bytes) -> None:
    assert content_digest(SENT.replace(before, after)) != content_digest(SENT)


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_any_bytes_have_a_digest_and_bodies_that_differ_have_others(one: bytes, other: bytes) -> None:
    def plain(body: bytes) -> bytes:
        return body.replace(b"\r\n", b"\n").replace(b"\r", b"\n").rstrip(b"\n")

    assert len(content_digest(one)) == 64
    head = SENT.split(b"\r\n\r\n", 1)[0] + b"\r\n\r\n"
    same = content_digest(head + one) == content_digest(head + other)
    assert same == (plain(one) == plain(other))


def test_a_text_in_the_header_is_not_the_same_in_the_body() -> None:
    assert content_digest(b"Subject: a\n\nb\n") != content_digest(b"\nSubject: a\n\nb\n")


def test_a_mail_that_was_not_fetched_is_never_taken_for_one_that_was() -> None:
    head = SENT.split(b"\r\n\r\n", 1)[0] + b"\r\n\r\n"
    assert header_digest(head, 40_000_000) != content_digest(head)
    assert header_digest(head, 40_000_000) != header_digest(head, 40_000_001)
