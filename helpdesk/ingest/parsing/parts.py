"""What each leaf is to a reader: text of the mail, a file, a report for machines, or unreadable."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from helpdesk.ingest.parsing import params
from helpdesk.ingest.parsing.charset import decode, one_line
from helpdesk.ingest.parsing.flowed import unflow
from helpdesk.ingest.parsing.mime import Leaf
from helpdesk.ingest.parsing.names import safe_name
from helpdesk.ingest.parsing.transfer import UuFile, undo, uu_files
from helpdesk.ingest.values import MailPart

BODY_TYPES = ("text/plain", "text/html")
# Written by and for mail servers; people read the text beside them, and origin reads these.
REPORTS = frozenset(
    (
        "message/delivery-status",
        "message/global-delivery-status",
        "message/disposition-notification",
        "message/feedback-report",
        "text/rfc822-headers",
        "message/global-headers",
    )
)
SIGNATURES = frozenset(
    ("application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature")
)
SMIME = frozenset(("application/pkcs7-mime", "application/x-pkcs7-mime"))
TNEF = frozenset(("application/ms-tnef", "application/vnd.ms-tnef"))
NESTED = frozenset(("message/rfc822", "message/global", "message/news"))
_ENVELOPED = (b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03", b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x17")
_PGP_MESSAGE = re.compile(r"^-----BEGIN PGP MESSAGE-----", re.MULTILINE)
_PGP_SIGNED = re.compile(r"^-----BEGIN PGP SIGNED MESSAGE-----", re.MULTILINE)
_TEXT_CONTROLS = bytes(range(9)) + bytes(range(14, 27)) + bytes(range(28, 32))


@dataclass(frozen=True, slots=True)
class Made:
    """A part and what was learned while making it. `unread` says why its content counts as unread."""

    part: MailPart
    unread: str = ""
    defects: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    siblings: int = field(default=0)
    alternative: bool = False


def make_parts(leaves: list[Leaf]) -> list[Made]:
    """The parts of a mail in order, numbered from 1; a uuencoded file in a text is a part of its own."""
    made = [one for leaf in leaves for one in _make(leaf, sole=len(leaves) == 1)]
    return [replace(one, part=replace(one.part, number=n)) for n, one in enumerate(made, 1)]


def _make(leaf: Leaf, *, sole: bool) -> Iterator[Made]:
    undone = undo(leaf.body, leaf.headers.text("content-transfer-encoding"))
    name = safe_name(params.file_name(leaf.fields))
    if _is_body(leaf, undone.data, name, sole=sole):
        yield from _texts(leaf, undone.data, name, undone.defects)
    else:
        yield _file(leaf, undone.data, name, undone.defects)
    if undone.beside:
        beside = replace(leaf, outside=True)
        yield from _texts(beside, undone.beside, "", ("text-beside-base64",))


def _is_body(leaf: Leaf, data: bytes, name: str, *, sole: bool) -> bool:
    if leaf.outside:
        return True
    if leaf.why_unread or params.disposition(leaf.fields) == "attachment":
        return False
    if leaf.media_type in BODY_TYPES:
        return (not name or sole) and not looks_binary(data)
    # A mail whose only part claims to be bytes, and is text, has that text as its body.
    return sole and not name and leaf.media_type == "application/octet-stream" and not looks_binary(data)


def looks_binary(data: bytes) -> bool:
    """Whether bytes that claim to be text are something else: zeros outside UTF-16, or many controls."""
    sample = data[:4096]
    controls = len(sample) - len(sample.translate(None, _TEXT_CONTROLS))
    if not controls:
        return False
    wide = sample.startswith((b"\xff\xfe", b"\xfe\xff")) or controls - sample.count(0) == 0
    return not wide and controls > len(sample) // 50


def _texts(leaf: Leaf, data: bytes, name: str, defects: tuple[str, ...]) -> Iterator[Made]:
    files = uu_files(data) if b"begin " in data else []
    read = decode(_without(data, files), params.charset(leaf.fields))
    text = read.text.replace("\r\n", "\n").replace("\r", "\n")
    if params.param(leaf.fields, "format") == "flowed":
        text = unflow(text, delete_space=params.param(leaf.fields, "delsp") == "yes")
    media_type = "text/html" if leaf.media_type == "text/html" else "text/plain"
    part = MailPart(0, media_type, file_name=name, content_id=_content_id(leaf), text=text)
    yield Made(
        part,
        _why_unread(text, doubtful=read.doubtful),
        (*defects, *((read.mended,) if read.mended else ())),
        ("signed",) if _PGP_SIGNED.search(text) else (),
        leaf.siblings,
        bool(leaf.path) and leaf.path[-1] == "multipart/alternative",
    )
    for file in files:
        yield _uu_part(file)


def _why_unread(text: str, *, doubtful: bool) -> str:
    if "-----BEGIN PGP" in text and _PGP_MESSAGE.search(text):
        return "encrypted"
    return "unknown character set" if doubtful else ""


def _without(data: bytes, files: list[UuFile]) -> bytes:
    kept, at = [], 0
    for file in files:
        kept.append(data[at : file.start])
        at = file.end
    return b"".join([*kept, data[at:]])


def _uu_part(file: UuFile) -> Made:
    name = safe_name(decode(file.name).text)
    return Made(
        MailPart(0, "application/octet-stream", name, attachment=True, data=file.data), "", ("uuencoded",)
    )


def _file(leaf: Leaf, data: bytes, name: str, defects: tuple[str, ...]) -> Made:
    kind = leaf.media_type
    unread, flags = leaf.why_unread or _locked(leaf, data), _flags(leaf, data)
    hidden = kind in REPORTS or (kind in SIGNATURES and "multipart/signed" in leaf.path)
    part = MailPart(
        0,
        kind,
        file_name=name,
        content_id=_content_id(leaf),
        inline=params.disposition(leaf.fields) == "inline" and not hidden,
        attachment=not hidden,
        text=decode(data, params.charset(leaf.fields)).text if kind in REPORTS else "",
        data=data,
    )
    return Made(part, unread, defects, flags, leaf.siblings)


def _locked(leaf: Leaf, data: bytes) -> str:
    """Why nobody here can read this part; empty when somebody may."""
    if "multipart/encrypted" in leaf.path or leaf.media_type == "application/pgp-encrypted":
        return "encrypted"
    if leaf.media_type in SMIME:
        enveloped = params.param(leaf.fields, "smime-type") in ("enveloped-data", "authenveloped-data")
        return "encrypted" if enveloped or any(oid in data[:40] for oid in _ENVELOPED) else ""
    if leaf.media_type == "message/partial":
        return "only a piece of a mail that was sent in pieces"
    return "kept elsewhere" if leaf.media_type == "message/external-body" else ""


def _flags(leaf: Leaf, data: bytes) -> tuple[str, ...]:
    kind = leaf.media_type
    if kind in SIGNATURES or (kind in SMIME and not _locked(leaf, data)):
        return ("signed",)
    if kind == "text/calendar":
        return ("calendar",)
    return ("tnef",) if kind in TNEF else ()


def _content_id(leaf: Leaf) -> str:
    return one_line(leaf.headers.text("content-id")).strip("<> ")[:255]
