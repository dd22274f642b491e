"""A mail's HTML made safe to show: its structure stays, whatever could run, load or disguise goes.

Three passes: nh3 keeps an allowed set; our own pass says where links really lead, what image
was left out, and folds quotations; nh3 has the last word over what we wrote.
"""

import re
from collections import Counter
from html import escape
from html.parser import HTMLParser
from urllib.parse import urlsplit

import nh3
from markupsafe import Markup

from helpdesk.web.shown import undisguised

LONGEST = 400_000
DEEPEST = 500
TOO_DEEP = Markup('<p class="app-left-out">[The formatted version is nested too deeply to be shown.]</p>')
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,15})")
# Mails often leave these open; the next one closes them, so they do not nest.
_CLOSE_THEMSELVES = frozenset(
    [
        "br",
        "hr",
        "img",
        "input",
        "meta",
        "link",
        "col",
        "wbr",
        "p",
        "li",
        "tr",
        "td",
        "th",
        "dt",
        "dd",
        "tbody",
        "thead",
        "tfoot",
        "option",
    ]
)
_TAG_NAMES = (
    "a abbr b blockquote br caption cite code dd del div dl dt em h1 h2 h3 h4 h5 h6 hr i img ins li ol p pre "
    "q s small span strike strong sub sup table tbody td tfoot th thead tr tt u ul"
)
TAGS = frozenset(_TAG_NAMES.split())
ATTRIBUTES = {"a": {"href"}, "img": {"alt"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}
OURS = {"span": {"class"}, "details": {"class"}, "bdi": {"class"}}
SCHEMES = {"http", "https", "mailto", "tel"}
REL = "noopener noreferrer nofollow"
VOID = frozenset({"br", "hr", "img"})
# Their content is no text that anybody was meant to read.
DROPPED = {"script", "style", "title", "head", "template", "noscript", "object", "svg", "math"}
# A mail's headings would break the page's own outline.
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


def safe_html(html: str) -> Markup:
    """The HTML as it may stand in our page. Loads nothing, runs nothing, hides no address."""
    if is_too_deep(html[:LONGEST]):
        return TOO_DEEP
    first = nh3.clean(
        undisguised(html[:LONGEST]),
        tags=set(TAGS),
        clean_content_tags=DROPPED,
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        url_schemes=SCHEMES,
        url_relative="deny",
        link_rel=None,
        strip_comments=True,
    )
    rewriter = _Rewriter()
    rewriter.feed(first)
    rewriter.close()
    tags = (set(TAGS) - {"img"} - HEADINGS) | {"details", "summary", "bdi"}
    return Markup(  # noqa: S704 (nh3's own output)
        nh3.clean(
            rewriter.written(),
            tags=tags,
            attributes={**{t: set(n) for t, n in ATTRIBUTES.items() if t != "img"}, **OURS},
            url_schemes=SCHEMES,
            link_rel=REL,
        )
    )


def is_too_deep(html: str) -> bool:
    """Whether elements stand in each other deeper than any mail needs.

    Reading such HTML takes the square of its length: 25 s for 400 kB of open divisions.
    """
    open_now: Counter[str] = Counter()
    for closing, name in _TAG.findall(html):
        tag = name.lower()
        if tag in _CLOSE_THEMSELVES:
            continue
        if not closing:
            open_now[tag] += 1
            if open_now.total() > DEEPEST:
                return True
        elif open_now[tag]:
            open_now[tag] -= 1
    return False


def real_host(href: str) -> str:
    """Where a link leads, read as a browser reads it; shown beside a text that does not say so."""
    try:
        parts = urlsplit(href.strip().replace("\\", "/"))
        host = parts.hostname or ""
    except ValueError:
        return "an address that cannot be read"
    if parts.scheme == "mailto":
        return parts.path
    return _ascii(host) or parts.path.strip("/")


def _ascii(host: str) -> str:
    """The host in letters that cannot be taken for others (RFC 5890)."""
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return host


class _Rewriter(HTMLParser):
    """Reads what nh3 wrote, which is well formed, and writes it again with our additions."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._out: list[str] = []
        self._open: list[str] = []
        self._quotes = 0
        self._href = ""
        self._label: list[str] = []

    def written(self) -> str:
        return "".join(self._out)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "img":
            self._write_image(values.get("alt", ""))
        elif tag == "blockquote":
            self._start_quote()
        elif tag in HEADINGS:
            self._out.append("<p><strong>")
        else:
            self._start(tag, values)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._end_link()
        elif tag == "blockquote":
            self._end_quote()
        elif tag in HEADINGS:
            self._out.append("</strong></p>")
        elif tag not in VOID:
            self._out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if self._href:
            self._label.append(data)
        self._out.append(escape(data, quote=False))

    def _start(self, tag: str, values: dict[str, str]) -> None:
        if tag == "a":
            self._href, self._label = values.get("href", ""), []
        written = "".join(f' {name}="{escape(value)}"' for name, value in values.items())
        self._out.append(f"<{tag}{written}>")

    def _write_image(self, alt: str) -> None:
        said = f": {alt.strip()}" if alt.strip() else ""
        self._out.append(f'<span class="app-left-out">[image not shown{escape(said, quote=False)}]</span>')

    def _start_quote(self) -> None:
        if self._quotes == 0:
            self._out.append('<details class="app-quoted"><summary>Quoted text</summary>')
        self._quotes += 1
        self._out.append("<blockquote>")

    def _end_quote(self) -> None:
        self._out.append("</blockquote>")
        self._quotes -= 1
        if self._quotes == 0:
            self._out.append("</details>")

    def _end_link(self) -> None:
        """After the link, its host in brackets, unless the link's own text is that host or address."""
        self._out.append("</a>")
        host = real_host(self._href) if self._href else ""
        if host and not _says(host, "".join(self._label), self._href):
            self._out.append(f' <span class="app-real-host">({escape(host, quote=False)})</span>')
        self._href = ""


def _says(host: str, label: str, href: str) -> bool:
    """Whether the text of a link is where it leads: its host, or its whole address."""
    said = label.strip().lower()
    bare = said.removeprefix("https://").removeprefix("http://").removeprefix("mailto:").rstrip("/")
    return bool(said) and (bare == host.lower() or said == href.strip().lower())
