"""HTML to text, with a way back: what a reader sees and what is hidden alike.

Cells of a table row are parted by tabs and rows by line ends, so that a header cell
stands over its column. Inline tags leave nothing behind, so a number split over spans
is whole again. Comments, hidden elements and the words in attributes are read too,
because whoever opens the source reads them. One pass over the text; no tree is built.
"""

import html as entities
import re
from collections.abc import Iterator

from helpdesk.pii.text import Mapped, build, spaced

_BLOCK = spaced(
    "address article aside blockquote body br caption center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 head header hr html "
    "legend li main nav ol option p pre section select table tbody textarea tfoot thead title tr ul"
)
_SKIPPED = ("script", "style")
_TAG_NAME = re.compile(r"</?([a-zA-Z][a-zA-Z0-9:]*)")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});?")
_ATTRIBUTE = re.compile(
    r"""\b(alt|title|value|content|placeholder|aria-label|data-[\w-]{1,40})\s{0,3}=\s{0,3}(?:"([^"]*)"|'([^']*)')""",
    re.IGNORECASE,
)
_SPACE = re.compile(r"[ \t\r\n\f]+")
Made = tuple[int, int, str | None]


def read_html(raw: str) -> Mapped:
    """The text of an HTML document; linear in its length."""
    return build(_walk(raw), Mapped(raw, None, len(raw)))


def _walk(raw: str) -> Iterator[Made]:
    at, size = 0, len(raw)
    last_close = raw.rfind("-->")  # known once, so that unclosed comments cost nothing each
    while at < size:
        opening = raw.find("<", at)
        if opening < 0:
            yield from _text(raw, at, size)
            return
        yield from _text(raw, at, opening)
        at, made = _markup(raw, opening, last_close)
        yield from made


def _markup(raw: str, at: int, last_close: int) -> tuple[int, list[Made]]:
    """What a `<` opens: where it ends, and what it reads as."""
    if raw.startswith("<!--", at):
        return _comment(raw, at, last_close)
    name = _TAG_NAME.match(raw, at)
    if name is None and not raw.startswith(("<!", "<?"), at):
        return at + 1, [(at, at + 1, None)]
    end = _end_of_tag(raw, at)
    if name is None:
        return end, []
    tag = name.group(1).lower()
    if tag in _SKIPPED and raw[at + 1] != "/":
        close = _find_closing(raw, tag, end)
        return close, [(at, close, "\n")]
    return end, [(at, at + 1, _stands_for(tag, raw[at + 1] == "/")), *_attributes(raw, at, end)]


def _stands_for(tag: str, closing: bool) -> str:
    if tag in ("td", "th"):
        return "\t" if closing else ""
    return "\n" if tag in _BLOCK else ""


def _end_of_tag(raw: str, at: int) -> int:
    """Past the `>`, which may stand in a quoted attribute; bounded, so an open quote costs little."""
    end = raw.find(">", at)
    if end < 0:
        return len(raw)
    quoted = raw.count('"', at, end) % 2 == 1
    if quoted:
        later = raw.find('"', end, end + 10_000)
        end = raw.find(">", later) if later >= 0 and raw.find(">", later, later + 10_000) >= 0 else end
    return end + 1


def _find_closing(raw: str, tag: str, at: int) -> int:
    match = re.compile(f"</{tag}[^>]{{0,100}}>", re.IGNORECASE).search(raw, at)
    return match.end() if match else len(raw)


def _comment(raw: str, at: int, last_close: int) -> tuple[int, list[Made]]:
    close = raw.find("-->", at + 4) if last_close >= at + 4 else -1
    if close < 0:
        return at + 4, [(at, at + 4, "\n")]  # unclosed: what follows is read as text
    if raw.startswith(("<!--[if", "<!--<![", "<!--["), at):
        return close + 3, []
    inner = [(at, at + 4, "\n"), *_text(raw, at + 4, close), (close, close + 3, "\n")]
    return close + 3, inner


def _attributes(raw: str, at: int, end: int) -> Iterator[Made]:
    if end - at < 8:
        return
    for match in _ATTRIBUTE.finditer(raw, at, end):
        group = 2 if match.group(2) is not None else 3
        if len(match.group(group)) > 3:
            yield match.start(), match.start() + 1, "\n"
            yield from _text(raw, match.start(group), match.end(group))
            yield match.end() - 1, match.end(), "\n"


def _text(raw: str, start: int, end: int) -> Iterator[Made]:
    """Text between tags: entities decoded, runs of white space made one."""
    at = start
    for match in _TOKEN.finditer(raw, start, end):
        yield at, match.start(), None
        made = match.group()
        yield match.start(), match.end(), entities.unescape(made) if made[0] == "&" else " "
        at = match.end()
    yield at, end, None


_TOKEN = re.compile(f"{_ENTITY.pattern}|{_SPACE.pattern}")
