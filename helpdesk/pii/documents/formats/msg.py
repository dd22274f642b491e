"""Outlook .msg files ([MS-OXMSG]): properties, bodies, recipients, attachments, messages in messages.

Each property of a message is a stream of its own, named by its id and type, so olefile
is enough. python-oxmsg reads through the property table, which it wants whole, and
reads inner messages at the wrong offset.
"""

import olefile
from compressed_rtf import decompress

from helpdesk.pii.documents.formats import ole as compound
from helpdesk.pii.documents.formats import rtf
from helpdesk.pii.documents.formats.charset import decode
from helpdesk.pii.documents.formats.markup import declared
from helpdesk.pii.documents.reading import Place, Refusal
from helpdesk.pii.documents.values import Why

BODY, HTML, RTF = "1000", "1013", "1009"
HEADERS = {
    "0037": "Subject",
    "0070": "Topic",
    "0C1A": "From",
    "5D01": "From",
    "0042": "On behalf of",
    "0E04": "To",
    "0E03": "Cc",
    "0E02": "Bcc",
}
#: Contacts, appointments and tasks: [MS-OXPROPS] ids of what people type in them.
CARD = {
    *(
        "3001",
        "3A06",
        "3A11",
        "3A44",
        "3A08",
        "3A09",
        "3A1A",
        "3A1C",
        "3A15",
        "3A16",
        "3A17",
        "3A18",
        "3A26",
        "3A27",
    ),
    *("3A28", "3A29", "3A2A", "3A5D", "3A59", "3A5B", "3A45", "3A4F", "3A57", "3003", "39FE"),
}
NAMED_FROM = "8000"  # ids from here on are of fields with names, custom ones too
FILE_NAMES = ("3707", "3704", "3001")
FILE, FILE_KIND, INNER = "3701", "370E", "__substg1.0_3701000D"
WIDE, NARROW, BINARY = "001F", "001E", "0102"
STREAM = "__substg1.0_"


class Storage:
    """The properties in one storage of the file, by their hexadecimal id."""

    def __init__(self, ole: olefile.OleFileIO, prefix: str, place: Place) -> None:
        self._ole, self.prefix, self._place = ole, prefix, place
        paths = ["/".join(path) for path in ole.listdir(streams=True, storages=True)]
        inside = {path.removeprefix(prefix) for path in paths if path.startswith(prefix)}
        self.names = sorted({name.partition("/")[0] for name in inside})
        self.ids = {
            name[12:16].upper(): name[16:20].upper() for name in self.names if name.startswith(STREAM)
        }

    def text(self, number: str) -> str:
        kind = self.ids.get(number, "")
        raw = self._bytes(number, kind)
        if kind == WIDE:
            return raw.decode("utf-16-le", "replace").rstrip("\0")
        return decode(raw, declared(raw)).rstrip("\0") if kind in (NARROW, BINARY) else ""

    def data(self, number: str) -> bytes | None:
        return self._bytes(number, BINARY) if self.ids.get(number) == BINARY else None

    def inner(self, start: str) -> list["Storage"]:
        names = [name for name in self.names if name.startswith(start)]
        return [Storage(self._ole, f"{self.prefix}{name}/", self._place) for name in names]

    def _bytes(self, number: str, kind: str) -> bytes:
        return compound.stream(self._ole, f"{self.prefix}{STREAM}{number}{kind}", self._place)


def read(data: bytes, place: Place) -> None:
    with compound.open_file(data) as ole:
        _message(Storage(ole, "", place), place, place.depth)


def _message(message: Storage, place: Place, depth: int) -> None:
    if depth > place.limits.depth:
        raise Refusal(Why.TOO_DEEP)
    place.reading.take_member()
    lines = [f"{label}: {text}" for number, label in HEADERS.items() if (text := message.text(number))]
    place.say("headers", "\n".join(dict.fromkeys(lines)), "header")
    people = [
        f"{person.text('3001')} {person.text('39FE') or person.text('3003')}".strip()
        for person in message.inner("__recip")
    ]
    place.say("recipients", "\n".join(people), "header")
    fields = [message.text(number) for number in message.ids if number in CARD or number >= NAMED_FROM]
    place.say("fields", "\n".join(dict.fromkeys(text for text in fields if text)), "metadata")
    _bodies(message, place)
    for number, attachment in enumerate(message.inner("__attach"), 1):
        place.reading.take_member()
        _attachment(attachment, place, number, depth)


def _bodies(message: Storage, place: Place) -> None:
    place.say("body", message.text(BODY))
    html = message.text(HTML)
    place.say("html", html, "html")
    packed = message.data(RTF)
    if packed and not html:
        rtf.read(decompress(packed), place.at("rtf"))


def _attachment(attachment: Storage, place: Place, number: int, depth: int) -> None:
    name = next((text for key in FILE_NAMES if (text := attachment.text(key))), "")
    label = name or f"attachment {number}"
    content = attachment.data(FILE)
    if content is not None:
        place.enter(label, content, name=name, media_type=attachment.text(FILE_KIND))
        return
    place.say(f"name of {label}", name, "name")
    for inner in attachment.inner(INNER):
        try:
            _message(inner, place.at(label), depth + 1)
        except Refusal as refusal:
            place.fail(label, refusal.why)
