"""Text and HTML: what was found is gone, all else stays as it was."""

import html as html_module
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.pii.redact import MARK, redact_html, redact_text
from tests.pii.redact.conftest import finding

spans = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=6)


@given(st.text(max_size=50), spans)
def test_only_what_was_found_is_replaced(text: str, places: list[tuple[int, int]]) -> None:
    found = [finding(start, end) for start, end in places]
    gone = {offset for start, end in places for offset in range(start, end)}
    kept = "".join(
        "\0" if offset in gone else character for offset, character in enumerate(text) if character != "\0"
    )
    redacted = redact_text(text.replace("\0", ""), found)
    if "\0" not in text and MARK not in text:
        assert redacted == re.sub("\0+", MARK.replace("\\", ""), kept)


def test_findings_that_overlap_or_touch_are_one_mark() -> None:
    assert (
        redact_text("NHS 485 777 3456 end", [finding(4, 11), finding(8, 14), finding(14, 16)])
        == f"NHS {MARK} end"
    )


def test_no_findings_change_nothing() -> None:
    assert (redact_text("as it is", []), redact_html("<p>as it is", [])) == ("as it is", "<p>as it is")


HTML = [
    ("<p>NHS <b>485</b> 777</p>", "485</b> 777", f"<p>NHS <b>{MARK}</b></p>"),
    ("<p>NHS 485<b title='777'> 777</b></p>", "485<b title='777'> 777", f"<p>NHS {MARK}<b></b></p>"),
    ('<a href="mailto:ann@x.org">mail</a>', "ann@x.org", '<a href="mailto:removed">mail</a>'),
    ("a 485<!-- 777 -->3456 b", "485<!-- 777 -->3456", f"a {MARK} b"),
    ("x 485&nbsp;777 y", "485&nb", f"x {MARK}777 y"),
    ("x &#52;85 y", "52;85", f"x {MARK} y"),
    ("<p>plain</p>", "plain", f"<p>{MARK}</p>"),
    ("<td>485</td><td>777</td>", "485</td><td>777", f"<td>{MARK}</td><td></td>"),
]


@pytest.mark.parametrize(("source", "string", "wanted"), HTML)
def test_html_keeps_its_shape(source: str, string: str, wanted: str) -> None:
    start = source.index(string)
    assert redact_html(source, [finding(start, start + len(string))]) == wanted


@given(
    st.lists(
        st.sampled_from(["<b>", "</b>", "<i x='7'>", "</i>", "4", "85", " ", "&nbsp;", "<!-- 7 -->", "word"]),
        max_size=12,
    ),
    spans,
)
def test_no_found_character_is_left_in_html(pieces: list[str], places: list[tuple[int, int]]) -> None:
    source = "".join(pieces)
    redacted = redact_html(source, [finding(start, end) for start, end in places])
    inside = {offset for start, end in places for offset in range(start, min(end, len(source)))}
    digits_kept = sum(c.isdigit() for o, c in enumerate(source) if o not in inside)
    assert sum(c.isdigit() for c in html_module.unescape(redacted)) <= digits_kept
