"""What a sentence says about whether it tells somebody's health, work or family matter: features by name.

Each feature is something an officer can be told in words: a person is named, a strong word is said
outright of the name, a machine is the subject. `matters` weighs them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from helpdesk.pii import cues
from helpdesk.pii.found import Found
from helpdesk.pii.reading import Reading
from helpdesk.pii.subjects import lay_title
from helpdesk.pii.values import Zone

CARE = frozenset({"HEALTH", "MENTAL_HEALTH", "SEXUAL_HEALTH", "MATERNITY", "DEATH"})
WORK = frozenset({"HR", "DISCIPLINARY"})
SOCIAL = frozenset({"SAFEGUARDING", "SPECIAL_CATEGORY"})
WORDS = CARE | WORK | SOCIAL
SILENT = (Zone.SIGNATURE, Zone.DISCLAIMER, Zone.GREETING, Zone.DISPLAY_NAME)


@dataclass(frozen=True, slots=True)
class Sentence:
    """What one sentence and its neighbours say: features by name, and the findings they rest on."""

    reading: Reading = field(repr=False)
    number: int
    start: int
    end: int
    features: Mapping[str, float]
    matter: str
    words: tuple[Found, ...]
    persons: tuple[Found, ...]


def sentences(found: Sequence[Found]) -> Iterator[Sentence]:
    """Each sentence that holds a sensitive word outside signatures, with its features."""
    subject = tuple(one for one in found if one.zone is Zone.SUBJECT and one.entity == "PERSON")
    titled = any(one.zone is Zone.SUBJECT and one.entity in WORDS and one.score >= 0.2 for one in found)
    readings: dict[int, list[Found]] = {}
    for one in found:
        readings.setdefault(one.number, []).append(one)
    for ones in readings.values():
        anybody = any(
            one.entity == "PERSON" and one.whose in ("", "subject") and one.zone not in SILENT for one in ones
        )
        in_subject = ones[0].zone is Zone.SUBJECT
        yield from _in_reading(ones, _Mail(() if in_subject else subject, anybody, titled and not in_subject))


@dataclass(frozen=True, slots=True)
class _Mail:
    """What the rest of the mail adds to a sentence."""

    subject: tuple[Found, ...]  # persons in the subject line
    anybody: bool
    titled: bool


def _in_reading(found: list[Found], mail: _Mail) -> Iterator[Sentence]:
    by_sentence: dict[int, list[Found]] = {}
    for one in found:
        by_sentence.setdefault(one.sentence, []).append(one)
    for number, ones in sorted(by_sentence.items()):
        words = [one for one in ones if one.entity in WORDS and one.zone not in SILENT]
        persons = [one for one in ones if _somebody(one) and one.zone not in SILENT]
        if (persons or (words and _tells_something(words))) and not _made_up((words or persons)[0]):
            around = [one for step in (-1, -2, 1) for one in by_sentence.get(number + step, ())]
            yield _sentence(ones, words, around, mail)


def _tells_something(words: Sequence[Found]) -> bool:
    """A word that is more than weak, or a weak one beside somebody."""
    reading = words[0].reading
    return (
        any(one.score > 0.2 for one in words)
        or cues.SELF.search(reading.lower, *reading.sentence(words[0].start)) is not None
    )


def _made_up(word: Found) -> bool:
    """The sentence, or what led to it, speaks of a test patient, a scenario or a mannequin."""
    start, end = word.reading.sentence(word.start)
    return bool(cues.NOT_REAL.search(word.reading.lower, max(0, start - 80), end))


def _somebody(one: Found) -> bool:
    return one.entity in ("PERSON", "FIRST_NAME") and one.whose in ("subject", "", "staff")


def _sentence(ones: list[Found], words: list[Found], around: list[Found], mail: _Mail) -> Sentence:
    anchor = (words or ones)[0]
    reading = anchor.reading
    start, end = reading.sentence(anchor.start)
    persons = [one for one in ones if one.entity == "PERSON"]
    near = [one for one in around if one.entity == "PERSON" and one.zone not in SILENT]
    matter = _matter(words)
    features = {
        **_of_words(words, matter),
        **_of_persons(persons, near, mail.subject, matter),
        **_of_first_names(ones, around),
        **_of_grammar(ones, words, reading),
        **_of_leads(words, reading),
        **_prose_of(reading, start, end),
        **_of_company(ones, around),
        "a matter in the subject line": float(mail.titled),
        "a person named elsewhere": float(mail.anybody and not persons and not near),
        "the writer is a member of the public": float(reading.private_writer),
    }
    return Sentence(
        reading,
        anchor.number,
        start,
        end,
        features,
        matter,
        tuple(words),
        tuple(p for p in [*persons, *near, *mail.subject] if p.whose not in ("staff", "recipient")),
    )


def _prose_of(reading: Reading, start: int, end: int) -> Mapping[str, float]:
    """Made once of a sentence: a mail is judged again when names are found."""
    if start not in reading.prose:
        low = reading.lower
        reading.prose[start] = _of_prose(low[start:end], low[max(0, start - 160) : start])
    return reading.prose[start]


def _matter(words: Sequence[Found]) -> str:
    weight = {"care": 0.0, "work": 0.0, "social": 0.0}
    for one in words:
        kind = "care" if one.entity in CARE else "work" if one.entity in WORK else "social"
        weight[kind] += one.score
    return max(weight, key=lambda kind: weight[kind])


def _of_words(words: Sequence[Found], matter: str) -> dict[str, float]:
    strong = sum(1 for one in words if one.score >= 0.8)
    plain = sum(1 for one in words if 0.4 <= one.score < 0.8)
    weak = sum(1 for one in words if 0.15 <= one.score < 0.4)
    things = sum(1 for one in words if "names a thing" in one.why and "weak" not in one.why)
    return {
        "strong words": min(strong, 3), "any strong word": float(strong > 0), "plain words": min(plain, 3), "any plain word": float(plain > 0), "weak words": min(weak, 2),
        "words that name things": min(things, 3), "only words that name things": float(things > 0 and not strong and not plain),
        "several kinds of matter": float(len({one.entity for one in words if one.score >= 0.4}) > 1),
        "only weak words": float(not strong and not plain and not things),
        "about work": float(matter == "work"), "about family or law": float(matter == "social"),
    }  # fmt: skip


def _of_grammar(ones: Sequence[Found], words: Sequence[Found], reading: Reading) -> dict[str, float]:
    """How a name and a sensitive word are tied: `X's ulcer`, `X has MS`, `biopsy of X`, or close by."""
    said = dict.fromkeys(
        (
            "somebody's own",
            "said outright",
            "of or for somebody",
            "close to a name",
            "a colleague's own, said outright",
            "a weak word of somebody",
            "a thing about somebody",
        ),
        0.0,
    )
    terms = list(words)
    for person in ones:
        if (
            person.entity not in ("PERSON", "FIRST_NAME")
            or person.zone in SILENT
            or person.whose in ("writer", "recipient")
        ):
            continue
        for term in terms:
            for name in _ties(reading.lower, person, term):
                if term.score < 0.15:
                    said["a thing about somebody"] = max(
                        said["a thing about somebody"], float(name == "about somebody")
                    )
                    continue
                if term.score < 0.4:
                    said["a weak word of somebody"] = 1.0
                    continue
                if name == "about somebody":
                    continue
                key = "a colleague's own, said outright" if person.whose == "staff" else name
                if person.whose != "staff" or name in ("somebody's own", "said outright"):
                    said[key] = 1.0
    return said


def _ties(low: str, person: Found, term: Found) -> Iterator[str]:
    if term.start >= person.end:
        between = low[person.end : term.start] if term.start - person.end < 90 else None
        if between is not None and cues.OF_SOMEBODY.match(between):
            yield "somebody's own"
        elif between is not None and cues.STATES.match(between):
            yield "said outright"
    else:
        between = low[term.end : person.start] if person.start - term.end < 60 else None
        if between is not None and cues.LEADS_TO.match(between):
            yield "of or for somebody"
        if between is not None and cues.ABOUT.match(between):
            yield "about somebody"
    if between is not None and len(between) <= 30 and "\n" not in between:
        yield "close to a name"


def _of_first_names(ones: Sequence[Found], around: Sequence[Found]) -> dict[str, float]:
    here = any(one.entity == "FIRST_NAME" and one.zone not in SILENT for one in ones)
    return {
        "a first name alone": float(here),
        "a first name alone nearby": float(
            not here and any(one.entity == "FIRST_NAME" and one.zone not in SILENT for one in around)
        ),
    }


def _of_persons(
    persons: Sequence[Found], near: Sequence[Found], subject: Sequence[Found], matter: str
) -> dict[str, float]:
    here = _parts(persons)
    beside = _parts(near)
    if matter != "care":  # at work everybody is a colleague
        here[""] = here[""] or here["staff"]
        beside[""] = beside[""] or beside["staff"]
    titled = _parts(subject)
    other = here["subject"] or here[""]
    return {
        "a patient named": float(here["subject"]), "a person named": float(here[""] and not here["subject"]),
        "only colleagues named": float((here["staff"] or here["recipient"]) and not other), "a colleague named": float(here["staff"]),
        "a colleague named nearby": float(beside["staff"] and not here["staff"]),
        "the writer named": float(here["writer"]),
        "a patient named nearby": float(beside["subject"] and not other), "a person named nearby": float(beside[""] and not beside["subject"] and not other),
        "a person named in the subject": float((titled[""] or titled["subject"] or titled["staff"]) and not other),
        "a lay title": float(any(lay_title(one) and one.whose != "staff" for one in persons)), "a lay title nearby": float(any(lay_title(one) and one.whose != "staff" for one in near)),
    }  # fmt: skip


def _parts(persons: Iterable[Found]) -> dict[str, bool]:
    parts = dict.fromkeys(("subject", "", "staff", "recipient", "writer"), False)
    for one in persons:
        parts[one.whose] = True
    return parts


def _of_leads(words: Sequence[Found], reading: Reading) -> dict[str, float]:
    """What stands right before the words."""
    sure = [one for one in words if one.score >= 0.4]
    leads = [reading.lower[max(0, one.start - 40) : one.start] for one in sure]
    return {
        "says it of oneself": float(any(cues.SELF_STATE.search(lead) for lead in leads)),
        "has it, with it, for it": float(any(cues.STATE_BEFORE.search(lead) for lead in leads)),
        "said of a machine": float(any(cues.MACHINE.search(reading.lower[max(0, one.start - 50) : one.start]) for one in sure)),
    }  # fmt: skip


def _of_prose(text: str, before: str) -> dict[str, float]:
    """What the words of the sentence say, whoever is found in it."""
    return {
        "he or she": float(bool(cues.THIRD.search(text))), "I or my": float(bool(cues.SELF.search(text))),
        "a relative of the writer": float(bool(cues.RELATIVE.search(text) or cues.RELATIVE.search(before))),
        "one patient without a name": float(bool(cues.UNNAMED.search(text))), "a verb of having": float(bool(cues.LINK.search(text))),
        "a bed or ward": float(bool(cues.BED.search(text))),
        "many people": float(bool(cues.PLURAL.search(text))), "words of IT": min(len(cues.IT.findall(text)), 4) / 2,
        "not a real person": float(bool(cues.NOT_REAL.search(text) or cues.NOT_REAL.search(before))), "says no person is in it": float(bool(cues.NO_PERSON.search(text))),
        "one's own care": float(bool(cues.OWN_CARE.search(text))), "asks for secrecy": float(bool(cues.SECRET.search(text) or cues.SECRET.search(before))),
        "stock or supplies": float(bool(cues.STOCK.search(text))), "an event": float(bool(cues.EVENT.search(text) or cues.EVENT.search(before))),
        "time of an event": float(bool(cues.WHEN.search(text))),
    }  # fmt: skip


def _of_company(ones: Sequence[Found], around: Sequence[Found]) -> dict[str, float]:
    close = [*ones, *around]
    return {
        "an age beside": float(any(one.entity == "AGE" for one in ones)),
        "a likely date of birth beside": float(any(one.entity == "DATE_OF_BIRTH" and one.score >= 0.4 for one in close)),
        "a likely hospital number beside": float(any(one.entity == "HOSPITAL_NUMBER" for one in close)),
        "a private address or phone beside": float(any((one.entity in ("ADDRESS", "POSTCODE") and one.score >= 0.4) or (one.entity in ("PHONE", "EMAIL") and one.score >= 0.6) for one in close)),
    }  # fmt: skip
