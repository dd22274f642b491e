"""Office files before 2007 and other compound files: the main stream, then whatever is stored beside it."""

from collections.abc import Callable

import olefile

from helpdesk.pii.documents.formats import doc, ppt, xls
from helpdesk.pii.documents.formats import ole as compound
from helpdesk.pii.documents.reading import Format, Place, Refusal
from helpdesk.pii.documents.values import Why

NATIVE, PACKAGES = "\x01ole10native", ("package", "contents")
STREAMS: dict[str, Callable[[olefile.OleFileIO, str, Place], None]] = {
    "worddocument": doc.read_stream,
    "workbook": xls.read_stream,
    "powerpoint document": ppt.read_stream,
}


def reader_of(read_stream: Callable[[olefile.OleFileIO, str, Place], None]) -> Format:
    """The reader of a whole file, from the reader of its main stream."""

    def read_file(data: bytes, place: Place) -> None:
        with compound.open_file(data) as ole:
            read_stream(ole, "", place)
            compound.properties(ole, place)
            _embedded(ole, place)

    return read_file


def read_unknown(data: bytes, place: Place) -> None:
    """A compound file of no kind we know: its properties and embedded files, then a refusal."""
    read_package(data, place)
    raise Refusal(Why.UNKNOWN)


def read_package(data: bytes, place: Place) -> None:
    """An embedded object as Office keeps it: a compound file around the real one."""
    with compound.open_file(data) as ole:
        compound.properties(ole, place)
        _embedded(ole, place)


def _embedded(ole: olefile.OleFileIO, place: Place) -> None:
    """Files in inner storages, each entered; inner documents of the old kinds are read where they stand."""
    for number, path in enumerate(ole.listdir(streams=True, storages=False), 1):
        name, full, label = path[-1].lower(), "/".join(path), f"object {number}"
        if name == NATIVE:
            compound.enter_native(compound.stream(ole, full, place), place, label)
        elif name in PACKAGES and (len(path) > 1 or name == "package"):
            place.reading.take_member()
            place.enter(label, compound.stream(ole, full, place))
        elif name in STREAMS and len(path) > 1:
            place.reading.take_member()
            STREAMS[name](ole, "/".join(path[:-1]) + "/", place.at(label))
