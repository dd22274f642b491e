"""A mail's HTML on an agent's page: nothing runs, nothing loads, no link hides where it leads."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.web.ticket.mail_html import LONGEST, real_host, safe_html

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<iframe src='javascript:alert(1)'></iframe>",
    "<object data='https://t.example/x'></object><embed src='https://t.example/x'>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='  java\nscript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='vbscript:x'>x</a>",
    "<form action='https://t.example'><input name=password><button>Sign in</button></form>",
    "<style>body{background:url(https://t.example/p)}</style>",
    "<link rel=stylesheet href='https://t.example/a.css'>",
    "<meta http-equiv=refresh content='0;url=https://t.example'>",
    "<base href='https://t.example/'>",
    "<p style=\"background:url('https://t.example/p')\">x</p>",
    "<div style='position:fixed;inset:0'>over the page</div>",
    "<table background='https://t.example/p'><td background='https://t.example/p'>x</table>",
    "<video poster='https://t.example/p' src='https://t.example/v'></video>",
    "<img srcset='https://t.example/p 2x'><picture><source srcset='https://t.example/p'></picture>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<template><img src=x onerror=alert(1)></template>",
    "<p onclick='alert(1)' onmouseover=alert(1)>x</p>",
    "<a href='https://ok.example' onclick='alert(1)' style='x' target='_blank' ping='https://t.example'>x</a>",
    "<p id='maincontent' class='app-warning'>x</p>",
    "<input autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)><summary>x</summary></details>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<a href='/admin/users/add'>x</a>",
    "</div></article></main><h1>Sign in again</h1>",
    "<plaintext><img src=x onerror=alert(1)>",
    "<img alt='\"><script>alert(1)</script>'>",
    "<bdo dir=rtl>gpj.exe</bdo>",
    "<body onload=alert(1)><html><frameset onload=alert(1)>",
    "<portal src='https://t.example'></portal><dialog open>x</dialog>",
]
NAMES = (
    "a abbr b bdi blockquote br caption cite code dd del details div dl dt em hr i ins li ol p pre q s small "
    "span strike strong sub summary sup table tbody td tfoot th thead tr tt u ul"
)
ALLOWED_TAGS = set(NAMES.split())
ALLOWED_ATTRIBUTES = {"href", "rel", "class", "colspan", "rowspan"}
CLASSES = {"app-quoted", "app-left-out", "app-real-host"}


class Inspector(HTMLParser):
    """Fails on whatever the page must not have."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = 0
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ALLOWED_TAGS
        for name, value in attrs:
            assert name in ALLOWED_ATTRIBUTES
            if name == "href":
                assert re.match(r"(https?:|mailto:|tel:)", value or "")
            if name == "class":
                assert value in CLASSES
        self.depth += tag not in ("br", "hr")

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag not in ("br", "hr")
        assert self.depth >= 0

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment of {len(data)} characters is left")

    def handle_data(self, data: str) -> None:
        self.text += data


def inspect(html: str) -> str:
    """The text of the safe HTML, after every tag and attribute was looked at."""
    inspector = Inspector()
    inspector.feed(safe_html(html))
    inspector.close()
    assert inspector.depth == 0
    return inspector.text


@pytest.mark.parametrize("html", HOSTILE)
def test_hostile_html_is_made_harmless(html: str) -> None:
    inspect(f"<p>before</p>{html}<p>after</p>")


@given(
    st.lists(
        st.sampled_from(
            [
                *HOSTILE,
                "<blockquote>",
                "</blockquote>",
                "<a href='http://x.example'>",
                "</a>",
                "<h1>",
                "text & <",
            ]
        ),
        max_size=12,
    )
)
def test_any_mixture_of_hostile_html_is_made_harmless(pieces: list[str]) -> None:
    inspect("".join(pieces))


@given(st.text(max_size=200))
def test_any_text_at_all_is_made_harmless(text: str) -> None:
    inspect(text)


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        (
            '<a href="https://evil.example/x">https://portal.nhs.uk</a>',
            "https://portal.nhs.uk (evil.example)",
        ),
        ('<a href="https://portal.nhs.uk/">portal.nhs.uk</a>', "portal.nhs.uk"),
        ('<a href="https://portal.nhs.uk">https://portal.nhs.uk/</a>', "https://portal.nhs.uk/"),
        ('<a href="https://a.example/p?q=1">https://a.example/p?q=1</a>', "https://a.example/p?q=1"),
        ('<a href="https://a.example/p">here</a>', "here (a.example)"),
        (
            '<a href="https://a.example/p"><img src=x alt="Sign in"></a>',
            "[image not shown: Sign in] (a.example)",
        ),
        ('<a href="https://portal.nhs.uk@evil.example/">portal.nhs.uk</a>', "portal.nhs.uk (evil.example)"),
        ('<a href="https://evil.example\\@portal.nhs.uk/">portal.nhs.uk</a>', "portal.nhs.uk (evil.example)"),
        ('<a href="https://pörtal.example/">portal</a>', "portal (xn--prtal-jua.example)"),
        ('<a href="mailto:evil@x.example">help@nhs.uk</a>', "help@nhs.uk (evil@x.example)"),
        ('<a href="mailto:help@nhs.uk">help@nhs.uk</a>', "help@nhs.uk"),
        ('<a href="https://evil.example/"><b>nhs</b>.uk</a>', "nhs.uk (evil.example)"),
        ('<a href="https://evil.example/"></a>', " (evil.example)"),
        ("<a>no link</a>", "no link"),
    ],
)
def test_a_link_shows_where_it_leads_unless_its_text_says_so(html: str, shown: str) -> None:
    assert inspect(html) == shown


def test_links_carry_no_referrer_and_no_opener() -> None:
    assert 'rel="noopener noreferrer nofollow"' in safe_html('<a href="https://a.example">x</a>')


def test_an_image_leaves_its_words_and_loads_nothing() -> None:
    safe = safe_html('<p>Look: <img src="cid:1" alt="the screen"> and <img src="http://t.example/p.gif"></p>')
    assert "[image not shown: the screen]" in safe
    assert "[image not shown]" in safe
    assert "t.example" not in safe


def test_quotations_are_folded_and_kept() -> None:
    html = "<p>new</p><blockquote>old<blockquote>older</blockquote></blockquote><p>end</p>"
    assert safe_html(html).count("<details") == 1
    assert inspect(html) == "newQuoted textoldolderend"


def test_the_structure_that_carries_meaning_stays() -> None:
    html = "<ul><li>one</li><li><b>two</b></li></ul><table><tr><td colspan=2>cell</td></tr></table>"
    safe = safe_html(html)
    assert "<li><b>two</b></li>" in safe
    assert 'colspan="2"' in safe


def test_headings_of_a_mail_do_not_join_the_pages_outline() -> None:
    assert safe_html("<h1>Notice</h1>") == "<p><strong>Notice</strong></p>"


def test_characters_that_turn_text_round_are_taken_out() -> None:
    assert inspect("<p>invoice\u202efdp.exe</p>") == "invoicefdp.exe"


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 20_000 + "deep",
        "<blockquote>" * 5_000 + "x",
        "<a href='http://x.example'>" * 5_000,
        "<b>" * 50_000,
    ],
    ids=["divisions", "quotations", "links", "bold"],
)
def test_a_mail_nested_without_end_does_not_stop_the_page(html: str) -> None:
    inspect(html)


def test_a_long_list_of_unclosed_paragraphs_is_not_deep() -> None:
    assert "nested too deeply" not in inspect("<ul>" + "<li>one<p>two<br>" * 3_000 + "</ul>")
    assert "nested too deeply" not in inspect("<div><div>x</div></div>" * 3_000)


@pytest.mark.parametrize("html", ["<div></x>" * 2_000, "<DIV>" * 2_000, "<div class=a>" * 2_000])
def test_depth_is_not_hidden_by_other_tags(html: str) -> None:
    assert "nested too deeply" in inspect(html)


def test_only_so_much_of_a_mail_is_shown() -> None:
    assert len(safe_html("x" * (LONGEST + 10))) == LONGEST


def test_an_address_that_cannot_be_read_is_called_that() -> None:
    assert real_host("http://[::1") == "an address that cannot be read"
