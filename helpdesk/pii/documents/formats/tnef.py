"""TNEF ([MS-OXTNEF]), the winmail.dat that Outlook makes."""

from tnefparse import TNEF
from tnefparse import properties as names

from helpdesk.pii.documents.formats import rtf
from helpdesk.pii.documents.formats.charset import decode
from helpdesk.pii.documents.reading import Place, Refusal
from helpdesk.pii.documents.values import Why

TEXT_NAMES = {
    names.MAPI_SUBJECT,
    names.MAPI_CONVERSATION_TOPIC,
    names.MAPI_SENDER_NAME,
    names.MAPI_DISPLAY_TO,
    names.MAPI_DISPLAY_CC,
    names.MAPI_DISPLAY_NAME,
}


def read(data: bytes, place: Place) -> None:
    _message(TNEF(data, do_checksum=False), place, place.depth)


def _message(message: TNEF, place: Place, depth: int) -> None:
    if depth > place.limits.depth:
        raise Refusal(Why.TOO_DEEP)
    place.reading.take_member()
    texts = [_text(item.data) for item in message.mapiprops if item.name in TEXT_NAMES]
    texts += [_text(item.data) for item in message.msgprops if item.name == TNEF.ATTSUBJECT]
    place.say("headers", "\n".join(dict.fromkeys(text for text in texts if text)), "header")
    place.say("body", _text(message.body))
    place.say("html", _text(message.htmlbody), "html")
    if message.rtfbody:
        rtf.read(message.rtfbody, place.at("rtf"))
    for number, attachment in enumerate(message.attachments, 1):
        place.reading.take_member()
        name = _text(attachment.long_filename())
        inner = getattr(attachment, "embed", None)
        if inner is not None:
            place.say(f"name of attachment {number}", name, "name")
            _message(inner, place.at(name or f"attachment {number}"), depth + 1)
        else:
            place.enter(name or f"attachment {number}", _bytes(attachment.data), name=name)


def _text(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return " ".join(_text(part) for part in value)
    if isinstance(value, bytes):
        return decode(value.rstrip(b"\0"))
    return value.strip("\0") if isinstance(value, str) else ""


def _bytes(value: object) -> bytes:
    if isinstance(value, (list, tuple)):
        return b"".join(_bytes(part) for part in value)
    return value if isinstance(value, bytes) else b""
