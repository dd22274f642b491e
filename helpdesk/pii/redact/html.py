"""HTML without what was found in it; offsets are those of the HTML as it came."""

import re
from collections.abc import Iterable, Iterator

from helpdesk.pii.redact.text import MARK, Span, joined, spans_of
from helpdesk.pii.values import Finding

TAG = re.compile(
    r"<(/?)([a-zA-Z][\w:-]*)(?:\"[^\"]*\"|'[^']*'|[^'\"<>])*>|<!--.*?(?:-->|\Z)|<![^>]*>", re.DOTALL
)
ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});?")
IN_TAG = "removed"  # a mark without brackets, for inside an attribute


def redact_html(html: str, findings: Iterable[Finding]) -> str:
    """The HTML with each finding's characters removed, whatever tags part them.

    A tag within a finding keeps its name and loses its attributes, so that the page
    stays in shape; a comment within one goes. A finding that cuts an entity takes it whole.
    """
    tags = list(TAG.finditer(html))
    wide = (_whole_tags(*_whole_entities(html, *span), tags) for span in spans_of(findings, len(html)))
    out, at = [], 0
    for start, end in joined(wide):
        out += [html[at:start], *_without(start, end, tags)]
        at = end
    return "".join([*out, html[at:]])


def _without(start: int, end: int, tags: list[re.Match[str]]) -> Iterator[str]:
    """The mark, and the tags of this span without their attributes."""
    if any(tag.start() < start and end < tag.end() for tag in tags):
        yield IN_TAG
        return
    yield MARK
    yield from (_bare(tag) for tag in tags if start <= tag.start() < end)


def _whole_tags(start: int, end: int, tags: list[re.Match[str]]) -> Span:
    """A span that cuts a tag in two takes it whole; one within a tag stays there."""
    for tag in tags:
        if tag.start() < start < tag.end() <= end:
            start = tag.start()
        if start <= tag.start() < end < tag.end():
            end = tag.end()
    return start, end


def _bare(tag: re.Match[str]) -> str:
    return f"<{tag[1]}{tag[2]}>" if tag[2] else ""


def _whole_entities(html: str, start: int, end: int) -> Span:
    for found in ENTITY.finditer(html, max(start - 40, 0), min(end + 40, len(html))):
        if found.start() < start < found.end():
            start = found.start()
        if found.start() < end < found.end():
            end = found.end()
    return start, end
