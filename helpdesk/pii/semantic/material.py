"""The training text as the judges learn it: ids, labels, kinds, and what is held out."""

import json
import sys
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold

from helpdesk.pii.semantic.examples import Example
from helpdesk.pii.semantic.wordpiece import BEGIN, END, UNKNOWN, WordPiece

LONGEST = 80  # pieces a window
FARTHEST = 190  # pieces that the careful reader sees: a window among its neighbours
HELD_OUT = 15  # one part of so many is never learnt from, and tells the figures and the calibration
KINDS = [
    "health of a person",
    "employment",
    "safeguarding and special",
    "cv or application",
    "patient identifiers",
]
_MPNET = {BEGIN: "<s>", END: "</s>"}
_KIND = {
    "health": 0,
    "writer4": 0,
    "writer8": 0,
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
    "sensitive": 2,
}


def kind_of(name: str) -> int:
    """The number of the kind that a file's breaches tell (its name, or what stands after its last `_`), -1 where it is not told."""
    return _KIND.get(name, _KIND.get(name.rpartition("_")[2], -1) if name.startswith("whole") else -1)


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


def numbers_of(names: Sequence[str], base: Path) -> list[int]:
    """The ids that these pieces have in another base model of the same pieces (MPNet, which calls two of them otherwise)."""
    whole: dict[str, int] = json.loads((base / "tokenizer.json").read_text(encoding="utf-8"))["model"][
        "vocab"
    ]
    return [whole[_MPNET.get(name, name)] for name in names]


def _latin(piece: str) -> bool:
    return not piece.startswith("[unused") and all(
        ord(letter) < 0x250 or letter in "–—‘’“”•…€" for letter in piece
    )


def material(made: Sequence[Example], pieces: WordPiece, longest: int = LONGEST) -> Material:
    """The examples for a judge that reads so many pieces of a text."""
    return Material(
        [pieces.ids(one.text, longest) for one in made],
        np.array([one.breach for one in made]),
        [kind_of(one.kind) if one.breach else -1 for one in made],
        [one.group for one in made],
    )


def folds(stuff: Material, count: int) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    yield from GroupKFold(n_splits=count).split(stuff.ids, groups=stuff.groups)


def held_out(stuff: Material) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """What is learnt from, and the part that is not: told by the group's name alone, so that new text moves no old one."""
    unseen = np.array([zlib.crc32(group.encode()) % HELD_OUT == 0 for group in stuff.groups])
    return np.flatnonzero(~unseen), np.flatnonzero(unseen)


def say(what: str, breach: NDArray[np.bool_], scores: NDArray[np.float64]) -> None:
    bound = np.quantile(scores[~breach], 0.97)
    sys.stdout.write(
        f"{what}: AUC {roc_auc_score(breach, scores):.4f}, recall at 3 % false {np.mean(scores[breach] > bound):.3f}, {len(breach)} texts\n"
    )
    sys.stdout.flush()
