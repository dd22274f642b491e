"""Train and write data/matters.json; `python -m helpdesk.pii.learn [CORPUS.jsonl ...]`."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from helpdesk.config import Settings
from helpdesk.pii.evidence import sentences
from helpdesk.pii.learn.examples import Example, from_corpus, from_mails, from_templates
from helpdesk.pii.learn.train import Bag, cross_validate, fit
from helpdesk.pii.matters import MATTER_OF, weights
from helpdesk.pii.scanner import Scanner

TARGET = Path(__file__).parent.parent / "data" / "matters.json"


def bags(examples: Iterator[Example]) -> Iterator[Bag]:
    """Mails that identifiers alone decide teach nothing about sentences, so they are left out."""
    scanner = Scanner(Settings(demo=True))
    for example in examples:
        found = scanner.findings(example.pieces, example.context)
        decided = [
            hit
            for hit in scanner.policy.hits([f for f in found if f.entity not in MATTER_OF.values()])
            if hit.rule.hold
        ]
        if not (decided and example.breach):
            yield Bag(tuple(sentences(found)), example.breach, example.group)


def tell(line: str) -> None:
    sys.stdout.write(line + "\n")


def main(corpora: list[str]) -> None:
    examples = [
        *from_templates(),
        *from_mails(),
        *(one for path in corpora for one in from_corpus(Path(path))),
    ]
    made = list(bags(iter(examples)))
    tell(
        f"{len(made)} mails, {sum(bag.breach for bag in made)} of them breaches, {sum(not bag.sentences for bag in made if bag.breach)} breaches without a sentence"
    )
    cross_validate(made, weights(), tell)
    TARGET.write_text(
        json.dumps(
            {
                "trained_on": ["templates", *(Path(path).name for path in corpora)],
                "weights": fit(made, weights()),
            },
            indent=1,
            sort_keys=True,
        )
        + "\n",
        encoding="utf-8",
    )


if __name__ == "__main__":
    main(sys.argv[1:])
