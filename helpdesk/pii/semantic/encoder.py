"""The reading judge: a small transformer (MiniLM, tuned on `text/`) as int8 ONNX files, one text at a time on one thread.

One at a time, since its numbers are scaled by the whole batch: the same text must get the same
judgement whatever stands beside it. It reads in two steps: what the first two layers find harmless
is not read on. Model: sentence-transformers/all-MiniLM-L6-v2, Apache-2.0; see README.md.
"""

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from helpdesk.errors import HelpdeskError

# Adding and normalising in one takes five times as long as one after the other (onnxruntime 1.32, a seventh of a read).
SLOW = ["SkipLayerNormFusion"]


class SemanticError(HelpdeskError):
    """The semantic model is missing or is not the one that was measured."""


@dataclass(frozen=True, slots=True)
class Read:
    """What the encoder says of one text: log odds that it tells a matter, and log odds of each kind."""

    logit: float
    kinds: NDArray[np.float32] = field(repr=False)


class Encoder:
    """Runs the model; safe to share between threads."""

    def __init__(self, folder: Path, sha256: Mapping[str, str]) -> None:
        self._first, self._rest = (
            session(expected(folder / f"{step}.onnx", sha256[step])) for step in ("first", "rest")
        )

    def read(self, ids: list[int], *, stop: float = -math.inf) -> Read | None:
        """None where the first step's log odds are below `stop`: it is not read on."""
        states, early = self._first.run(["states", "early"], {"ids": np.asarray([ids], dtype=np.int64)})
        if early[0] < stop:
            return None
        (logits,) = self._rest.run(["logits"], {"states": states})
        return Read(float(logits[0][0]), logits[0][1:])


def expected(file: Path, sha256: str) -> Path:
    """The file itself, when it is the one that was measured; raises SemanticError otherwise."""
    if not file.is_file():
        raise SemanticError(
            f"There is no semantic model at {file}; install the package afresh, it is part of it."
        )
    with file.open("rb") as opened:
        found = hashlib.file_digest(opened, "sha256").hexdigest()
    if found != sha256:
        raise SemanticError(
            f"The semantic model at {file} is not the one expected (its SHA-256 differs); install the package afresh, or train and measure anew."
        )
    return file


def session(file: Path) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # long mails would leave their peak behind in each worker
    return onnxruntime.InferenceSession(
        file, options, providers=["CPUExecutionProvider"], disabled_optimizers=SLOW
    )
