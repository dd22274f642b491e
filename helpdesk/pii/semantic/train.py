"""Train the semantic judges from `text/`: `python -m helpdesk.pii.semantic.train BASE [--out FOLDER]`.

BASE is the folder of all-MiniLM-L6-v2 (model.safetensors, tokenizer.json). Needs torch, safetensors and onnx,
which the service does not: README.md says where they come from. Lines written together are held out together,
so the figures told at the end, and the calibration, are of sentences whose neighbours were never seen.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file  # type: ignore[import-not-found]  # only who trains installs it
from scipy.sparse import csr_matrix, hstack  # type: ignore[import-untyped]  # no stubs in the lock
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold

from helpdesk.pii.semantic import network as net
from helpdesk.pii.semantic.examples import Example, examples, lines
from helpdesk.pii.semantic.static import PAIRS, pairs_of
from helpdesk.pii.semantic.wordpiece import BEGIN, END, UNKNOWN, WordPiece

LONGEST = 80  # pieces a window
HELD_OUT = 15  # one part of so many is never learnt from, and tells the figures and the calibration
GATE_KEEPS = 0.993  # of the sentences that tell a matter, this share must pass the cheap judge
STOP_KEEPS = 0.99  # of those that the whole encoder finds, this share must pass its first step
STRENGTH = 4.0  # inverse of the penalty on the cheap judge
KINDS = [
    "health of a person",
    "employment",
    "safeguarding and special",
    "cv or application",
    "patient identifiers",
]
_KIND = {
    "health": 0,
    "writer4": 0,
    "corpus_health": 0,
    "corpus_hr": 1,
    "corpus_family_law": 2,
    "corpus_identity": 4,
    "number": 4,
    "patient": 0,
    "staff_health": 0,
    "public": 0,
    "hr": 1,
    "family_law": 2,
    "application": 3,
    "identity": 4,
}


@dataclass(frozen=True, slots=True)
class Material:
    """The examples as ids, with labels, kinds (-1: not told) and groups."""

    ids: list[list[int]] = field(repr=False)
    breach: NDArray[np.bool_] = field(repr=False)
    kinds: list[int] = field(repr=False)
    groups: list[str] = field(repr=False)


def vocabulary(base: Path) -> tuple[list[str], list[int]]:
    """The pieces that mails in Latin letters need, with their ids in the base model."""
    whole: dict[str, int] = json.loads((base / "tokenizer.json").read_text(encoding="utf-8"))["model"][
        "vocab"
    ]
    kept = [
        (piece, number)
        for piece, number in sorted(whole.items(), key=lambda one: one[1])
        if piece in (UNKNOWN, BEGIN, END) or _latin(piece)
    ]
    return [piece for piece, _ in kept], [number for _, number in kept]


def _latin(piece: str) -> bool:
    return not piece.startswith("[unused") and all(
        ord(letter) < 0x250 or letter in "–—‘’“”•…€" for letter in piece
    )


def material(made: Sequence[Example], pieces: WordPiece) -> Material:
    return Material(
        [pieces.ids(one.text, LONGEST) for one in made],
        np.array([one.breach for one in made]),
        [_KIND.get(one.kind, -1) if one.breach else -1 for one in made],
        [one.group for one in made],
    )


def folds(stuff: Material, count: int) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    yield from GroupKFold(n_splits=count).split(stuff.ids, groups=stuff.groups)


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


def train_cheap(stuff: Material, vectors: NDArray[np.float32], out: Path) -> float:
    """Write static.npz; the gate is returned, told from texts that each fold had not seen."""
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
    return gate


def train_encoder(stuff: Material, base: Path, keep: Sequence[int], out: Path) -> dict[str, Any]:
    """Write first.onnx and rest.onnx. Returns the calibration (slope, offset) and the bound of the first step (stop),
    told from a part that it never saw."""
    network = net.Network.pretrained(base, keep, len(KINDS))
    seen, unseen = next(folds(stuff, HELD_OUT))
    net.tune(
        network, [stuff.ids[i] for i in seen], stuff.breach[seen].tolist(), [stuff.kinds[i] for i in seen]
    )
    logits, early = np.array(net.logits_of(network, [stuff.ids[i] for i in unseen])).T
    breach = stuff.breach[unseen]
    say("first step", breach, early)
    say("encoder", breach, logits)
    stop = float(np.quantile(early[breach & (logits > 0)], 1 - STOP_KEEPS))
    sys.stdout.write(
        f"stop {stop:.2f}: {np.mean(early[~breach] < stop):.2f} of harmless texts are not read on\n"
    )
    files = net.export(network, out)
    return {
        "sha256": {file.stem: hashlib.sha256(file.read_bytes()).hexdigest() for file in files},
        "stop": round(stop, 3),
        "calibration": calibrated(logits, breach),
    }


def calibrated(unseen: NDArray[np.float64], breach: NDArray[np.bool_]) -> tuple[float, float]:
    """Platt's slope and offset from log odds on unseen texts."""
    model = LogisticRegression(C=100).fit(unseen[:, None], breach)
    return round(float(model.coef_[0][0]), 4), round(float(model.intercept_[0]), 4)


def say(what: str, breach: NDArray[np.bool_], scores: NDArray[np.float64]) -> None:
    bound = np.quantile(scores[~breach], 0.97)
    sys.stdout.write(
        f"{what}: AUC {roc_auc_score(breach, scores):.4f}, recall at 3 % false {np.mean(scores[breach] > bound):.3f}, {len(breach)} texts\n"
    )
    sys.stdout.flush()


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m helpdesk.pii.semantic.train", description=__doc__)
    parser.add_argument("base", type=Path)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "model")
    told = parser.parse_args(arguments)
    told.out.mkdir(parents=True, exist_ok=True)
    names, keep = vocabulary(told.base)
    (told.out / "vocabulary.txt").write_text("\n".join(names), encoding="utf-8")
    stuff = material(
        list(examples(lines())), WordPiece({piece: number for number, piece in enumerate(names)})
    )
    vectors = word_vectors(told.base, keep)
    gate = train_cheap(stuff, vectors, told.out)
    facts = {
        **train_encoder(stuff, told.base, keep, told.out),
        "gate": round(gate, 3),
        "longest": LONGEST,
        "kinds": KINDS,
        "lines": len(lines()),
    }
    (told.out / "model.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


def word_vectors(base: Path, keep: Sequence[int]) -> NDArray[np.float32]:
    words = load_file(base / "model.safetensors")["embeddings.word_embeddings.weight"]
    vectors = np.asarray(words, dtype=np.float32)[list(keep)]
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


if __name__ == "__main__":
    main(sys.argv[1:])
