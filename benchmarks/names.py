"""`python -m benchmarks.names [RAMPART]`: how many names of people each model finds, and in what time.

On sentences whose names are labelled (`spans/` of the shared corpus). A name counts as found when a span touches it, a span as
right when it touches a name. RAMPART is the folder of that model. Time is processor time.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from helpdesk.pii.model import load_engine
from helpdesk.pii.models import NamesModel, Together
from helpdesk.pii.rampart.runner import Rampart
from tests.conftest import CORPUS

SENTENCES = CORPUS / "spans" / "presidio_research_generated_large.jsonl"
Span = tuple[int, int]


@dataclass(frozen=True)
class Result:
    """Names found of all, spans that are right of all spans, processor time a sentence."""

    found: int
    names: int
    right: int
    spans: int
    milliseconds: float

    def __str__(self) -> str:
        return (
            f"recall {self.found / self.names:.3f} ({self.found} of {self.names}), "
            f"precision {self.right / self.spans:.3f}, {self.milliseconds:.1f} ms a sentence"
        )


def measured(model: NamesModel, file: Path = SENTENCES) -> Result:
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    begun = time.process_time()
    spans = [[(start, end) for start, end, _ in model.persons(row["text"])] for row in rows]
    taken = time.process_time() - begun
    names = [[(one["start"], one["end"]) for one in row["spans"] if one["type"] == "PERSON"] for row in rows]
    return Result(
        sum(_touching(of_row, found) for of_row, found in zip(names, spans, strict=True)),
        sum(map(len, names)),
        sum(_touching(found, of_row) for of_row, found in zip(names, spans, strict=True)),
        sum(map(len, spans)),
        taken / len(rows) * 1000,
    )


def _touching(spans: Sequence[Span], others: Sequence[Span]) -> int:
    """How many of these spans touch one of the others."""
    return sum(any(start < last and first < end for first, last in others) for start, end in spans)


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m benchmarks.names", description=__doc__)
    asked.add_argument("rampart", nargs="?", type=Path)
    folder = asked.parse_args().rampart
    models: list[NamesModel] = [load_engine(None, "")]
    if folder:
        rampart = Rampart(folder)
        models += [rampart, Together(models[0], rampart)]
    for model in models:
        sys.stdout.write(f"{model.title}: {measured(model)}\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
