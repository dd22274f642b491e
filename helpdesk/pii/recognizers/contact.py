"""Phones, mail addresses, vehicles and UPRNs: innocent in business mail, personal beside the rest."""

import re
from collections.abc import Iterator

from helpdesk.pii.reading import Reading
from helpdesk.pii.recognizers.base import Hit, Recognizer
from helpdesk.pii.text import fold, spaced
from helpdesk.pii.values import Zone

_PHONE = re.compile(
    r"(?<![\w.,/£-])(?:(?:\+|00)44[ ]?(?:\(0\))?[ ]?|\(?0(?!0))(?:\d[ -]?\)?[ -]?){8,9}\d(?![\w]|[.,]\d)"
)
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,63}){1,5}")
PERSONAL_DOMAIN = re.compile(
    r"@(?:gmail|googlemail|hotmail|outlook|live|msn|yahoo|ymail|icloud|me|mac|aol|btinternet|btopenworld|sky|talktalk|virginmedia|ntlworld|blueyonder|plusnet|tiscali|proton|protonmail|pm|gmx|mail|"
    r"tutanota|zoho|example|wp|o2|onet|interia)\.[\w.]+$",
    re.IGNORECASE,
)
# Somebody's own phone: words right before it, that do not name a service ("home visits desk", "carers' helpline").
_OF_SERVICE = r"(?![ -]?(?:manager|matron|care\b|carers?|careline|office|visit\w*|teams?|treatment|oxygen|helps?\b|helpline|page|working|desk|centre|line\b|lead|nurse|staff|assistant|patients|baby|and baby|support|liaison|transport|lifts?|services?|advice|experience|safety|flow|access|hub|portal|relations|records|administration|info\w*|enquir\w*|appointments?|booking\w*|questions|practice|agency|organisations?|trusts?|and community|first|bank|group|school|unit|counsell\w*|partners))"
_RELATIVE = r"(?:mum|dad|mother|father|wife|husband|daughter|son|son-in-law|daughter-in-law|stepmum|stepdad|stepson|stepdaughter|nan(?! [a-z]{3,} ?[|\t])|gran|granny|grandma|grandad|grandmother|grandfather|grandson|granddaughter|aunt|auntie|uncle|(?<!tt )(?<!k up )(?<!ftsu )guardian|brother|niece|nephew|neighbour|nok|next of kin|patient|pt|carer|tenant|resident)"
_OWN = re.compile(
    rf"\b(?:(?<!in an )(?<!in any )(?<!case of )(?<!any )emergency contact|ex-directory|{_RELATIVE}|(?:her|his|my|their) (?:partner|sister))\b(?! ?['\u2019]){_OF_SERVICE}|"
    rf"{_RELATIVE}['\u2019]s (?:[\w-]+ )?(?:mobile|mob|phone|number|no|landline|home|tel|cell)\b|"
    r"(?<!care )(?<!nursing )(?<!residential )(?<!children's )(?<!funeral )(?<!hospice at )(?<!hospital at )(?<!care at )(?<!care-at-)(?<!treatment at )\b(?:home|personal|private|landline)\b"
    r"(?:[ ,:;()=|.\t-]{0,3}\b(?:phone|telephone|tel|number|no|numbers|landline|line|contact|mobile|mob|cell|one|is|was|on|at|to|now|the|and|or|her|his|which|that|also|still|up)\b){0,6}[ ,:;()=|.\t\u201c\"'/-]{0,4}$"
)
_QUESTION = re.compile(r"[?!]")
_LISTED = re.compile(
    r"\b(?:personal|private|home) (?:mobiles|phones|numbers|phone numbers|contact numbers|landlines|telephones)\b(?:[^\n]|\n(?!\n)){0,160}$"
)
# Rung back on it about the matter at hand: what a phone in a helpdesk mail is for.
_CALL_BACK = re.compile(
    r"\b(?:(?:ring|call|phone|text|reach|contact|get|catch|bell) (?:me|us)\b|i'?m on|i am on|i can be (?:reached|contacted)|best (?:number|way|to)|(?:my|on my) (?:own |personal |private |home |work )?(?:mobile|mob|cell|phone|number|landline)\b)"
)
_KEEP_PRIVATE = re.compile(
    r"\b(?:ex-directory|do(?:es)? not (?:give|share|show|pass)|don'?t (?:give|share|show|pass|want)|not for sharing|keep (?:it|this) (?:private|off)|confidential|shows?|showing|published|listed|visible|take (?:it|this|that) (?:off|down)|remove|stop|forward\w*)\b"
)
_FREE = re.compile(r"\(?0(?:8[0-9]|3[0-9]|9[0-9])")


_PLATE = re.compile(
    r"(?<![\w-])(?:[A-Z]{2}\d{2} ?[A-Z]{3}|[A-Z]\d{1,3} ?[A-Z]{3}|[A-Z]{3} ?\d{1,3}[A-Z])(?![\w-])",
    re.IGNORECASE,
)
_PLATE_LABEL = re.compile(
    r"\b(?:reg(?:istration)?(?: no| number| plate)?|number ?plate|vehicle|car|van|parked|parking|vrm|permit)\b"
)
_PLATE_LABELS = spaced("reg registration plate numberplate vehicle car van parked parking vrm permit")
_UPRN = re.compile(r"\buprn\b[^\w\n]{0,4}(?:(?:no|number|is)\b[^\w\n]{0,3})?(\d{8,12})\b")


# A relative's, next of kin's or patient's phone by its words alone, and a patient who rang from it.
_OF_KIN = re.compile(
    r"\b(?:(?:her|his|my|their|the|this|pt'?s|patient'?s|resident'?s|client'?s|mrs? \w+'s) (?:elderly |late |eldest |youngest |own )?(?:mum|dad|mother|father|wife|husband|daughter|son|partner|sister|brother|nan|gran|grandson|granddaughter|niece|nephew|neighbour|carer|patient|resident)(?:'s)?|(?<![^.!?\n] )(?:mum|dad|nan|gran)|(?:patient|pt|resident)'s|nok|next of kin)"
    r"(?:[ ,:;(-]{1,3}(?:mobile|mob|phone|number|no|tel|cell|landline|home|is|on|details?|contact|wife|husband|son|daughter|mum|dad|brother|sister|[a-z]{3,12}|-)){0,4}[ ,:;(-]{1,3}$"
)
_RANG_FROM = re.compile(
    r"\b(?:patient|pt|resident|lady|gentleman|relative|mum|mother|daughter|husband|wife|caller)\b(?! (?:transport|services?|liaison|advice|experience|flow|safety|info\w*|access|support|records|contact|hub))[^.\n]{0,24}\b(?:rang|called|phoned|rings|calls|calling|ringing|texts?|texted) (?:[\w]+ ){0,3}(?:from|off)[ :]{1,2}$"
)


_LINE = re.compile(
    r"\b(?:helpline|careline|service|team|office|desk|switchboard|support|charity|line|centre|hotline|unit|test)\b"
)


class Phone(Recognizer):
    """UK numbers by form; Presidio's own recognizer costs ten times as much. Personal by the words near."""

    ENTITIES = ("PHONE",)

    def hits(self, reading: Reading) -> Iterator[Hit]:
        if not reading.has_digits:
            return
        for match in _PHONE.finditer(reading.text):
            if _too_short(reading.lower, match):
                continue
            personal = (
                reading.zone(match.start()) is not Zone.SIGNATURE
                and not _FREE.match(match.group())
                and _somebodys_own(reading, *match.span())
            )
            kin = not _FREE.match(match.group()) and _of_kin(reading.lower, match.start())
            score = 0.75 if kin else 0.6 if personal else 0.3
            why = (
                "a relative's or patient's"
                if kin
                else "personal by the words near"
                if personal
                else "a phone number"
            )
            yield Hit("PHONE", *match.span(), score, why)


_CALLED = re.compile(
    r"\b(?:phones?|tel|telephone|mob|mobile|cell|fax|landline|call(?:ed|ing|s)?|ring(?:ing|s)?|rang|dial(?:led|ling|s)?|text(?:ed|s)?|ddi|contact|number)\b[^\n]{0,24}$"
)


def _too_short(low: str, match: re.Match[str]) -> bool:
    """Ten digits in one: a phone has eleven, but for free ones and where a word calls it one."""
    written = match.group()
    return (
        len(written) == 10
        and written.isdigit()
        and not written.startswith(("0800", "0500"))
        and _CALLED.search(low, max(0, match.start() - 40), match.start()) is None
    )


def _of_kin(low: str, start: int) -> bool:
    before = low[max(0, start - 90) : start]
    return (_OF_KIN.search(before) or _RANG_FROM.search(before)) is not None and _LINE.search(before) is None


def _somebodys_own(reading: Reading, start: int, end: int) -> bool:
    """Told as a home's, a patient's or a relative's; the writer's own for ringing back is for the work at hand."""
    before, after = reading.around(start, end, 90, 60)
    if _OWN.search(_QUESTION.split(before[-50:])[-1]) is None:
        return _LISTED.search(reading.lower, max(0, start - 190), start) is not None
    back = _CALL_BACK.search(before)
    return back is None or bool(_KEEP_PRIVATE.search(before) or _KEEP_PRIVATE.search(after))


class Email(Recognizer):
    """Mail addresses by form, so that no list of domains is fetched."""

    ENTITIES = ("EMAIL",)

    def hits(self, reading: Reading) -> Iterator[Hit]:
        if "@" not in reading.text:
            return
        for match in _EMAIL.finditer(reading.text):
            score, why = 0.2, "a mail address"
            if PERSONAL_DOMAIN.search(match.group()):
                score, why = _private(reading, match.group(), *match.span())
            yield Hit("EMAIL", match.start(), match.end(), score, why)


_DOUBTED = re.compile(
    r"phish|spam|scam|spoof|suspicious|dodgy|genuine|legit|\bfake|impersonat|\bfrom:|reply-to|\bsender|headers?\b|\bhxxp|return-path|blocked|quarantin"
)
_CAPITALISED = re.compile(r"[A-ZÀ-Þ][a-zà-þ'-]{3,20}")


_PATIENTS_MAIL = re.compile(
    r"\b(?:(?:the|this|a|one|our|my|for|of|to|from) (?:\w+ )?(?:patient|pt|resident|service user|client|applicant|candidate|parent|carer|bereaved \w+)|(?:her|his|their|the patient's) (?:own |home |private |personal |new )?e?-?mail(?: address)?)\b[^.\n]{0,40}$"
)
_MADE_UP = re.compile(r"\b(?:test|dummy|demo|example|sample|training|sandbox|uat|vendor|supplier|support)\b")


def _private(reading: Reading, address: str, start: int, end: int) -> tuple[float, str]:
    """An address at a private provider; surer where it has the name of somebody near, and nobody doubts the sender."""
    if reading.text[max(0, start - 1) : start] == "<" and reading.text[end : end + 1] == ">":
        return 0.6, "a private provider, as headers write it"
    around = reading.text[max(0, start - 200) : start] + " " + reading.text[end : end + 80]
    if _DOUBTED.search(around.lower()):
        return 0.6, "a private provider"
    if _PATIENTS_MAIL.search(around[: min(200, start)].lower()) and not _MADE_UP.search(around.lower()):
        return 0.75, "a private provider, said to be a patient's"
    local = "".join(letter for letter in fold(address.partition("@")[0]) if letter.isalpha())
    if any(fold(word.group()) in local for word in _CAPITALISED.finditer(around)):
        return 0.65, "a private provider, with a name that stands near"
    return 0.62, "a private provider"


class VehicleAndProperty(Recognizer):
    """Registrations under a label, and unique property reference numbers."""

    ENTITIES = ("VEHICLE", "UPRN")

    def hits(self, reading: Reading) -> Iterator[Hit]:
        if not reading.has_digits:
            return
        for match in _UPRN.finditer(reading.lower) if "uprn" in reading.lower else ():
            yield Hit("UPRN", match.start(1), match.end(1), 0.6, "labelled as a UPRN")
        if not _PLATE_LABELS.isdisjoint(reading.runs):
            for match in _PLATE.finditer(reading.text):
                if _PLATE_LABEL.search(reading.lower, max(0, match.start() - 50), match.start()):
                    yield Hit("VEHICLE", match.start(), match.end(), 0.6, "labelled as a vehicle")


_SALARY = re.compile(
    r"(?<![\w.,/-])£? ?(?:[1-9]\d|1\d\d),\d{3}(?:\.\d\d)?(?![\w,.]\d|%)|£ ?\d{2,3}k\b|(?<![\w.,])\d\dk\b"
)
_SALARY_LIKE = re.compile(r"\d(?:,\d{3}|k\b)")
_OF_SCALES = re.compile(
    r"\b(?:pay (?:scales?|points?|bands?|award|circular|framework)|salary (?:scales?|bands?|range)|spine|invoices?|suppliers?|vendors?|vat|purchase|quotes?|quotation|budgets?|remittances?|kb|bytes|directory of|turnover|capital|grants?|excluding|plc|ltd|dummy member|totals?|contracts?|po (?:no|number))\b"
)
_PAY = re.compile(
    r"\b(?:pay|paid|pays|salar\w*|wages?|earn\w*|gross|net|annual\w*|bands?|grades?|wte|fte|spine|increment\w*|bonus|allowances?|overpa\w*|underpa\w*|basic|remunerat\w*|uplift|per annum|pa|p\.a|b[2-9][abcd]?|afc|consultants?|redundancy|severance|settlement|pension\w*)\b"
)
_RANGE = re.compile(r"[ ]?(?:to|-|–|up to|and)[ ]?£? ?\d")
_RANGE_BEFORE = re.compile(r"\d[ ]?(?:to|-|–)[ ]?$")


class Money(Recognizer):
    """Sums of the size of salaries; of no weight without several people beside them, nor on scales, invoices and budgets."""

    ENTITIES = ("MONEY",)

    def hits(self, reading: Reading) -> Iterator[Hit]:
        if not reading.has_digits or not _SALARY_LIKE.search(reading.text):
            return
        for match in _SALARY.finditer(reading.text):
            before, after = reading.around(match.start(), match.end(), 300, 120)
            scale = _RANGE.match(after) or _RANGE_BEFORE.search(before) or _OF_SCALES.search(before[-160:])
            pay = _PAY.search(before) or _PAY.search(after)
            score = 0.2 if scale or not pay else 0.5 if "£" in match.group() else 0.4
            yield Hit("MONEY", match.start(), match.end(), score, "a sum of the size of a salary")
