"""What a field holds, by its name: keys of logs and messages, parameters of links, headers of columns.

`patient.surname`, `DTBIRTH`, `dateOfBirth`, `sname`, `fecha_nacimiento` say what they are; `sn`, `d`
and `born` only hint at it, and count where a name and a date stand in one record.
"""

import re

_OWNER = r"(?:patients?|pat|pts?|pmi|person|subject|client|demographics?|mother|mum|child|baby|resident|user|applicant|candidate|next)?"
_KINDS = (
    ("DATE_OF_BIRTH", rf"{_OWNER}(?:(?:d|dt|dte|date)?(?:of)?birth(?:dt|dte|date|day|time|dttm)?|(?:dt)?dob(?:dt|dte|date)?|b(?:day|date|dt|dte)|dateofb|doby|gebdat(?:um)?|geburts(?:datum|tag)|(?:data|dt)nasc(?:imento)?|fecha(?:de)?nac(?:imiento)?|(?:date)?naissance|data(?:di)?nascita|dataur(?:odzenia)?|dyddiadgeni|dogumtarihi)"),
    ("PERSON", rf"{_OWNER}(?:surname|s(?:ur)?nm|sname|lastn(?:ame|m)|lname|lnm|familyn(?:ame|m)|family|forenames?|forenm|foren|fnames?|fnm|firstn(?:ame|m)|first|givenn(?:ames?|m)|givens?|full_?name|knownas|middlename|maidenname|previousname|nazwisko|imie|prenom|apellidos?|nachname|vorname|cognome)|(?:patients?|pat|pts?|pmi|subject|client|mother|child|baby|resident)(?:name|nm)"),
    ("NHS_NUMBER", rf"{_OWNER}(?:nhs|nhsno|nhsnum(?:ber)?|nhsid|nhsnbr|nnn|chi|chino|chinum(?:ber)?|hcn|hcno)"),
    ("HOSPITAL_NUMBER", rf"{_OWNER}(?:mrn|mrno|hosp(?:ital)?(?:no|num|number|id)|unitno|unitnumber|casenoteno|localpatientid|pasid|pasno|crn)|(?:patients?|pat|pts?|pmi)(?:id|no|num|number|key|ref|identifier)"),
    ("ADDRESS", rf"{_OWNER}(?:home)?(?:addr(?:ess)?(?:line)?1?|street|addressline1)"),
    ("POSTCODE", rf"{_OWNER}(?:home)?(?:postcode|pcode|postalcode|zip)"),
)  # fmt: skip
_SURE = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _KINDS))
_HINTS = (
    ("DATE_OF_BIRTH", re.compile(r"d|b|bd|db|dt|date|born|birth|yob|geb|ddn|fdn|gd")),
    ("PERSON", re.compile(r"sn|ln|fn|gn|n|nm|s|f|l|g|name|last|fam|sur|fore|who|pt|pat|patient|label|title|client|person|q|query|search|nom|nombre|nome|imie")),
    ("NHS_NUMBER", re.compile(r"n|no|num|number|id|nhs|pid|ptid|patid|patient|identifier|value")),
)  # fmt: skip
LONGEST = 40
_SEPARATORS = re.compile(r"[\W_]+")


def kind_of_field(name: str) -> str | None:
    """The entity that a field of this name surely holds."""
    match = _SURE.fullmatch(squeezed(name)) if len(name) <= LONGEST else None
    return match.lastgroup if match else None


def hints_of_field(name: str) -> frozenset[str]:
    """The entities that a field of this short name may hold."""
    plain = squeezed(name)
    return (
        frozenset(kind for kind, pattern in _HINTS if pattern.fullmatch(plain))
        if len(plain) < 11
        else frozenset()
    )


def squeezed(name: str) -> str:
    """A name of a field in lower case without marks: `patient.date_of_birth` is patientdateofbirth."""
    return _SEPARATORS.sub("", name).lower()
