"""Tables, CSV and SQL with columns of patients or staff: the header cell tells what its column holds."""

import re
from collections.abc import Iterator
from functools import lru_cache

from helpdesk.pii.reading import Reading
from helpdesk.pii.recognizers.base import Hit, Recognizer, digits_of
from helpdesk.pii.recognizers.cells import Cell, cells_of
from helpdesk.pii.recognizers.contact import PERSONAL_DOMAIN
from helpdesk.pii.recognizers.field_names import kind_of_field
from helpdesk.pii.recognizers.headerless import without_header
from helpdesk.pii.recognizers.machine_tables import of_machines
from helpdesk.pii.recognizers.numbers_context import is_placeholder
from helpdesk.pii.recognizers.rows import settled, telling_rows

_COLUMNS = (
    ("NHS_NUMBER", re.compile(r"nhs[ _-]?(?:no|num|number|id)?\.?|nhsnumber|nhsno|chi(?:[ _-]?(?:no|number))?|h(?: ?[&+] ?| and |/)c(?:[ _-]?(?:no|num|number|id))?\.?|hcn(?:[ _-]?(?:no|number))?")),
    ("HOSPITAL_NUMBER", re.compile(r"(?:hosp(?:ital)?|unit|pas|case ?note|mrn|patient|pt|rio|k|local patient|epr|client|person)[ _-]?(?:no|num|number|id|identifier)\.?|mrn|pid|patientid|crn|hospno|hospitalnumber|patientnumber")),
    ("DATE_OF_BIRTH", re.compile(r"d\.?o\.?b\.?|date[ _-]?of[ _-]?birth|birth[ _-]?date|dateofbirth|birthdate|born|p(?:a|atien)?t[ _-]?(?:dob|birth[ _-]?date|b[ _-]?date)|patientdob|birth_dt|dob_?dt|b\.?|b[ -]?day|birth(?:day)?|birth[ _-]?(?:dt|dte|time)|date[ _-]?o?f?[ _-]?b(?:irth)?|d[ _-]of[ _-]b|d[ /-]o[ /-]b|(?:patient|pt|client|child|mother|baby|mum)'?s?[ _-]?(?:dob|birth ?date|birthday)|dob ?\([\w/ -]{2,12}\)|dyddiad geni|ganwyd|year of birth")),
    ("PERSON", re.compile(r"(?:(?:patient|pt|full|client|child|resident|service user|employee|staff|mother|candidate|applicant|pat|person|learner|student|claimant|payee|member|carer|volunteer|donor|tenant|worker|colleague|account)s?[ _-]?)?(?:name|names|surname|forename|first[ _-]?names?|last[ _-]?names?|given[ _-]?names?|family[ _-]?name|fname|lname|sname|nm)|nm|patients?|employees?|candidates?|applicants?|learners?|students?|claimants?|payees?|account holder|members?|carers?|volunteers?|donors?|tenants?|staff(?: member)?|worker|colleague|service users?|residents?|clients?|child|loaned to|issued to|who|forenames|firstname|lastname|surname/forename")),
    ("ADDRESS", re.compile(r"(?:home |patient |pt )?address(?:[ _-]?(?:line)?[ _-]?1)?|addr(?:ess)?_?1?|street")),
    ("POSTCODE", re.compile(r"post[ _-]?code|pcode|postal_?code")),
    ("KEY_OF_HOME", re.compile(r"key[ _-]?safe(?:[ _-]?(?:no|num|number|code|pin))?|key[ _-]?(?:location|is)|where(?: is)? (?:the )?key")),
    ("EMAIL", re.compile(r"(?:patient |pt |home |personal )?e-?mail(?:[ _-]?address)?")),
    ("PHONE", re.compile(r"(?:(?:home|mobile|personal|contact|private|patient|pt|own)[ _-]?)?(?:phone|mobile|tel(?:ephone)?|landline|mob|cell)(?:[ _-]?(?:no|number))?\.?")),
    ("NINO", re.compile(r"ni ?(?:no|number|num)?|nino|national[ _]insurance(?:[ _](?:no|number))?|ni_number")),
    ("EMPLOYEE_NUMBER", re.compile(r"(?:emp(?:loyee)?|assignment|payroll|esr|staff|personnel)[ _-]?(?:no|num|number|id|ref)\.?|empno|assignment")),
    ("BANK_ACCOUNT", re.compile(r"(?:bank[ _-]?)?(?:sort|sort[ _-]?code|a(?:/c|cc|cct|ccount)(?:[ _-]?(?:no|num|number))?)\.?|iban|bank(?: details)?")),
    ("SPECIAL_CODE", re.compile(r"relig\w*(?:[ _/-]+(?:or )?belief)?(?:[ _-]?code)?|relig(?:ious)? (?:belief|group)|faith|belief|ethnic\w*(?:[ _-]?(?:origin|group|code|category|cat))?|sex(?:ual)?[ _-]?or(?:ient)?(?:ation)?(?:[ _-]?code)?|sexor\w*|orientation|disab\w*(?:[ _-]?(?:code|type|category))?|(?:trade[ _-]?)?union(?:[ _-]?(?:code|membership|name))?|"
        r"(?:perceived[ _-]?)?(?:community|religious)[ _-]?(?:background|bg)(?:[ _-]?code)?|comm[ _-]?(?:bg|background)|gender[ _-]?(?:identity|reassign\w*)|trans(?:gender)?|political(?: opinion)?")),
    ("HEALTH", re.compile(r"diagnos[ie]s|condition|presenting (?:complaint|problem)|reason for (?:admission|referral|absence)|absence reason|procedure|operation|medications?|problem|clinical (?:details|notes)|treatment|allerg(?:y|ies)|comorbidities|pmh|pc|reason|symptoms?|(?:\w+[ _-]){0,3}(?:self[ _-]?harm|suicid\w*|phq\d?|gad\d?|mood|smok\w*|alcohol|pregnan\w*|disabilit\w*|health|illness)(?:[ _-]\w+){0,3}")),
    ("HR", re.compile(r"salary|pay|gross|net|net pay|gross pay|annual salary|basic|sickness|absence days|days lost|warning|outcome|hourly rate")),
)  # fmt: skip
BLANK = re.compile(r"_{3,}|\.{4,}|_[/ ]_|__/")  # where a form leaves room to write
_LIKE_HEADERS = re.compile(r"[A-Za-z][\w ./()?#&'-]{0,40}")
_VALUES = {
    "NHS_NUMBER": re.compile(r"[\dOolI][\dOolI .-]{7,13}[\dOolI]"),
    "HOSPITAL_NUMBER": re.compile(r"[A-Za-z]{0,4}[ -]?\d{4,10}[A-Za-z]?"),
    "DATE_OF_BIRTH": re.compile(
        r"\d{1,4}[./\- ](?:\d{1,2}|[A-Za-z]{3,9})[./\- ]\d{2,4}(?:[ T]00:00.{0,9})?|\d{8}|\d{5,6}|\d{1,2}(?:st|nd|rd|th)? [A-Za-z]{3,9},? '?\d{2,4}|[A-Za-z]{3,9} \d{1,2},? \d{4}|\d{1,2}[./-][ivxIVX]{1,4}[./-]\d{2,4}|(?:19|20)\d\d-\d\d-\d\d[T ][\d:.Z+]{4,20}"
    ),
    "PERSON": re.compile(r"[^\W\d_][\w'. &-]{1,40}(?:, ?[\w'. -]{1,30})?(?: ?\(\w{1,8}\))?"),
    "ADDRESS": re.compile(r"(?=.*[A-Za-z]{3}).{6,90}"),
    "POSTCODE": re.compile(r"[A-Za-z]{1,2}\d[A-Za-z\d]? ?\d[A-Za-z]{2}"),
    "KEY_OF_HOME": re.compile(r"(?!(?:no|none|n/a|nil|tbc|unknown|-+)$)[\w#*].{1,60}", re.IGNORECASE),
    "EMAIL": re.compile(r"[\w.+'-]{1,64}@[\w.-]{3,80}"),
    "PHONE": re.compile(r"(?:\+44|0)[\d ()-]{9,14}"),
    "NINO": re.compile(r"[A-Za-z]{2} ?\d\d ?\d\d ?\d\d ?[A-Za-z]"),
    "EMPLOYEE_NUMBER": re.compile(r"[A-Za-z]{0,2}\d{5,9}(?:-\d)?"),
    "BANK_ACCOUNT": re.compile(
        r"\d{2}[- ]?\d{2}[- ]?\d{2}|\d{7,8}|\d{4} \d{4}|[A-Z]{2}\d{2}[A-Z0-9 ]{11,34}"
    ),
    "SPECIAL_CODE": re.compile(r"[\w(][\w '()/&.:-]{0,40}"),
    "HEALTH": re.compile(r"(?=.*[A-Za-z]{2}).{2,90}"),
    "HR": re.compile(r"£? ?[\d,]+(?:\.\d\d)?|.{4,60}"),
}
_DELIMITERS = ("\t", "|", ";", ",")
_SQL = re.compile(r"insert\s+into\s+[\w.\[\]\"`]{1,80}\s*\(([^()]{3,2000})\)\s*values\s*", re.IGNORECASE)
_SQL_ROW = re.compile(r"\(((?:[^()']|'[^']{0,200}'){3,4000})\)")


class TableColumns(Recognizer):
    """Values under known headers; names count with another column of the kind beside them."""

    ENTITIES = tuple(entity for entity, _ in _COLUMNS if entity != "KEY_OF_HOME")

    def hits(self, reading: Reading) -> Iterator[Hit]:
        if not any(mark in reading.text for mark in ("\t", "|", ",", ";", "  ")):
            return
        columns: dict[int, str] = {}
        split, width, empty = "", 0, 0
        machines: bool | None = None
        for start, line in _lines(reading.text):
            header = self._header(line, start)
            if header is not None:
                split, columns, width = header
                columns = settled([cell.text for cell in cells_of(line, start, split)], columns)
                machines = of_machines(reading.lower) if machines is None else machines
                columns = {} if machines else columns
                empty = 0
            elif not columns:
                yield from without_header(line, start)
            else:
                cells = cells_of(line, start, split)
                if abs(len(cells) - width) > 1 or len(cells) < 2:
                    empty += 1
                    columns = {} if empty > 3 else columns
                    continue
                empty = 0
                yield from _under(columns, cells)
        yield from _inserts(reading.text)

    def _header(self, line: str, start: int) -> tuple[str, dict[int, str], int] | None:
        if len(line) > 2_000 or len(line) < 6:
            return None
        for split in (*_DELIMITERS, "  "):
            if split in line:
                cells = cells_of(line, start, split)
                columns = _of_people(cells)
                if _is_header(cells, columns):
                    return split, columns, len(cells)
        return None


_BIRTH_OF_ANYTHING = re.compile(r"born|birth(?:day)?|b\.?|b[ -]?day")
_THINGS = re.compile(
    r"(?:asset|serial|host|server|model|device|tag|vm|system|app|application|owner|version|os|make|port|ip|mac|firmware|room|rack|site|vendor|supplier|switch|printer|service|database|tenant)(?:[ _-]?(?:no|number|id|name|tag|address))?\.?"
)


def _of_people(cells: list[Cell]) -> dict[int, str]:
    """The kinds of the columns; among hosts and serials a column `born` holds births of machines."""
    columns = {i: entity for i, cell in enumerate(cells) if (entity := column_kind(cell.text))}
    if not columns:
        return columns
    headers = [cell.text.strip(" \t\"'*:[]`").lower() for cell in cells]
    if any(_THINGS.fullmatch(header) for header in headers) and not set(columns.values()) & {
        "NHS_NUMBER",
        "HOSPITAL_NUMBER",
        "ADDRESS",
        "POSTCODE",
    }:
        return {
            i: entity
            for i, entity in columns.items()
            if not (entity == "DATE_OF_BIRTH" and _BIRTH_OF_ANYTHING.fullmatch(headers[i]))
        }
    return columns


def _is_header(cells: list[Cell], columns: dict[int, str]) -> bool:
    """Two known columns that tell of people; or one of birth dates or numbers among cells that all look like headers."""
    telling = set(columns.values()) - {"HR", "HEALTH", "EMAIL", "SPECIAL_CODE", "BANK_ACCOUNT", "PHONE"}
    if len(columns) >= 2 and telling and len(columns) * 4 >= len(cells):
        return True
    sure = telling & {"DATE_OF_BIRTH", "NHS_NUMBER", "NINO"}
    return bool(sure) and len(cells) >= 2 and all(_LIKE_HEADERS.fullmatch(cell.text) for cell in cells)


@lru_cache(10_000)
def column_kind(header: str) -> str | None:
    """What a column holds, by its header; None when it is none of ours."""
    name = header.strip(" \t\"'*:[]`").lower()
    if 2 <= len(name) <= 40 and not BLANK.search(name):
        for entity, pattern in _COLUMNS:
            if pattern.fullmatch(name):
                return entity
        return kind_of_field(name)
    return None


def _under(columns: dict[int, str], cells: list[Cell]) -> Iterator[Hit]:
    filled = [
        (columns[i], cell)
        for i, cell in enumerate(cells)
        if i in columns and cell.text and _holds(columns[i], cell.text)
    ]
    counts = telling_rows([(entity, cell.text) for entity, cell in filled])
    filled = [one for one, count in zip(filled, counts, strict=True) if count]
    telling = {entity for entity, _ in filled} - {"PERSON", "EMAIL", "EMPLOYEE_NUMBER"}
    for entity, cell in filled:
        if entity == "PERSON":
            yield Hit("PERSON", cell.start, cell.end, 0.8 if telling else 0.5, "in a column of names")
        elif entity == "EMAIL":
            yield Hit(
                entity, cell.start, cell.end, 0.6 if PERSONAL_DOMAIN.search(cell.text) else 0.2, "in a column"
            )
        elif entity == "EMPLOYEE_NUMBER":
            yield Hit(entity, cell.start, cell.end, 0.5, "under its column's header")
        elif entity == "KEY_OF_HOME":
            yield Hit("ADDRESS", cell.start, cell.end, 0.85, "the key of a home, beside who lives there")
        elif entity not in ("HEALTH", "HR") or any(other in ("PERSON", "EMAIL") for other, _ in filled):
            yield Hit(entity, cell.start, cell.end, 0.85, "under its column's header")


def _holds(entity: str, text: str) -> bool:
    """Whether a cell has what its column is for: no line to write on, no number or date of zeros."""
    if BLANK.search(text) or not _VALUES[entity].fullmatch(text):
        return False
    if entity == "DATE_OF_BIRTH":
        return text.strip("0/.- ") != ""
    return entity != "NHS_NUMBER" or not is_placeholder(digits_of(text))


def _lines(text: str) -> Iterator[tuple[int, str]]:
    at = 0
    for line in text.split("\n"):
        yield at, line
        at += len(line) + 1


def _inserts(text: str) -> Iterator[Hit]:
    """SQL inserts: the list of columns is the header, each bracket a row."""
    if "nsert" not in text and "NSERT" not in text:
        return
    for match in _SQL.finditer(text):
        names = [cell.text for cell in cells_of(match.group(1), match.start(1), ",")]
        columns = {i: entity for i, name in enumerate(names) if (entity := column_kind(name.strip('[]`"')))}
        at = match.end()
        while columns and (row := _SQL_ROW.match(text, at)):
            yield from _under(
                columns, cells_of(row.group(1).replace('"', " ").replace("'", '"'), row.start(1), ",")
            )
            at = row.end()
            at += len(text[at : at + 5]) - len(text[at : at + 5].lstrip(", \n"))
