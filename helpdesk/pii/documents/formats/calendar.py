"""iCalendar (RFC 5545) and vCard (RFC 6350, and 2.1 as phones still write it)."""

import base64
import binascii
import quopri
import re

from helpdesk.pii.documents.formats.charset import decode
from helpdesk.pii.documents.reading import Place

ENCODED = re.compile(r"encoding=b(?:ase64)?\b|;base64\b", re.IGNORECASE)
QUOTED = re.compile(r"encoding=quoted-printable|;quoted-printable", re.IGNORECASE)
DATA = re.compile(r"data:[^,]{0,200};base64,", re.IGNORECASE)
ESCAPE = re.compile(r"\\([nN,;\\])")
HIDDEN = {
    "UID",
    "PRODID",
    "VERSION",
    "CALSCALE",
    "METHOD",
    "SEQUENCE",
    "REV",
    "TZID",
    "RRULE",
    "TRANSP",
    "KEY",
}


def read(data: bytes, place: Place) -> None:
    text, kept = decode(data), []
    for number, line in enumerate(unfold(text), 1):
        name, _, value = line.partition(":")
        if ENCODED.search(name) or DATA.match(value):
            _enter(place, f"attached {number}", DATA.sub("", value))
            continue
        if QUOTED.search(name):
            value = decode(quopri.decodestring(value.encode("utf-8", "replace")))
        label = name.partition(";")[0].upper()
        if label not in HIDDEN:
            shown = [parameter for parameter in name.split(";")[1:] if parameter.upper().startswith("CN=")]
            kept.append(f"{label}: {' '.join([*shown, _plain(value)])}")
    place.say("text", "\n".join(kept))


def unfold(text: str) -> list[str]:
    """Join folded lines (RFC 5545 section 3.1) and quoted-printable soft breaks."""
    text = re.sub(r"\r\n?", "\n", text)
    text = re.sub(r"=\n(?=[^\n]*)", "", text) if QUOTED.search(text) else text
    return [line for line in re.sub(r"\n[ \t]", "", text).split("\n") if line.strip()]


def _plain(value: str) -> str:
    return ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)


def _enter(place: Place, label: str, encoded: str) -> None:
    try:
        inner = base64.b64decode(encoded)
    except (binascii.Error, ValueError):
        return  # no attachment for any other reader either
    place.enter(label, inner)
