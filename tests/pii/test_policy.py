"""The policy file: what it may say, how a fault in it is told, and how its rules hit."""

from typing import Any

import pytest

from helpdesk.pii.found import Found
from helpdesk.pii.policy import PolicyError, load_policy, parse_policy
from helpdesk.pii.recognizers.base import plain_reading
from helpdesk.pii.values import Zone

RULE: dict[str, Any] = {"name": "a", "category": "c", "severity": "high", "needs": [{"any": ["X"]}]}


def policy(**over: Any) -> dict[str, Any]:
    return {"version": "1", "rule": [{**RULE, **over}]}


def found(entity: str, start: int, score: float = 0.9, whose: str = "") -> Found:
    reading = plain_reading("x" * 1000)
    return Found(entity, start, start + 1, score, "", "T", reading, 1, Zone.BODY, whose)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({}, "version"),
        ({"version": "1", "rule": [RULE, RULE]}, "two rules called"),
        ({"version": "1" * 33, "rule": [RULE]}, "more than 32 characters"),
        (policy(name=""), "no name"),
        (policy(severity="huge"), "none, low, moderate, high"),
        (policy(needs=[]), "at least one"),
        (policy(needs=[{"any": []}]), "names no entities"),
        (policy(needs=[{"any": ["X"], "score": 2}]), "from 0 to 1"),
        (policy(needs=[{"any": ["X"], "count": 0}]), "whole number"),
        (policy(needs=[{"any": ["X"], "zones": ["attic"]}]), "attic"),
        (policy(needs=[{"any": ["X"], "whose": ["mine"]}]), "mine"),
        (policy(near=-1), "number of characters"),
        (policy(reread=1.5), "reread is 1.5; write a number from 0 to 1"),
        (policy(reread=True), "reread is True"),
        (policy(colour="red"), "unknown key"),
    ],
)
def test_a_fault_is_told_in_words(data: dict[str, Any], says: str) -> None:
    with pytest.raises(PolicyError, match=says):
        parse_policy(data)


def test_the_policy_of_the_product_is_sound_and_versioned() -> None:
    assert load_policy().version
    assert len(load_policy().rules) > 10


def test_a_rule_hits_when_all_its_needs_stand_near() -> None:
    two = parse_policy(policy(needs=[{"any": ["X"]}, {"any": ["Y"]}], near=50))
    assert two.hits([found("X", 10), found("Y", 40)])
    assert not two.hits([found("X", 10), found("Y", 400)])
    assert not two.hits([found("X", 10)])


def test_a_need_looks_at_score_owner_and_count() -> None:
    rule = parse_policy(policy(needs=[{"any": ["X"], "score": 0.8, "not_whose": ["staff"]}]))
    assert rule.hits([found("X", 1)])
    assert not rule.hits([found("X", 1, 0.7)])
    assert not rule.hits([found("X", 1, whose="staff")])


def test_a_rule_that_nearly_hit_says_what_it_lacked() -> None:
    two = parse_policy(policy(needs=[{"any": ["X"]}, {"any": ["Y"]}]))
    assert two.almost([found("X", 10)])[0].missing == ("Y",)


def test_a_reason_that_another_rule_tells_is_told_once() -> None:
    sure = {**RULE, "name": "sure", "needs": [{"any": ["X"]}]}
    signs = {**RULE, "name": "two signs", "told_by": "sure", "needs": [{"any": ["Y"], "score": 0.3}]}
    two = parse_policy({"version": "1", "rule": [sure, signs]})
    both = two.hits([found("X", 10), found("Y", 40)])
    assert len(both) == 2
    assert [reason.rule for reason in two.reasons(both)] == ["sure"]
    assert [reason.rule for reason in two.reasons(two.hits([found("Y", 40)]))] == ["two signs"]


def test_a_rule_is_told_by_one_that_is_there() -> None:
    with pytest.raises(PolicyError, match="told_by"):
        parse_policy(policy(told_by="nobody"))


def test_no_verdict_tells_the_same_reason_twice() -> None:
    policy = load_policy()
    names = [rule.name for rule in policy.rules]
    hits = policy.hits(
        [found(entity, 10, 0.9) for rule in policy.rules for need in rule.needs for entity in need.any]
    )
    told = [reason.rule for reason in policy.reasons(hits)]
    assert len(told) == len(set(told))
    assert not [name for name in told if name.endswith(", by two signs")]
    assert set(told) <= set(names)
