"""Parameters of MIME fields (RFC 2045, RFC 2231), read by the standard library, whatever they hold."""

import re
from collections.abc import Callable
from email.message import Message

from helpdesk.ingest.parsing.charset import from_header
from helpdesk.ingest.parsing.headers import Headers

MOST_CHARACTERS = 4_000  # of one field: the standard library takes time that grows with its square
_NO_TOKEN = re.compile(r"[^!#-'*+\-./0-9A-Z^-~]")
_TYPE = re.compile(r"[^/]{1,100}/[^/]{1,100}")
_MIME_FIELDS = ("content-type", "content-disposition")


def mime_fields(headers: Headers, default_type: str) -> Message:
    """The MIME fields of an entity, with the type that holds where none is said."""
    fields = Message()
    fields.set_default_type(default_type)
    for name in _MIME_FIELDS:
        value = headers.raw(name)
        if value:
            fields[name] = from_header(value[:MOST_CHARACTERS])
    if "content-type" not in fields:
        fields["content-type"] = default_type
    return fields


def media_type(fields: Message) -> str:
    """The type in lower case; one that is no type (RFC 2045 section 5.1) counts as bytes."""
    said = _NO_TOKEN.sub("", _tolerant(fields.get_content_type))
    return said if _TYPE.fullmatch(said) else "application/octet-stream"


def boundary(fields: Message) -> str:
    return _tolerant(fields.get_boundary)


def charset(fields: Message) -> str:
    return _tolerant(fields.get_content_charset)


def disposition(fields: Message) -> str:
    return _tolerant(fields.get_content_disposition)


def file_name(fields: Message) -> str:
    """`filename` of the disposition, else `name` of the type, its RFC 2231 pieces joined; still encoded words."""
    return _tolerant(fields.get_filename)


def param(fields: Message, name: str) -> str:
    """A parameter of Content-Type, lower case."""

    def get() -> object:
        return fields.get_param(name)

    value = _tolerant(get)
    return value.lower()


def _tolerant(get: Callable[[], object]) -> str:
    """The standard library raises several kinds of error on parameters that are no RFC 2231."""
    try:
        value = get()
    except (ValueError, LookupError, TypeError, AttributeError):
        return ""
    return value if isinstance(value, str) else ""
