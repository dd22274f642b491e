"""OLE 2 files ([MS-CFB] version 3), and the old Office and Outlook formats within them."""

import struct
from collections.abc import Mapping

SECTOR, MINI, CUT_OFF = 512, 64, 4_096
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
STORAGE, STREAM, ROOT = 1, 2, 5
NONE = 0xFFFFFFFF


def ole(streams: Mapping[str, bytes]) -> bytes:
    """A compound file of these streams; a path makes storages. Short streams go to the mini stream."""
    entries = [["Root Entry", ROOT, NONE, NONE, END, 0]]  # name, kind, right, child, start, size
    index = {"": 0}
    full, mini = _Sectors(SECTOR), _Sectors(MINI)
    for path, content in streams.items():
        parts = path.split("/")
        for depth in range(1, len(parts)):
            _add(entries, index, "/".join(parts[:depth]), STORAGE, END, 0)
        start = (full if len(content) >= CUT_OFF else mini).add(content)
        _add(entries, index, path, STREAM, start, len(content))
    entries[0][4:] = full.add(bytes(mini.body)), len(mini.body)
    mini_table = full.add(mini.table())
    directory = full.add(b"".join(_entry(*entry) for entry in entries))
    table, sectors = _fat(full)
    return _header(directory, mini_table, full.used, sectors) + bytes(full.body) + table


class _Sectors:
    """Chains of sectors of one size, laid one after the other."""

    def __init__(self, size: int) -> None:
        self.size, self.body, self.chain = size, bytearray(), []

    @property
    def used(self) -> int:
        return len(self.chain)

    def add(self, content: bytes) -> int:
        count = -(-len(content) // self.size)
        start = self.used
        self.body += content.ljust(count * self.size, b"\0")
        self.chain += [start + step + 1 if step + 1 < count else END for step in range(count)]
        return start if count else END

    def table(self) -> bytes:
        return struct.pack(f"<{self.used}I", *self.chain)


def _add(entries: list, index: dict, path: str, kind: int, start: int, size: int) -> None:
    if path in index:
        return
    parent, _, name = path.rpartition("/")
    index[path] = len(entries)
    owner = entries[index[parent]]
    entries.append([name, kind, owner[3], NONE, start, size])  # the last child points to the one before
    owner[3] = index[path]


def _entry(name: str, kind: int, right: int, child: int, start: int, size: int) -> bytes:
    encoded = (name + "\0").encode("utf-16-le")
    return struct.pack(
        "<64sHBBIII16sIQQIQ", encoded, len(encoded), kind, 1, NONE, right, child, b"", 0, 0, 0, start, size
    )


def _fat(full: _Sectors) -> tuple[bytes, int]:
    sectors = 1
    while full.used + sectors > sectors * (SECTOR // 4):
        sectors += 1
    table = full.chain + [FAT] * sectors
    table += [FREE] * (sectors * SECTOR // 4 - len(table))
    return struct.pack(f"<{len(table)}I", *table), sectors


def _header(directory: int, mini_table: int, fat: int, fat_sectors: int) -> bytes:
    places = [fat + number for number in range(fat_sectors)] + [FREE] * (109 - fat_sectors)
    fixed = struct.pack(
        "<8s16sHHHHH6sIIIIIIIIII", bytes.fromhex("d0cf11e0a1b11ae1"), b"", 0x3E, 3, 0xFFFE, 9, 6, b"",
        0, fat_sectors, directory, 0, CUT_OFF, mini_table, 1, END, 0, 0
    )  # fmt: skip
    return fixed[:76] + struct.pack("<109I", *places)


def doc(
    stories: Mapping[str, str], *, encrypted: bool = False, more: Mapping[str, bytes] | None = None
) -> bytes:
    """A Word 97 file whose stories are each one piece, every second one of single bytes."""
    order = ("text", "footnotes", "headers", "macros", "comments", "endnotes", "boxes", "header boxes")
    fib = bytearray(1024)
    struct.pack_into("<HH", fib, 0, 0xA5EC, 0x00C1)
    struct.pack_into("<H", fib, 0x0A, 0x0200 | (0x0100 if encrypted else 0))
    positions, pieces, text = [0], b"", bytearray()
    for number, name in enumerate(order):
        story = stories.get(name, "")
        struct.pack_into("<I", fib, 0x4C + 4 * number, len(story))
        if not story:
            continue
        start = len(fib) + len(text)
        narrow = number % 2
        text += story.encode("cp1252" if narrow else "utf-16-le")
        text += b"\0" * (len(text) % 2)
        positions.append(positions[-1] + len(story))
        pieces += struct.pack("<HIH", 0, (start * 2) | 0x40000000 if narrow else start, 0)
    plc = struct.pack(f"<{len(positions)}I", *positions) + pieces
    clx = b"\x01\x02\x00\xaa\xbb" + b"\x02" + struct.pack("<I", len(plc)) + plc
    struct.pack_into("<II", fib, 0x01A2, 0, len(clx))
    return ole({"WordDocument": bytes(fib + text), "1Table": clx, **(more or {})})


def ppt(texts: list[str], pictures: bytes = b"") -> bytes:
    """A PowerPoint 97 file: a container of text atoms, wide and narrow in turn."""
    atoms = b""
    for number, text in enumerate(texts):
        kind, coded = (0x0FA0, text.encode("utf-16-le")) if number % 2 else (0x0FA8, text.encode("cp1252"))
        atoms += struct.pack("<HHI", 0, kind, len(coded)) + coded
    document = struct.pack("<HHI", 0x0F, 0x03E8, len(atoms)) + atoms
    return ole({"PowerPoint Document": document, "Pictures": pictures, "Current User": b"\0" * 40})


def xls(rows: list[list[str | float]], *, header: str = "", hidden: str = "") -> bytes:
    """An Excel 97 file: one sheet, its page header, and a very hidden second sheet of one cell."""
    sheets = [("Patients", 0, _sheet(rows, header)), ("Kept", 2, _sheet([[hidden]], ""))]
    bof = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    names = sum(4 + 8 + len(name) for name, _, _ in sheets)
    offset = len(bof) + names + 4
    bounds, bodies = b"", b""
    for name, state, body in sheets:
        bounds += _record(
            0x0085, struct.pack("<IBBBB", offset + len(bodies), state, 0, len(name), 0) + name.encode()
        )
        bodies += body
    return ole({"Workbook": bof + bounds + _record(0x000A, b"") + bodies})


def _sheet(rows: list[list[str | float]], header: str) -> bytes:
    out = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    if header:
        out += _record(0x0014, struct.pack("<HB", len(header), 0) + header.encode("cp1252"))
    for row, cells in enumerate(rows):
        for column, value in enumerate(cells):
            if isinstance(value, str):
                text = struct.pack("<HB", len(value), 1) + value.encode("utf-16-le")
                out += _record(0x0204, struct.pack("<HHH", row, column, 0) + text)
            else:
                out += _record(0x0203, struct.pack("<HHHd", row, column, 0, value))
    return out + _record(0x000A, b"")


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def msg(subject: str, body: str, files: Mapping[str, bytes], inner: tuple[str, str] | None = None) -> bytes:
    """An Outlook message with attachments and perhaps a message within it."""
    streams = {"__properties_version1.0": b"\0" * 32, **_texts("", {"0037": subject, "1000": body})}
    for number, (name, content) in enumerate(files.items()):
        at = f"__attach_version1.0_#{number:08X}/"
        streams |= {**_texts(at, {"3707": name}), f"{at}__substg1.0_37010102": content}
    if inner:
        at = "__attach_version1.0_#000000FF/"
        streams |= _texts(at, {"3001": "Forwarded"})
        streams |= _texts(f"{at}__substg1.0_3701000D/", {"0037": inner[0], "1000": inner[1]})
    return ole(streams)


def _texts(at: str, texts: Mapping[str, str]) -> dict[str, bytes]:
    return {f"{at}__substg1.0_{number}001F": text.encode("utf-16-le") for number, text in texts.items()}


def ole_1(name: str, content: bytes) -> bytes:
    """An OLE 1.0 object of class Package, as RTF carries it."""
    inner = native(name, content)[4:]
    return struct.pack("<III", 0x501, 2, 8) + b"Package\0" + struct.pack("<III", 0, 0, len(inner)) + inner


def native(name: str, content: bytes) -> bytes:
    """An OLE10Native stream: a file put into a document as an icon."""
    names = b"\x02\0" + name.encode() + b"\0" + f"C:\\{name}".encode() + b"\0"
    temporary = f"C:\\T\\{name}".encode() + b"\0"
    rest = (
        names
        + b"\0\0\x03\0"
        + struct.pack("<I", len(temporary))
        + temporary
        + struct.pack("<I", len(content))
        + content
    )
    return struct.pack("<I", len(rest)) + rest
