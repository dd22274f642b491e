"""Where a name not yet found could change the verdict, so that the model reads only there."""

import re
from collections.abc import Iterator, Sequence

from helpdesk.pii import names
from helpdesk.pii.evidence import sentences
from helpdesk.pii.found import Found
from helpdesk.pii.matters import chance_with_a_name
from helpdesk.pii.reading import Reading, words_in

ENOUGH = 0.5
MOST_STRETCHES = 20
_CAPITAL = re.compile(r"\b[A-ZÀ-Þ][^\W\d_]+")
_NEAR_A_NAME = {"DATE_OF_BIRTH": 0.4, "ADDRESS": 0.5, "HOSPITAL_NUMBER": 0.35}


def where_names_matter(found: Sequence[Found]) -> list[tuple[Reading, int, int]]:
    """Stretches (reading, start, end): sentences that a name would turn, and what stands by a date, address or number."""
    spans = dict.fromkeys([*_sentences(found), *_beside(found)])
    return [span for span in spans if _may_hold_a_name(span[0].text[span[1] : span[2]])][:MOST_STRETCHES]


def _sentences(found: Sequence[Found]) -> Iterator[tuple[Reading, int, int]]:
    for sentence in sentences(found):
        if (
            not sentence.persons
            and any(one.score >= 0.15 for one in sentence.words)
            and chance_with_a_name(sentence) >= ENOUGH
        ):
            yield sentence.reading, max(0, sentence.reading.sentence_before(sentence.start)), sentence.end


def _beside(found: Sequence[Found]) -> Iterator[tuple[Reading, int, int]]:
    for one in found:
        if one.score >= _NEAR_A_NAME.get(one.entity, 2.0):
            yield one.reading, max(0, one.start - 90), min(len(one.reading.text), one.end + 60)


def _may_hold_a_name(text: str) -> bool:
    return any(not names.is_ordinary(word.group().lower()) for word in _CAPITAL.finditer(text))


def plausible(text: str) -> bool:
    """A span of the model that has a word with a capital that is no ordinary word, and no digit."""
    return (
        not any(c.isdigit() for c in text)
        and len(text) < 60
        and any(not names.is_ordinary(word.low) and text[word.start].isupper() for word in words_in(text))
    )
