"""Bytes to text: marks first, then UTF-8, then what was declared, then Windows-1252, which never fails."""

import codecs

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def decode(data: bytes, declared: str = "") -> str:
    """The text of some bytes; `declared` is a charset that a label names, believed only where it fits."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    sample = data[:65_536]
    if sample.count(0) and is_wide(sample):
        return data.decode(
            "utf-16-le" if sample[1::2].count(0) > sample[0::2].count(0) else "utf-16-be", "replace"
        )
    for encoding in ("utf-8", declared):
        text = _strict(data, encoding)
        if text is not None:
            return text
    return windows(data)


def is_wide(sample: bytes) -> bool:
    """UTF-16 without a mark: nearly every second byte of Latin text is zero."""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = max(len(sample) // 2, 1)
    return max(even, odd) > half * 0.7 and min(even, odd) < half * 0.1


def windows(data: bytes) -> str:
    """Windows-1252; its five empty places are read as Latin-1, as browsers do."""
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return "".join(
            chr(b) if b in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else bytes((b,)).decode("cp1252") for b in data
        )


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        codec = codecs.lookup(encoding)
        if not codec._is_text_encoding:  # as bytes.decode itself asks it
            return None
        return data.decode(encoding)
    except (LookupError, UnicodeError, ValueError):
        return None
