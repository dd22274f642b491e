"""Numbers of people in social care, schools and youth justice, under the names of their systems."""

import re
import tomllib
from collections.abc import Iterator
from importlib import resources

from helpdesk.pii.lexicon import split
from helpdesk.pii.reading import Reading
from helpdesk.pii.recognizers.base import Hit, Recognizer


def _pattern() -> re.Pattern[str]:
    """A system or plan, a label or not, and the number: `mosaic id 1234567`, `upn h801200001001`."""
    data = tomllib.loads(
        resources.files("helpdesk.pii").joinpath("data", "social_care.toml").read_text(encoding="utf-8")
    )
    owners = "|".join(word for kind in ("systems", "schools", "courts") for word in split(data[kind]))
    labels = "|".join(split(data["labels"]))
    return re.compile(
        rf"(?<![\w-])(?:{owners})(?:'s)?(?:[ \t]?(?:{labels})\b\.?)?[ \t]{{0,2}}(?:(?:is|was|:|=|-|#|\t)[ \t]{{0,2}}){{0,2}}"
        r"(?P<number>[a-z]?\d{5,12}[a-z]?|[a-z]{1,4}[-/]?\d{4,9})(?P<more>(?:(?:, ?| and | & | or )[a-z]?\d{5,12}[a-z]?){0,4})(?![\w.-]?\d)"
    )


_NUMBER = _pattern()
_EACH = re.compile(r"[a-z]?\d{5,12}[a-z]?")
_HINT = re.compile(r"\d{4}")


class SocialCareNumber(Recognizer):
    """Score 0.6: somebody's number, which holds beside a name or a matter of care."""

    ENTITIES = ("SOCIAL_CARE_NUMBER",)

    def hits(self, reading: Reading) -> Iterator[Hit]:
        if not reading.has_digits or not _HINT.search(reading.text):
            return
        for match in _NUMBER.finditer(reading.lower):
            why = "after the name of a system of social care, schools or courts"
            yield Hit("SOCIAL_CARE_NUMBER", *match.span("number"), 0.6, why)
            for more in _EACH.finditer(reading.lower, *match.span("more")):
                yield Hit("SOCIAL_CARE_NUMBER", *more.span(), 0.6, why)
