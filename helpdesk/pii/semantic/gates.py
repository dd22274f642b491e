"""What the quick judges must say of a text for it to be read on: the more a text is doubted, the more."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

ASKED = 0.08  # the careful reader is asked about what is at least so likely; less changes no verdict
KEPT = 0.995  # of the texts that are likelier than that although they are doubted, this share is read
STEPS = (0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0, 5.5)
FEWEST = 50  # texts that a bound may rest on


@dataclass(frozen=True, slots=True)
class Gates:
    """Bounds of the cheap judge and of the first step, for rising doubts in log odds; nothing doubted by more than `most` is read.

    One of many stretches looks likely by accident, so a long mail's are doubted much (told.py): most of what
    was read of long mails could never have held them.
    """

    doubts: tuple[float, ...]
    cheap: tuple[float, ...]
    early: tuple[float, ...]
    most: float = math.inf

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> "Gates":
        """From model.json; a model that was measured without doubts has the same bounds for all."""
        rows = [(0.0, told["gate"], told["stop"]), *told.get("doubted", ())]
        doubts, cheap, early = zip(*rows, strict=True)
        return cls(doubts, cheap, early, told.get("most_doubted", math.inf))

    def at(self, doubt: float) -> tuple[float, float]:
        """The bounds of the cheap judge and of the first step for a text doubted by so many log odds."""
        if doubt > self.most:
            return math.inf, math.inf
        return float(np.interp(doubt, self.doubts, self.cheap)), float(
            np.interp(doubt, self.doubts, self.early)
        )


def measured(
    gate: float,
    stop: float,
    cheap: NDArray[np.float64],
    early: NDArray[np.float64],
    both: NDArray[np.float64],
) -> dict[str, Any]:
    """The bounds for model.json, from what the judges say of texts: the cheap one, the first step, and in log odds all they say."""
    least = math.log(ASKED / (1 - ASKED))
    rows: list[Sequence[float]] = []
    for doubt in STEPS:
        reach = both >= doubt + least
        if reach.sum() < FEWEST:
            break
        gate = max(gate, float(np.quantile(cheap[reach], 1 - KEPT)))
        stop = max(stop, float(np.quantile(early[reach], 1 - KEPT)))
        rows.append((doubt, round(gate, 3), round(stop, 3)))
    return {"doubted": rows, "most_doubted": round(float(both.max()) - least, 2)}
