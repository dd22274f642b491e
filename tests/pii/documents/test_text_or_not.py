"""Bytes are taken for text only when they are; anything else is not passed as read."""

import random

import pytest

from helpdesk.pii.documents.kinds import looks_like_text

WORDS = "Dear colleague, the café on ward 4 is closed — sorry.\n" * 40


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_text_in_every_usual_encoding_is_text(encoding: str) -> None:
    assert looks_like_text(WORDS.encode(encoding))


@pytest.mark.parametrize(
    "data",
    [
        b"\x00\x01" * 500,
        b"\x01\x00" * 500,
        b"\xff\xfe" + b"\x01\x00\x02\x00" * 200,
        b"\xef\xbb\xbf" + random.Random(1).randbytes(2_000),
        random.Random(2).randbytes(2_000),
        bytes(range(256)) * 8,
    ],
)
def test_bytes_that_say_nothing_are_not_text(data: bytes) -> None:
    assert not looks_like_text(data)
