"""Birth dates as OCR garbles them, under a label that may be garbled too: `d.o.b  l4 . O2 . l947`, `Date 0f Blrth 03/O7/1951`."""

import re
from collections.abc import Iterator

from helpdesk.pii.reading import Reading
from helpdesk.pii.recognizers.birth.dates import is_date, year_of

_SIGN = r"[0-9OoIl|SBZ]"
_SEP = r"[ ]{0,2}[./,\-][ ]{0,2}"
_GARBLED = re.compile(
    r"(?<![\w])(?P<label>(?i:d[ .,]{0,3}[o0][ .,]{0,3}[b8]|date [o0]f b[il1|]rth|b[o0]rn(?: [o0]n)?|b[il1|]rth ?date))[^\w\n]{0,8}"
    rf"(?P<date>(?P<d>{_SIGN}{{1,2}}){_SEP}(?P<m>{_SIGN}{{1,2}}){_SEP}(?P<y>{_SIGN}{{4}}|{_SIGN}{{2}}))(?![\w]|{_SEP}\d)"
)
_FIX = str.maketrans("OoIl|SBZ", "00111582")
_MISREAD = re.compile(r"[01|]|(?i:bl)")


def garbled_in(reading: Reading, this_year: int) -> Iterator[tuple[int, int]]:
    """Where such dates stand; half of their signs at least are digits, and read as digits all make a day that somebody living was born on."""
    for match in _GARBLED.finditer(reading.text):
        written = match.group("date")
        digits = sum(map(str.isdigit, written))
        letters = sum(sign.isalpha() or sign == "|" for sign in written)
        if digits < max(2, letters) or not (letters or _MISREAD.search(match.group("label"))):
            continue
        day, month, year = (match.group(part).translate(_FIX) for part in "dmy")
        if is_date(day, month) and year_of(year, this_year):
            yield match.span("date")
