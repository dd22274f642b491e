"""Text made plain keeps a way back to the text as it came."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.pii.html import read_html
from helpdesk.pii.text import fold, normalise

HOSTILE = st.text(st.sampled_from("ab 0１９\u00ad\u200b\u00a0=\n\r\t20E2’é\u0301<&;>٣"), max_size=80)


@given(HOSTILE)
def test_each_character_leads_back_into_the_original(raw: str) -> None:
    plain = normalise(raw)
    for at in range(len(plain.text)):
        start, end = plain.back(at, at + 1)
        assert 0 <= start <= end <= len(raw)


@given(HOSTILE)
def test_the_way_back_never_turns_round(raw: str) -> None:
    plain = normalise(raw)
    starts = [plain.back(at, at + 1)[0] for at in range(len(plain.text))]
    assert starts == sorted(starts)


@given(st.text(st.sampled_from('<div>/ab&amp;"=!-'), max_size=80))
def test_any_html_is_read_and_leads_back(raw: str) -> None:
    page = read_html(raw)
    for at in range(len(page.text)):
        start, end = page.back(at, at + 1)
        assert 0 <= start <= end <= len(raw)


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("NHS ９９９ ０００ ００１８", "NHS 999 000 0018"),
        ("999\u200b000\u00ad0018", "9990000018"),
        ("999\u00a0000\u20110018", "999 000-0018"),
        ("Siobha\u0301n", "Siobhan"),
        ("DOB=3D01=2F02=\n/1950 =20x =20y", "DOB=01/02/1950  x  y"),
        ("٩٩٩ ٠٠٠", "999 000"),
    ],
)
def test_disguised_characters_are_made_plain(raw: str, plain: str) -> None:
    assert normalise(raw).text == plain


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<p>999 <b>000</b> <span>00</span><span>18</span></p>", "999 000 0018"),
        ("<div style='display:none'>hidden 999</div>", "hidden 999"),
        ("<!-- Mary Bevan -->x", "Mary Bevan"),
        ("<td>DOB</td><td>1/2/1950</td>", "DOB\t1/2/1950"),
        ("a&nbsp;b &#57;99", "a\xa0b 999"),
        ("<img alt='Mary Bevan scan'>", "Mary Bevan scan"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
    ],
)
def test_what_a_reader_sees_and_what_is_hidden_are_both_read(page: str, text: str) -> None:
    assert text in read_html(page).text


def test_scripts_are_not_text() -> None:
    assert "secret" not in read_html("<script>secret()</script><style>.secret{}</style>x").text


def test_unclosed_comments_cost_no_more_than_their_length() -> None:
    begun = time.process_time()
    read_html("<div><!-- " * 40_000)
    assert time.process_time() - begun < 3


def test_names_fold_to_plain_letters() -> None:
    assert [fold(name) for name in ("Małgorzata", "Ní", "Çelik", "Jørgen")] == [
        "malgorzata",
        "ni",
        "celik",
        "jorgen",
    ]
