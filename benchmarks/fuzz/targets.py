"""What reads the changed bytes, each as the road does. A target raises only for a defect."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.fuzz import seeds
from benchmarks.fuzz.mutate import mutated
from helpdesk import migrations
from helpdesk.config import Settings
from helpdesk.db import reading
from helpdesk.ingest import receipts, scan
from helpdesk.ingest.match import match
from helpdesk.ingest.origin import judge
from helpdesk.ingest.parse import ParseError, parse
from helpdesk.ingest.values import Email
from helpdesk.pii.documents import read_document
from helpdesk.services import Services, start
from helpdesk.tickets.states import State
from helpdesk.web.ticket.mail_html import safe_html
from tests.conftest import settings_for
from tests.support.road import set_up


@dataclass(frozen=True)
class Target:
    """`make` makes an input, `read` reads it; of ten inputs about `share` are this target's."""

    name: str
    make: Callable[[random.Random], bytes]
    read: Callable[[bytes], object]
    share: float


def all_targets(folder: Path) -> list[Target]:
    """The targets, over a helpdesk of their own in `folder` with one open ticket."""
    settings = settings_for(folder)
    services = start(settings)
    migrations.upgrade(services.engine)
    letters = seeds.mails(set_up(services, State.IN_PROGRESS))
    services.engine.dispose()  # each child opens its own
    papers = seeds.files()
    return [
        Target("mail", lambda chance: mutated(chance, letters), lambda raw: read_mail(services, raw), 8),
        Target("html", _html_of(letters), lambda raw: safe_html(raw.decode("utf-8", "replace")), 1.8),
        Target("document", _document_of(papers), lambda raw: read_file(settings, raw), 0.2),
    ]


def read_mail(services: Services, raw: bytes) -> Email | None:
    """Digest, parse, judge, match, cut into pieces: all that happens before the scan."""
    receipts.content_digest(raw)
    try:
        email = parse(raw)
    except ParseError:
        return None
    origin = judge(email, services.settings, services.tokens)
    with reading(services.sessions) as session:
        match(session, email, origin, services.tokens)
    scan.pieces(email)
    scan.context(email, services.settings)
    if email.html:
        safe_html(email.html)
    return email


def read_file(settings: Settings, named: bytes) -> None:
    name, _, data = named.partition(b"\n")
    read_document(data, name.decode(), "application/octet-stream", settings.pii.documents, ocr=False)


def _html_of(letters: Sequence[bytes]) -> Callable[[random.Random], bytes]:
    pages = [raw[raw.find(b"<") :] for raw in letters if b"<html" in raw.lower() or b"<div" in raw.lower()]
    pages.append(b"<p>Hello <a href='http://a.example/'>you</a><blockquote>said</blockquote></p>")
    return lambda chance: mutated(chance, pages)


def _document_of(papers: Sequence[tuple[str, bytes]]) -> Callable[[random.Random], bytes]:
    def make(chance: random.Random) -> bytes:
        name, data = chance.choice(papers)
        return name.encode() + b"\n" + mutated(chance, [data])

    return make
