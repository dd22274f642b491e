"""Rich text: what is seen, and what is not: headers, footers, notes, annotations, document info, pictures, objects.

Written here because striprtf leaves out every destination but the body, and a
patient banner lives in the header.
"""

import re
import struct
from dataclasses import dataclass, field

from helpdesk.pii.documents.formats import ole as compound
from helpdesk.pii.documents.formats.rtf_words import APART, BREAKS, CODEPAGES, HEX, MUTE, SEEN, SYMBOLS
from helpdesk.pii.documents.reading import Place

TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[\r\n]+|([^\\{}\r\n]+)"
)


@dataclass(slots=True)
class _Group:
    """State that a brace opens and its partner restores."""

    target: str = "text"
    skip: int = 1  # bytes that stand for a \\u character where it cannot be shown
    font: str = ""
    hidden: bool = False  # in the RTF half of a text made from HTML


@dataclass(slots=True)
class _Reader:
    codepage: str = "cp1252"
    group: _Group = field(default_factory=_Group)
    stack: list[_Group] = field(default_factory=list)
    texts: dict[str, list[str]] = field(default_factory=dict)
    blobs: list[tuple[str, list[bytes]]] = field(default_factory=list)
    fonts: dict[str, str] = field(default_factory=dict)
    pending: bytearray = field(default_factory=bytearray)
    to_skip: int = 0
    starred: bool = False
    font_in_table: str = ""


def read(data: bytes, place: Place) -> None:
    reader = _Reader()
    at = 0
    while found := TOKEN.match(data, at) or TOKEN.search(data, at):
        at = _token(reader, found, data)
    _flush(reader)
    for target, parts in reader.texts.items():
        place.say(target, "".join(parts), "metadata" if target in ("info", "other") else "text")
    for number, (kind, pieces) in enumerate(reader.blobs, 1):
        _enter(place, f"{kind} {number}", b"".join(pieces))


def _token(reader: _Reader, found: re.Match[bytes], data: bytes) -> int:
    word, number, code, symbol, brace, plain = found.groups()
    if not code:
        _flush(reader)
    if brace == b"{":
        reader.stack.append(reader.group)
        current = reader.group
        reader.group = _Group(current.target, current.skip, current.font, current.hidden)
        reader.to_skip = 0
    elif brace == b"}":
        reader.group = reader.stack.pop() if reader.stack else _Group()
        reader.starred, reader.to_skip = False, 0
    elif word == b"bin":
        length = max(int(number or 0), 0)
        _binary(reader, data[found.end() : found.end() + length])
        return found.end() + length
    elif word:
        _word(reader, word.decode(), int(number) if number else None)
    elif code:
        _byte(reader, int(code, 16))
    elif symbol:
        _symbol(reader, symbol)
    elif plain:
        _plain(reader, plain)
    return found.end()


def _word(reader: _Reader, word: str, number: int | None) -> None:
    group = reader.group
    if word == "u" and number is not None:
        _write(reader, chr(number % 0x10000))
        reader.to_skip = group.skip
    elif word in BREAKS:
        _write(reader, BREAKS[word])
    elif word == "uc":
        group.skip = number or 0
    elif word == "ansicpg":
        reader.codepage = f"cp{number}"
    elif word == "f":
        group.font = reader.font_in_table = str(number)
    elif word == "fcharset" and number in CODEPAGES:
        reader.fonts[reader.font_in_table] = CODEPAGES[number]
    elif word == "htmlrtf":
        group.hidden = number != 0
    else:
        _destination(reader, word)
    reader.starred = False


def _destination(reader: _Reader, word: str) -> None:
    group = reader.group
    if word in HEX:
        group.target = word
        reader.blobs.append((HEX[word], []))
    elif word in APART:
        group.target = APART[word]
        _write(reader, "\n")
    elif word in MUTE:
        group.target = ""
    elif reader.starred and word not in SEEN:
        group.target = "other"


def _symbol(reader: _Reader, symbol: bytes) -> None:
    if symbol == b"*":
        reader.starred = True
    elif symbol in SYMBOLS:
        _write(reader, SYMBOLS[symbol])


def _byte(reader: _Reader, value: int) -> None:
    if reader.to_skip:
        reader.to_skip -= 1
    else:
        reader.pending.append(value)


def _plain(reader: _Reader, plain: bytes) -> None:
    if reader.group.target in HEX:
        if reader.blobs:
            reader.blobs[-1][1].append(_unhex(plain))
        return
    skipped = min(reader.to_skip, len(plain))
    reader.to_skip -= skipped
    reader.pending += plain[skipped:]
    _flush(reader)


def _flush(reader: _Reader) -> None:
    if reader.pending:
        codepage = reader.fonts.get(reader.group.font, reader.codepage)
        try:
            text = reader.pending.decode(codepage, "replace")
        except LookupError:
            text = reader.pending.decode("cp1252", "replace")
        reader.pending.clear()
        _write(reader, text)


def _write(reader: _Reader, text: str) -> None:
    group = reader.group
    if group.target and group.target not in HEX and not group.hidden:
        reader.texts.setdefault(group.target, []).append(text)


def _binary(reader: _Reader, data: bytes) -> None:
    if reader.group.target in HEX and reader.blobs:
        reader.blobs[-1][1].append(data)


def _unhex(plain: bytes) -> bytes:
    digits = bytes(byte for byte in plain if byte in b"0123456789abcdefABCDEF")
    return bytes.fromhex(digits[: len(digits) // 2 * 2].decode())


def _enter(place: Place, label: str, data: bytes) -> None:
    """A picture; or an OLE 1.0 object, which holds a compound file, or a file as an icon."""
    if label.startswith("object"):
        name, data = _ole_1(data)
        if name == b"Package":
            compound.enter_native(struct.pack("<I", len(data)) + data, place, label)
            return
        at = data.find(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
        data = data[at:] if at >= 0 else data
    if data:
        place.enter(label, data)


def _ole_1(data: bytes) -> tuple[bytes, bytes]:
    """The class name and the native data of an EmbeddedObject ([MS-OLEDS] 2.2.5)."""
    at, names = 8, []
    try:
        for _ in range(3):  # class, topic, item
            (length,) = struct.unpack_from("<I", data, at)
            names.append(data[at + 4 : at + 4 + length].rstrip(b"\0"))
            at += 4 + length
        (size,) = struct.unpack_from("<I", data, at)
    except struct.error:
        return b"", data
    return names[0], data[at + 4 : at + 4 + size]
