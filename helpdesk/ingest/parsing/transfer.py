"""Transfer encodings undone (RFC 2045 section 6), losing nothing of a damaged one."""

import binascii
import quopri
import re
from dataclasses import dataclass, field

_BASE64_LINE = re.compile(rb"[A-Za-z0-9+/]+={0,2}[ \t]*")
_PADDED = re.compile(rb"([A-Za-z0-9+/]{2,}={1,2})[ \t]+(.*)")
_PADDING = re.compile(rb"=+")
_BASE64_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=]+")
_UU_BEGIN = re.compile(rb"^begin[ \t]+[0-7]{3,4}[ \t]+([^\r\n]{1,300})\r?\n", re.MULTILINE)
FEW_UU_LINES = 4
MOST_UU_FILES = 1_000  # beginnings that are looked at; those of no file are counted
_IDENTITY = frozenset(("", "7bit", "8bit", "binary", "7-bit", "8-bit", "none", "ascii"))


@dataclass(frozen=True, slots=True)
class Undone:
    """The bytes under a transfer encoding, what was found beside them, and what was mended."""

    data: bytes = field(repr=False)
    beside: bytes = field(default=b"", repr=False)  # plain lines among base64, as list footers are
    defects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UuFile:
    """One uuencoded file in a text, and where its block stood."""

    name: bytes = field(repr=False)
    data: bytes = field(repr=False)
    start: int = 0
    end: int = 0


def undo(body: bytes, encoding: str) -> Undone:
    """The content of a body; an encoding that nobody knows is read as none."""
    name = encoding.strip().strip("\"'").lower().split(";")[0].split(" ")[0]
    if name == "base64":
        return _base64(body)
    if name in ("quoted-printable", "quoted_printable", "qp"):
        return Undone(quopri.decodestring(body))
    if name in ("x-uuencode", "uuencode", "x-uue", "uue"):
        files = uu_files(body)
        return Undone(b"".join(file.data for file in files)) if files else Undone(body, b"", ("uuencode",))
    return Undone(body, b"", () if name in _IDENTITY else ("unknown-transfer-encoding",))


def _base64(body: bytes) -> Undone:
    """Clean base64 in one call; else line by line, so that what follows padding is read as well."""
    clean = body.translate(None, b"\r\n\t ")
    try:
        return Undone(binascii.a2b_base64(clean, strict_mode=True))
    except binascii.Error:
        return _damaged_base64(body)


def _damaged_base64(body: bytes) -> Undone:
    code, beside = _code_and_words(body)
    # A sender may pad in the middle to hide the rest from whoever stops there: every run is decoded.
    data = b"".join(_decode_run(run) for run in _PADDING.split(code))
    return Undone(data, beside, ("base64-damaged",))


def _code_and_words(body: bytes) -> tuple[bytes, bytes]:
    """The base64 of a body, and the lines in it that are something else."""
    clean = body.translate(None, b"\r\n\t ")
    if not clean.translate(None, _BASE64_ALPHABET):
        return clean, b""
    code: list[bytes] = []
    words: list[bytes] = []
    for line in body.split(b"\n"):
        stripped = line.strip()
        if _BASE64_LINE.fullmatch(stripped) or (b" " not in stripped and len(stripped) > 40):
            code.append(_NOT_BASE64.sub(b"", stripped))
        elif ended := _PADDED.fullmatch(stripped):
            code.append(ended[1])
            words.append(ended[2])
        elif stripped:
            words.append(line)
    return b"".join(code), b"\n".join(words)


def _decode_run(run: bytes) -> bytes:
    if len(run) % 4 == 1:
        run = run[:-1]
    return binascii.a2b_base64(run + b"=" * (-len(run) % 4))


def uu_files(body: bytes) -> list[UuFile]:
    """The uuencoded files in a text, in order; each line is looked at once."""
    files: list[UuFile] = []
    at = 0
    for _ in range(MOST_UU_FILES):
        begin = _UU_BEGIN.search(body, at)
        if begin is None:
            break
        data, at = _uu_data(body, begin.end())
        if data:
            files.append(UuFile(begin[1].strip(), data, begin.start(), at))
    return files


def _uu_data(body: bytes, at: int) -> tuple[bytes, int]:
    """The bytes of the uuencoded lines that begin here, and where they end.

    A line that is none ends them. Without an `end`, a few lines are no file: `begin 644 work`
    stays text.
    """
    data: list[bytes] = []
    while at < len(body):
        newline = body.find(b"\n", at)
        stop = len(body) if newline < 0 else newline + 1
        line = body[at:stop].rstrip(b"\r\n")
        if line.strip() == b"end":
            return b"".join(data), stop
        decoded = _uu_line(line) if line.strip() else b""
        if decoded is None:
            break
        data.append(decoded)
        at = stop
    return (b"".join(data) if len(data) >= FEW_UU_LINES else b""), at


def _uu_line(line: bytes) -> bytes | None:
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        pass
    try:  # a wrong count at the line's start, as some old encoders wrote (the standard library does the same)
        return binascii.a2b_uu(line[: (((line[0] - 32) & 63) * 4 + 5) // 3])
    except binascii.Error:
        return None
