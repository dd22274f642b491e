"""What of a mail is handed to the scanner: every place where a person can put words."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from helpdesk import config
from helpdesk.ingest.parse import parse
from helpdesk.ingest.scan import context, pieces
from helpdesk.ingest.values import Email
from helpdesk.outbound.files import File
from helpdesk.pii.values import Kind, Piece
from helpdesk.services import Services
from tests.conftest import settings_for
from tests.ingest.mails import mail, multipart
from tests.support.running import pipeline_for

CANARY = "Xanthippe Quill"


def named(raw: bytes) -> dict[str, Piece]:
    found = pieces(parse(raw))
    assert len({piece.part for piece in found}) == len(found)
    return {piece.part: piece for piece in found}


TEXT = "Content-Type: text/plain\n\nHi"
PLACES = [
    ("subject", mail(f"Subject: {CANARY}")),
    ("subject", mail("Subject: =?utf-8?q?Xanthippe_Quill?=")),
    ("from_name", mail(f"From: {CANARY} <x@y.org>")),
    ("recipient_names", mail(f"To: desk@x.org, {CANARY} <x@y.org>")),
    ("recipient_names", mail(f"Cc: {CANARY} <x@y.org>")),
    ("reply_to_name", mail(f"Reply-To: {CANARY} <x@y.org>")),
    ("sender_name", mail(f"Sender: {CANARY} <x@y.org>")),
    ("headers", mail(f"Thread-Topic: {CANARY}")),
    ("headers", mail(f"Comments: {CANARY}")),
    ("headers", mail(f"Keywords: a\nKeywords: {CANARY}")),
    ("body_text", mail(body=CANARY)),
    ("body_text", mail("Content-Type: multipart/mixed", CANARY)),
    ("body_text", mail("Content-Type: application/octet-stream", CANARY)),
    ("body_html", mail("Content-Type: text/html", f"<p>{CANARY}")),
    ("body_text", multipart("mixed", TEXT, f"Content-Type: text/plain\n\n{CANARY}")),
    ("text:2", multipart("mixed", TEXT, f"Content-Type: text/plain\n\n{CANARY}")),
    ("text:2", multipart("alternative", TEXT, f"Content-Type: text/plain\n\n{CANARY}")),
    ("body_html", multipart("alternative", TEXT, f"Content-Type: text/html\n\n{CANARY}")),
    (
        "text:3",
        multipart(
            "alternative", TEXT, "Content-Type: text/html\n\nx", f"Content-Type: text/html\n\n{CANARY}"
        ),
    ),
    ("text:1", multipart("report", f"Content-Type: message/delivery-status\n\n{CANARY}", TEXT)),
    ("file_name:2", multipart("mixed", TEXT, f'Content-Type: image/png; name="{CANARY}.png"\n\nx')),
    ("attachment:2", multipart("mixed", TEXT, f"Content-Type: application/pdf\n\n{CANARY}")),
    ("attachment:2", multipart("mixed", TEXT, f"Content-Type: text/calendar\n\n{CANARY}")),
    ("attachment:2", multipart("mixed", TEXT, f"Content-Type: text/rtf\n\n{CANARY}")),
    ("attachment:2", multipart("mixed", TEXT, f"Content-Type: text/enriched\n\n{CANARY}")),
    ("attachment:2", multipart("related", TEXT, f"Content-Type: image/png\nContent-ID: <x>\n\n{CANARY}")),
    ("attachment:2", multipart("mixed", TEXT, f"Content-Type: application/ms-tnef\n\n{CANARY}")),
    ("attachment:2", multipart("mixed", TEXT, f"Content-Type: message/rfc822\n\nSubject: {CANARY}\n\nx")),
    ("attachment:2", multipart("mixed", TEXT, f"Content-Type: unheard/of\n\n{CANARY}")),
    ("attachment:2", multipart("signed", TEXT, f"Content-Type: application/pkcs7-signature\n\n{CANARY}")),
    ("attachment:2", multipart("mixed", TEXT, f'Content-Type: text/plain; name="a.txt"\n\n{CANARY}')),
    ("attachment:1", mail("Content-Disposition: attachment", CANARY)),
]


@pytest.mark.parametrize(("part", "raw"), PLACES)
def test_every_place_for_words_is_scanned(part: str, raw: bytes) -> None:
    piece = named(raw)[part]
    assert CANARY in piece.text or CANARY.encode() in piece.data


def test_an_ordinary_mail_is_read_once() -> None:
    assert list(named(mail())) == ["subject", "from_name", "body_text"]
    both = multipart("alternative", TEXT, "Content-Type: text/html\n\n<p>Hi")
    assert list(named(both)) == ["subject", "from_name", "body_text", "body_html"]


def test_pieces_say_what_they_are() -> None:
    found = named(multipart("mixed", TEXT, 'Content-Type: application/pdf; name="a.pdf"\n\nx'))
    assert (found["attachment:2"].kind, found["attachment:2"].media_type) == (Kind.FILE, "application/pdf")
    assert (found["attachment:2"].file_name, found["file_name:2"].kind) == ("a.pdf", Kind.FILE_NAME)


READERS: list[Callable[[Email], str]] = [
    lambda email: email.subject,
    lambda email: email.from_name,
    lambda email: email.text,
    lambda email: email.html,
    lambda email: " ".join(part.file_name for part in email.parts),
]


@pytest.mark.parametrize("number", range(len(READERS)))
def test_what_a_ticket_shows_is_in_a_piece_word_by_word(number: int) -> None:
    email = parse(
        multipart(
            "mixed",
            "Content-Type: text/plain\n\none two",
            "Content-Type: text/html\n\n<b>three four",
            "Content-Type: text/plain\n\nfive six",
            'Content-Type: image/png; name="seven eight.png"\n\nx',
        )
    )
    scanned = " ".join(piece.text for piece in pieces(email))
    shown = READERS[number](email).split()
    assert shown
    assert all(word in scanned for word in shown)


def test_the_scanner_is_told_who_we_are(tmp_path: Path) -> None:
    settings: config.Settings = settings_for(tmp_path, pii={"staff": ["Jane Agent"], "sites": ["1 High St"]})
    told = context(parse(mail("Cc: Ann <ann@x.org>")), settings)
    assert told.sender_address == "priya.venkat@northmoor.nhs.uk"
    assert told.sender_name == "Priya Venkat"
    assert told.recipients == (("", "servicedesk@northmoor.nhs.uk"), ("Ann", "ann@x.org"))
    assert told.own_addresses == settings.own_addresses
    assert told.own_domains == {"northmoor.nhs.uk"}
    assert (told.staff, told.sites) == ({"Jane Agent"}, ("1 High St",))


LETTER = b"Discharge letter. NHS number 943 476 5919, born 12/03/1948, diagnosis: asthma."
WRITTEN = [
    ((), False, set()),
    ((File("guide.txt", "text/plain", b"Hold the button for ten seconds."),), False, set()),
    ((File("a.txt", "text/plain", b"Hold it."), File("b.txt", "text/plain", LETTER)), True, {"attachment:2"}),
    ((File("list.docx", "application/octet-stream", random.Random(3).randbytes(900)),), True, {"attachment:1"}),
    ((File("NHS number 943 476 5919.txt", "text/plain", b"Hold it."),), True, {"file_name:1"}),
]  # fmt: skip


@pytest.mark.parametrize(("files", "hold", "parts"), WRITTEN, ids=["none", "clear", "held", "unread", "name"])
def test_the_files_that_an_agent_sends_are_scanned_with_the_text(
    sqlite_services: Services, scanner: object, files: tuple[File, ...], hold: bool, parts: set[str]
) -> None:
    verdict = pipeline_for(sqlite_services, scanner).scan_written("Please do as the guide says.", files)
    assert verdict.hold is hold
    found = {part for reason in verdict.reasons for part in reason.parts}
    assert found | {one.part for one in verdict.unscannable} == parts
