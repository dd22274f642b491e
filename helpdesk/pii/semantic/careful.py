"""The careful reader: a larger transformer (MPNet, tuned on `text/`), asked about the few stretches that could decide a verdict.

Ten times the weights of the reading judge, and what it reads takes ten times as long: so it is asked last and seldom,
and what its first layers find plainly harmless is not read on.
The vectors of words are kept as bytes with a scale each and are read from the file where they are needed, so
that all workers share them; the layers are int8 ONNX. Model: sentence-transformers/all-mpnet-base-v2, Apache-2.0; see README.md.
"""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from helpdesk.pii.semantic.encoder import Read, expected, session

FILES = ("careful_first.onnx", "careful_rest.onnx", "careful_words.npy", "careful_scales.npy")


class Careful:
    """Runs the model; safe to share between threads."""

    def __init__(self, folder: Path, sha256: Mapping[str, str], kinds: int, stop: float = -math.inf) -> None:
        """Raises SemanticError where a file is missing or not the one expected; `sha256` goes by file name.

        `kinds`: how many it tells apart; `stop`: the log odds below which the first layers are believed."""
        first, rest, words, scales = (expected(folder / name, sha256[name]) for name in FILES)
        self._first, self._rest = session(first), session(rest)
        self._words = np.load(words, mmap_mode="r", allow_pickle=False)
        self._scales = np.load(scales, allow_pickle=False)
        self._kinds, self._stop = kinds, stop

    def read(self, ids: Sequence[int], *, whole: bool = False) -> Read:
        """The log odds that a text of these pieces tells a matter, and those of each kind: all 0 where it is plainly harmless.

        `whole`: it is read to the end even then."""
        vectors = self._words[ids].astype(np.float32) * self._scales[ids][:, None]
        states, early = self._first.run(["states", "early"], {"words": vectors[None]})
        if early[0] < self._stop and not whole:
            return Read(float(early[0]), np.zeros(self._kinds, np.float32))
        (logits,) = self._rest.run(["logits"], {"states": states})
        return Read(float(logits[0][0]), logits[0][1:])
