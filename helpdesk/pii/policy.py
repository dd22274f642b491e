"""The policy: named rules over findings, kept as data and checked when read.

A rule holds a mail when all its needs are met by findings that stand near enough to each
other. Its name is what the IG officer reads as the reason.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from itertools import groupby
from pathlib import Path
from typing import Any

from helpdesk.errors import HelpdeskError
from helpdesk.pii.found import Found
from helpdesk.pii.rules import WHOSE, Hit, Miss, Need, Rule, hit_of, hits_of, nearly, reason_of
from helpdesk.pii.values import Reason, Severity, Zone

LONGEST_VERSION = 32  # verdicts keep it in 64 characters, with which models were used
_RULE_KEYS = {"name", "category", "severity", "needs", "near", "why", "hold", "told_by", "reread"}
_NEED_KEYS = {"any", "score", "count", "zones", "not_zones", "whose", "not_whose"}


class PolicyError(HelpdeskError):
    """The policy file cannot be used; the message names the rule, its fault and the mend."""


@dataclass(frozen=True, slots=True)
class Policy:
    version: str
    rules: tuple[Rule, ...]

    def hits(self, found: Sequence[Found]) -> tuple[Hit, ...]:
        return tuple(hits_of(self.rules, found))

    def reasons(self, hits: Sequence[Hit]) -> tuple[Reason, ...]:
        """Why a mail is held, each reason once; findings of a rule told by another count for that one's parts."""
        names = {hit.rule.name for hit in hits}
        told: dict[str, list[Hit]] = {}
        for hit in hits:
            told.setdefault(hit.rule.told_by if hit.rule.told_by in names else hit.rule.name, []).append(hit)
        rules = {hit.rule.name: hit.rule for hit in hits}
        return tuple(reason_of(rules[name], ones) for name, ones in told.items())

    def almost(self, found: Sequence[Found]) -> tuple[Miss, ...]:
        """Rules with at least one need met, or met but for a score, for explaining."""
        return tuple(
            miss
            for rule in self.rules
            if hit_of(rule, found) is None and (miss := nearly(rule, found)) is not None
        )


def load_policy(path: Path | None = None) -> Policy:
    """Read and check a policy file; without one, the policy that comes with the product.

    Raises PolicyError, which names the rule and the key.
    """
    source = (
        path.read_text(encoding="utf-8")
        if path
        else resources.files("helpdesk.pii").joinpath("policy.toml").read_text(encoding="utf-8")
    )
    try:
        data = tomllib.loads(source)
    except tomllib.TOMLDecodeError as fault:
        raise PolicyError(f"The policy {path or 'policy.toml'} is not TOML: {fault}.") from None
    return parse_policy(data)


def parse_policy(data: dict[str, Any]) -> Policy:
    """A policy from the values of its file."""
    if set(data) - {"version", "rule"} or not isinstance(data.get("version"), str) or not data.get("rule"):
        raise PolicyError(
            'The policy needs version = "..." and at least one [[rule]], and nothing else at its top; write both.'
        )
    if len(data["version"]) > LONGEST_VERSION:
        raise PolicyError(
            f'The policy\'s version has more than {LONGEST_VERSION} characters; shorten it, as in "2026.11-1".'
        )
    rules = tuple(_rule(entry, number) for number, entry in enumerate(data["rule"], 1))
    doubled = [name for name, group in groupby(sorted(rule.name for rule in rules)) if len(list(group)) > 1]
    if doubled:
        raise PolicyError(
            f"The policy has two rules called {doubled[0]!r}; give each its own name, since officers read it as the reason."
        )
    for rule in rules:
        if rule.told_by and rule.told_by not in {other.name for other in rules if not other.told_by}:
            raise PolicyError(
                f"Rule {rule.name!r}: told_by is {rule.told_by!r}; write the name of another rule, one that has no told_by itself."
            )
    return Policy(data["version"], rules)


def _rule(entry: dict[str, Any], number: int) -> Rule:
    name = entry.get("name")
    if not isinstance(name, str) or not name:
        raise PolicyError(
            f'Rule {number} of the policy has no name; write name = "..." in words an officer can read.'
        )
    _known(entry, _RULE_KEYS, name)
    severity = entry.get("severity")
    if severity not in {s.value for s in Severity}:
        raise PolicyError(f"Rule {name!r}: severity is {severity!r}; write one of none, low, moderate, high.")
    if not isinstance(entry.get("category"), str) or not entry.get("needs"):
        raise PolicyError(f"Rule {name!r} needs a category and at least one [[rule.needs]]; add them.")
    near = entry.get("near", 0)
    if not isinstance(near, int) or near < 0:
        raise PolicyError(
            f"Rule {name!r}: near is {near!r}; write a number of characters, or 0 for anywhere in the mail."
        )
    needs = tuple(_need(need, name) for need in entry["needs"])
    return Rule(
        name,
        entry["category"],
        Severity(severity),
        needs,
        near,
        entry.get("why", ""),
        bool(entry.get("hold", True)),
        entry.get("told_by", ""),
        _share(entry.get("reread", 0), "reread", name),
    )


def _need(entry: dict[str, Any], rule: str) -> Need:
    _known(entry, _NEED_KEYS, rule)
    if not entry.get("any") or not all(isinstance(name, str) for name in entry["any"]):
        raise PolicyError(f'Rule {rule!r}: a need names no entities; write any = ["NHS_NUMBER", ...].')
    score, count = entry.get("score", 0.5), entry.get("count", 1)
    if not isinstance(count, int) or count < 1:
        raise PolicyError(f"Rule {rule!r}: count is {count!r}; write a whole number from 1 up.")
    zones = _subset(entry, "zones", frozenset(Zone), rule) - (
        _subset(entry, "not_zones", frozenset(Zone), rule) if "not_zones" in entry else frozenset()
    )
    whose = _subset(entry, "whose", frozenset(WHOSE), rule) - (
        _subset(entry, "not_whose", frozenset(WHOSE), rule) if "not_whose" in entry else frozenset()
    )
    return Need(
        frozenset(entry["any"]),
        _share(score, "score", rule),
        count,
        frozenset(Zone(zone) for zone in zones),
        whose,
    )


def _share(given: object, key: str, rule: str) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float) or not 0 <= given <= 1:
        raise PolicyError(f"Rule {rule!r}: {key} is {given!r}; write a number from 0 to 1.")
    return float(given)


def _subset(entry: dict[str, Any], key: str, whole: frozenset[Any], rule: str) -> frozenset[Any]:
    if key not in entry:
        return whole
    wrong = [value for value in entry[key] if value not in {str(one) for one in whole}]
    if wrong:
        raise PolicyError(
            f"Rule {rule!r}: {key} has {wrong[0]!r}; write some of {', '.join(sorted(str(one) or '(nobody known)' for one in whole))}."
        )
    return frozenset(entry[key])


def _known(entry: dict[str, Any], keys: set[str], rule: str) -> None:
    unknown = sorted(set(entry) - keys)
    if unknown:
        raise PolicyError(
            f"Rule {rule!r} has the unknown key {unknown[0]!r}; the keys are {', '.join(sorted(keys))}."
        )
