"""What may stand in a header line and in a body: no line breaks in the one, no control characters in either."""

import re
import unicodedata

SUBJECT_CHARACTERS = 400
# Cc: control, Cs: lone surrogates, Cn: unassigned; Zl and Zp are line breaks that some readers obey.
_UNFIT = frozenset({"Cc", "Cs", "Cn", "Zl", "Zp"})
_CONTROLS = dict.fromkeys(code for code in (*range(0x20), 0x7F) if chr(code) not in "\n\t")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
# Marks that turn the direction of what follows can make a subject read as something else.
_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_PREFIXES = re.compile(r"^\s*(?:(?:re|aw|fw|fwd|wg)\s*:\s*|\[[A-Z]{2,6}-\d{6,9}\]\s*)+", re.IGNORECASE)


def one_line(text: str, limit: int = SUBJECT_CHARACTERS) -> str:
    """The text as one line: no CR, LF or other control character, runs of space become one."""
    fit = "".join(" " if unicodedata.category(c) in _UNFIT else c for c in _DIRECTION.sub("", text))
    return " ".join(fit.split())[:limit].strip()


def body(text: str) -> str:
    """The text with its line breaks as LF and without other control characters."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return _fit(lines.translate(_CONTROLS)).strip("\n")


def _fit(text: str) -> str:
    """Without what is unfit beyond ASCII; most of what we write has nothing there to look at."""
    return text if text.isascii() else _BEYOND_ASCII.sub(_fit_character, text)


def _fit_character(found: re.Match[str]) -> str:
    return "" if unicodedata.category(found[0]) in _UNFIT else found[0]


def bare_subject(subject: str) -> str:
    """A subject without the `Re:` and the ticket numbers that pile up at its start."""
    return _PREFIXES.sub("", one_line(subject)) or "(no subject)"
