"""What of a mail is scanned: everything that a surface could ever show or a file holds."""

from collections.abc import Iterator, Sequence

from helpdesk.config import Settings
from helpdesk.ingest.values import Email, MailPart
from helpdesk.outbound.files import File
from helpdesk.pii.values import Context, Kind, Piece

# Headers in which a person can write words; an agent may be shown them.
_FREE_HEADERS = ("comments", "keywords", "organization", "organisation", "thread-topic", "x-original-subject")


def pieces(email: Email) -> list[Piece]:
    """The pieces of a mail, empty ones left out. What could not be read is in `email.unreadable`."""
    made = [*_headers(email), *_bodies(email)]
    first = _first_texts(email)
    for part in email.parts:
        made.extend(_part(part, read_already=part.number in first))
    return [piece for piece in made if piece.text.strip() or piece.data]


def written(text: str, files: Sequence[File]) -> list[Piece]:
    """The pieces of what an agent wrote: the text is `note`, the files are numbered from 1."""
    made = [Piece("note", Kind.TEXT, text=text)]
    for number, one in enumerate(files, 1):
        made.append(Piece(f"file_name:{number}", Kind.FILE_NAME, text=one.name))
        made.append(
            Piece(
                f"attachment:{number}",
                Kind.FILE,
                data=one.data,
                media_type=one.media_type,
                file_name=one.name,
            )
        )
    return made


def context(email: Email, settings: Settings) -> Context:
    """Whose mail it is and who we are, so that work contact data is known as such."""
    return Context(
        sender_address=email.from_address,
        sender_name=email.from_name,
        recipients=(*email.to, *email.cc),
        staff=frozenset(settings.pii.staff),
        own_addresses=settings.own_addresses,
        own_domains=frozenset(one.lower() for one in settings.trust.own_domains),
        sites=tuple(settings.pii.sites),
    )


def _headers(email: Email) -> Iterator[Piece]:
    yield Piece("subject", Kind.SUBJECT, text=email.subject)
    yield Piece("from_name", Kind.NAME, text=email.from_name)
    names = "\n".join(name for name, _ in (*email.to, *email.cc) if name)
    yield Piece("recipient_names", Kind.NAME, text=names)
    for header in ("reply-to", "sender"):
        name = email.header(header).partition("<")[0].strip(" \"'")
        if "@" not in name and name != email.from_name:
            yield Piece(f"{header.replace('-', '_')}_name", Kind.NAME, text=name)
    words = "\n".join(value for header in _FREE_HEADERS for value in email.all(header))
    yield Piece("headers", Kind.TEXT, text=words)


def _bodies(email: Email) -> Iterator[Piece]:
    yield Piece("body_text", Kind.TEXT, text=email.text, media_type="text/plain")
    yield Piece("body_html", Kind.HTML, text=email.html, media_type="text/html")


def _first_texts(email: Email) -> set[int]:
    """The text and the HTML that stand first: the body pieces begin with them.

    A further text is in a body piece as well, and a piece of its own, so that what stands
    before it (a signature, a quotation) cannot make it look like something harmless.
    """
    numbers: dict[str, int] = {}
    for part in email.parts:
        if part.text.strip() and not part.attachment and not part.data:
            numbers.setdefault(part.media_type, part.number)
    return set(numbers.values())


def _part(part: MailPart, *, read_already: bool) -> Iterator[Piece]:
    if part.file_name:
        yield Piece(f"file_name:{part.number}", Kind.FILE_NAME, text=part.file_name)
    if part.text and not read_already:
        kind = Kind.HTML if part.media_type == "text/html" else Kind.TEXT
        yield Piece(f"text:{part.number}", kind, text=part.text, media_type=part.media_type)
    elif part.data and not part.text:
        yield Piece(
            f"attachment:{part.number}",
            Kind.FILE,
            data=part.data,
            media_type=part.media_type,
            file_name=part.file_name,
        )
