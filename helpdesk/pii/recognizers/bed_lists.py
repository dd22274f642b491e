"""Lists of beds with who lies in each and with what: `2 Mrs Orme, sepsis, 2nd dose` under `3 empty`."""

import re
from collections.abc import Iterator

from helpdesk.pii import cues
from helpdesk.pii.lexicon import load_lexicon
from helpdesk.pii.reading import Reading, words_in
from helpdesk.pii.recognizers.base import Hit, Recognizer

_TITLE = r"(?:Mr|Mrs|Ms|Miss|Mx|Master|Mstr|Baby)"
_LINE = re.compile(
    rf"^[ \t>|*-]{{0,12}}(?:[Bb](?:ed|ay)? ?)?[A-D]?\d{{1,2}}[.):]?[ \t|]{{1,6}}{_TITLE}\.? (?:[A-Z] )?[A-ZÀ-Þ][\w'’-]{{1,24}}(?: [A-ZÀ-Þ][\w'’-]{{1,24}})?(?:[ \t]{{0,3}}[,:|/\t(-]|[ ]{{2}})(?P<rest>[^\n]{{2,160}})",
    re.MULTILINE,
)
_TITLES = (" Mr", " Ms", " Miss", " Mx", " Master", " Mstr", " Baby", "\tM", "|M")
_TITLED = re.compile(rf"\d[.):]?[ \t|]{{1,6}}{_TITLE}\b")
_ON_A_WARD = re.compile(
    r"\b(?:beds?|bays?|ward|w\d{1,2}|huddle|hand ?over|board round|side ?room|s/r|empty|closed|take|list|theatre|obs|bloods|home today|eol|tto)\b"
)
_OF_WORK = re.compile(
    r"\b(?:audit|training|guidelines?|polic(?:y|ies)|pathways?|forms?|templates?|reports?|lockers?|keys?|rotas?|updates?|reviews? of|business case|project|printer|laptop|pc|login|password)\b"
)
_MATTERS = frozenset({"HEALTH", "MENTAL_HEALTH", "SEXUAL_HEALTH", "MATERNITY", "DEATH"})


class BedList(Recognizer):
    """Score 0.7 from two lines of named people on, of which two tell what is wrong with them."""

    ENTITIES = ("CLINICAL_DOCUMENT",)

    def load(self) -> None:
        load_lexicon()

    def hits(self, reading: Reading) -> Iterator[Hit]:
        if not any(title in reading.text for title in _TITLES) or not _TITLED.search(reading.text):
            return
        lines = [match for match in _LINE.finditer(reading.text) if not _of_meetings(match.group("rest"))]
        told = [match for match in lines if _tells(match.group("rest"))]
        if len(told) >= 2 and _ON_A_WARD.search(reading.lower):
            yield Hit(
                "CLINICAL_DOCUMENT", told[0].start(), told[-1].end(), 0.7, "a list of beds and who is in them"
            )


def _of_meetings(rest: str) -> bool:
    low = rest.lower()
    return bool(cues.EVENT.search(low) or _OF_WORK.search(low))


def _tells(rest: str) -> bool:
    return any(term.entity in _MATTERS for _, _, term in load_lexicon().match(words_in(rest)))
