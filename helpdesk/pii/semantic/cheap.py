"""Training the cheap judge: a sum over the pieces of words and their pairs, which says what need not be read."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file  # type: ignore[import-not-found]  # only who trains installs it
from scipy.sparse import csr_matrix, hstack  # type: ignore[import-untyped]  # no stubs in the lock
from sklearn.linear_model import LogisticRegression

from helpdesk.pii.semantic.material import Material, folds, say
from helpdesk.pii.semantic.static import PAIRS, pairs_of

GATE_KEEPS = 0.98  # of the sentences that tell a matter, this share must pass: what is left out here is left out at the end too
STRENGTH = 4.0  # inverse of the penalty


def word_vectors(base: Path, keep: Sequence[int]) -> NDArray[np.float32]:
    words = load_file(base / "model.safetensors")["embeddings.word_embeddings.weight"]
    vectors = np.asarray(words, dtype=np.float32)[list(keep)]
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def cheap_features(stuff: Material, vectors: NDArray[np.float32]) -> Any:
    means = np.stack(
        [vectors[ids[1:-1]].mean(axis=0) if len(ids) > 2 else np.zeros(vectors.shape[1]) for ids in stuff.ids]
    )
    rows, columns, values = [], [], []
    for row, ids in enumerate(stuff.ids):
        inner = np.asarray(ids[1:-1], dtype=np.int64)
        hashed = pairs_of(inner) if inner.size else inner
        rows += [row] * hashed.size
        columns += hashed.tolist()
        values += [1 / max(1.0, np.sqrt(inner.size))] * hashed.size
    return hstack(
        [csr_matrix(means * 8), csr_matrix((values, (rows, columns)), shape=(len(stuff.ids), PAIRS))]
    ).tocsr()


def train_cheap(
    stuff: Material, vectors: NDArray[np.float32], out: Path
) -> tuple[float, NDArray[np.float64]]:
    """Write static.npz; the gate is returned, and the log odds of each text, both told by folds that had not seen it."""
    matrix = cheap_features(stuff, vectors)
    unseen = np.zeros(len(stuff.ids))
    for seen, rest in folds(stuff, 5):
        unseen[rest] = (
            LogisticRegression(C=STRENGTH, max_iter=2000)
            .fit(matrix[seen], stuff.breach[seen])
            .decision_function(matrix[rest])
        )
    say("cheap judge", stuff.breach, unseen)
    model = LogisticRegression(C=STRENGTH, max_iter=2000).fit(matrix, stuff.breach)
    weights, width = model.coef_[0], vectors.shape[1]
    np.savez_compressed(
        out / "static.npz",
        pieces=(vectors @ weights[:width] * 8).astype(np.float16),
        pairs=weights[width:].astype(np.float16),
        bias=np.float32(model.intercept_[0]),
    )
    gate = float(np.quantile(unseen[stuff.breach], 1 - GATE_KEEPS))
    sys.stdout.write(
        f"gate {gate:.2f}: {np.mean(unseen[~stuff.breach] < gate):.2f} of harmless texts are not read by the encoder\n"
    )
    return gate, unseen
