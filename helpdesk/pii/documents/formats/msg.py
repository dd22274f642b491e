"""Outlook .msg files ([MS-OXMSG]): properties, bodies, recipients, attachments, messages in messages."""

from compressed_rtf import decompress
from oxmsg import Message
from oxmsg.domain import constants
from oxmsg.domain import model as m
from oxmsg.properties import Properties

from helpdesk.pii.documents.formats import rtf
from helpdesk.pii.documents.reading import Place, Refusal
from helpdesk.pii.documents.values import Why

RTF_COMPRESSED = 0x1009
TEXTS = {
    0x0037: "Subject",
    0x0070: "Topic",
    0x0C1A: "From",
    0x0042: "On behalf of",
    0x0E04: "To",
    0x0E03: "Cc",
    0x0E02: "Bcc",
    0x3A06: "Given name",
    0x3A11: "Surname",
    0x3A08: "Phone",
    0x3A1C: "Mobile",
    0x3A15: "Address",
    0x8208: "Location",
}
EMBEDDED_MESSAGE = "__substg1.0_3701000D"


def read(data: bytes, place: Place) -> None:
    _message(Message.load(data), place, place.depth)


def _message(message: Message, place: Place, depth: int) -> None:
    if depth > place.limits.depth:
        raise Refusal(Why.TOO_DEEP)
    place.reading.take_member()
    texts = [(label, message.properties.str_prop_value(number)) for number, label in TEXTS.items()]
    place.say("headers", "\n".join(f"{label}: {text}" for label, text in texts if text), "header")
    people = "\n".join(
        f"{person.name or ''} {person.email_address or ''}".strip() for person in message.recipients
    )
    place.say("recipients", people, "header")
    _bodies(message, place)
    for number, attachment in enumerate(message.attachments, 1):
        place.reading.take_member()
        _attachment(attachment._storage, attachment.properties, place, number, depth)


def _bodies(message: Message, place: Place) -> None:
    place.say("body", message.body or "")
    try:
        place.say("html", message.html_body or "", "html")
    except (UnicodeError, LookupError):
        raw = message.properties.binary_prop_value(constants.PID_HTML) or b""
        place.say("html", raw.decode("cp1252", "replace"), "html")
    packed = message.properties.binary_prop_value(RTF_COMPRESSED)
    if packed and not message.html_body:
        rtf.read(decompress(packed), place.at("rtf"))


def _attachment(storage: m.StorageT, properties: Properties, place: Place, number: int, depth: int) -> None:
    name = (
        properties.str_prop_value(constants.PID_ATTACH_LONG_FILENAME)
        or properties.str_prop_value(0x3704)  # PidTagAttachFilename, 8.3
        or properties.str_prop_value(0x3001)  # PidTagDisplayName
        or ""
    )
    label = name or f"attachment {number}"
    data = properties.binary_prop_value(constants.PID_ATTACH_DATA_BINARY)
    inner = _embedded(storage)
    if inner is not None:
        place.say(f"name of {label}", name, "name")
        _message(Message(inner), place.at(label), depth + 1)
    elif data is not None:
        kind = properties.str_prop_value(constants.PID_ATTACH_MIME_TAG) or ""
        place.enter(label, data, name=name, media_type=kind)
    else:
        place.say(f"name of {label}", name, "name")


def _embedded(storage: m.StorageT) -> m.StorageT | None:
    return next((inner for inner in storage.storages if inner.name == EMBEDDED_MESSAGE), None)
