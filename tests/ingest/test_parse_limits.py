"""No shape of a mail takes time out of proportion: each of these once took seconds, or never ended."""

import time

import pytest

from helpdesk import config
from helpdesk.ingest.origin import judge
from helpdesk.ingest.parse import parse
from helpdesk.ingest.scan import pieces
from helpdesk.outbound.tokens import Tokens

HEAD = b"From: a@x.org\nSubject: x\n"
MIXED = HEAD + b'Content-Type: multipart/mixed; boundary="c"\n\n'
OURS = b"Authentication-Results: mx.northmoor.nhs.uk; "
MOST_SECONDS = 2.0  # of this process, so that a busy machine fails no test

SHAPES = {
    "parameters": HEAD + b"Content-Type: text/plain; " + b"a=b; " * 100_000 + b"\n\nx",
    "quoted parameters": HEAD + b"Content-Type: text/plain" + b';"' * 250_000 + b"\n\nx",
    "pieces of a name": HEAD + b"Content-Disposition: attachment" + b"; filename*1*=%41" * 50_000 + b"\n\nx",
    "folded lines": HEAD + b"X-A: b\n" + b" c\n" * 2_000_000 + b"\nx",
    "fields": HEAD + b"X-A: b\n" * 1_000_000 + b"\nx",
    "recipients": b"From: a@x.org\nTo: " + b"b@x.org, " * 500_000 + b"\n\nx",
    "comments": b"From: a@x.org\nTo: " + b"(" * 2_000_000 + b"\n\nx",
    "encoded words": b"From: a@x.org\nSubject: " + b"=?utf-8?q?a?= " * 300_000 + b"\n\nx",
    "references": HEAD + b"References: " + b"<a@b.c> " * 500_000 + b"\n\nx",
    "delimiters": MIXED + b"--c\n\nx\n" * 200_000,
    "one boundary in itself": MIXED + b'--c\nContent-Type: multipart/mixed; boundary="c"\n\n' * 50_000,
    "lines that could be delimiters": HEAD + b"Content-Type: multipart/mixed\n\n" + b"--a\n--b\n" * 500_000,
    "dashes": HEAD + b'Content-Type: multipart/mixed; boundary="-"\n\n' + b"-" * 5_000_000,
    "beginnings of files": HEAD + b"\n" + b"begin 644 a\n" * 300_000,
    "flowed lines": HEAD + b"Content-Type: text/plain; format=flowed\n\n" + b"hello \n" * 500_000,
    "padding": HEAD + b"Content-Transfer-Encoding: base64\n\n" + b"YQ==\n" * 500_000,
    "open tags": MIXED.replace(b"mixed", b"alternative")
    + b"--c\n\nfive words for the ward\n--c\nContent-Type: text/html\n\n"
    + b"<" * 500_000,
    "styles that nothing closes": MIXED.replace(b"mixed", b"alternative")
    + b"--c\n\nfive words for the ward\n--c\nContent-Type: text/html\n\n"
    + b"<style>" * 30_000,
    "comments that nothing closes": MIXED.replace(b"mixed", b"alternative")
    + b"--c\n\nfive words for the ward\n--c\nContent-Type: text/html\n\n--> "
    + b"<!-- " * 40_000,
    "results": OURS + b"dkim=pass header.d=x.org; " * 290 + b"\n" + HEAD + b"\nx",
    "comments in results": OURS + b"((" * 3_900 + b"\n" + HEAD + b"\nx",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_is_read_in_proportion_to_its_size(shape: str, settings: config.Settings) -> None:
    started = time.process_time()
    email = parse(SHAPES[shape])
    judge(email, settings, Tokens(b"k" * 32))
    assert pieces(email) or shape == "delimiters"
    assert time.process_time() - started < MOST_SECONDS
