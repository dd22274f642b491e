"""Names of people by pattern: titles, two capitalised words, SURNAME, Given, initials, labelled and lower-case.

Works from lists of names and from shape; the model adds what these cannot know. A name says
nothing by itself: whose it is and what stands beside it decide, in the policy.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from helpdesk.pii import names
from helpdesk.pii.reading import Reading
from helpdesk.pii.recognizers.base import Hit, Recognizer
from helpdesk.pii.text import fold, spaced

# Patterns that begin with a capital look at what stands before it (`(?<!..)` with a dot for the capital) once it is found:
# a search for one of some letters is many times as fast as a look behind at each place.
_UPPER = r"[A-ZÀ-ÖØ-ÞŁŚŻŹĆŠŽČĞİŞ]"
_AFTER_UPPER = rf"(?:[\w']*[^\W\d_])?(?:-{_UPPER}[^\W\d_]+)*"
_CAP = _UPPER + _AFTER_UPPER
_ALONE = rf"{_UPPER}(?<![\w@./\\'-].){_AFTER_UPPER}"
_PARTICLE = r"(?:(?:de la|de|da|di|del|dela|della|van der|van den|van|von|der|bin|ibn|bint|al|el|ap|ab|ferch|mac|mc|nic|ní|ni|ó|o|st|ter|le|la|dos|san)[ ])"
_RUN = re.compile(rf"{_ALONE}(?:[ ](?:[A-Z]\.?[ ])?{_PARTICLE}?{_CAP}){{1,3}}(?![\w@/\\])")
_TITLED = re.compile(
    rf"(?<![\w.])(?:(Mr|Mrs|Ms|Miss|Mx|Master|Sir|Dame|Lady|Lord)|(Dr|Prof|Professor|Sister|Sr|Matron|Nurse|Consultant|Midwife|Rev|Revd|Cllr))\b\.?[ ]((?:[A-Z]\.?[ ]?){{0,3}}{_PARTICLE}?{_CAP}(?:[ ]{_PARTICLE}?{_CAP}){{0,2}})"
)
_TITLES = spaced(
    "mr mrs ms miss mx master sir dame lady lord dr prof professor sister sr matron nurse consultant midwife rev revd cllr"
)
_TITLES_LOW = spaced("mr mrs ms miss mstr")
_TITLED_LOW = re.compile(
    r"(?<![\w.])(mr|mrs|ms|miss|mstr)\.? ([a-z][a-z'-]{2,20}(?: [a-z][a-z'-]{2,20})?)(?![\w])"
)
_BANNER = re.compile(
    r"([A-ZÀ-ÞŁŚŻ](?<!\w.)[A-ZÀ-ÞŁŚŻ'\-]{1,25}(?: [A-ZÀ-ÞŁŚŻ][A-ZÀ-ÞŁŚŻ'\-]{1,25})?), ?([A-ZÀ-ÞŁŚŻ][^\W\d_]{0,20}(?:[- ][A-ZÀ-ÞŁŚŻ][^\W\d_]{0,20})?)\b(?: ?\((?:Mr|Mrs|Ms|Miss|Dr|Mx|Master|Mstr|Baby)\.?\))?"
)
_LABEL = re.compile(
    r"\b(?:(?:patient|pt|client|service user|resident|child|baby|full|first|last|given|family|sur|fore|mother|mum|father|next of kin|nok|candidate|applicant|employee|claimant|deceased|known as|previous|maiden)"
    r"(?:'s)? ?names?|name|surname|forenames?|called|named|my name is|this is regarding|re pt|aka|i am|i'm|thats me|that's me|it's for|mam|enw)\b[ \t]*(?:is|was|of|:|-|=|\t)?[ \t\"']*"
)
_LABELS = ("name", "called", "this is regarding", "re pt", "aka", "i am", "i'm", "thats me", "that's me", "it's for", "mam", "enw")  # fmt: skip
_AFTER_LABEL = re.compile(r"[^\W\d_][\w'-]+(?:[ ,]{1,2}[^\W\d_][\w'-]+){0,3}")
_INITIALS = re.compile(
    r"[A-Z](?:(?<![\w.@/\\-].)\.[ ]?(?:[A-Z]\.[ ]?){0,2}[A-Z][a-z'-]{2,20}(?:-[A-Z][a-z]+)?(?![\w])|(?<![\w.@-].)[a-z'-]{2,20},? [A-Z]{1,2}\b(?=[ ,.)\t\n|;]| -|$))"
)
_UNDERSCORED = re.compile(
    r"(?<![^\W_])([A-ZÀ-Þ][^\W\d_]{2,20})_([A-ZÀ-Þ][^\W\d_]{1,20})(?![^\W_])|(?<![^\W_])([A-ZÀ-Þ][^\W\d_]{2,20})(?=[_ -]\d{6,8}(?!\d))"
)
_PLACE_AFTER = re.compile(
    r"(?:'s)?[ ,]{0,2}(?:ward|suite|centre|center|building|house|wing|library|rooms?|units?|wards|suites|theatre suite|meeting room|seminar room|hospital|theatre|theatres|clinic|surgery|practice|lodge|court|hall|block|college|school|university|"
    r"trust|foundation|institute|medical|health|day unit|hospice|road|street|lane|avenue|close|drive|terrace|gardens|crescent|grove|place|square|campus|lecture|award|scale|score|syndrome|disease|"
    r"sign|test|bay|floor|entrance|corridor|car park|ltd|limited|plc|llp|group|systems|software|tower|pharmacy|primary|academy|church|farm|park|hill|view|mews|row|walk|way)\b"
)


_PLACE_NOUNS = spaced(
    "ward suite centre house lodge hall park hill court green wood unit wing road street lane close drive view bay block surgery practice hospital clinic library theatre room"
)
_WARD_NAMES = spaced(
    "birch cedar maple willow oak elm ash rowan beech hazel holly poplar sycamore juniper laurel heather jasmine bluebell primrose lavender iris rose ivy fern kingfisher swift robin nightingale churchill victoria albert elizabeth "
    "jubilee phoenix aspen alder magnolia orchid lily daisy poppy sunflower hawthorn chestnut larch pine linden acorn harbour river lake meadow orchard windsor balmoral lister jenner fleming nelson wellington trinity"
)
_PARTICLES = spaced(
    "de da di del dela della van von der bin ibn bint al el ap ab ferch mac mc nic ní ni ó o st ter le la dos san"
)
_PLAIN_SURNAME_FIRST = re.compile(rf"({_ALONE}), ({_CAP})(?![\w@/\\'])")
_SURNAME_FIRST = re.compile(rf"(?<![\w@./\\'-])({_PARTICLE}?{_CAP}), ({_CAP})(?![\w@/\\'])")
_INITIAL_FIRST = re.compile(r"[A-Z](?<![\w.@/\\'-].) ([A-ZÀ-ÞŁŚŻ][\w'-]{2,20})(?![\w])")
_NOUN = re.compile(
    r"(?:tion|sion|ance|ence|ment|ing|ware|book|ship|ness|ity|ics|logy|able|ible|graphy|ical|ional|ive|ous|ed|er|or|ist|ism|ure|age|ory|ary|est|ful|less|net|soft|tech|point|base|link|view|care|line|desk)s?$"
)
_ONE = re.compile(rf"{_ALONE}(?![\w@/\\])")


class PersonByPattern(Recognizer):
    """Names as people type them; score says how sure, `why` says by what sign."""

    ENTITIES = ("PERSON", "FIRST_NAME")

    def hits(self, reading: Reading) -> Iterator[Hit]:
        taken: list[tuple[int, int]] = []
        for hit in self._all(reading):
            if not any(hit.start < end and start < hit.end for start, end in taken):
                taken.append((hit.start, hit.end))
                if len(taken) > 64:
                    taken = taken[-64:]
                yield hit
        for hit in first_names(reading):
            if not any(hit.start < end and start < hit.end for start, end in taken):
                yield hit

    def _all(self, reading: Reading) -> Iterator[Hit]:
        text = reading.text
        yield from _titled(reading)
        yield from _banner(text)
        yield from _runs(reading)
        yield from _labelled(reading)
        yield from _lower_titled(reading)
        yield from _initials(reading)
        yield from _surname_first(reading)
        yield from _lower_pairs(reading)
        yield from _babies(reading)
        yield from _underscored(text)
        yield from _in_carets(text)


def _titled(reading: Reading) -> Iterator[Hit]:
    for match in () if _TITLES.isdisjoint(reading.runs) else _TITLED.finditer(reading.text):
        name = match.group(3)
        end = match.end(3) - (2 if name.endswith("'s") else 1 if name.endswith("'") else 0)
        words = reading.text[match.start(3) : end].split()
        while (
            words
            and names.is_ordinary(fold(words[-1]))
            and not names.may_be_name(fold(words[-1]))
            and len(words) > 1
        ):
            end -= len(words.pop()) + 1
        if words and len(fold(words[-1])) > 1 and not _PLACE_AFTER.match(reading.lower, end):
            yield Hit("PERSON", match.start(), end, 0.85, "title" if match.group(1) else "professional title")


def _banner(text: str) -> Iterator[Hit]:
    for match in _BANNER.finditer(text):
        family, given = fold(match.group(1)), fold(match.group(2).split()[0])
        bracket = match.group().endswith(")")
        known = any(names.may_be_name(w) for w in family.split()) + names.may_be_name(given)
        if (
            bracket
            or known == 2
            or (known and not names.is_ordinary(family) and not names.is_ordinary(given))
        ):
            yield Hit("PERSON", match.start(), match.end(), 0.85, "SURNAME, Given")


def _runs(reading: Reading) -> Iterator[Hit]:
    for match in _RUN.finditer(reading.text):
        yield from _names_in_run(reading, match)


def _names_in_run(reading: Reading, match: re.Match[str]) -> Iterator[Hit]:
    """The longest stretch of a run of capitalised words that reads as a name."""
    words = []
    for word in re.finditer(r"\S+", match.group()):
        bare = word.group().removesuffix("'s").removesuffix("'")
        words.append((word.start() + match.start(), word.start() + match.start() + len(bare), fold(bare)))
        if bare != word.group():
            break  # a possessive ends the name: Kofi Mensah's DBS
    first = 0
    while first < len(words) - 1:
        last = _best_end(words, first)
        if last > first:
            if not _PLACE_AFTER.match(reading.lower, words[last][1]) and not _in_place(words, last):
                yield Hit(
                    "PERSON", words[first][0], words[last][1], _score(words[first : last + 1]), "two names"
                )
            first = last
        first += 1


def _best_end(words: list[tuple[int, int, str]], first: int) -> int:
    given = words[first][2].strip(".")
    unknown = len(given) > 1 and not names.may_be_name(given)
    if names.is_ordinary(given) and not names.is_given(given):
        return first
    for last in range(min(len(words), first + 4) - 1, first, -1):
        family = words[last][2]
        surely = names.is_name(given) or names.is_name(family)
        if family in _PLACE_NOUNS and (names.is_ordinary(given) or given in _WARD_NAMES):
            continue
        fits = names.may_be_name(family) or (names.is_name(given) and not names.is_ordinary(family))
        between = all(names.may_be_name(w[2].strip(".")) or len(w[2]) < 4 for w in words[first + 1 : last])
        if unknown:
            strange = (
                not names.may_be_name(family)
                and not names.is_ordinary(family)
                and len(family) > 2
                and len(words) == 2
                and not (_NOUN.search(family) or _NOUN.search(given))
            )
            fits = (fits and names.is_name(family) and last - first <= 2) or strange
            surely = surely or strange
        if fits and between and (surely or (names.is_given(given) and names.is_family(family))):
            return last
    return first


def _in_place(words: list[tuple[int, int, str]], last: int) -> bool:
    return last + 1 < len(words) and bool(_PLACE_AFTER.match(" " + words[last + 1][2]))


def _score(words: list[tuple[int, int, str]]) -> float:
    sure = sum(1 for _, _, word in words if names.is_name(word))
    return 0.85 if sure >= 2 else 0.75 if sure else 0.5


def _labelled(reading: Reading) -> Iterator[Hit]:
    low = reading.lower
    for label in _LABEL.finditer(low) if any(sign in low for sign in _LABELS) else ():
        match = _AFTER_LABEL.match(reading.text, label.end())
        if match is None:
            continue
        end = match.start()
        for word in re.finditer(r"[^\W\d_][\w'-]*", match.group()):
            token = fold(word.group())
            capital = word.group()[0].isupper()
            if not (
                names.is_name(token)
                or (names.may_be_name(token) and (capital or end > match.start()))
                or (capital and not names.is_ordinary(token) and len(token) > 2)
            ):
                break
            end = match.start() + word.end()
        if end > match.start() and not _PLACE_AFTER.match(low, end):
            known = any(
                names.may_be_name(fold(w)) for w in re.findall(r"[\w'-]+", reading.text[match.start() : end])
            )
            yield Hit("PERSON", match.start(), end, 0.8 if known else 0.6, "after a label")


def _lower_titled(reading: Reading) -> Iterator[Hit]:
    for match in () if _TITLES_LOW.isdisjoint(reading.runs) else _TITLED_LOW.finditer(reading.text):
        words = match.group(2).split()
        if len(words) == 2 and not names.may_be_name(words[1]):
            words = words[:1]
        if not names.is_ordinary(words[0]) or names.is_family(words[0]):
            yield Hit("PERSON", match.start(), match.start(2) + len(" ".join(words)), 0.75, "title")


def _initials(reading: Reading) -> Iterator[Hit]:
    for match in _INITIALS.finditer(reading.text):
        family = [fold(w) for w in re.findall(r"[^\W\d_][\w'-]{2,}", match.group())]
        if family and (names.is_family(family[0]) and not names.is_ordinary(family[0])):
            yield Hit("PERSON", match.start(), match.end(), 0.65, "initials with a surname")


def _lower_pairs(reading: Reading) -> Iterator[Hit]:
    """Names typed in lower case, `maria lopez`: a sure given name right before a sure family name."""
    for one, two in pairwise(reading.words):
        if (
            names.is_name(one.low)  # first, as hardly any word is one
            and names.is_name(two.low)
            and names.is_given(one.low)
            and names.is_family(two.low)
            and len(one.low) > 2 < len(two.low)
            and two.start - one.end == 1
            and reading.text[one.start].islower()
            and reading.text[two.start].islower()
        ):
            yield Hit("PERSON", one.start, two.end, 0.6, "two names in lower case")


_BABY = re.compile(rf"\b(?:[Bb]aby|[Tt]win \d|[Bb]aby (?:[Bb]oy|[Gg]irl)|[Bb]aby of|[Bb]/o) ({_CAP})(?![\w])")


_BABIES = frozenset({"baby", "twin", "o"})


def _babies(reading: Reading) -> Iterator[Hit]:
    for match in () if _BABIES.isdisjoint(reading.runs) else _BABY.finditer(reading.text):
        if names.may_be_name(fold(match.group(1))) and not names.is_ordinary(fold(match.group(1))):
            yield Hit("PERSON", match.start(), match.end(), 0.75, "a baby by its surname")


def _surname_first(reading: Reading) -> Iterator[Hit]:
    """`McCrindle, Aileen` and `P Boateng`: only where the lists know the words as names of that kind."""
    particles = not _PARTICLES.isdisjoint(reading.runs)
    for match in (_SURNAME_FIRST if particles else _PLAIN_SURNAME_FIRST).finditer(reading.text):
        family, given = fold(match.group(1).split()[-1]), fold(match.group(2))
        if (
            names.is_family(family)
            and names.is_given(given)
            and not (names.is_ordinary(family) or names.is_ordinary(given))
        ):
            yield Hit("PERSON", match.start(), match.end(), 0.6, "Surname, Given")
    for match in _INITIAL_FIRST.finditer(reading.text):
        family = fold(match.group(1))
        if names.is_family(family) and not names.is_ordinary(family):
            yield Hit("PERSON", match.start(), match.end(), 0.6, "an initial with a surname")


def first_names(reading: Reading) -> Iterator[Hit]:
    """Given names that stand alone, capitalised and surely names: weak, for the weighing of sentences only."""
    for match in _ONE.finditer(reading.text):
        word = fold(match.group().removesuffix("'s"))
        if (
            len(word) > 2
            and names.is_given(word)
            and not names.is_ordinary(word)
            and not _PLACE_AFTER.match(reading.lower, match.end())
        ):
            yield Hit(
                "FIRST_NAME",
                match.start(),
                match.start() + len(match.group().removesuffix("'s")),
                0.4,
                "one given name",
            )


_CARETS = re.compile(
    r"(?<![\w^|])[A-ZÀ-Þ][A-Za-zÀ-ÿ' -]{1,30}\^[A-ZÀ-Þ][A-Za-zÀ-ÿ' -]{1,30}(?:\^[A-Za-zÀ-ÿ.' -]{0,20}){0,3}"
)


def _in_carets(text: str) -> Iterator[Hit]:
    """A name as images and messages write it, `FENWICK^ALMA^^MRS` (DICOM PS3.5, value representation PN)."""
    if "^" not in text:
        return
    for match in _CARETS.finditer(text):
        if any(names.is_name(fold(word)) for word in re.findall(r"[^\W\d_]{2,}", match.group())):
            yield Hit("PERSON", match.start(), match.end(), 0.85, "a name in carets")


def _underscored(text: str) -> Iterator[Hit]:
    if "_" not in text:
        return
    for match in _UNDERSCORED.finditer(text):
        one, two = (match.group(1), match.group(2)) if match.group(1) else (match.group(3), None)
        words = [fold(w) for w in (one, two) if w]
        if any(names.is_name(word) for word in words):
            yield Hit("PERSON", match.start(), match.end(), 0.6, "in a file name")
