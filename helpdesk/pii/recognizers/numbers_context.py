"""Words that tell what a bare number is: a patient's, or an order's, a device's, a meeting's."""

import re
import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import Any

from helpdesk.pii.lexicon import split


def _table(kind: str) -> dict[str, Any]:
    path = resources.files("helpdesk.pii").joinpath("data", "number_words.toml")
    return dict(tomllib.loads(path.read_text(encoding="utf-8"))[kind])


def _words(kind: str) -> re.Pattern[str]:
    """One pattern of a kind's words, the sure ones in a group of that name."""
    table = _table(kind)
    sure, likely = ("|".join(w for v in table[k].values() for w in split(v)) for k in ("sure", "likely"))
    return re.compile(rf"\b(?P<sure>{sure})\b|\b(?:{likely})\b")


RAISES = _words("patient")
LOWERS = _words("thing")
_RIGHT_BEFORE = re.compile(
    rf"(?<![\w-])(?:{'|'.join(word for words in _table('against').values() for word in split(words))})"
    r"(?:[ -]?(?:no|nos|number|numbers|num|nr|ref|reference|id|ids|code|#)\b\.?){0,2}"
    r"(?: (?:on|at|ar) (?:the |y |yr |ei |its )?(?:front|back|base|bottom|side|underside|lid|label|plate|sticker|case|box|blaen|cefn|gwaelod|ochr))?,?[ \t]*(?:is|was|as|under|:|=|-)?[ \t]*[\"'(\[#]{0,2}$"
)
_PATIENT_NEAR = re.compile(
    r"\b(?:mrs?|miss|mstr|baby|pts?|px|(?:the|this|that|a|an|our|my|same|one|another|which|each) (?:\w+ )?(?:patient|lady|gentleman|child|woman|man|girl|boy|resident|client|service user|inpatient)(?! (?:page|portal|leaflet|wi-?fi|app|information|safety|experience|transport|entertainment|line|system|side|area|data|facing|layer|banner|menu|tab|index)\b)|"
    r"wristband (?:is|no|number|says|reads)|admitted|in bed \d+|bed \d+|born|dob|nhs (?:no|num|number|id)|chi|deceased(?! \d)|(?<!process )(?<!server )(?<!before it )(?<!battery )died|went home|discharged|blood (?:group|results?)|histology|biops\w+|2ww|two week wait|claf|rhif gig|an othair|(?<!n-)othar|euslaintich|pacjent\w*)\b"
)
# Numbers of one list, with what joins the last to the next.
_LISTED = re.compile(
    r"(?<![\w.,/-])(?:[a-z]{0,3}\d[\d -]{4,16}\d(?: ?[,;/&+] ?| ?\n[ \t*-]{0,4}|(?:,? (?:and|or|a|ac|neu|agus|i|to|also|plus) )){1,2}){1,20}$"
)
# Numbers in one row with nothing but blanks between them.
_IN_A_ROW = re.compile(r"(?<![\w.,/-])(?:\d{10}[ \t]{1,3}){1,20}$")
# The id of a message of HL7: `ACK^A08|6152277868|P|2.4`, `MSA|AE|6152277868|`.
_CONTROL_BEFORE = re.compile(r"\bmsa\|a[aer]\|$")
_CONTROL_AFTER = re.compile(r"\|[ptd]\|2\.\d")
_PRONOUN = re.compile(r"\b(?:she|her|hers|he|him|his|ms)\b")
_PEOPLE_FAR = 140
EXAMPLE = re.compile(
    r"\b(?:e\.?g\.?|for example|(?<![.@-])example|such as|dummy|test patients?|test record|test data|test number|training (?:patient|record|data)|sample data|demo(?:nstration)? patient|made[ -]up(?! (?:a |the |my |her |his |their )?(?:bed|mind|time|prescription|room|dose|bay))|fake|fictitious|fictional|(?:it )?(?:isn'?t|is not|not) a (?:real )?person|"
    r"placeholder|format|not (?:a )?real|donotuse|do not use|mickey mouse|zz+test|xx+test)\b"
)
DOCUMENTATION = re.compile(
    r"\b(?:(?:nhs |ni |insurance |chi )?(?:numbers?|nos?|ids?|it|they|ones|values?|formats?) (?:should |must |will |always |normally )?looks? like(?: this)?|in the (?:form|format|pattern)(?: of)?|formatted (?:as|like)|format (?:is|should be|must be)|"
    r"(?:test|dummy|fake|sample|mock|synthetic|made[ -]up|fictitious|training|demo|published|documented|worked) (?:nhs |chi |ni )?(?:numbers?|nos?|patients?|records?|data|persons?|cases?|examples?|values?|entr(?:y|ies)|accounts?)|placeholder\w*|"
    r"sandbox|documentation|developer (?:guide|docs|hub|site|portal)|api docs|spec(?:ification)? (?:says|gives|has|shows)|swagger|openapi|data dictionary|regexe?s?|regular expression|"
    r"unit tests?|test (?:pack|script|plan|suite|environment|system|harness)|training (?:environment|system|domain|manual|slides?)|user (?:guide|manual)|help ?text|tool ?tip|watermark|never issued|zz+test\w*|xx+test\w*|mickey mouse|donald duck)\b"
)
REAL = re.compile(
    r"\b(?:not (?:a )?(?:test|dummy|training|sandbox|placeholder)|isn'?t (?:a )?(?:test|dummy)|is (?:a )?real|(?:are|was|were) real|real (?:patients?|ones?|person|people|numbers?|records?|data)|actual patient|(?:a )?live (?:patients?|ones?|records?|data|system|gives?|pas|numbers?)|"
    r"in live|on live|genuine|same (?:lady|gentleman|patient|man|woman))\b"
)
_PUBLISHED = frozenset(
    {
        "9434765919", "4857773456", "9434765870", "4010232137", "1234567890", "0123456789", "1234567881", "9876543210",
        "2983396339", "9991234567", "9449305552", "9449306621", "5990128088", "9000000009", "9658218873",
    }
)  # fmt: skip


# What a wristband or the label of a tube shows, however much is said of the printer.
_SHOWN = re.compile(
    r"\b(?:screen|band|wristband|bracelet|label|sticker|tube|bottle|form|card|slip|it|one|which|sample|specimen|chart|system|pas|epr|ice)s? (?:now )?(?:has|have|had|says?|said|shows?|showed|reads?|prints?|printed|gives?|gave|came out)(?: as| out| the number)?[ :'\"]{1,3}$"
)
WORN = re.compile(
    r"\b(?:(?<!blank )(?<!empty )(?<!of )wrist ?bands?|name ?bands?|ident(?:ity)? bands?|(?<!blank )(?<!empty )specimen labels?|(?:blood|sample|specimen|urine) (?:tubes?|bottles?|labels?)|(?:on|of|label on) the (?:tube|bottle)|(?:second|first|next|last|his|her|other) bands?(?! ?\d)|phlebotomy|request forms?|tracking board)\b"
)
KEY = re.compile(r"([A-Za-z][A-Za-z_ ]{0,24})[\"'\])]{0,2}[ \t]{0,2}(?:[:=#]|\t|=>)[ \t]{0,3}[\"'\[(]{0,2}$")
_OF_PATIENT = re.compile(r"nhs|chi\b|patient|pt\b|mrn|hosp|pid_?3|subject(?!$)|identifier")
# What is there for patients, and whose number is no patient's: `patient wifi code: 4505577104`.
_FOR_PATIENTS = re.compile(
    r"\b(?:patients?|hosp\w*|nhs) (?:\w+ ){0,2}(?:wi-?fi|password|pass ?code|pin|phone|tel|telephone|line|ext|bleep|version|tickets?|jobs?|orders?|serial|asset|helpline|survey|leaflet|po|invoice|count|queue|tables?|rows?|supply chain|procurement|property|transport)\b"
)
_OF_THING = re.compile(
    r"(?:id|no|num|number|ref|reference|tag|code|build|serial|order|asset|barcode|phone|tel|key|token|job|version|ticket)s?$"
)
# In a link `pid` is a patient's id; in a log it is a process's.
_PATIENT_IN_LINK = re.compile(r"[?&;](?:pid|patient(?:_?id|_?no)?|pat_?id|nhs(?:_?no|_?number)?)=$")
_NEUTRAL_KEY = re.compile(
    r"(?:^|\b(?:my|the|his|her|their|its|is|a|full|correct|right|new|old|wrong|whose|with) )(?:number|no|num|id)s?$"
)


@dataclass(frozen=True, slots=True)
class Leaning:
    """How words lean, -1 (another thing's number) to 1 (a patient's), and how plainly they say so, 0 to 1."""

    side: float = 0.0
    plain: float = 0.0

    @property
    def weight(self) -> float:
        return self.side * self.plain


NEITHER = Leaning()
PATIENTS, THINGS = Leaning(1.0, 1.0), Leaning(-1.0, 1.0)


def lean_in(text: str, start: int, end: int) -> Leaning:
    """How the words around a span of lower-case text lean.

    A key right before it (`buildid: 4843502294`) decides alone; otherwise what stands near
    counts double of what stands further off.
    """
    if _PATIENT_IN_LINK.search(text, max(0, start - 16), start):
        return PATIENTS
    key = KEY.search(text, max(0, start - 40), start)
    if key and _OF_PATIENT.search(key.group(1)):
        if _FOR_PATIENTS.search(key.group(1)):
            return THINGS
        return PATIENTS
    if key and _OF_THING.search(key.group(1)) and not _NEUTRAL_KEY.search(key.group(1)):
        return THINGS
    called = called_a_thing(text, start, end)
    if called:
        return THINGS
    if _SHOWN.search(text, max(0, start - 40), start) and WORN.search(text, max(0, start - 200), end + 80):
        return PATIENTS
    leaning = _lean_of_words(text, start, end)
    return NEITHER if called is False and leaning.side < 0 else leaning


def _lean_of_words(text: str, start: int, end: int) -> Leaning:
    near = _lean(text[max(0, start - 70) : start], text[end : end + 40])
    wide = _lean(text[max(0, start - 320) : start], text[end : end + 220])
    if not near.plain:
        return Leaning(wide.side, 0.5 * wide.plain)
    side = (2 * near.side + wide.side) / 3
    return Leaning(side, near.plain if (side > 0) == (near.side > 0) else 0.5 * wide.plain)


def called_a_thing(text: str, start: int, end: int) -> bool | None:
    """Whether a label like `service request` stands right before a span of lower-case text.

    True where nobody is near who may be the patient, False where a patient is; None without a
    label, and where only `he` or `she` speaks for one: then all words around are weighed.
    """
    if _CONTROL_BEFORE.search(text, max(0, start - 12), start) or _CONTROL_AFTER.match(text, end):
        return True
    if _PATIENT_IN_LINK.search(text, max(0, start - 16), start):
        return False
    if not labelled_a_thing(text, start):
        return None
    first, last = max(0, start - _PEOPLE_FAR), min(len(text), end + _PEOPLE_FAR)
    if _PATIENT_NEAR.search(text, first, last):
        return False
    return None if _PRONOUN.search(text, first, last) else True


def labelled_a_thing(text: str, start: int) -> bool:
    """Whether such a label stands right before, or before the list that a number is one of: `batches 1, 2 and 3`."""
    listed = _LISTED.search(text, max(0, start - 240), start) or _IN_A_ROW.search(
        text, max(0, start - 240), start
    )
    start = listed.start() if listed else start
    return _RIGHT_BEFORE.search(text, max(0, start - 50), start) is not None


def lean_of_header(header: str) -> Leaning:
    """What the header over a column says of the numbers in it."""
    header = header.lower()
    if _OF_PATIENT.search(header):
        return PATIENTS
    leaning = _lean(header + " ", "")
    if leaning.side:
        return PATIENTS if leaning.side > 0 else THINGS
    return THINGS if _OF_THING.search(header) and not _NEUTRAL_KEY.search(header) else NEITHER


def _lean(before: str, after: str) -> Leaning:
    raises, raised = _weight(RAISES, before, after)
    lowers, lowered = _weight(LOWERS, before, after, 0.4)
    lowers *= 1.25
    if not raises and not lowers:
        return NEITHER
    side = (raises - lowers) / max(raises, lowers)
    return Leaning(side, 1.0 if (raised if side > 0 else lowered) else 0.6)


def _weight(words: re.Pattern[str], before: str, after: str, weak: float = 0.8) -> tuple[float, bool]:
    """Sum over such words, each once: sure ones count double, those further off less; and whether a sure one is there."""
    weights: dict[str, float] = {}
    sure = False
    for text, factor, from_end in ((before, 1.0, True), (after, 0.6, False)):
        for match in words.finditer(text):
            gap = len(text) - match.end() if from_end else match.start()
            sure = sure or match.group("sure") is not None
            weight = factor * (2.0 if match.group("sure") else weak) / (1 + gap / 30)
            weights[match.group()] = max(weights.get(match.group(), 0.0), weight)
    return sum(sorted(weights.values(), reverse=True)[:4]), sure


def only_described(text: str, start: int, end: int) -> bool:
    """Whether the words around a span of lower-case text speak of the form of numbers, tests or manuals, and of nobody real."""
    before, after = text[max(0, start - 110) : start], text[end : end + 60].split("\n\n", maxsplit=1)[0]
    if not DOCUMENTATION.search(before) and not DOCUMENTATION.search(after):
        return False
    return REAL.search(text, max(0, start - 250), min(len(text), end + 250)) is None


def is_placeholder(digits: str) -> bool:
    """No real number: one digit repeated, or a run."""
    return len(set(digits)) <= 2 or digits in "01234567890123456789" or digits in "98765432109876543210"


def is_published_example(digits: str) -> bool:
    return digits in _PUBLISHED or digits.startswith("999")
