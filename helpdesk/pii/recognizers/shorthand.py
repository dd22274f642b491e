"""Shorthand of notes: G3P1, 31+2, 37/40, NEWS 7, BP 90/60, o/d, T3N1, ?PE, 75mg bd."""

import re
from collections.abc import Iterator

from helpdesk.pii.reading import Reading
from helpdesk.pii.recognizers.base import Hit, Recognizer

# Entity, form in lower case, and signs of which one must be there for the form to be sought (none: a digit).
_FORMS = (
    ("MATERNITY", re.compile(r"\bg\d{1,2} ?p\d{1,2}(?:\+\d)?\b|\b[1-4]\d ?\+ ?[0-6](?:/40| ?weeks| ?wks)?\b(?! ?[=\d%])|\b[1-4]\d/40\b"), ()),
    ("HEALTH", re.compile(
        r"\b(?:news2? ?(?:score)?(?: of|:|=)? ?\d{1,2}\b|gcs(?: of|:|=)? ?\d{1,2}\b|(?:bp|b/p) ?\d{2,3}/\d{2,3}\b|sp?o2 ?\d\d\b|sats? (?:of |at |are )?\d\d ?%?|t\dn\d(?:m\d)?\b|(?:hba1c|inr|k\+|na\+?|hb|crp|wcc|bmi|egfr|psa|tsh)(?: is| of|:|=)? ?\d+(?:\.\d+)?\b|"
        r"\d+(?:\.\d+)? ?(?:mg|mcg|micrograms?|units)(?:/kg)? (?:od|bd|tds|qds|on|nocte|mane|prn|daily|once|twice|weekly|iv|im|sc|po)\b)"), ()),
    ("HEALTH", re.compile(
        r"(?<![\w?])\?(?:pe|dvt|uti|cva|tia|nof|mi|acs|sepsis|stroke|pneumonia|fracture|#|miscarriage|ectopic|appendi\w+|meningitis|cauda equina|ca|cancer|tb|covid|dementia|overdose|od)\b"), ("?",)),
    ("HEALTH", re.compile(
        r"(?:#|\bfractured ?|\bbroken )(?:nof|neck of femur|hip|wrist|tib|fib|tib ?& ?fib|humerus|radius|ankle|ribs?|pelvis|clavicle|femur)\b"), ("#", "fractured", "broken")),
    ("MENTAL_HEALTH", re.compile(r"\b(?:s(?:ection)?\.? ?(?:2|3|4|5\(2\)|17|35|37|37/41|47/49|117|135|136))\b(?= ?(?:mha|leave|detain|mental|aftercare|patient|of the mental|papers|since|and|,|\.|$))|\b37/41\b"), ()),
)  # fmt: skip


class ClinicalShorthand(Recognizer):
    """Score 0.8: hardly anybody writes these of a printer."""

    ENTITIES = ("MATERNITY", "HEALTH", "MENTAL_HEALTH")

    def hits(self, reading: Reading) -> Iterator[Hit]:
        low = reading.lower
        for entity, form, signs in _FORMS:
            if any(sign in low for sign in signs) if signs else reading.has_digits:
                for match in form.finditer(low):
                    yield Hit(entity, match.start(), match.end(), 0.8, "strong word, shorthand of notes")
