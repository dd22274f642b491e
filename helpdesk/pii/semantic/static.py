"""The cheap judge: a score for each piece of a word and each pair of neighbours, summed. Tells what need not be read twice.

A linear model over averaged word vectors comes to one number a piece, so the numbers are kept and
the vectors are not; a word never seen in training is scored by words of its kind.
"""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

PAIRS = 1 << 15


@dataclass(frozen=True, slots=True)
class Static:
    pieces: NDArray[np.float32] = field(repr=False)  # by id of the vocabulary
    pairs: NDArray[np.float32] = field(repr=False)  # by hash of two ids
    bias: float

    @classmethod
    def read(cls, file: Path) -> "Static":
        with np.load(file, allow_pickle=False) as kept:
            return cls(
                kept["pieces"].astype(np.float32), kept["pairs"].astype(np.float32), float(kept["bias"])
            )

    def logit(self, ids: list[int]) -> float:
        """Log odds that a text of these pieces tells a matter."""
        inner = np.asarray(ids[1:-1], dtype=np.int64)
        if not inner.size:
            return self.bias
        return float(
            self.pieces[inner].mean() + self.pairs[pairs_of(inner)].sum() / np.sqrt(inner.size) + self.bias
        )

    def shares(self, ids: list[int]) -> list[float]:
        """What each piece adds to the log odds by itself."""
        all_ids = np.asarray(ids, dtype=np.int64)
        alone: NDArray[np.float32] = self.pieces[all_ids] / len(ids) + self.pairs[all_ids % PAIRS] / np.sqrt(
            len(ids)
        )
        return [float(share) for share in alone]


def pairs_of(ids: NDArray[np.int64]) -> NDArray[np.int64]:
    """Hashes of the pieces and of each two neighbours."""
    return np.concatenate([ids % PAIRS, (ids[:-1] * 7919 + ids[1:] * 31 + 17) % PAIRS])
