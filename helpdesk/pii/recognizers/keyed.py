"""Values under keys that say whose they are: `patient_name: ...`, `"dateOfBirth":"..."`, `Surname = ...`."""

import re
from collections.abc import Iterator

from helpdesk.pii.recognizers.base import Hit

_KEY = re.compile(
    r"[\"'<]?\b(?P<key>(?:patient|pat|pt|subject|person|client|demographics?)?[ _.-]?(?:nhs_?(?:no|num|number|id)|nhsnumber|chi_?(?:no|number)?|mrn|hospital_?(?:no|number|id)|patient_?(?:id|number|no)|dob|date_?of_?birth|birth_?(?:date|time|dt)|"
    r"surname|forenames?|family_?(?:name)?|given_?(?:name)?s?|first_?names?|last_?names?|full_?name|patient_?name|display_?name|home_?address|address_?line_?1|post_?code|postal_?code))[\"']?"
    r"(?:\]|\")?\s{0,3}(?:=>|:=|==?|:|>| value=)\s{0,3}(?:n?[\"'\[]{0,3})(?P<value>[^\"'<>,;\n\]\[}{&|]{2,60})",
    re.IGNORECASE,
)
# What each such key has, quickly looked for: most mails have none.
_KEYISH = re.compile(
    r"(?:nhs|chi|mrn|hospital|patient|dob|birth|name|address|post|given|family)[\w ]{0,14}[\"'\]]{0,2}\s{0,3}(?:[=:>]| value=)"
)
_KINDS = (
    ("NHS_NUMBER", re.compile(r"nhs|chi"), re.compile(r"\d[\d -]{7,13}\d")),
    ("HOSPITAL_NUMBER", re.compile(r"mrn|hospital|patient_?(?:id|number|no)"), re.compile(r"[A-Za-z]{0,4}-?\d{4,10}[A-Za-z]?")),
    ("DATE_OF_BIRTH", re.compile(r"dob|birth"), re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}(?:T.{0,14})?|\d{8}|\d{1,2} [A-Za-z]{3,9} \d{4}")),
    ("ADDRESS", re.compile(r"address"), re.compile(r"(?=.{0,40}[A-Za-z]{3}).{5,60}")),
    ("POSTCODE", re.compile(r"post"), re.compile(r"[A-Za-z]{1,2}\d[A-Za-z\d]? ?\d[A-Za-z]{2}")),
    ("PERSON", re.compile(r"name|given|family|surname"), re.compile(r"[^\W\d_][\w' -]{1,40}")),
)  # fmt: skip
_LONG_AGO = re.compile(r"(?<!\d)1[0-8]\d\d")  # nobody who lives
_UNDER_KEY = {"DATE_OF_BIRTH": 0.86}  # the key says that it is one
_PLACEHOLDER = re.compile(
    r"^(?:null|none|string|true|false|varchar.*|text|date|required|missing|invalid|empty|blank|unknown|field|not .*|is .*|the .*|xxx*|0+|<.*|\$.*|test.*|dummy.*|example.*|(?:1900|1901|1970|1980|1990|2000|9999)-?01-?01.*|01[/.-]?01[/.-]?(?:1900|1901|1970|1980|1990|2000))$",
    re.IGNORECASE,
)
_GENERIC = frozenset(
    {
        "given",
        "family",
        "surname",
        "forename",
        "forenames",
        "display_name",
        "displayname",
        "fullname",
        "full_name",
        "first_name",
        "firstname",
        "last_name",
        "lastname",
    }
)


def under_keys(text: str, low: str) -> Iterator[Hit]:
    """`low` is the text in lower case, of the same length."""
    for match in _KEY.finditer(text) if _KEYISH.search(low) else ():
        key, value = match.group("key").lower(), match.group("value").strip()
        if _PLACEHOLDER.match(value):
            continue
        for entity, known, form in _KINDS:
            if known.search(key):
                if form.fullmatch(value) and not (entity == "DATE_OF_BIRTH" and _LONG_AGO.search(value)):
                    score = 0.5 if entity == "PERSON" and key in _GENERIC else _UNDER_KEY.get(entity, 0.8)
                    yield Hit(
                        entity,
                        match.start("value"),
                        match.start("value") + len(value),
                        score,
                        "under its key",
                    )
                break
