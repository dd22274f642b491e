"""What a doubtful rule holds is looked at once more: a server's birthday is nobody's, a patient's is somebody's."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from helpdesk.pii.explain import explain
from helpdesk.pii.found import Found
from helpdesk.pii.policy import load_policy
from helpdesk.pii.reading import Reading
from helpdesk.pii.recognizers.base import plain_reading
from helpdesk.pii.rules import Hit, Need, Rule, hits_of
from helpdesk.pii.scanner import Scanner
from helpdesk.pii.second_look import MOST_LOOKS, SecondLook
from helpdesk.pii.semantic import Semantic
from helpdesk.pii.semantic.judge import PACKAGED
from helpdesk.pii.text import Mapped
from helpdesk.pii.values import Context, Kind, Piece, Severity, Zone
from helpdesk.pii.zones import one_zone

CONTEXT = Context(sender_name="Jo Lim", sender_address="jo.lim@northmoor.nhs.uk")
# Each pair: what a rule finds of nobody, and nearly the same of somebody.
PAIRS = [
    (
        "Our PACS was born on 12/03/2014, so it is twelve on Thursday. There is cake in reading room 2 and everybody is invited.",
        "Joyce Whitlock was born on 12/03/2014 and her record will not open on the ward. Time is short, clinic is at 2.",
    ),
    (
        "On Monday we get the keys of 27 Maple Avenue, HX9 4QT. It was a doctor's house and will be the wheelchair store. Could you order a line and six phones?",
        "Mrs Whitlock of 27 Maple Avenue, HX9 4QT is due her insulin at 6 and the nurse cannot see the visit. Could you ring us?",
    ),
    (
        "New starter in stores from Monday, desk 4. The cost code is JT 30 41 19 C in case you need it, the laptop can come later.",
        "Payroll cannot find me, my insurance number is JT 30 41 19 C and I have not been paid for two months.",
    ),
]


def pieces(body: str) -> list[Piece]:
    return [Piece("subject", Kind.SUBJECT, "help please"), Piece("body_text", Kind.TEXT, body)]


@pytest.mark.parametrize("number", range(len(PAIRS)))
def test_what_is_nobodys_goes_through_and_what_is_somebodys_is_held(scanner: Scanner, number: int) -> None:
    assert [scanner.scan(pieces(body), CONTEXT).hold for body in PAIRS[number]] == [False, True]


@pytest.mark.parametrize("number", range(len(PAIRS)))
def test_it_is_the_second_look_that_lets_it_through(scanner: Scanner, number: int) -> None:
    found = scanner.findings(pieces(PAIRS[number][0]), CONTEXT)
    hits = [hit for hit in scanner.policy.hits(found) if hit.rule.hold]
    assert hits
    assert all(hit.rule.reread for hit in hits)


@pytest.mark.parametrize("number", range(len(PAIRS)))
def test_what_is_left_of_a_redacted_mail_gets_no_second_look(scanner: Scanner, number: int) -> None:
    assert scanner.scan(pieces(PAIRS[number][0]), CONTEXT, strict=True).hold


def test_an_explanation_says_what_was_set_aside(scanner: Scanner) -> None:
    told = {one.rule: one.missing for one in explain(scanner, pieces(PAIRS[0][0]), CONTEXT).almost}
    assert told["Date of birth, said to be one"] == ("anybody's private matter, at a second look",)


def test_it_is_told_by_the_policy_which_rules_are_doubtful() -> None:
    doubtful = {rule.name for rule in load_policy().rules if rule.reread}
    assert "Date of birth, said to be one" in doubtful
    assert not doubtful & {"Hospital number", "A named patient in a message between systems", "Sick note"}


def hit(reading: Reading, reread: float, start: int = 0) -> Hit:
    found = Found("ADDRESS", start, start + 4, 0.9, "", "test", reading, id(reading), reading.zone(start))
    return Hit(
        Rule("Home address", "home address", Severity.HIGH, (Need(frozenset({"ADDRESS"})),), reread=reread),
        (found,),
    )


def never() -> NoReturn:
    raise AssertionError("the reader was asked")


def looked(hits: list[Hit], reading: Reading, reader: Callable[[], Semantic] = never) -> tuple[Hit, ...]:
    return SecondLook(reader).standing(hits, [reading], [one for hit in hits for one in hit.findings])


def test_nothing_is_read_where_a_sure_rule_holds_too() -> None:
    reading = plain_reading("Shop at 14 Market Street froze this morning.")
    both = [hit(reading, 0.1), hit(reading, 0.0)]
    assert looked(both, reading) == tuple(both)


def test_what_stands_in_no_stretch_that_is_read_holds() -> None:
    text = "Shop at 14 Market Street froze this morning."
    reading = Reading("text", "", Mapped(text, None, len(text)), one_zone(text, Zone.SIGNATURE))
    doubtful = [hit(reading, 0.1)]
    assert looked(doubtful, reading) == tuple(doubtful)


def test_what_would_take_many_looks_holds() -> None:
    sentence = "The {} shop at 14 Market Street has a till that froze this morning while the volunteers had their tea and the customers waited in a long queue with all the things that they had chosen from the shelves, which was no fun for any of them at all today. "
    sentences = [sentence.format(chr(97 + number) * 5) for number in range(20)]
    reading = plain_reading("".join(sentences))
    many = [hit(reading, 0.1, reading.text.index(one)) for one in sentences[::3]]
    assert len(many) > MOST_LOOKS
    assert looked(many, reading) == tuple(many)


def test_what_stands_in_a_file_name_holds() -> None:
    text = "Whitlock DOB 12-03-1944.pdf"
    reading = Reading("file_name:1", "", Mapped(text, None, len(text)), one_zone(text, Zone.FILE_NAME))
    doubtful = [hit(reading, 0.1)]
    assert looked(doubtful, reading) == tuple(doubtful)


def test_what_is_longer_than_the_reader_sees_holds(scanner: Scanner) -> None:
    endless = "the printer in the seminar room has no toner and the tray is stuck and nobody has come, " * 16
    assert scanner.scan(
        pieces(f"We know that {endless}and Joyce Whitlock born on 12/03/1944 has no record"), CONTEXT
    ).hold


def test_what_the_reader_has_no_letters_for_holds(scanner: Scanner) -> None:
    asks = "Здравствуйте, я не могу войти в приложение."
    tells = "Меня зовут Ольга Петренко, дата рождения 14.02.1985, у меня диабет и нужен инсулин."
    assert [scanner.scan(pieces(body), CONTEXT).hold for body in (asks, f"{asks} {tells}")] == [False, True]


def test_all_places_where_a_rule_is_met_are_read_not_the_first_alone() -> None:
    """Near the first address stands an engineer, near the other a patient: a hit itself rests on the first."""
    first = "Engineer Pat should come to the store at 14 Market Street, where the tills froze again today."
    second = "Joyce has dementia, lives at 27 Maple Avenue and has not had her insulin since yesterday."
    plain = "The printer in the seminar room has no toner and nobody has come to look at it. " * 25
    reading = plain_reading(f"{first}\n\n{plain}\n\n{second}")
    found = [
        Found(entity, at, at + len(word), 0.9, "", "test", reading, id(reading), Zone.BODY)
        for entity, word in [
            ("ADDRESS", "14 Market Street"),
            ("PERSON", "Pat"),
            ("ADDRESS", "27 Maple Avenue"),
            ("PERSON", "Joyce"),
        ]
        for at in [reading.text.index(word)]
    ]
    needs = (Need(frozenset({"ADDRESS"})), Need(frozenset({"PERSON"})))
    rule = Rule("Address beside a person", "home address", Severity.HIGH, needs, near=120, reread=0.1)
    alone = [one for one in found if one.start < len(first)]
    look = SecondLook(Semantic.load)
    assert not look.standing(list(hits_of([rule], alone)), [reading], alone)
    assert look.standing(list(hits_of([rule], found)), [reading], found)


def test_without_a_careful_reader_doubtful_rules_hold(tmp_path: Path) -> None:
    for file in PACKAGED.iterdir():
        (tmp_path / file.name).symlink_to(file)
    told = json.loads((PACKAGED / "model.json").read_text(encoding="utf-8"))
    del told["careful"]
    (tmp_path / "model.json").unlink()
    (tmp_path / "model.json").write_text(json.dumps(told), encoding="utf-8")
    reading = plain_reading("Shop at 14 Market Street froze this morning.")
    doubtful = [hit(reading, 0.1)]
    assert looked(doubtful, reading, lambda: Semantic.load(tmp_path)) == tuple(doubtful)
