"""Religion, origin, orientation or the like of named people, told by codes in running text.

`Colm Devlin is down as P` tells what the law counts as special to whoever knows the codes of the return it speaks of.
"""

import re
from collections.abc import Iterator

from helpdesk.pii.reading import Reading
from helpdesk.pii.recognizers.base import Hit, Recognizer
from helpdesk.pii.recognizers.equality import equality_rows

_TOPIC = re.compile(
    r"\b(?:article 55|fair employment|community background|perceived religio\w+|religio(?:n|us)\b|ethnic\w*|sexual orientation|equality (?:return|extract|monitoring|data|codes?|report)|monitoring (?:return|form|extract|screen)|"
    r"wres|wdes|disability (?:code|status|field)|union (?:code|deductions?|field))"
)
_TOPICS = ("article 55", "fair employment", "community background", "religio", "ethnic", "sexual orientation", "equality ", "monitoring ", "wres", "wdes", "disability ", "union ")  # fmt: skip
_TAUGHT = re.compile(r"\b(?:training|courses?|modules?|e-?learning|webinars?|test (?:record|data|user)s?)\b")
_CODED = re.compile(
    r"(?<![\w.])[A-ZÀ-Þ][\w'-]+(?: [A-ZÀ-Þ][\w'-]+){1,2} (?:(?:is|was|were|has been|still|now|comes?|goes|went|should be) ){0,2}"
    r"(?:(?:down|up|recorded|coded|listed|marked|entered|set|put|classed|shown|shows?|showing)(?: (?:down|up))? (?:as|to|under|with)|has|shows?) (?:a |an |code |as )?[\"'(]?(?P<code>[A-Z]{1,2}|\d{1,2})(?![\w-])"
)
REACH = 300


class CodedCategory(Recognizer):
    """A name with a code, where the text around speaks of such a return, extract or field; or with answers in one row."""

    ENTITIES = ("SPECIAL_CODE",)

    def hits(self, reading: Reading) -> Iterator[Hit]:
        yield from equality_rows(reading.text)
        if not any(sign in reading.lower for sign in _TOPICS) or not _TOPIC.search(reading.lower):
            return
        for match in _CODED.finditer(reading.text):
            around = reading.lower[max(0, match.start() - REACH) : match.end() + REACH]
            if _TOPIC.search(around) and not _TAUGHT.search(around):
                yield Hit("SPECIAL_CODE", *match.span(), 0.8, "a code beside a name")
