"""Who is nobody because the mail says so: test patients, personas, made-up records of training, quizzes and test systems.

What stands close together is one record. A record is nobody's where the words around it say that it is
invented and something in it looks it: a number never issued, `Mouse, Minnie`, `1 Anywhere Road`, ZZ99.
Words of test alone (`on UAT`, `scenario`) say little: two such looks are then needed.
"""

from collections.abc import Iterator, Sequence

from helpdesk.pii import cues
from helpdesk.pii.found import Found
from helpdesk.pii.invented_words import DENIED, HINTED, LOOKS, MIXED, SAID
from helpdesk.pii.recognizers.base import digits_of, mod11
from helpdesk.pii.stories import is_invented_name

_TELLS = frozenset(
    {
        "NHS_NUMBER", "CHI_NUMBER", "HC_NUMBER", "OLD_NHS_NUMBER", "HOSPITAL_NUMBER", "DATE_OF_BIRTH",
        "ADDRESS", "POSTCODE", "PATIENT_RECORD", "GENE_RESULT", "NINO",
    }
)  # fmt: skip
_IDENTITY = _TELLS | {"PERSON", "PHONE", "EMAIL"}
_SAID_ALONE = frozenset(
    {"DATE_OF_BIRTH", "PERSON", "ADDRESS", "POSTCODE", "HOSPITAL_NUMBER", "PATIENT_RECORD", "GENE_RESULT"}
)
_NUMBERS = frozenset({"NHS_NUMBER", "CHI_NUMBER", "HC_NUMBER"})
_ONE_EACH = frozenset({"NHS_NUMBER", "CHI_NUMBER", "HC_NUMBER", "DATE_OF_BIRTH"})
_GAP, _BEFORE, _AFTER, _BESIDE, _MIXED, _LOOKED = 120, 220, 200, 60, 130, 90
_LONGEST = 40  # findings of a record: a page of one date is none, and must not take a page's time squared


def without_invented(found: Sequence[Found]) -> list[Found]:
    """What is found, less what is said to be an invented person's."""
    nobodys = {id(one) for record in _invented(found) for one in record}
    return [
        one for one in found if id(one) not in nobodys and not _said_alone(one) and not is_invented_name(one)
    ]


def _invented(found: Sequence[Found]) -> Iterator[list[Found]]:
    """The records said to be invented; what is said of one is said of the next close after it, if that looks invented too."""
    end, number, said = 0, 0, 0
    for record in _records(found):
        close = record[0].number == number and record[0].start - end < _GAP + _BESIDE
        first, last = record[0].start, max(one.end for one in record)
        own = _says(record[0], last)
        said = max(own, said) if close and own >= 0 else own
        if (said > 2 and not any(_issued(one) for one in record)) or (
            said > 0 and _looks(record[0].reading.text, first, last, outright=said > 1)
        ):
            yield record
        end, number = last, record[0].number


def _records(found: Sequence[Found]) -> Iterator[list[Found]]:
    """Findings that stand close together; a second number or birth date begins a new record."""
    if not any(one.entity in _TELLS and one.score >= 0.35 for one in found):
        return
    record: list[Found] = []
    for one in sorted(
        (one for one in found if one.entity in _IDENTITY), key=lambda one: (one.number, one.start)
    ):
        if record and _begins(record, one):
            yield record
            record = []
        record.append(one)
    if record:
        yield record


def _begins(record: Sequence[Found], one: Found) -> bool:
    if one.number != record[0].number or len(record) >= _LONGEST:
        return True
    if one.start - max(other.end for other in record) > _GAP:
        return True
    if one.entity not in _ONE_EACH and "\n" not in one.reading.text[record[-1].end : one.start]:
        return False
    written = one.text
    return any(
        other.entity == one.entity and other.end <= one.start and other.text != written for other in record
    )


def _says(first: Found, end: int) -> int:
    """How plainly the words around a record say that it is invented: 3 outright and more, 2 outright, 1 by a hint, 0 not, -1 where it denies it."""
    low = first.reading.lower
    around = low[max(0, first.start - _BEFORE) : end] + low[end : end + _AFTER].split("\n\n", maxsplit=1)[0]
    if DENIED.search(around):
        return -1
    rest, outright = SAID.subn(" ", around)
    near = around[max(0, first.start - _MIXED) - max(0, first.start - _BEFORE) :]
    if MIXED.search(SAID.sub(" ", near) if outright else near):
        return -1
    hinted = HINTED.search(rest) is not None
    return 2 + (outright > 1 or hinted) if outright else int(hinted)


def _issued(one: Found) -> bool:
    """Whether it is a number of the ranges that patients have."""
    digits = digits_of(one.text)
    return one.entity in _NUMBERS and len(digits) == 10 and mod11(digits) and digits[0] in "3467"


def _looks(text: str, start: int, end: int, *, outright: bool) -> bool:
    """Whether a value in a record, or in its line beside it, looks invented; without an outright word two do, an odd name or place among them."""
    line, stop = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    first, last = max(line, start - _LOOKED), min(len(text) if stop < 0 else stop, end + _BESIDE)
    looks = {match.group(): match for match in LOOKS.finditer(text, first, last)}
    if outright or any(match.group("known") for match in looks.values()):
        return bool(looks)
    return len(looks) > 1 and any(match.group("odd") for match in looks.values())


def _said_alone(one: Found) -> bool:
    """Whether a birth date, name or address is said to be a test patient's, a few lines before at most."""
    if one.entity not in _SAID_ALONE or one.recognizer == "NamesByModel":
        return False
    low = one.reading.lower
    before, after = low[max(0, one.start - 220) : one.start], low[one.end : one.end + 60].split("\n")[0]
    if not (before + after).islower():
        return False  # no word at all
    if not cues.TEST_DATA.search(before) and not cues.TEST_DATA.search(after):
        return False
    around = before + one.text.lower() + after
    return not any(pattern.search(around) for pattern in (cues.REAL_AFTER_ALL, DENIED)) and not MIXED.search(
        SAID.sub(" ", around[max(0, len(before) - _MIXED) :])
    )
