"""What our recognizers share: Presidio's interface, a reading in place of a model's artifacts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from presidio_analyzer import EntityRecognizer, RecognizerResult

from helpdesk.pii.reading import Reading
from helpdesk.pii.text import Mapped
from helpdesk.pii.values import Zone
from helpdesk.pii.zones import one_zone


@dataclass(frozen=True, slots=True)
class Hit:
    """What one recognizer found, in offsets of the reading."""

    entity: str
    start: int
    end: int
    score: float
    why: str = ""


class Recognizer(EntityRecognizer):
    """A recognizer of ours: says which entities it finds, and yields hits from a reading."""

    ENTITIES: tuple[str, ...] = ()
    name: str

    def __init__(self) -> None:
        super().__init__(
            supported_entities=list(self.ENTITIES), name=type(self).__name__, supported_language="en"
        )

    def load(self) -> None:
        """Nothing to load: patterns are compiled with the module."""

    def hits(self, reading: Reading) -> Iterable[Hit]:
        raise NotImplementedError

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:
        """Presidio's entry: works on our Reading, and on plain text alone too."""
        reading = nlp_artifacts if isinstance(nlp_artifacts, Reading) else plain_reading(text)
        return [
            RecognizerResult(hit.entity, hit.start, hit.end, hit.score, recognition_metadata={
                RecognizerResult.RECOGNIZER_NAME_KEY: self.name, RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id, "why": hit.why,
            })
            for hit in self.hits(reading)
            if not entities or hit.entity in entities
        ]  # fmt: skip


def plain_reading(text: str) -> Reading:
    """A reading of loose text, all of it body."""
    return Reading("text", "", Mapped(text, None, len(text)), one_zone(text, Zone.BODY))


def digits_of(text: str) -> str:
    return "".join(c for c in text if c.isdigit())


def mod11(digits: str) -> bool:
    """The check of NHS, CHI and H&C numbers: weights 10 to 2, 11 gives 0, 10 is invalid."""
    total = sum(int(d) * w for d, w in zip(digits[:9], range(10, 1, -1), strict=False))
    check = (11 - total % 11) % 11
    return check != 10 and check == int(digits[9])


def first(hits: Iterator[Hit]) -> Hit | None:
    return next(hits, None)
