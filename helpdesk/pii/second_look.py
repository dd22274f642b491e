"""A second look at what a doubtful rule holds: is anybody's matter told there at all?

A birth date may be a server's, an address a shop's, ten digits an order's. Rules that know such cases by a bound in the
policy (`reread`) hold only where the careful reader finds a private matter at least so likely.
"""

import math
from collections.abc import Callable, Collection, Iterator, Sequence

from helpdesk.pii.contexts import cut_of, seen_with
from helpdesk.pii.found import Found
from helpdesk.pii.reading import Reading
from helpdesk.pii.rules import Hit, Miss, all_met
from helpdesk.pii.semantic.judge import Semantic
from helpdesk.pii.semantic.masking import Masked
from helpdesk.pii.values import Zone

MOST_LOOKS = 4  # stretches of one mail; with more, the rule holds
# What stands in a field of a record, a message or a table is told by the field; no sentence is there to read.
OF_FIELDS = frozenset({"StructuredData", "TableColumns"})


class SecondLook:
    """Looks once more at the hits of one scan; what was read is remembered."""

    def __init__(self, reader: Callable[[], Semantic] | None) -> None:
        """`reader`: loads the reader at first need; None: nothing is looked at again, every hit stands."""
        self._reader = reader
        self._likely: dict[str, float] = {}

    def standing(
        self, hits: Sequence[Hit], readings: Sequence[Reading], found: Sequence[Found]
    ) -> tuple[Hit, ...]:
        """The hits that hold the mail: all of them, unless each is of a doubtful rule; then those whose bound is reached by what they rest on."""
        if self._reader is None or not hits or not all(hit.rule.reread for hit in hits):
            return tuple(hits)
        texts = _texts(hits, readings, found)
        if not texts or not all(map((judge := self._reader()).reads_all_of, texts)):
            return tuple(hits)
        likely = max(self._chance(text, judge) for text in texts)
        return tuple(hit for hit in hits if likely >= hit.rule.reread)

    def _chance(self, text: Masked, judge: Semantic) -> float:
        if text.text not in self._likely:
            read = judge.read_with_care(text, whole=True)
            self._likely[text.text] = 1 / (1 + math.exp(-read.logit)) if read else 1.0
        return self._likely[text.text]


def set_aside(hits: Sequence[Hit], held_by: Collection[str]) -> Iterator[Miss]:
    """Of what the policy says of a mail, the doubtful rules that are no reason to hold it: what they lacked, for explaining.

    `held_by`: the rules that are told as reasons."""
    for hit in hits:
        if hit.rule.reread and not {hit.rule.name, hit.rule.told_by} & set(held_by):
            yield Miss(hit.rule, len(hit.rule.needs), ("anybody's private matter, at a second look",))


def _texts(hits: Sequence[Hit], readings: Sequence[Reading], found: Sequence[Found]) -> list[Masked]:
    """What to read of these hits, each once. Nothing where a finding stands in no stretch (a signature, a file name), in a field, or they are too many."""
    cut = cut_of(list({id(one): one for one in (*readings, *(one.reading for one in found))}.values()), found)
    windows = {id(one.reading): one.windows for one in cut}
    texts: dict[str, Masked] = {}
    for one in (finding for hit in hits for finding in all_met(hit.rule, found)):
        at = next((some for some in windows[id(one.reading)] if some.start <= one.start < some.end), None)
        if (
            at is None
            or one.zone is Zone.FILE_NAME
            or (one.recognizer in OF_FIELDS and one.entity != "PERSON")
        ):
            return []
        text = seen_with(at, one.reading, cut)
        texts[text.text] = text
        if len(texts) > MOST_LOOKS:
            return []
    return list(texts.values())
