"""Weighs the evidence of each sentence into the chance that it tells somebody's matter.

A small logistic model: weights by the name of the feature in data/matters.json, trained by
`python -m helpdesk.pii.learn`. The result is one more finding that the policy may use.
"""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib import resources

from helpdesk.pii.evidence import Sentence, sentences
from helpdesk.pii.found import Found

MATTERS = "Matters"  # the name under which its findings go
FEW_SENTENCES = 5  # as many as a helpdesk mail has
SHIFT, MOST_SHIFT = 0.9, 2.5  # in log odds
MATTER_OF = {"care": "HEALTH_MATTER", "work": "HR_MATTER", "social": "SENSITIVE_MATTER"}


@cache
def weights() -> Mapping[str, float]:
    """The trained weights, by the name of the feature."""
    return dict(
        json.loads(
            resources.files("helpdesk.pii").joinpath("data", "matters.json").read_text(encoding="utf-8")
        )["weights"]
    )


def chance(sentence: Sentence, weigh: Mapping[str, float] | None = None) -> float:
    """The chance that the sentence tells somebody's matter."""
    weigh = weights() if weigh is None else weigh
    total = weigh["bias"] + sum(
        weigh.get(name, 0.0) * value for name, value in crossed(sentence.features).items() if value
    )
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


_SOMEBODY = (
    "a patient named",
    "a person named",
    "a patient named nearby",
    "a person named nearby",
    "a person named in the subject",
)
_MAYBE = (
    "one patient without a name",
    "a first name alone",
    "a first name alone nearby",
    "a colleague named",
    "a colleague named nearby",
    "a person named elsewhere",
)


def crossed(features: Mapping[str, float]) -> dict[str, float]:
    """The features and the few products of two that matter: a strong word needs somebody it is said of."""
    somebody = max(features[name] for name in _SOMEBODY)
    maybe = max(features[name] for name in _MAYBE) * (1.0 - somebody)
    oneself = max(
        features["says it of oneself"], features["one's own care"], features["a relative of the writer"]
    )
    sure, plain, having = (
        features["any strong word"],
        features["any plain word"],
        features["has it, with it, for it"],
    )
    social = max(features["about work"], features["about family or law"])
    return {
        **features,
        "somebody and a strong word": somebody * sure, "somebody and a plain word": somebody * plain, "somebody and having it": somebody * having,
        "somebody and he or she": somebody * features["he or she"], "a patient and a plain word": features["a patient named"] * plain,
        "perhaps somebody and a strong word": maybe * sure, "perhaps somebody and having it": maybe * having, "perhaps somebody and he or she": maybe * features["he or she"],
        "a patient and a word that names a thing": features["a patient named"] * min(1.0, features["words that name things"]),
        "he or she, only weak words": features["he or she"] * features["only weak words"],
        "somebody, only weak words": max(somebody, maybe) * features["only weak words"] * (1.0 - features["a patient named"]),
        "a patient, only weak words": features["a patient named"] * features["only weak words"],
        "oneself, only weak words": oneself * features["only weak words"],
        "nobody": (1.0 - somebody) * (1.0 - maybe) * (1.0 - oneself),
        "oneself and a strong word": oneself * sure, "oneself and a plain word": oneself * plain, "oneself and a public writer": oneself * features["the writer is a member of the public"],
        "a public writer and a word": features["the writer is a member of the public"] * max(sure, plain),
        "work and a colleague": social * max(features["only colleagues named"], features["a colleague named nearby"]),
        "a colleague, a strong word, he or she": features["a colleague named"] * sure * max(features["he or she"], having),
        "only things and somebody": features["only words that name things"] * somebody,
        "IT and no strong word": features["words of IT"] * (1.0 - sure),
        "a lay title and a word": max(features["a lay title"], features["a lay title nearby"]) * max(sure, plain, features["weak words"] / 2),
    }  # fmt: skip


def chance_with_a_name(sentence: Sentence) -> float:
    """The chance it would have if a person were named in it, which says whether to look for a name."""
    return chance(
        replace(
            sentence,
            features={
                **sentence.features,
                "a person named": 1.0,
                "close to a name": 1.0,
                "only colleagues named": 0.0,
            },
        )
    )


def lowered(sure: float, shift: float) -> float:
    """A chance made smaller where many sentences were weighed, since one of many looks likely by accident."""
    odds = sure / max(1e-9, 1 - sure) * math.exp(-shift)
    return odds / (1 + odds)


def matters(found: Sequence[Found], least: float = 0.2) -> Iterator[Found]:
    """Findings for the sentences that likely tell somebody's matter, with what weighed most as why.

    Each covers its whole sentence, since that is what must be hidden of it.
    """
    weighed = list(sentences(found))
    shift = min(MOST_SHIFT, SHIFT * math.log(max(1.0, len(weighed) / FEW_SENTENCES)))
    for sentence in weighed:
        about = sentence.words or any(one.whose == "subject" for one in sentence.persons)
        if not about or not somebody_in(sentence):
            continue
        sure = lowered(chance(sentence), shift)
        if sure >= least:
            text = sentence.reading.text[sentence.start : sentence.end]
            start = sentence.start + len(text) - len(text.lstrip())
            zone = (
                (sentence.words or sentence.persons)[0].zone
                if sentence.words or sentence.persons
                else sentence.reading.zone(start)
            )
            yield Found(
                MATTER_OF[sentence.matter], start, max(start, sentence.start + len(text.rstrip())), round(sure, 3),
                why(sentence), MATTERS, sentence.reading, sentence.number, zone,
            )  # fmt: skip


_IDENTIFIES = (
    "he or she",
    "an age beside",
    "a likely date of birth beside",
    "a likely hospital number beside",
    "a private address or phone beside",
    "the writer is a member of the public",
)


def somebody_in(sentence: Sentence) -> bool:
    """Whether anybody can be meant at all: a list of illnesses is nobody's."""
    features = crossed(sentence.features)
    return features["nobody"] < 1.0 or any(features[name] for name in _IDENTIFIES)


def why(sentence: Sentence) -> str:
    """The three features that weighed most for the sentence, in words."""
    weighed = [
        (weights().get(name, 0.0) * value, name)
        for name, value in crossed(sentence.features).items()
        if value
    ]
    return ", ".join(name for weight, name in sorted(weighed, reverse=True)[:3] if weight > 0)
