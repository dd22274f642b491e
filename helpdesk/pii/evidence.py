"""What a sentence says about whether it tells somebody's health, work or family matter: features by name.

Each feature is something an officer can be told in words: a person is named, a strong word is said
outright of the name, a machine is the subject. `matters` weighs them.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from helpdesk.pii.found import Found
from helpdesk.pii.reading import Reading
from helpdesk.pii.subjects import lay_title
from helpdesk.pii.values import Zone

CARE = frozenset({"HEALTH", "MENTAL_HEALTH", "SEXUAL_HEALTH", "MATERNITY", "DEATH"})
WORK = frozenset({"HR", "DISCIPLINARY"})
SOCIAL = frozenset({"SAFEGUARDING", "SPECIAL_CATEGORY"})
WORDS = CARE | WORK | SOCIAL
SILENT = (Zone.SIGNATURE, Zone.DISCLAIMER, Zone.GREETING, Zone.DISPLAY_NAME)

_THIRD = re.compile(
    r"\b(?:he|she|her|his|him|hers|himself|herself|they've|their|them)\b|\bthey (?:are|were|have|had|live)\b"
)
_SELF = re.compile(
    r"\b(?:i'?m|i am|i've|i have|i had|i was|i take|i took|i suffer|i got|i need|i get|i live|my|me|myself|mine|ive|im)\b"
)
_SELF_STATE = re.compile(
    r"\b(?:i(?:'?m| am|'?ve| have| had| was| feel| get| got| take| took| need| suffer|'?ve got|'?ve been|'?ve had| use| wear| keep having| live with)(?: \w+){0,4} |"
    r"my (?:own )?(?:\w+ ){0,2})$"
)
_RELATIVE = re.compile(
    r"\bmy (?:\w+ )?(?:mum|mother|dad|father|wife|husband|partner|son|daughter|child|baby|brother|sister|nan|gran|grandmother|grandfather|grandad|uncle|aunt|neighbour|kids?|boy|girl|step\w+|twins|little one|parents?)\b"
)
_UNNAMED = re.compile(
    r"\b(?:this|the|a|our|one|my|that|another|same|his|her) (?:\w+ ){0,2}(?:patient|pt|px|lady|gentleman|gent|child|baby|girl|boy|woman|man|resident|service user|client|toddler|teenager|infant|inpatient|colleague|employee|member of (?:my |our )?(?:staff|team)|nurse|registrar|porter|hca|student)\b(?!'?s? (?:list|record system|portal|safety|experience|administration|tracking))|\bpt\b"
)
_LINK = re.compile(
    r"\b(?:has|had|have|with|having|diagnosed|diagnosis of|suffers?|suffering|admitted|because of|due to|following|c/o|complains|known|h/o|hx|history of|post|after|started on|commenced|taking|takes|on|under|awaiting|needs|refused|declined|off|"
    r"been|was|is|were|tested|came back|came in|presented|attended|treated|died|develop\w*|recovering|recover|living with|fell|went|goes|gets|going through|struggling|pending|under|getting|contracted|allergic|positive|re)\b"
)
_STATE_BEFORE = re.compile(
    r"\b(?:has|had|have|having|got|with|diagnosed (?:with|as)|suffer\w* (?:from|with)|admitted (?:with|for|following|after)|due to|because of|following|c/o|known|h/o|hx|history of|off (?:sick )?(?:with|for|due to)|on|started|taking|takes|for|is|was|been|being|now|still|post|\?|query|of|from|about|re|her|his|their|severe|acute|chronic|possible|recent|new|suspected|and)\s(?:\w+\s){0,2}$"
)
_BED = re.compile(
    r"\b(?:bed|bay|side ?room|s/r|cubicle|cot|room|majors|resus|trolley)[ .]?\d{1,2}\b|\bward [\w]{1,4}\b"
)
_PLURAL = re.compile(
    r"\b(?:patients|pts|people|women|men|children|users|staff|residents|inpatients|clients|mothers|babies|members|nurses|doctors|everyone|all|any|each|every|average|total|percent|attendances|breaches|aggregate\w*|per (?:week|month|year|day)|numbers?|rates?|cases|waits)\b|%"
)
_IT = re.compile(
    r"\b(?:error|screen|template|login|log ?in|password|access|install\w*|upgrade\w*|crash\w*|freez\w*|frozen|loading|load|server|printer|print|laptop|pc|button|dropdown|drop-down|menu|field|tab|page|website|link|module|system|app|software|version|update|report|dashboard|mailbox|calendar|account|"
    r"licen[cs]e|network|wifi|vpn|disk|battery|keyboard|mouse|monitor|cable|ticket|queue|job|process|database|query|backup|virtual|vm|file|folder|booking|bookings|room|projector|training|course|e-?learning|leaflet|poster|policy|guideline|audit|stock|order|configur\w*|rollout|go-?live|interface|alert|form|pathway|autotext|shortcuts?|abbreviations?|dictionary|spell\w*|caption|banner|newsletter|icon|menus?|default|dropped|vanished|folder)\b"
)
_NOT_REAL = re.compile(
    r"\b(?:test patient|dummy|training (?:patient|record|environment)|fictitious|fictional|made[ -]up|mannequin|manikin|simulat\w+|example|e\.g\.|scenario|case study|test data|anonymised|pseudonymised|synthetic|zz\w+|xx\w*test\w*|mickey mouse|role ?play|hypothetical|sample text|lorem)\b"
)
_OWN_CARE = re.compile(
    r"\b(?:my|ma|me) (?:own |last |next |recent |new )?(?:\w+ )?(?:appointments?|results?|bloods?|prescriptions?|medication|meds|tablets|gp|doctor|consultant|operation|op|surgery|scans?|treatment|condition|records?|notes|diagnosis|illness|health|pain|"
    r"disability|pregnancy|midwife|therapist|counsellor|insulin|inhaler|back|knee|hip|heart|allergy|nhs number|smear|biopsy|referral|sick note|fit note|sick leave|hearing aids?)\b"
)
_SECRET = re.compile(
    r"\b(?:confidential(?:ly)?|do not (?:tell|share|discuss)|don'?t (?:tell|share|mention|discuss)|nobody (?:must|should|else)|no one (?:must|should|else)|keep (?:this|it) (?:quiet|private|between|off)|in confidence|sensitive(?:ly)?|quietly|discreet\w*|must not (?:know|see|be)|private(?:ly)?|not to be told)\b"
)
_WHEN = re.compile(
    r"\b(?:yesterday|last night|this morning|today|tonight|tomorrow|on (?:mon|tues|wednes|thurs|fri|satur|sun)day|overnight|last week|since|months? ago|weeks? ago|days? ago|until)\b"
)
_MACHINE = re.compile(
    r"\b(?:spreadsheets?|servers?|printers?|laptops?|pcs?|computers?|screens?|monitors?|keyboards?|mouse|batter(?:y|ies)|disks?|drives?|system|app|software|network|vpn|wifi|phones?|tablets?|ink|toner|cables?|fans?|raid|database|queue|service|website|"
    r"outlook|excel|word|teams|windows|process|job|backup|router|switch|link|file|it|this|project|budget)(?:'s)? (?:has|had|is|was|are|were|just|keeps?|looks?|seems?|went|goes|got|died|have)? ?(?:\w+ ){0,3}$"
)
_STOCK = re.compile(
    r"\b(?:fridges?|stock|doses|vials|boxes|cupboard|shelf|shelves|supplier|supplies|catalogue|formulary|order codes?|alarm|temperature|probe|cabinet|ampoules|packs?|kits?|deliver(?:y|ies)|batch|expiry|barcodes?)\b"
)
_EVENT = re.compile(
    r"\b(?:conference|webinar|study day|speakers?|programme|agenda|delegates?|teaching|lecture|seminar|workshop|cpd|awareness|launch|training day|away day|grand round|session|talks?|poster|presenting|presentation|slides|symposium|networking|event|charity|fundrais\w*|raffle|marathon|yoga|choir|quiz)\b"
)
_NO_PERSON = re.compile(
    r"\b(?:no (?:patient|pid|pii|personal|names|identifiable)\b|anonymised|aggregates? only|no patients? (?:affected|harmed|involved)|not patient)\b"
)


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
        if (persons or (words and _tells_something(ones, words))) and not _made_up((words or persons)[0]):
            around = [one for step in (-1, -2, 1) for one in by_sentence.get(number + step, ())]
            yield _sentence(ones, words, around, mail)


def _tells_something(ones: Sequence[Found], words: Sequence[Found]) -> bool:
    """A word that is more than weak, or a weak one beside somebody."""
    reading = words[0].reading
    return (
        any(one.score > 0.2 for one in words)
        or _SELF.search(reading.lower, *reading.sentence(words[0].start)) is not None
    )


def invented(one: Found) -> bool:
    """Whether a birth date, name or address is said to be a test patient's, a few lines before at most."""
    if (
        one.entity not in ("DATE_OF_BIRTH", "PERSON", "ADDRESS", "POSTCODE", "HOSPITAL_NUMBER")
        or one.recognizer == "NamesByModel"
    ):
        return False
    low = one.reading.lower
    before, after = low[max(0, one.start - 220) : one.start], low[one.end : one.end + 60].split("\n")[0]
    return bool(_TEST_DATA.search(before) or _TEST_DATA.search(after)) and not _REAL_AFTER_ALL.search(
        before + after
    )


_TEST_DATA = re.compile(
    r"\b(?:test|dummy|fake|fictitious|fictional|made[ -]up|mock|sample|demo|training|invented|synthetic)[ -](?:patients?|pts?|records?|data|names?|entr(?:y|ies)|people|persons?|identit(?:y|ies)|details|cases?)\b|"
    r"\bnot (?:a )?real (?:patients?|people|person|data|records?|details)\b|\b(?:zz+|xx+)[a-z]*test\w*|\bzz+ ?\w*test\w*|\bmickey mouse\b|\bdonald duck\b|\bdonotuse\b"
)
_REAL_AFTER_ALL = re.compile(
    r"\b(?:not (?:a )?(?:test|dummy|training)|isn'?t (?:a )?(?:test|dummy)|is (?:a )?real|(?:are|was|were) real|real (?:patient|one)|actual patient|live patient)\b"
)


def _made_up(word: Found) -> bool:
    """The sentence, or what led to it, speaks of a test patient, a scenario or a mannequin."""
    start, end = word.reading.sentence(word.start)
    return bool(_NOT_REAL.search(word.reading.lower, max(0, start - 80), end))


def _somebody(one: Found) -> bool:
    return one.entity in ("PERSON", "FIRST_NAME") and one.whose in ("subject", "", "staff")


def _sentence(ones: list[Found], words: list[Found], around: list[Found], mail: _Mail) -> Sentence:
    anchor = (words or ones)[0]
    reading = anchor.reading
    start, end = reading.sentence(anchor.start)
    text = reading.lower[start:end]
    persons = [one for one in ones if one.entity == "PERSON"]
    near = [one for one in around if one.entity == "PERSON" and one.zone not in SILENT]
    before = reading.lower[max(0, start - 160) : start]
    matter = _matter(words)
    features = {
        **_of_words(words, matter),
        **_of_persons(persons, near, mail.subject, matter),
        **_of_first_names(ones, around),
        **_of_grammar(ones, words, reading),
        **_of_text(text, before, words, reading),
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


_STATES = re.compile(
    r"^(?:\)|,)?,? ?(?:\([^)]{1,30}\) ?)?(?:(?:who|she|he|they|and|also|still|now|just|only|recently|sadly|currently|then|is|was|has|had|have|been|being|got|gets|needs|with|on|in|off|came|went|having|due|under|getting|a|an|the|for|to|"
    r"told|says?|said|tested|diagnosed|suffers?|suffering|admitted|taken|takes?|taking|started|given|refused|rung|called|went|gone|home|because|from|of|after|following|his|her|their|very|really|possible|suspected|query|known|acute|severe|chronic|"
    r"presented|complaining|developed|recovering|signed|that|will|be|can'?t|cannot|do|work|nights|us|me|not|isn'?t|about|as|at|again|today|yesterday|-|:)[ ,]{1,2}|\w+ ){0,3}[\"'(?]?$"
)
_LEADS_TO = re.compile(
    r"^[\"')]?(?: \w+){0,3} (?:for|of|in|on|from|to|by|with|about|re|against|is|was)(?: (?:the|our|a|my|patient|pt|service user|little|baby|named|called))*[ :]{1,2}$"
)
_ABOUT = re.compile(
    r"^(?: \w+){0,3} (?:about|re|regarding|concerning|against|on|for|of) (?:the |a )?(?:patient |pt )?$"
)
_OF_SOMEBODY = re.compile(r"^'s? (?:\w+[ -]){0,2}$")


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
        if between is not None and _OF_SOMEBODY.match(between):
            yield "somebody's own"
        elif between is not None and _STATES.match(between):
            yield "said outright"
    else:
        between = low[term.end : person.start] if person.start - term.end < 60 else None
        if between is not None and _LEADS_TO.match(between):
            yield "of or for somebody"
        if between is not None and _ABOUT.match(between):
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


def _of_text(text: str, before: str, words: Sequence[Found], reading: Reading) -> dict[str, float]:
    sure = [one for one in words if one.score >= 0.4]
    leads = [reading.lower[max(0, one.start - 40) : one.start] for one in sure]
    return {
        "he or she": float(bool(_THIRD.search(text))), "I or my": float(bool(_SELF.search(text))),
        "says it of oneself": float(any(_SELF_STATE.search(lead) for lead in leads)), "a relative of the writer": float(bool(_RELATIVE.search(text) or _RELATIVE.search(before))),
        "one patient without a name": float(bool(_UNNAMED.search(text))), "a verb of having": float(bool(_LINK.search(text))),
        "has it, with it, for it": float(any(_STATE_BEFORE.search(lead) for lead in leads)), "a bed or ward": float(bool(_BED.search(text))),
        "many people": float(bool(_PLURAL.search(text))), "words of IT": min(len(_IT.findall(text)), 4) / 2,
        "not a real person": float(bool(_NOT_REAL.search(text) or _NOT_REAL.search(before))), "says no person is in it": float(bool(_NO_PERSON.search(text))),
        "one's own care": float(bool(_OWN_CARE.search(text))), "asks for secrecy": float(bool(_SECRET.search(text) or _SECRET.search(before))),
        "said of a machine": float(any(_MACHINE.search(reading.lower[max(0, one.start - 50) : one.start]) for one in sure)),
        "stock or supplies": float(bool(_STOCK.search(text))), "an event": float(bool(_EVENT.search(text) or _EVENT.search(before))),
        "time of an event": float(bool(_WHEN.search(text))),
    }  # fmt: skip


def _of_company(ones: Sequence[Found], around: Sequence[Found]) -> dict[str, float]:
    close = [*ones, *around]
    return {
        "an age beside": float(any(one.entity == "AGE" for one in ones)),
        "a likely date of birth beside": float(any(one.entity == "DATE_OF_BIRTH" and one.score >= 0.4 for one in close)),
        "a likely hospital number beside": float(any(one.entity == "HOSPITAL_NUMBER" for one in close)),
        "a private address or phone beside": float(any(one.entity in ("ADDRESS", "POSTCODE") and one.score >= 0.4 or one.entity in ("PHONE", "EMAIL") and one.score >= 0.6 for one in close)),
    }  # fmt: skip
