"""Logistic weights from mails: of a breach the likeliest sentence counts, of a clean mail every sentence.

A label is given to a mail, not to a sentence, so the sentence that tells the matter is chosen by
the weights of the round before (multiple-instance learning), a few rounds over.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from helpdesk.pii.evidence import Sentence
from helpdesk.pii.matters import chance, crossed

ROUNDS = 5
STRENGTH = 0.6  # inverse of the penalty


@dataclass(frozen=True, slots=True)
class Bag:
    """The sentences of one mail."""

    sentences: tuple[Sentence, ...] = field(repr=False)
    breach: bool
    group: str


def fit(bags: Sequence[Bag], start: Mapping[str, float]) -> dict[str, float]:
    """Weights by the name of the feature."""
    names = sorted(crossed(next(bag for bag in bags if bag.sentences).sentences[0].features))
    weigh = dict(start)
    for _ in range(ROUNDS):
        rows, labels, counts = _instances(bags, weigh)
        matrix = np.array([[crossed(row.features)[name] for name in names] for row in rows])
        model = LogisticRegression(C=STRENGTH, max_iter=2000).fit(matrix, labels, sample_weight=counts)
        weigh = {"bias": round(float(model.intercept_[0]), 4)} | {
            name: round(float(w), 4) for name, w in zip(names, model.coef_[0], strict=True)
        }
    return weigh


def _instances(
    bags: Sequence[Bag], weigh: Mapping[str, float]
) -> tuple[list[Sentence], list[int], list[float]]:
    rows: list[Sentence] = []
    labels: list[int] = []
    counts: list[float] = []
    for bag in bags:
        if not bag.sentences:
            continue
        chosen = [max(bag.sentences, key=lambda s: chance(s, weigh))] if bag.breach else list(bag.sentences)
        rows.extend(chosen)
        labels.extend([int(bag.breach)] * len(chosen))
        counts.extend([1.0] * len(chosen))
    return rows, labels, counts


def likeliest(bag: Bag, weigh: Mapping[str, float]) -> float:
    return max((chance(sentence, weigh) for sentence in bag.sentences), default=0.0)


def cross_validate(bags: Sequence[Bag], start: Mapping[str, float], tell: Callable[[str], None]) -> None:
    """Recall and false alarms of the matters alone, each mail judged by weights that never saw its template."""
    groups = [bag.group for bag in bags]
    chances = np.zeros(len(bags))
    for seen, unseen in GroupKFold(n_splits=5).split(bags, groups=groups):
        weigh = fit([bags[i] for i in seen], start)
        for i in unseen:
            chances[i] = likeliest(bags[i], weigh)
    truth = np.array([bag.breach for bag in bags])
    for bound in (0.3, 0.4, 0.5, 0.6):
        held = chances >= bound
        tell(f"at {bound}: recall {held[truth].mean():.3f}, false {held[~truth].mean():.3f}")
    tell(f"mean log loss {_log_loss(truth, chances):.3f}")


def _log_loss(truth: np.ndarray, chances: np.ndarray) -> float:
    return float(
        np.mean([-math.log(max(1e-6, c if t else 1 - c)) for t, c in zip(truth, chances, strict=True)])
    )
