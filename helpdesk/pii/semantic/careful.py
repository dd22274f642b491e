"""The careful reader: a larger transformer (MPNet, tuned on `text/`), asked about the few stretches that could decide a verdict.

Ten times the weights of the reading judge, and what it reads takes ten times as long: so it is asked last and seldom.
The vectors of words are kept as bytes with a scale each and are read from the file where they are needed, so
that all workers share them; the layers are int8 ONNX. Model: sentence-transformers/all-mpnet-base-v2, Apache-2.0; see README.md.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from helpdesk.pii.semantic.encoder import Read, expected, session

LAYERS, WORDS, SCALES = FILES = ("careful.onnx", "careful_words.npy", "careful_scales.npy")


class Careful:
    """Runs the model; safe to share between threads."""

    def __init__(self, folder: Path, sha256: Mapping[str, str]) -> None:
        """Raises SemanticError where a file is missing or not the one expected; `sha256` goes by file name."""
        layers, words, scales = (expected(folder / name, sha256[name]) for name in FILES)
        self._layers = session(layers, lean=True)
        self._words = np.load(words, mmap_mode="r", allow_pickle=False)
        self._scales = np.load(scales, allow_pickle=False)

    def read(self, ids: Sequence[int]) -> Read:
        """The log odds that a text of these pieces tells a matter, and those of each kind."""
        states = self._words[ids].astype(np.float32) * self._scales[ids][:, None]
        (logits,) = self._layers.run(["logits"], {"words": states[None]})
        return Read(float(logits[0][0]), logits[0][1:])
