"""Ages as notes give them: 72M, 45yo, aged 83, F/34, 31+2 for weeks."""

import re
from collections.abc import Iterator

from helpdesk.pii.reading import Reading
from helpdesk.pii.recognizers.base import Hit, Recognizer

_AGE = re.compile(
    r"(?<![\w.,/£-])(?:(?:aged?|age is|age:) ?\d{1,3}\b(?! (?:days|hours|minutes|or over|and over|plus))|\d{1,3} ?(?:yo|y/o|yrs? old|years? old|year[- ]old|yr[- ]old|-year-old|months? old|month[- ]old|weeks? old|week[- ]old|days? old|day[- ]old)\b|"
    r"\d{1,2} ?(?:yo )?(?:m|f|male|female)\b(?![\w'])|(?:m|f)[ /]?\d{2}\b(?![./:-]\d))"
)


class Age(Recognizer):
    ENTITIES = ("AGE",)

    def hits(self, reading: Reading) -> Iterator[Hit]:
        if not reading.has_digits:
            return
        for match in _AGE.finditer(reading.lower):
            worded = any(word in match.group() for word in ("age", "old", "yo", "y/o", "male"))
            yield Hit("AGE", match.start(), match.end(), 0.7 if worded else 0.4, "an age")
