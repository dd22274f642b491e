# mypy: ignore-errors
# torch is no dependency of the service: only who trains the careful reader installs it (README.md).
"""Train the careful reader on whole mails: `python -m helpdesk.pii.semantic.train_whole MPNET STATE [--start STATE] [--export FOLDER]`.

MPNET is the folder of all-mpnet-base-v2. Reads `text/*_whole*.txt` and, beside them, some of the older lines. STATE is written:
the weights in 32 bits, to start a further part from or to take a mean of. `--export` writes the files that ship.
"""

import argparse
import json
import random
import sys
from collections.abc import Sequence
from pathlib import Path

import torch

from helpdesk.pii.semantic import careful_network
from helpdesk.pii.semantic.careful_network import CarefulNetwork
from helpdesk.pii.semantic.examples import Line, filled, lines
from helpdesk.pii.semantic.judge import PACKAGED
from helpdesk.pii.semantic.material import FARTHEST, KINDS, kind_of, numbers_of
from helpdesk.pii.semantic.train import ROUNDED_BY, _sha256, progress
from helpdesk.pii.semantic.tuning import Lesson, label, tune
from helpdesk.pii.semantic.wordpiece import WordPiece

WHOLE = "whole"
LISTS = "lists"
SPARE = 40  # pieces by which a breach may be longer than what is read: the last words seldom tell it


def number_of(line: Line) -> int:
    """Of a file of whole mails; 0 for the others."""
    digits = "".join(filter(str.isdigit, line.kind.split("_")[0])) if line.kind.startswith(WHOLE) else ""
    return int(digits or 0)


def chosen(given: argparse.Namespace, dice: random.Random) -> list[Line]:
    """Whole mails from `--new` on, a share of the older ones, and so many old lines and stretches of public lists."""
    written = lines()
    whole = [line for line in written if line.kind.startswith(WHOLE)]
    new = [line for line in whole if number_of(line) >= given.new]
    old = [line for line in whole if number_of(line) < given.new]
    told = [line for line in written if kind_of(line.kind) >= 0 and line not in whole]
    lists = [line for line in written if line.kind == LISTS]
    rest = [line for line in written if not line.kind.startswith((WHOLE, LISTS))]
    return [
        *new,
        *_some(old, int(given.older * len(old)), dice),
        *_some(told, given.lines // 4, dice),
        *_some(rest, given.lines, dice),
        *_some(lists, given.lists, dice),
    ]


def _some(of: Sequence[Line], count: int, dice: random.Random) -> list[Line]:
    return dice.sample(list(of), min(count, len(of)))


def lesson(line: Line, pieces: WordPiece, dice: random.Random) -> Lesson | None:
    """A line as the reader sees it; none of a breach so long that what tells it may be cut off."""
    ids = pieces.ids(filled(line, dice, masked=True), FARTHEST + SPARE + 1)
    if line.breach and len(ids) > FARTHEST + SPARE:
        return None
    kind = kind_of(line.kind) if line.breach else -1
    return Lesson(
        [*ids[: FARTHEST - 1], ids[-1]] if len(ids) > FARTHEST else ids, label(breach=line.breach), kind
    )


def begun(given: argparse.Namespace) -> CarefulNetwork:
    names = (PACKAGED / "vocabulary.txt").read_text(encoding="utf-8").split("\n")
    network = CarefulNetwork.pretrained(given.base, numbers_of(names, given.base), len(KINDS))
    if given.start:
        # The word vectors and the distances are never tuned: they are the base's, whatever the start.
        network.load_state_dict(mean_of([state_of(start) for start in given.start]), strict=False)
    return network


def state_of(start: Path):
    """Of a file that a training wrote, or of a folder of files that ship."""
    return careful_network.shipped(start) if start.is_dir() else torch.load(start)


def mean_of(states):
    """Several trainings' weights in the mean (Wortsman et al. 2022, "Model soups")."""
    return {
        name: sum(state[name] for state in states) / len(states)
        for name in states[0]
        if all(name in state for state in states)
    }


def exported(network: CarefulNetwork, some: Sequence[Lesson], out: Path) -> None:
    """The files that ship, rounded on some lessons, and their hashes in model.json."""
    network = careful_network.rounded(network, [one.ids for one in some])
    files = careful_network.export(network, out, FARTHEST)
    facts = json.loads((out / "model.json").read_text(encoding="utf-8"))
    facts["careful"]["sha256"] = {file.name: _sha256(file) for file in files}
    (out / "model.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m helpdesk.pii.semantic.train_whole", description=__doc__)
    parser.add_argument("base", type=Path)
    parser.add_argument("state", type=Path)
    parser.add_argument(
        "--start", type=Path, nargs="*", help="states, or folders of a model, to start from the mean of"
    )
    parser.add_argument(
        "--new", type=int, default=0, help="the number of the first file that is learnt from whole"
    )
    parser.add_argument("--older", type=float, default=1.0, help="the share of the files before")
    parser.add_argument("--lines", type=int, default=8000)
    parser.add_argument("--lists", type=int, default=1500)
    parser.add_argument("--epochs", type=float, default=2.0)
    parser.add_argument("--rate", type=float, default=4e-5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--export", type=Path, help="the model's folder; with --epochs 0 nothing is learnt before"
    )
    given = parser.parse_args(arguments)
    dice = random.Random(given.seed)  # noqa: S311 - no secret is made of it
    pieces = WordPiece.read(PACKAGED / "vocabulary.txt")
    lessons = [one for line in chosen(given, dice) if (one := lesson(line, pieces, dice))]
    network = begun(given)
    if given.epochs:
        said = progress("careful reader")
        network = tune(network, lessons, epochs=given.epochs, rate=given.rate, seed=given.seed, said=said)
        torch.save(network.state_dict(), given.state)
    if given.export:
        exported(network, lessons[:: max(1, len(lessons) // ROUNDED_BY)], given.export)


if __name__ == "__main__":
    main(sys.argv[1:])
