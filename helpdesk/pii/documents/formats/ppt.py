"""PowerPoint 97-2003 ([MS-PPT]): every text atom of slides, notes, masters and earlier edits."""

import struct
import zlib
from collections.abc import Iterator

import olefile

from helpdesk.pii.documents.formats import ole as compound
from helpdesk.pii.documents.formats.charset import windows
from helpdesk.pii.documents.reading import Place, Refusal
from helpdesk.pii.documents.values import Why

TEXT_WIDE, TEXT_NARROW, STRING, EMBEDDED = 0x0FA0, 0x0FA8, 0x0FBA, 0x1011
CONTAINER = 0xF
ENCRYPTED_TOKEN = struct.pack("<I", 0xF3D1C4DF)
#: Names that PowerPoint gives by itself.
OWN_NAMES = ("___PPT", "Default Design", "Office Theme", "Click to edit")


def read_stream(ole: olefile.OleFileIO, prefix: str, place: Place) -> None:
    """The presentation in this storage."""
    encrypted = ENCRYPTED_TOKEN in compound.stream(ole, f"{prefix}Current User", place)[:16]
    if encrypted or ole.exists(f"{prefix}EncryptedSummary"):
        raise Refusal(Why.ENCRYPTED)
    main = compound.stream(ole, f"{prefix}PowerPoint Document", place)
    texts: dict[str, None] = {}
    for kind, instance, body in atoms(main):
        if kind == EMBEDDED:
            _embedded(body, instance, place)
        elif kind in (TEXT_WIDE, TEXT_NARROW, STRING):
            text = windows(body) if kind == TEXT_NARROW else body.decode("utf-16-le", "replace")
            if not text.startswith(OWN_NAMES):
                texts.setdefault(text.replace("\r", "\n").replace("\x0b", "\n"))
    place.say("text", "\n".join(texts))
    compound.carve(compound.stream(ole, f"{prefix}Pictures", place), place)


def atoms(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Type, instance and body of each record that holds no others; containers are walked into."""
    at = 0
    while at + 8 <= len(data):
        version, kind, length = struct.unpack_from("<HHI", data, at)
        at += 8
        if version & 0xF == CONTAINER:
            continue  # its children follow at once
        yield kind, version >> 4, data[at : at + length]
        at += length


def _embedded(body: bytes, instance: int, place: Place) -> None:
    place.reading.take_member()
    if instance == 1:
        unpacker = zlib.decompressobj()
        body = unpacker.decompress(body[4:], place.limits.file_bytes)
        if unpacker.unconsumed_tail:
            raise Refusal(Why.TOO_LARGE)
    place.enter("embedded object", body)
