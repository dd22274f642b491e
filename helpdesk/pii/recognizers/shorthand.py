"""Shorthand of notes: G3P1, 31+2, 37/40, NEWS 7, BP 90/60, o/d, T3N1, ?PE, 75mg bd."""

import re
from collections.abc import Iterator

from helpdesk.pii.reading import Reading
from helpdesk.pii.recognizers.base import Hit, Recognizer

_FORMS = (
    ("MATERNITY", re.compile(r"\b[gG]\d{1,2} ?[pP]\d{1,2}(?:\+\d)?\b|\b[1-4]\d ?\+ ?[0-6](?:/40| ?weeks| ?wks)?\b(?! ?[=\d%])|\b[1-4]\d/40\b")),
    ("HEALTH", re.compile(
        r"\bNEWS2? ?(?:score)?(?: of|:|=)? ?\d{1,2}\b|\bGCS(?: of|:|=)? ?\d{1,2}\b|\b(?:BP|b/p) ?\d{2,3}/\d{2,3}\b|\b[sS][pP]?[oO]2 ?\d\d\b|\bsats? (?:of |at |are )?\d\d ?%?|\bT\dN\d(?:M\d)?\b|\b(?:HbA1c|INR|K\+|Na\+?|Hb|CRP|WCC|BMI|eGFR|PSA|TSH)(?: is| of|:|=)? ?\d+(?:\.\d+)?\b"
        r"|(?<![\w?])\?(?:PE|DVT|UTI|CVA|TIA|NOF|MI|ACS|sepsis|stroke|pneumonia|fracture|#|miscarriage|ectopic|appendi\w+|meningitis|cauda equina|ca|cancer|TB|covid|dementia|overdose|od)\b"
        r"|\b\d+(?:\.\d+)? ?(?:mg|mcg|micrograms?|units)(?:/kg)? (?:od|bd|tds|qds|on|nocte|mane|prn|daily|once|twice|weekly|iv|im|sc|po)\b|(?:#|\bfractured ?|\bbroken )(?:nof|neck of femur|hip|wrist|tib|fib|tib ?& ?fib|humerus|radius|ankle|ribs?|pelvis|clavicle|femur)\b",
        re.IGNORECASE)),
    ("MENTAL_HEALTH", re.compile(r"\b(?:s(?:ection)?\.? ?(?:2|3|4|5\(2\)|17|35|37|37/41|47/49|117|135|136))\b(?= ?(?:mha|leave|detain|mental|aftercare|patient|of the mental|papers|since|and|,|\.|$))|\b37/41\b", re.IGNORECASE)),
)  # fmt: skip


class ClinicalShorthand(Recognizer):
    """Score 0.8: hardly anybody writes these of a printer."""

    ENTITIES = ("MATERNITY", "HEALTH", "MENTAL_HEALTH")

    def hits(self, reading: Reading) -> Iterator[Hit]:
        if (
            not reading.has_digits
            and "?" not in reading.text
            and "#" not in reading.text
            and "broken" not in reading.lower
            and "fractured" not in reading.lower
        ):
            return
        for entity, form in _FORMS:
            for match in form.finditer(reading.text):
                yield Hit(entity, match.start(), match.end(), 0.8, "strong word, shorthand of notes")
