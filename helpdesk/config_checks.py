"""What the settings' values are checked for, and how a fault in one is said."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, ValidationError

# pydantic's kinds of fault that it has no plain words for; {x} is from the fault's context
WORDS = {
    "extra_forbidden": "there is no such setting; mend its name (docs/settings.example.toml has them all) or take it out",
    "missing": "is not set; add it",
    "int_parsing": "is not a whole number; write one, without quotes in the file",
    "int_type": "is not a whole number; write one, without quotes in the file",
    "float_parsing": "is not a number; write one, without quotes in the file",
    "float_type": "is not a number; write one, without quotes in the file",
    "bool_parsing": "is neither true nor false; write one of the two",
    "bool_type": "is neither true nor false; write one of the two",
    "string_type": "is not a text; write it in quotes",
    "list_type": 'is not a list; write ["first", "second"]',
    "literal_error": "is none of the values that it may have; write {expected}",
    "greater_than": "is too small; write a number greater than {gt}",
    "greater_than_equal": "is too small; write a number that is {ge} or more",
    "less_than_equal": "is too large; write a number that is {le} or less",
    "string_pattern_mismatch": "has letters that it may not have; write what matches {pattern}",
}


def plain_address(value: str) -> str:
    if value.count("@") != 1 or any(c.isspace() for c in value) or value.strip("@") != value:
        raise ValueError("not a mail address; write it as name@example.nhs.uk")
    return value.lower()


def known_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a folder of the zones' data is an OSError
        raise ValueError("not a time zone that is known here; write one such as Europe/London") from None
    return value


def page_address(value: str) -> str:
    """Empty, or where links may start with."""
    where = urlsplit(value)
    if value and (
        where.scheme not in ("http", "https") or not where.hostname or where.query or where.fragment
    ):
        raise ValueError("not an address of pages; write one such as https://helpdesk.example.nhs.uk")
    return value


def pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as fault:
        raise ValueError(f"not a regular expression ({fault}); mend it, as in 'N[0-9]{{7}}'") from None
    return value


def there(value: Path) -> Path:
    if not value.exists():
        raise ValueError(f"{value} is not there; mend the path, or take the line out")
    return value


Address = Annotated[str, AfterValidator(plain_address)]
Zone = Annotated[str, AfterValidator(known_zone)]
PageAddress = Annotated[str, AfterValidator(page_address)]
Pattern = Annotated[str, AfterValidator(pattern)]
There = Annotated[Path, AfterValidator(there)]


def lines_of(fault: ValidationError) -> list[str]:
    """One line a fault: its key, what is wrong, what would be right. Never the value, which may be a secret."""
    return [_line(error["loc"], error) for error in fault.errors(include_input=False, include_url=False)]


def _line(loc: Iterable[object], error: Mapping[str, object]) -> str:
    key = ".".join(str(part) for part in loc if part != "[key]")
    context = error.get("ctx")
    words = WORDS.get(str(error["type"]), str(error["msg"]).removeprefix("Value error, "))
    said = words.format_map(context) if isinstance(context, dict) and "error" not in context else words
    return f"  {key + ': ' if key else ''}{said}"


def unknown_tables(environ: Mapping[str, str], prefix: str, known: Iterable[str]) -> list[str]:
    """A line for each variable that means a table which does not exist: a slip that would be silence."""
    tables = set(known)
    ours = [name for name in environ if name.upper().startswith(prefix) and "__" in name]
    wrong = [name for name in ours if name[len(prefix) :].split("__")[0].lower() not in tables]
    return [
        f"  {name}: there is no such setting; mend the variable's name or unset it" for name in sorted(wrong)
    ]
