"""Train the semantic judges from `text/`: `python -m helpdesk.pii.semantic.train BASE [--out FOLDER]`.

BASE is the folder of all-MiniLM-L6-v2 (model.safetensors, tokenizer.json). Needs torch, safetensors and onnx,
which the service does not: README.md says where they come from. Lines written together are held out together,
so the figures told at the end, and the calibration, are of sentences whose neighbours were never seen.
"""

import argparse
import hashlib
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch  # type: ignore[import-not-found]  # only who trains installs it
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from helpdesk.pii.semantic import network as net
from helpdesk.pii.semantic.cheap import train_cheap, word_vectors
from helpdesk.pii.semantic.examples import ONCE, Line, examples, lines, mixtures
from helpdesk.pii.semantic.judge import MOST_CHEAP
from helpdesk.pii.semantic.material import (
    KINDS,
    LONGEST,
    Material,
    held_out,
    material,
    numbers_of,
    say,
    vocabulary,
)
from helpdesk.pii.semantic.teacher import Teacher
from helpdesk.pii.semantic.tuning import Lesson, answers, label, tune
from helpdesk.pii.semantic.wordpiece import WordPiece

STOP_KEEPS = 0.99  # of those that the whole encoder finds, this share must pass its first step
EPOCHS, RATE = 3.0, 6e-5
TEACHER_EPOCHS, TEACHER_RATE = 1.0, 3e-5
MIXTURES = 40_000  # stretches that nobody labelled but the teacher


def train_encoder(
    stuff: Material,
    base: Path,
    keep: Sequence[int],
    out: Path,
    lessons: Sequence[Lesson],
    cheap: NDArray[np.float64],
) -> dict[str, Any]:
    """Write first.onnx and rest.onnx. Returns the calibration and the bound of the first step (stop),
    told from a part that it never saw. `cheap`: what the cheap judge says of each text unseen."""
    network = tune(
        net.Network.pretrained(base, keep, len(KINDS)),
        lessons,
        epochs=EPOCHS,
        rate=RATE,
        said=progress("encoder"),
    )
    unseen = held_out(stuff)[1]
    logits, early = np.array(answers(network, [stuff.ids[i] for i in unseen])).T
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
        "calibration": calibrated(logits, cheap[unseen], breach),
    }


def labelled(stuff: Material) -> list[Lesson]:
    """The lessons that the labels give."""
    return [
        Lesson(stuff.ids[i], label(breach=bool(stuff.breach[i])), stuff.kinds[i]) for i in held_out(stuff)[0]
    ]


def progress(what: str) -> Callable[[int, int], None]:
    began = time.monotonic()

    def said(done: int, steps: int) -> None:
        if done % 100 == 0 or done == steps:
            sys.stdout.write(f"{what}: {done} of {steps} steps, {time.monotonic() - began:.0f} s\n")
            sys.stdout.flush()

    return said


def calibrated(
    logits: NDArray[np.float64], cheap: NDArray[np.float64], breach: NDArray[np.bool_]
) -> tuple[float, float, float]:
    """Platt's slope for each judge's log odds on unseen texts, and the offset."""
    model = LogisticRegression(C=100).fit(np.stack([logits, np.minimum(cheap, MOST_CHEAP)], 1), breach)
    slope, share = model.coef_[0]
    return round(float(slope), 4), round(float(share), 4), round(float(model.intercept_[0]), 4)


def taught(stuff: Material, written: Sequence[Line], names: Sequence[str], teacher: Path) -> list[Lesson]:
    """Lessons with what a teacher thinks, who learnt from the labels: of the same texts, and of mixtures of them that
    nobody labelled. `teacher`: the folder of all-mpnet-base-v2."""
    network = Teacher.pretrained(teacher, numbers_of(names, teacher), len(KINDS))
    given = labelled(stuff)
    tune(network, given, epochs=TEACHER_EPOCHS, rate=TEACHER_RATE, said=progress("teacher"))
    seen, unseen = held_out(stuff)
    say("teacher", stuff.breach[unseen], np.array(answers(network, [stuff.ids[i] for i in unseen]))[:, 0])
    mixed = _mixed(written, {stuff.groups[i] for i in seen}, names)
    thought = [
        1 / (1 + float(np.exp(-one[0])))
        for one in answers(network, [*(lesson.ids for lesson in given), *mixed])
    ]
    return [
        Lesson(lesson.ids, (lesson.wanted + chance) / 2, lesson.kind)
        for lesson, chance in zip(given, thought, strict=False)
    ] + [Lesson(ids, chance) for ids, chance in zip(mixed, thought[len(given) :], strict=True)]


def _mixed(written: Sequence[Line], groups: set[str], names: Sequence[str]) -> list[list[int]]:
    pieces = WordPiece({piece: number for number, piece in enumerate(names)})
    source = [line for line in written if line.group in groups and line.kind not in ONCE]
    return [pieces.ids(text, LONGEST) for text in mixtures(source, MIXTURES)]


def _lessons(
    stuff: Material, written: Sequence[Line], names: Sequence[str], told: argparse.Namespace
) -> list[Lesson]:
    if not told.teacher:
        return labelled(stuff)
    if told.lessons and told.lessons.is_file():
        return _with_new_text(torch.load(told.lessons), labelled(stuff))
    lessons = taught(stuff, written, names, told.teacher)
    if told.lessons:
        torch.save([(list(one.ids), one.wanted, one.kind) for one in lessons], told.lessons)
    return lessons


def _with_new_text(kept: Sequence[tuple[list[int], float, int]], given: Sequence[Lesson]) -> list[Lesson]:
    """Lessons that were kept, and those of text written since, which have their labels alone."""
    known = {tuple(ids) for ids, _, _ in kept}
    return [Lesson(*one) for one in kept] + [one for one in given if tuple(one.ids) not in known]


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m helpdesk.pii.semantic.train", description=__doc__)
    parser.add_argument("base", type=Path)
    parser.add_argument(
        "--teacher", type=Path, help="the folder of all-mpnet-base-v2; without it, the labels alone"
    )
    parser.add_argument("--lessons", type=Path, help="where the teacher's lessons are kept for the next time")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "model")
    told = parser.parse_args(arguments)
    told.out.mkdir(parents=True, exist_ok=True)
    names, keep = vocabulary(told.base)
    (told.out / "vocabulary.txt").write_text("\n".join(names), encoding="utf-8")
    written, pieces = lines(), WordPiece({piece: number for number, piece in enumerate(names)})
    stuff = material(list(examples(written)), pieces)
    gate, cheap = train_cheap(stuff, word_vectors(told.base, keep), told.out)
    facts = {
        **train_encoder(stuff, told.base, keep, told.out, _lessons(stuff, written, names, told), cheap),
        "gate": round(gate, 3),
        "longest": LONGEST,
        "kinds": KINDS,
        "lines": len(written),
    }
    (told.out / "model.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
