"""Rules over findings: what each needs, when it hits, and what it nearly hit for."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from helpdesk.pii.found import Found
from helpdesk.pii.values import Reason, Severity, Zone

WHOSE = ("writer", "recipient", "staff", "subject", "")


@dataclass(frozen=True, slots=True)
class Need:
    """Findings a rule asks for: any of some entities, sure enough, in some zones, of some people, so many different ones."""

    any: frozenset[str]
    score: float = 0.5
    count: int = 1
    zones: frozenset[Zone] = frozenset(Zone)
    whose: frozenset[str] = frozenset(WHOSE)

    def takes(self, found: Found) -> bool:
        return (
            found.entity in self.any
            and found.score >= self.score
            and found.zone in self.zones
            and found.whose in self.whose
        )


@dataclass(frozen=True, slots=True)
class Rule:
    """`near` is the widest stretch of characters the needs may span; 0 means anywhere in the mail.

    `told_by` names a rule that says the same more surely: where both hit, its reason alone is told.
    `reread`: how likely the careful reader must find a private matter for the rule to hold by itself; 0: it is not asked.
    """

    name: str
    category: str
    severity: Severity
    needs: tuple[Need, ...]
    near: int = 0
    why: str = ""
    hold: bool = True
    told_by: str = ""
    reread: float = 0.0


@dataclass(frozen=True, slots=True)
class Hit:
    rule: Rule
    findings: tuple[Found, ...]


@dataclass(frozen=True, slots=True)
class Miss:
    """A rule that was nearly met: some needs had findings, the others had none or none near enough."""

    rule: Rule
    met: int
    missing: tuple[str, ...]


def reason_of(rule: Rule, hits: Sequence[Hit]) -> Reason:
    parts = dict.fromkeys(found.reading.part for hit in hits for found in hit.findings)
    return Reason(rule.name, rule.category, rule.severity, tuple(parts))


def hits_of(rules: Iterable[Rule], found: Sequence[Found]) -> Iterator[Hit]:
    """The rules that hit; those that need a kind of which nothing was found, and most do, are not looked at."""
    kinds = frozenset(one.entity for one in found)
    for rule in rules:
        if all(not need.any.isdisjoint(kinds) for need in rule.needs) and (hit := hit_of(rule, found)):
            yield hit


def hit_of(rule: Rule, found: Sequence[Found]) -> Hit | None:
    met = [[one for one in found if need.takes(one)] for need in rule.needs]
    if any(len(_different(ones)) < need.count for need, ones in zip(rule.needs, met, strict=True)):
        return None
    if not rule.near:
        return Hit(rule, tuple(dict.fromkeys(one for ones in met for one in ones)))
    near = next(_near(rule, met), ())
    return Hit(rule, near) if near else None


def all_met(rule: Rule, found: Sequence[Found]) -> Iterator[Found]:
    """Every finding by which a rule hits: of one that asks for nearness all places where its needs stand together, not the first alone."""
    met = [[one for one in found if need.takes(one)] for need in rule.needs]
    for group in _near(rule, met) if rule.near else met:
        yield from group


def _different(found: Iterable[Found]) -> set[str]:
    return {one.text.lower() for one in found}


def _near(rule: Rule, met: Sequence[Sequence[Found]]) -> Iterator[tuple[Found, ...]]:
    """Findings of every need within the rule's stretch of one of the first need's, each such group; linear sweeps, one reading at a time."""
    for anchor in met[0]:
        group = [
            one
            for ones in met
            for one in ones
            if one.number == anchor.number and abs(one.start - anchor.start) <= rule.near
        ]
        if all(len(_different(one for one in group if need.takes(one))) >= need.count for need in rule.needs):
            yield tuple(group)


def nearly(rule: Rule, found: Sequence[Found]) -> Miss | None:
    lenient = [Need(need.any, max(0.0, need.score - 0.35), need.count) for need in rule.needs]
    met = [sum(1 for one in found if need.takes(one)) >= need.count for need in rule.needs]
    close = [sum(1 for one in found if need.takes(one)) >= need.count for need in lenient]
    if not any(met) and not all(close):
        return None
    missing = tuple(" or ".join(sorted(need.any)) for need, ok in zip(rule.needs, met, strict=True) if not ok)
    return Miss(rule, sum(met), missing or (f"all within {rule.near} characters",))
