"""Tells a signature by its place, the writer's name, words of jobs and lines of contact data.

Most NHS mail is signed without "Regards": `Mark Day`, `Occupational Therapist, Ward 7B`,
or at the end of the last sentence: `... by Friday. Grace May, Procurement`. Only lines that
look like a signature count as one, so that content set after a name stays content.
"""

import re
from collections.abc import Iterator, Sequence

from helpdesk.pii.text import fold

LONGEST_LINE = 90
MOST_LINES = 12
_CLOSING = re.compile(
    r"^\W{0,3}(?:(?:kind|kindest|best|warm|warmest|many|very|with|all|yours)?[ ,]{0,2}(?:kind )?(?:regards|wishes|thanks|thank you|thx|ta|cheers|sincerely|faithfully|"
    r"best|diolch|rgds|br|kr|bw|sorry)\b[ a-z,]{0,30}(?:advance|much|all|you|again|help|gyda|iawn)?)\W{0,4}$",
    re.IGNORECASE,
)
_POLITE = re.compile(
    r"^(?:many |with |kind )?(?:thanks?|thank you|cheers|ta|much appreciated|appreciate|apologies|sorry|hope|let me know|any help|please (?:let|call|ring|shout)|happy to)\b[^\d\n]{0,80}$",
    re.IGNORECASE,
)
ROLE_WORDS = (
    r"(?:nurse|sister|matron|midwife|midwives|doctor|consultant|registrar|sho|fy[12]|st[1-8]|ct[1-3]|gp|clinician|practitioner|therapist|physio\w*|dietiti?an|"
    r"pharmacist|technician|technologist|radiographer|sonographer|psycholog\w+|psychiatrist|surgeon|physician|an?esthetist|paramedic|dentist|podiatrist|optometrist|"
    r"audiologist|phlebotomist|scientist|chaplain|porter|healthcare assistant|hca|support worker|social worker|care co-?ordinator|co-?ordinator|secretary|receptionist|"
    r"administrator|admin|clerk|officer|manager|director|lead|head|chief|deputy|assistant|analyst|engineer|developer|architect|specialist|adviser|advisor|partner|trainer|"
    r"facilitator|librarian|auditor|accountant|buyer|supervisor|apprentice|trainee|student|fellow|professor|lecturer|executive|governor|chair|secretariat|procurement|"
    r"finance|payroll|estates|facilities|informatics|digital|service desk|helpdesk|help desk|it support|human resources|hr|governance|recruitment|communications|comms|"
    r"integration|pathology|radiology|pharmacy|outpatients?|department|dept|team|unit|directorate|division|ward|clinic|surgery|practice|hospital|trust|board|icb|ccg|"
    r"infirmary|health centre|medical centre|nhs|centre|suite|band [2-9]|bank staff|pa to|ophthalmology|cardiology|oncology|paediatrics|maternity|theatres?|"
    r"rotas?|bookings|reception|medical records|coding|library|stores|switchboard|catering|domestic services|interpreting|intensive care|a&e|ed|icu|itu|scbu|nicu|camhs|cmht)"
)
ROLE = re.compile(rf"\b{ROLE_WORDS}\b", re.IGNORECASE)
_CONTACT = re.compile(
    r"@|\b(?:tel|telephone|phone|mob|mobile|ext|extn|extension|bleep|pager|fax|dect|direct|internal|email|e-mail|web|www|twitter|teams|location|address|base)\b[ .:]|"
    r"^\W{0,3}[tmedfpw]\s?[:.](?!g\.)|\b0\d{2,4}[ -]?\d{3,4}[ -]?\d{3,4}\b|\bx\d{3,5}\b|https?://|www\.|"
    r"\b(?:gmc|nmc|hcpc|gphc|gdc|pin|reg(?:istration)?) ?(?:no|number)?\.?\s?[:#]?\s?\w{5,9}\b|she/her|he/him|they/them",
    re.IGNORECASE,
)
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b")
_AT_A_PLACE = re.compile(r"^[^,\d]{3,40}, ?[^,\d]{3,40}, ?\d")  # the name, then a place, then its street
_LABELLED = re.compile(
    r"\b(?:dob|d\.o\.b|born|date of birth|nhs ?(?:no|number|num)|hosp(?:ital)? no|mrn|ni ?(?:no|number)|nino|passport|sort code|chi)\b",
    re.IGNORECASE,
)
# Somebody who is no colleague, or a thing to do: a note below the name, however short, is content.
_OF_SOMEBODY = re.compile(
    r"\b(?:mrs|pts?|px|dtr|daughter|mum|baby|wife|husband|widow|(?:ring|call|phone|chase|remind|tell) [\w'’-]+ [\w'’ -]{0,30}\b(?:re|about|back|with|before|after))\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?:)]\s+(?=\S)|\s[-~*]\s|\s{3,}|[!?]\)?\s")
_WORD = re.compile(r"[^\W\d_][\w'-]*")
VERBISH = re.compile(
    r"\b(?:is|are|was|were|has|have|had|can|can't|cannot|will|won't|would|could|please|need|needs|needed|off|been|get|got|see|the patient|my|his|her|she|he|i|i'm|ive|i've|due|seen|"
    r"sent|admitted|discharged|diagnosed|on|did|does|do|back|thats|that's)\b",
    re.IGNORECASE,
)


def signature_spans(
    lines: Sequence[str], closed: Sequence[bool], names: frozenset[str]
) -> Iterator[tuple[int, int, int]]:
    """Spans (line, start, end) that are signature; `closed` lines are a disclaimer already.

    `names` are folded words of the writer's name; without them a name is any short line
    of capitalised words.
    """
    order = [i for i in range(len(lines)) if lines[i].strip()]
    tail = _tail(lines, closed, order, names)
    top = tail[0] if tail else (max((i for i in order if not closed[i]), default=-1) + 1)
    for index in tail:
        yield index, 0, len(lines[index])
    last = max((i for i in order if i < top and not closed[i]), default=None)
    if last is not None and names:
        start = inline_start(lines[last], names)
        if start is not None:
            yield last, start, len(lines[last])


def _tail(lines: Sequence[str], closed: Sequence[bool], order: list[int], names: frozenset[str]) -> list[int]:
    """Lines at the end that look like a signature and, among them, one with the name or a closing."""
    found: list[int] = []
    anchored = -1
    for index in reversed(order):
        line = lines[index].strip()
        if closed[index] or line in ("--", "---", "-- "):
            continue
        kind = line_kind(line, names)
        if kind is None or len(found) >= MOST_LINES:
            break
        found.append(index)
        if kind in ("name", "closing"):
            anchored = len(found)
    return sorted(found[:anchored]) if anchored > 0 else []


def line_kind(line: str, names: frozenset[str]) -> str | None:
    """What a line would be in a signature: name, closing, role, contact; None when it is content."""
    line = line.strip(" \t*_|,>")
    if len(line) > LONGEST_LINE or not line or _LABELLED.search(line):
        return None if line else "role"
    if _CLOSING.match(line) or _POLITE.match(line):
        return "closing"
    words = [fold(word) for word in _WORD.findall(line)]
    if names and words and starts_with_name(words, names):
        return "name" if _rest_is_role(line, words, names) else None
    if _OF_SOMEBODY.search(line):
        return None
    if _CONTACT.search(line) and len(VERBISH.findall(line)) == 0:
        return "contact"
    if (
        VERBISH.search(line)
        or line.endswith("?")
        or (any(c.isdigit() for c in line) and len(re.findall(r"\d", line)) > 8)
    ):
        return None
    if ROLE.search(line) or _POSTCODE.search(line):
        return "role"
    if (
        not names
        and 1 <= len(words) <= 4
        and len(line) < 40
        and all(w[:1].isupper() for w in _WORD.findall(line))
    ):
        return "name"
    return None


def starts_with_name(words: list[str], names: frozenset[str]) -> bool:
    """The line begins with the writer's name, perhaps after a title."""
    if (
        words[0] in ("dr", "mr", "mrs", "ms", "miss", "prof", "professor", "sister", "matron", "revd", "sr")
        and len(words) > 1
    ):
        return words[1] in names
    return words[0] in names or (len(words[0]) == 1 and len(words) > 1 and words[1] in names)


def _rest_is_role(line: str, words: list[str], names: frozenset[str]) -> bool:
    """After the name comes nothing, a role, or contact data; a verb makes it a sentence."""
    rest = [word for word in words if word not in names]
    if len(rest) <= 1:
        return True
    placed = bool(_AT_A_PLACE.search(line) and _POSTCODE.search(line))
    return not VERBISH.search(line) and (
        len(rest) <= 3 or placed or bool(ROLE.search(line) or _CONTACT.search(line))
    )


def inline_start(line: str, names: frozenset[str]) -> int | None:
    """Where a signature begins in the last line of a text, when the name stands after its last sentence."""
    for match in reversed(list(_SENTENCE_END.finditer(line[-200:]))):
        start = match.end() + max(0, len(line) - 200)
        words = [fold(word) for word in _WORD.findall(line[start:])]
        if words and starts_with_name(words, names) and len(line) - start <= LONGEST_LINE:
            return start if _rest_is_role(line[start:], words, names) else None
    return None
