"""Archives: each member's name is said, its content entered; bombs end at the limits."""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import IO, cast

import py7zr
import py7zr.exceptions
import py7zr.py7zr
from py7zr.io import Py7zIO, WriterFactory

from helpdesk.pii.documents.reading import Place, Refusal
from helpdesk.pii.documents.values import Why

ENCRYPTED_FLAG = 0x1
CHUNK = 8 << 20
JUNK = ("__MACOSX/", ".DS_Store", "Thumbs.db")


vars(py7zr.py7zr)["get_memory_limit"] = lambda: CHUNK  # else it asks /proc, which a child cannot see


def read_zip(data: bytes, place: Place) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if archive.comment:
            place.say("comment", archive.comment.decode("utf-8", "replace"), "metadata")
        for info in archive.infolist():
            if not info.is_dir() and not junk(info.filename):
                place.reading.take_member()
                _zip_member(archive, info, place)


def _zip_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, place: Place) -> None:
    if info.flag_bits & ENCRYPTED_FLAG:
        _refuse(place, info.filename, Why.ENCRYPTED)
        return
    try:
        with archive.open(info) as member:
            inner = read_up_to(member, place)
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, NotImplementedError):
        _refuse(place, info.filename, Why.CORRUPT)
    except Refusal as refusal:
        _refuse(place, info.filename, refusal.why)
        place.reading.take_bytes(place.limits.file_bytes)
    else:
        place.enter(info.filename, inner, name=info.filename)


def read_tar(data: bytes, place: Place) -> None:
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
        for info in archive:
            if info.isdir() or junk(info.name):
                continue
            place.reading.take_member()
            member = archive.extractfile(info) if info.isfile() else None
            if member is None:
                place.say(f"name of {info.name}", f"{info.name} {info.linkname}", "name")
                continue
            place.enter(info.name, read_up_to(member, place), name=info.name)


def read_gzip(data: bytes, place: Place) -> None:
    with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
        _single(cast("IO[bytes]", packed), place, (".gz", ".tgz"))


def read_bzip2(data: bytes, place: Place) -> None:
    with bz2.BZ2File(io.BytesIO(data)) as packed:
        _single(cast("IO[bytes]", packed), place, (".bz2",))


def read_xz(data: bytes, place: Place) -> None:
    with lzma.LZMAFile(io.BytesIO(data)) as packed:
        _single(cast("IO[bytes]", packed), place, (".xz",))


def read_7z(data: bytes, place: Place) -> None:
    try:
        with py7zr.SevenZipFile(io.BytesIO(data)) as archive:
            if archive.needs_password():
                raise Refusal(Why.ENCRYPTED)
            infos = [info for info in archive.list() if not info.is_directory and not junk(info.filename)]
            for _ in infos:
                place.reading.take_member()
            if sum(info.uncompressed for info in infos) > place.limits.file_bytes:
                raise Refusal(Why.TOO_LARGE)
            held = _Memory(place.limits.file_bytes)
            archive.extract(targets=[info.filename for info in infos], factory=held)
    except py7zr.exceptions.PasswordRequired:
        raise Refusal(Why.ENCRYPTED) from None
    for name, product in held.products.items():
        place.enter(name, product.content(), name=name)


def read_up_to(source: IO[bytes], place: Place) -> bytes:
    """All of a stream, or Refusal where it is longer than a file may be."""
    inner = source.read(place.limits.file_bytes + 1)
    if len(inner) > place.limits.file_bytes:
        raise Refusal(Why.TOO_LARGE)
    return inner


def junk(name: str) -> bool:
    """What a Mac or Windows adds by itself."""
    return name.startswith(JUNK[0]) or PurePosixPath(name).name in JUNK[1:]


def _single(packed: IO[bytes], place: Place, suffixes: tuple[str, ...]) -> None:
    inner = read_up_to(packed, place)
    name = place.name
    for suffix in suffixes:
        name = name.removesuffix(suffix)
    place.enter("content", inner, name=name)


def _refuse(place: Place, name: str, why: Why) -> None:
    place.say(f"name of {name}", name, "name")
    place.fail(name, why)


class _Piece(Py7zIO):
    """One member in memory, never longer than allowed."""

    def __init__(self, most: int) -> None:
        self._most, self._held = most, io.BytesIO()

    def write(self, data: bytes | bytearray) -> int:
        if self._held.tell() + len(data) > self._most:
            raise Refusal(Why.TOO_LARGE)
        return self._held.write(data)

    def read(self, size: int | None = None) -> bytes:
        return self._held.read(-1 if size is None else size)

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._held.seek(offset, whence)

    def flush(self) -> None:
        self._held.flush()

    def size(self) -> int:
        return len(self._held.getbuffer())

    def content(self) -> bytes:
        return self._held.getvalue()


class _Memory(WriterFactory):
    def __init__(self, most: int) -> None:
        self._most = most
        self.products: dict[str, _Piece] = {}

    def create(self, filename: str) -> Py7zIO:
        return self.products.setdefault(filename, _Piece(self._most))
