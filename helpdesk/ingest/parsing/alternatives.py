"""Whether the alternatives of a mail say the same (RFC 2046 section 5.1.4)."""

import html
import re
from collections.abc import Iterable

from helpdesk.ingest.parsing.parts import Made

MOST_CHARACTERS = 200_000
SAME = 0.6  # of the words of one that stand in the other; link targets and pictures make the rest
FEW_WORDS = 4
_WORD = re.compile(r"\w{2,}")
# What nothing closes goes on to the end (HTML, section 13.2.5), and each is looked at once however many stand open.
_UNSEEN = re.compile(
    r"<(style|script|title)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)", re.DOTALL | re.IGNORECASE
)
_TAG = re.compile(r"<[^>]{0,1000}>")


def differ(made: Iterable[Made]) -> bool:
    """Whether two text alternatives of one multipart have mostly different words."""
    groups: dict[int, list[Made]] = {}
    for one in made:
        if one.alternative and one.part.text.strip():
            groups.setdefault(one.siblings, []).append(one)
    return any(_pair_differs(group[0], other) for group in groups.values() for other in group[1:3])


def _pair_differs(one: Made, other: Made) -> bool:
    return not (_mostly_in(one, other) and _mostly_in(other, one))


def _mostly_in(one: Made, other: Made) -> bool:
    seen = _words(_visible(one))
    if len(seen) < FEW_WORDS:
        return True
    return len(seen & _words(_source(other))) >= SAME * len(seen)


def _visible(made: Made) -> str:
    text = made.part.text[:MOST_CHARACTERS]
    if made.part.media_type != "text/html":
        return text
    return html.unescape(_TAG.sub(" ", _UNSEEN.sub(" ", text)))


def _source(made: Made) -> str:
    """All of it, tags too: a link's target stands in the plain text as words."""
    text = made.part.text[:MOST_CHARACTERS]
    return html.unescape(_TAG.sub(_spaced, text)) if made.part.media_type == "text/html" else text


def _spaced(tag: re.Match[str]) -> str:
    return f" {tag[0]} "


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold()))
