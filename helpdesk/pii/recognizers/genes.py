"""A named person's genes: `proband Ann Katz`, `Ann Katz, BRCA1 c.5266dup`, `c.68_69del for Ann Katz`."""

import re
from collections.abc import Iterator

from helpdesk.pii import names
from helpdesk.pii.reading import Reading
from helpdesk.pii.recognizers.base import Hit, Recognizer
from helpdesk.pii.text import fold

_NAME = r"(?P<name>[A-ZÀ-Þ][\w'-]*[^\W\d_] [A-ZÀ-Þ][\w'-]*[^\W\d_])(?! (?:Ltd|Hospital|Centre|Clinic|Lab|Laborator|University|Trust))"
_VARIANT = r"(?:\(?[A-Z][A-Z0-9]{1,7}\)?:? (?:\w{1,12}:)?)?(?:c\.[-*]?\d[\d_+*-]*(?:[ACGT]>[ACGT]|del|dup|ins)\w*|p\.\(?[A-Z][a-z]{2}\d+[A-Za-z*=]+)"
_PROBAND = re.compile(rf"\b(?i:probands?|consultands?|index (?:case|patient))(?: (?:is|was)|[,:=-])? {_NAME}")
_THEN_VARIANT = re.compile(
    rf"(?<![\w.]){_NAME}(?:'s|,|:| -)?(?: (?:has|is|was|carries|with|for|a|the|het|hom|carrier|of|her|his|positive|result)){{0,4}} {_VARIANT}"
)
_VARIANT_OF = re.compile(
    rf"{_VARIANT}(?:[ ,(]+(?:het\w*|hom\w*|in|for|of|found|seen|confirmed|patient|pt)\b\)?){{1,4}} {_NAME}"
)
_TITLED = re.compile(r"\b(?:Dr|Prof|Professor|by|from|signed)\.? $")
_NOBODY = re.compile(r"\b(?:test|dummy|training|fictitious|made[ -]up|example|simulated)\b")


class GeneResult(Recognizer):
    """Score 0.8: only of patients and relatives does a laboratory write so."""

    ENTITIES = ("GENE_RESULT",)

    def hits(self, reading: Reading) -> Iterator[Hit]:
        low = reading.lower
        patterns = (_PROBAND,) if any(word in low for word in ("proband", "consultand", "index ")) else ()
        if "c." in low or "p." in low:
            patterns = (*patterns, _THEN_VARIANT, _VARIANT_OF)
        for pattern in patterns:
            for match in pattern.finditer(reading.text):
                if _somebodys(match, low):
                    yield Hit("GENE_RESULT", *match.span(), 0.8, "a name with a result of a gene")


def _somebodys(match: re.Match[str], low: str) -> bool:
    """Whether the name reads like one, is no colleague's, and nothing calls it a test."""
    words = [fold(word) for word in match.group("name").split()]
    plain = names.is_ordinary(words[-1]) and not names.is_family(words[-1])
    named = not plain and (any(map(names.is_name, words)) or not any(map(names.is_ordinary, words)))
    titled = _TITLED.search(match.string, max(0, match.start("name") - 12), match.start("name"))
    return named and not titled and _NOBODY.search(low, max(0, match.start() - 60), match.end() + 30) is None
