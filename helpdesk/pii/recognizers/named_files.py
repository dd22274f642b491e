"""Files named after a person and a paper of care or employment: `DNACPR_Garforth_Wilf.pdf`, `Mrs P Lumley - care plan.docx`.

A template, a policy or a form has such words and no person; a rota has persons and no such words.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from helpdesk.pii import names
from helpdesk.pii.reading import Reading
from helpdesk.pii.recognizers.base import Hit, Recognizer
from helpdesk.pii.text import fold

LONGEST = 100
_ENDING = re.compile(
    r"\.(?:pdf|docx?|rtf|odt|jpe?g|png|tiff?|msg|eml|dcm|xlsx?|pptx?|txt|wav|mp[34])\b", re.IGNORECASE
)
_START = re.compile(
    r"[\\/\n\t\"'|<>:;,*]|(?:^|\s)(?:the|file|called|named|open|save|opens?|attached|is|and|of)\s",
    re.IGNORECASE,
)
_PAPER = re.compile(
    r"(?<![a-z])(?:dnacpr|dnar|colpo\w*|smear|\w{2,8}oscopy|growth scan|recall|ultrasound|ct ?(?:chest|head|abdo\w*|thorax|brain)|op(?:eration)? note|mdt|annual review|appointment letter|appt letter|dna letter|respect|care ?plan|eol|anticipatory|just in case|jic|mar(?: chart)?|tto|discharge|bloods?|blood results?|results?|histology|biopsy|scan|mri|ecg|echo|x-?ray|referral|ref to|clinic letter|outpatient|consent|capacity|mca|dols|best interests|risk assessment|"
    r"section \d{1,3}|s136|s117|safeguarding|marac|cp conference|child protection|strategy|lac|ehcp|chc|pip|esa|attendance allowance|fit ?note|sick ?note|oh report|occ ?health|occupational health|disciplinary|grievance|investigation|suspension|dismissal|warning|capability|sickness|absence|stage [123]|return to work|"
    r"complaint|sar|inquest|coroner|autopsy|post ?mortem|death cert\w*|mccd|cremation|termination|top|miscarriage|fertility|ivf|hiv|sti|gum|psych\w*|overdose|detox|prescription|meds|medication|insulin|chemo|allergy|wound|audiogram|spirometry)(?![a-z])"
)
_NO_PERSONS = re.compile(
    r"(?<![a-z])(?:template|blank|policy|policies|procedure|sop|guide\w*|training|example|sample|test|dummy|agenda|minutes|rota|poster|leaflet|pathway|audit|dashboard|faq|manual|standard|protocol|strategy group|newsletter|draft|quote|invoice|spec|slides|presentation|teaching|course|unit|ward|clinic list)(?![a-z])"
)
_TITLED = re.compile(
    r"(?<![A-Za-z])(?:Mr|Mrs|Ms|Miss|Mstr|Master|Baby)[ ._-]{1,2}(?:[A-Z][ ._-]{1,2})?[A-ZÀ-Þ][\w'’]{1,20}"
)
_WORD = re.compile(r"[A-ZÀ-Þ][a-zà-ÿ'’]{1,20}(?![a-z])|[A-Z]{3,20}(?![a-z])")
_STAFF = re.compile(r"(?<![A-Za-z])(?:Dr|Prof|Sister|Matron)[ ._-]")


class NamedFile(Recognizer):
    """Score 0.8: who is named and what the paper is stand in one file name."""

    ENTITIES = ("NAMED_FILE",)

    def hits(self, reading: Reading) -> Iterator[Hit]:
        if "." not in reading.text:
            return
        for ending in _ENDING.finditer(reading.text):
            first = max(0, ending.start() - LONGEST)
            lead = reading.text[first : ending.start()]
            starts = [match.end() for match in _START.finditer(lead)]
            start = first + (starts[-1] if starts else 0)
            if _tells(reading.text[start : ending.start()]):
                yield Hit("NAMED_FILE", start, ending.end(), 0.8, "a person and a paper in a file's name")


def _tells(name: str) -> bool:
    low = re.sub(r"[_.+-]", " ", name.lower())
    if not _PAPER.search(low) or _NO_PERSONS.search(low) or _STAFF.search(name):
        return False
    return _TITLED.search(name) is not None or _named(name)


def _named(name: str) -> bool:
    """Two words side by side of which one is surely a given name and the other no ordinary word."""
    words = [fold(match.group().replace("’", "'")) for match in _WORD.finditer(re.sub(r"[_.+-]", " ", name))]
    return any(
        (names.is_given(one) and not names.is_ordinary(one) and _family(two))
        or (names.is_given(two) and not names.is_ordinary(two) and _family(one))
        for one, two in pairwise(words)
    )


def _family(word: str) -> bool:
    return names.is_family(word) or not (names.is_ordinary(word) or _PAPER.fullmatch(word))
