"""Part from part: the leaves of a mail with their exact bytes (RFC 2046 section 5.1).

The cut is ours since every byte counts: a nested mail must come out as it went in, text
outside the parts must be seen, and depth must cost nothing.
"""

import re
from dataclasses import dataclass, field
from email.message import Message

from helpdesk.ingest.parsing import params
from helpdesk.ingest.parsing.headers import Headers, cut_headers
from helpdesk.ingest.parsing.transfer import undo

MOST_DEPTH = 30
MOST_PARTS = 1_000
MOST_GUESSES = 20
_GUESS = re.compile(rb"^--([^\s-][^\r\n]{0,69}?)[ \t]*\r?$", re.MULTILINE)
_REST_OF_LINE = re.compile(rb"(--)?[ \t]*(?:\r?\n|\r?\Z)")
# What mailers put before the first part for readers without MIME; nobody is shown it.
_PREAMBLE = re.compile(rb"mime|multi-?part|your mail (?:reader|client)|e-?mail software", re.IGNORECASE)
_NO_HEADERS = Headers()


@dataclass(frozen=True, slots=True)
class Leaf:
    """One part that holds no others. `path` are the multipart types around it, outermost first."""

    headers: Headers
    fields: Message = field(repr=False)
    media_type: str
    path: tuple[str, ...]
    body: bytes = field(repr=False)  # still in its transfer encoding
    why_unread: str = ""
    outside: bool = False  # text before, after or instead of the parts of a multipart
    siblings: int = 0  # numbers the innermost multipart, so that alternatives are told apart


@dataclass(frozen=True, slots=True)
class _Entity:
    """A header block and where its body stands, with what is around it."""

    headers: Headers
    start: int
    end: int
    path: tuple[str, ...] = ()
    siblings: int = 0
    default_type: str = "text/plain"

    @property
    def fields(self) -> Message:
        return params.mime_fields(self.headers, self.default_type)


@dataclass(frozen=True, slots=True)
class _Delimiter:
    """A delimiter line: where it begins, where what follows it begins, and whether it closes."""

    at: int
    after: int
    closing: bool


def leaves(raw: bytes, headers: Headers, start: int) -> tuple[list[Leaf], list[str]]:
    """Every leaf of the mail whose body begins at `start`, in order, and what was mended."""
    walk = _Walk(raw)
    walk.entity(_Entity(headers, start, len(raw)))
    return walk.leaves, walk.defects


class _Walk:
    """One pass over the tree; it collects."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.leaves: list[Leaf] = []
        self.defects: list[str] = []
        self.multiparts = 0

    def entity(self, entity: _Entity) -> None:
        if not params.media_type(entity.fields).startswith("multipart/"):
            self.leaf(entity)
        elif len(entity.path) >= MOST_DEPTH:
            self.leaf(entity, why_unread="too deep")
        else:
            self._multipart(entity)

    def leaf(self, entity: _Entity, *, why_unread: str = "", outside: bool = False) -> None:
        fields = params.mime_fields(_NO_HEADERS, "text/plain") if outside else entity.fields
        self.leaves.append(
            Leaf(
                entity.headers,
                fields,
                params.media_type(fields),
                entity.path,
                self.raw[entity.start : entity.end],
                why_unread,
                outside,
                entity.siblings,
            )
        )

    def _multipart(self, entity: _Entity) -> None:
        delimiters = self._delimiters(entity)
        if delimiters:
            self._parts(entity, delimiters)
        elif not self._cut_decoded(entity):
            self.defects.append("multipart-without-parts")
            self.leaf(entity, outside=True)  # with its headers, which say the transfer encoding

    def _parts(self, entity: _Entity, delimiters: list[_Delimiter]) -> None:
        self.multiparts += 1
        kind = params.media_type(entity.fields)
        around = ((*entity.path, kind), self.multiparts)
        default_type = "message/rfc822" if kind == "multipart/digest" else "text/plain"
        self._outside(entity.start, delimiters[0].at, around)
        for number, delimiter in enumerate(delimiters):
            last = number + 1 == len(delimiters)
            stop = entity.end if last else delimiters[number + 1].at
            if delimiter.closing:
                self._outside(delimiter.after, stop, around)
            elif len(self.leaves) >= MOST_PARTS:
                rest = _Entity(_NO_HEADERS, delimiter.after, entity.end, *around, "application/octet-stream")
                self.leaf(rest, why_unread="too many parts")
                return
            else:
                self._part(
                    delimiter.after, self._before_line_end(delimiter.after, stop), around, default_type
                )

    def _part(self, begin: int, stop: int, around: tuple[tuple[str, ...], int], default_type: str) -> None:
        headers, body = cut_headers(self.raw, begin, stop)
        if not any(name.startswith("content-") for name, _ in headers.fields):
            if headers.fields and not headers.known:  # `Patient: …` of a part that forgot its blank line
                headers, body = _NO_HEADERS, begin
        else:
            self.defects.extend(headers.defects)
        self.entity(_Entity(headers, min(body, stop), stop, *around, default_type))

    def _outside(self, start: int, end: int, around: tuple[tuple[str, ...], int]) -> None:
        """Text before the first or after the last part: shown by no client, yet it is in the mail."""
        text = self.raw[start:end].strip()
        if text and not (len(text) < 400 and _PREAMBLE.search(text)):
            self.defects.append("text-outside-parts")
            self.leaf(_Entity(_NO_HEADERS, start, end, *around), outside=True)

    def _delimiters(self, entity: _Entity) -> list[_Delimiter]:
        said = params.boundary(entity.fields).encode("utf-8", "surrogateescape")
        found = _find_delimiters(self.raw, said, entity.start, entity.end)
        if found:
            return found
        guess = _guessed_boundary(self.raw, entity.start, entity.end)
        if guess:
            self.defects.append("boundary-guessed")
        return _find_delimiters(self.raw, guess, entity.start, entity.end)

    def _cut_decoded(self, entity: _Entity) -> bool:
        """A multipart must not be encoded (RFC 2045 section 6.4); some are, and clients open them."""
        encoding = entity.headers.text("content-transfer-encoding").strip().lower()
        if encoding not in ("base64", "quoted-printable"):
            return False
        inner = _Walk(undo(self.raw[entity.start : entity.end], encoding).data)
        inner.multiparts = self.multiparts
        plain = Headers(tuple(f for f in entity.headers.fields if f[0] != "content-transfer-encoding"))
        decoded = _Entity(plain, 0, len(inner.raw), entity.path, entity.siblings, entity.default_type)
        if not inner._delimiters(decoded):
            return False
        inner.entity(decoded)
        self.leaves += inner.leaves
        self.defects += [*inner.defects, "encoded-multipart"]
        self.multiparts = inner.multiparts
        return True

    def _before_line_end(self, begin: int, stop: int) -> int:
        """The line end before a delimiter belongs to the delimiter."""
        if self.raw[max(begin, stop - 2) : stop] == b"\r\n":
            return stop - 2
        return stop - 1 if stop > begin and self.raw[stop - 1 : stop] == b"\n" else stop


def _find_delimiters(raw: bytes, boundary: bytes, start: int, end: int) -> list[_Delimiter]:
    """The delimiter lines, as many as there may be parts.

    By plain search: a regular expression over each level of a deep mail would take seconds.
    """
    boundary = boundary.rstrip()
    found: list[_Delimiter] = []
    if not boundary:
        return found
    mark = b"--" + boundary
    at = start if raw.startswith(mark, start, end) else _next_line_start(raw, mark, start, end)
    while at >= 0 and len(found) <= MOST_PARTS + 1:
        rest = _REST_OF_LINE.match(raw, at + len(mark), end)
        if rest:
            found.append(_Delimiter(at, rest.end(), rest[1] is not None))
        at = _next_line_start(raw, mark, at + len(mark), end)
    return found


def _next_line_start(raw: bytes, mark: bytes, start: int, end: int) -> int:
    """Where the next line that begins with `mark` begins, or -1."""
    found = raw.find(b"\n" + mark, start, end)
    return found + 1 if found >= 0 else -1


def _guessed_boundary(raw: bytes, start: int, end: int) -> bytes:
    """The boundary of a multipart that says none, or a wrong one: a delimiter line that is closed later."""
    for number, match in enumerate(_GUESS.finditer(raw, start, min(end, start + 100_000))):
        if number >= MOST_GUESSES:
            break
        if raw.find(b"--" + match[1] + b"--", match.end(), end) >= 0:
            return match[1]
    return b""
