"""Quoted text is folded, and never lost."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.web.ticket.quoted import split

CASES = [
    ("nothing quoted", "Hello\n\nthe printer jams.\n", []),
    ("a quotation below", "Works now.\n\n> Please try\n> again.\n", ["> Please try\n> again.\n"]),
    (
        "its attribution is part of it",
        "Works.\n\nOn Tue, 24 Nov 2026 at 09:10, Desk <a@b.example> wrote:\n> try\n> again\n",
        ["On Tue, 24 Nov 2026 at 09:10, Desk <a@b.example> wrote:\n> try\n> again\n"],
    ),
    (
        "answers between quotations stay open",
        "> Which ward?\n> Which room?\nWard 4.\n> Which\n> printer?\nThe left one.\n",
        ["> Which ward?\n> Which room?\n", "> Which\n> printer?\n"],
    ),
    ("a single line is not worth folding", "> Which ward?\nWard 4.\n", []),
    ("an empty line within it", "ok\n> a\n\n> b\n", ["> a\n\n> b\n"]),
    (
        "Outlook's copied head",
        "ok\n\nFrom: Desk <a@b.example>\nSent: 24 November 2026 09:10\nTo: Pat\nSubject: Printer\n\nPlease try.\n",
        [
            "From: Desk <a@b.example>\nSent: 24 November 2026 09:10\nTo: Pat\nSubject: Printer\n\nPlease try.\n"
        ],
    ),
    (
        "an original message",
        "ok\n-----Original Message-----\nFrom: x\nPlease try.\n",
        ["-----Original Message-----\nFrom: x\nPlease try.\n"],
    ),
    ("a sentence that begins with From", "From: my point of view\nthis is fine.\nAnd more.\n", []),
    ("a sentence that ends with wrote:", "On Monday the nurse wrote:\nnothing at all\n", []),
]


@pytest.mark.parametrize(("what", "text", "folded"), CASES, ids=[case[0] for case in CASES])
def test_folding(what: str, text: str, folded: list[str]) -> None:
    parts = split(text)
    assert [part.text for part in parts if part.quoted] == folded


@given(
    st.lists(
        st.sampled_from(
            [
                "> q\n",
                "a\n",
                "\n",
                "On x wrote:\n",
                "From: a\n",
                "Sent: b\n",
                "To: c\n",
                "\r\n",
                "x\x0cy\u2028z",
                "__________\n",
                ">",
            ]
        )
        | st.text(max_size=20),
        max_size=20,
    )
)
def test_the_parts_joined_are_the_text(lines: list[str]) -> None:
    text = "".join(lines)
    assert "".join(part.text for part in split(text)) == text


@pytest.mark.parametrize(
    "text", ["\n" * 300_000 + "x", "> a\n\n" * 100_000, "On a wrote:\n" * 50_000, "From: a\n" * 50_000]
)
def test_a_text_of_a_great_many_lines_is_split_in_a_moment(text: str) -> None:
    began = time.monotonic()
    assert "".join(part.text for part in split(text)) == text
    assert time.monotonic() - began < 10  # quadratic reading took minutes
