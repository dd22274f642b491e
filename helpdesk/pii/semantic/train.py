"""Train the semantic judges from `text/`: `python -m helpdesk.pii.semantic.train BASE [--careful MPNET] [--out FOLDER]`.

BASE is the folder of all-MiniLM-L6-v2 (model.safetensors, tokenizer.json), MPNET that of all-mpnet-base-v2; without the
latter there is no careful reader. Needs torch, safetensors and onnx, which the service does not: README.md says where
they come from. Lines written together are held out together, so the figures told at the end, and the
calibration, are of sentences whose neighbours were never seen.
"""

import argparse
import hashlib
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from helpdesk.pii.semantic import careful_network
from helpdesk.pii.semantic import network as net
from helpdesk.pii.semantic.careful_network import CarefulNetwork
from helpdesk.pii.semantic.cheap import train_cheap, word_vectors
from helpdesk.pii.semantic.examples import examples, lines
from helpdesk.pii.semantic.gates import measured
from helpdesk.pii.semantic.judge import MOST_CHEAP
from helpdesk.pii.semantic.material import (
    FARTHEST,
    KINDS,
    LONGEST,
    Material,
    held_out,
    material,
    numbers_of,
    say,
    vocabulary,
)
from helpdesk.pii.semantic.tuning import Lesson, answers, label, tune
from helpdesk.pii.semantic.wordpiece import WordPiece

STOP_KEEPS = 0.99  # of those that the whole encoder finds, this share must pass its first step
EPOCHS, RATE = 3.0, 6e-5
CAREFUL_EPOCHS, CAREFUL_RATE = 1.2, 4e-5
CAREFUL_STOP_KEEPS = 0.995  # likewise of those that the careful reader finds
ROUNDED_BY = 200  # texts, spread over all lessons
Unseen = NDArray[np.float64]  # log odds of each text that was held out, in order


@dataclass(frozen=True, slots=True)
class Course:
    """What is learnt from, and where the judges go."""

    stuff: Material
    names: Sequence[str] = field(repr=False)
    out: Path

    @property
    def lessons(self) -> list[Lesson]:
        """The lessons that the labels give."""
        seen = held_out(self.stuff)[0]
        return [
            Lesson(self.stuff.ids[i], label(breach=bool(self.stuff.breach[i])), self.stuff.kinds[i])
            for i in seen
        ]

    @property
    def unseen(self) -> list[list[int]]:
        return [self.stuff.ids[i] for i in held_out(self.stuff)[1]]

    @property
    def unseen_breach(self) -> NDArray[np.bool_]:
        breach: NDArray[np.bool_] = self.stuff.breach[held_out(self.stuff)[1]]
        return breach


def train_encoder(course: Course, base: Path, keep: Sequence[int]) -> tuple[dict[str, Any], Unseen, Unseen]:
    """Write first.onnx and rest.onnx. Returns their hashes and the bound of the first step (stop), and what its end and its first step say."""
    network = tune(
        net.Network.pretrained(base, keep, len(KINDS)),
        course.lessons,
        epochs=EPOCHS,
        rate=RATE,
        said=progress("encoder"),
    )
    logits, early = np.array(answers(network, course.unseen)).T
    breach = course.unseen_breach
    say("first step", breach, early)
    say("encoder", breach, logits)
    stop = float(np.quantile(early[breach & (logits > 0)], 1 - STOP_KEEPS))
    sys.stdout.write(
        f"stop {stop:.2f}: {np.mean(early[~breach] < stop):.2f} of harmless texts are not read on\n"
    )
    files = net.export(network, course.out)
    return {"sha256": {file.stem: _sha256(file) for file in files}, "stop": round(stop, 3)}, logits, early


def train_careful(course: Course, base: Path) -> tuple[dict[str, Any], Unseen]:
    """Write the careful reader's files. Returns their hashes and the bound of the first step (stop), and what its end says.

    `base`: the folder of all-mpnet-base-v2.
    The course's texts are cut where this reader stops (FARTHEST)."""
    lessons = course.lessons
    network = tune(
        CarefulNetwork.pretrained(base, numbers_of(course.names, base), len(KINDS)),
        lessons,
        epochs=CAREFUL_EPOCHS,
        rate=CAREFUL_RATE,
        said=progress("careful reader"),
    )
    some = lessons[:: max(1, len(lessons) // ROUNDED_BY)]
    network = careful_network.rounded(network, [lesson.ids for lesson in some])
    logits, early = np.array(answers(network, course.unseen)).T
    breach = course.unseen_breach
    say("careful reader, first step", breach, early)
    say("careful reader", breach, logits)
    stop = float(np.quantile(early[breach & (logits > 0)], 1 - CAREFUL_STOP_KEEPS))
    files = careful_network.export(network, course.out, FARTHEST)
    return {"sha256": {file.name: _sha256(file) for file in files}, "stop": round(stop, 3)}, logits


def progress(what: str) -> Callable[[int, int], None]:
    began = time.monotonic()

    def said(done: int, steps: int) -> None:
        if done % 100 == 0 or done == steps:
            sys.stdout.write(f"{what}: {done} of {steps} steps, {time.monotonic() - began:.0f} s\n")
            sys.stdout.flush()

    return said


def calibrated(breach: NDArray[np.bool_], *said: Unseen) -> list[float]:
    """Platt's slope for each judge's log odds on unseen texts, and the offset."""
    model = LogisticRegression(C=100).fit(np.stack(said, 1), breach)
    return [round(float(one), 4) for one in (*model.coef_[0], *model.intercept_)]


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m helpdesk.pii.semantic.train", description=__doc__)
    parser.add_argument("base", type=Path)
    parser.add_argument("--careful", type=Path, help="the folder of all-mpnet-base-v2")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "model")
    given = parser.parse_args(arguments)
    given.out.mkdir(parents=True, exist_ok=True)
    names, keep = vocabulary(given.base)
    (given.out / "vocabulary.txt").write_text("\n".join(names), encoding="utf-8")
    written, pieces = lines(), WordPiece({piece: number for number, piece in enumerate(names)})
    made = list(examples(written))
    course = Course(material(made, pieces), names, given.out)
    gate, by_cheap = train_cheap(course.stuff, word_vectors(given.base, keep), given.out)
    cheap = np.minimum(by_cheap[held_out(course.stuff)[1]], MOST_CHEAP)
    facts, read, early = train_encoder(course, given.base, keep)
    facts["calibration"] = slope, share, offset = calibrated(course.unseen_breach, read, cheap)
    facts |= measured(gate, facts["stop"], cheap, early, slope * read + share * cheap + offset)
    if given.careful:
        told, careful = train_careful(replace(course, stuff=material(made, pieces, FARTHEST)), given.careful)
        weights = calibrated(course.unseen_breach, careful, read, cheap)
        facts["careful"] = {**told, "longest": FARTHEST, "calibration": weights}
    facts |= {"gate": round(gate, 3), "longest": LONGEST, "kinds": KINDS, "lines": len(written)}
    (given.out / "model.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
