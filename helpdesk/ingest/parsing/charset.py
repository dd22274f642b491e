"""Bytes to text that can be stored: no charset is believed blindly, no byte is dropped silently."""

import codecs
import re
from dataclasses import dataclass, field

# What mailers write, and what they mean (WHATWG Encoding section 4.2 for the Western ones).
_MEANT = {
    "ascii": "utf-8",
    "us-ascii": "utf-8",
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-6-i": "iso-8859-6",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "x-sjis": "cp932",
    "shift_jis": "cp932",
    "unicode-1-1-utf-7": "utf-7",
    "utf8mb4": "utf-8",
    "x-unknown": "",
    "unknown-8bit": "",
    "unknown": "",
    "default": "",
    "8bit": "",
    "binary": "",
}
# Codecs of Python that are no charset of mail; some of them take time that grows with the square.
_NO_CHARSET = frozenset(
    {"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape", "mbcs", "oem", "rot-13"}
)
# Single-byte charsets in which valid multi-byte UTF-8 would be nonsense, so valid UTF-8 wins.
_SINGLE_BYTE = ("cp12", "iso8859", "cp437", "cp85", "koi8", "mac", "ascii", "latin")

_WINDOWS = "".join(bytes((b,)).decode("cp1252", "ignore") or chr(b) for b in range(256))
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, and the name of what had to be mended on the way (empty: nothing)."""

    text: str = field(repr=False)
    mended: str = ""
    doubtful: bool = False  # nobody can say that this reading is the sender's


def decode(data: bytes, declared: str = "") -> Decoded:
    """The text of some bytes: as declared where that works, else UTF-8, else Windows-1252."""
    if data.isascii() and not _may_hide_in_ascii(declared):
        return _storable(data.decode("ascii"))
    marked = _by_mark(data)
    if marked:
        return _storable(data.decode(marked, "replace"))
    codec = codec_of(declared)
    if codec is None:
        return _guess(data, declared)
    return _as_declared(data, codec)


def codec_of(declared: str) -> str | None:
    """Python's name of a declared charset; None for none, an unknown or an unfit one."""
    name = declared.strip().strip("\"'").lower().split("*")[0]
    name = _MEANT.get(name, name)
    try:
        found = codecs.lookup(name).name if name else ""
        b"a".decode(found or "ascii")  # LookupError for codecs that make no text, as base64
    except UnicodeError:
        pass  # a text codec of more bytes a character
    except (LookupError, ValueError):
        return None
    return found if found and found.replace("_", "-") not in _NO_CHARSET else None


def storable(text: str) -> str:
    """Text that JSON and every database take: no NUL, no lone surrogate."""
    if text.isascii():
        return text.replace("\0", "")
    return _SURROGATE.sub("�", text.replace("\0", "")) if _UNSTORABLE.search(text) else text


def one_line(text: str) -> str:
    """Text for a header or a file name: control characters and line ends become one space."""
    return CONTROLS.sub(" ", storable(text)).strip()


def from_header(value: bytes) -> str:
    """The raw bytes of a header: UTF-8 (RFC 6532) where they are, else Windows-1252."""
    if value.isascii():
        return value.decode("ascii")
    return decode(value).text


def _may_hide_in_ascii(declared: str) -> bool:
    """Whether bytes that are all ASCII may mean something else in this charset."""
    name = declared.strip().lower()
    return bool(name) and not name.startswith(("utf-8", "us-ascii", "ascii", "iso-8859", "windows-"))


def _by_mark(data: bytes) -> str:
    for mark, codec in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF32_BE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return codec
    return ""


def _as_declared(data: bytes, codec: str) -> Decoded:
    if codec.startswith(_SINGLE_BYTE):
        text = _strict(data, "utf-8")
        if text is not None:
            return _storable(text, "charset-was-utf-8")
    text = _strict(data, codec)
    if text is not None:
        return _storable(text)
    if codec != "utf-8":
        text = _strict(data, "utf-8")
        if text is not None:
            return _storable(text, "charset-was-utf-8")
    if codec in ("utf-8", "cp1252"):
        return _windows(data)
    return _storable(data.decode(codec, "replace"), "charset-damaged")


def _guess(data: bytes, declared: str) -> Decoded:
    text = _strict(data, "utf-8")
    if text is not None:
        return _storable(text, "charset-unknown" if declared else "")
    decoded = _windows(data)
    foreign = sum(byte > 127 for byte in data[:4096]) > len(data[:4096]) * 0.3
    return Decoded(decoded.text, "charset-unknown", doubtful=foreign)


def _windows(data: bytes) -> Decoded:
    """Windows-1252, with its five holes filled as ISO 8859-1: it never fails and loses nothing."""
    return _storable(codecs.charmap_decode(data, "strict", _WINDOWS)[0], "charset-was-windows-1252")


def _strict(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except (UnicodeError, LookupError, ValueError, OverflowError):
        return None


def _storable(text: str, mended: str = "") -> Decoded:
    clean = storable(text)
    if not mended and clean != text:
        mended = "unstorable-characters"
    return Decoded(clean, mended)
