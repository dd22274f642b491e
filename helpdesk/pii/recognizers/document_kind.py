"""CVs, applications, clinic and discharge letters, handover sheets, payslips and sick notes, by their structure."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from helpdesk.pii.lexicon import split
from helpdesk.pii.reading import Reading
from helpdesk.pii.recognizers.base import Hit, Recognizer
from helpdesk.pii.values import Zone

LONGEST = 60_000


@dataclass(frozen=True, slots=True)
class KindOfDocument:
    entity: str
    least: int
    signs: re.Pattern[str]


@cache
def kinds() -> tuple[KindOfDocument, ...]:
    data = tomllib.loads(
        resources.files("helpdesk.pii").joinpath("data", "document_kinds.toml").read_text(encoding="utf-8")
    )
    return tuple(
        KindOfDocument(entry["entity"], entry["least"], _pattern(split(entry["signs"])))
        for entry in data["kind"]
    )


def _pattern(signs: list[str]) -> re.Pattern[str]:
    ordered = sorted(signs, key=len, reverse=True)
    return re.compile(
        "|".join(
            (r"\b" if sign[0].isalnum() else "") + re.escape(sign) + (r"\b" if sign[-1].isalnum() else "")
            for sign in ordered
        )
    )


class DocumentKind(Recognizer):
    """Score 0.6 at the least number of different signs, more with each further one."""

    ENTITIES = ("CV_OR_APPLICATION", "CLINICAL_DOCUMENT", "PAY_DOCUMENT", "SICK_NOTE")

    def load(self) -> None:
        kinds()

    def hits(self, reading: Reading) -> Iterator[Hit]:
        if reading.kind in ("subject", "name", "file_name") or len(reading.text) < 60:
            return
        low = reading.lower[:LONGEST]
        for kind in kinds():
            seen: dict[str, tuple[int, int]] = {}
            for match in kind.signs.finditer(low):
                if reading.zone(match.start()) not in (Zone.SIGNATURE, Zone.DISCLAIMER):
                    seen.setdefault(match.group(), match.span())
            if len(seen) >= kind.least:
                start, end = min(seen.values())
                score = min(0.95, 0.6 + 0.1 * (len(seen) - kind.least))
                yield Hit(kind.entity, start, end, score, f"{len(seen)} signs of such a document")
