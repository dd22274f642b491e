"""The files of a mail arrive byte by byte, the same at each try, and only while they are in the store."""

import os
from collections.abc import Callable
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text, update

from helpdesk.db import reading, writing
from helpdesk.models import Attachment, Blob, OutboxMail
from helpdesk.outbound.deliver import deliver_due
from helpdesk.outbound.files import File
from helpdesk.outbound.render import render
from helpdesk.outbound.resend import retry
from helpdesk.services import Services
from helpdesk.vault import Vault
from tests.outbound.conftest import sending_to
from tests.outbound.keys import Authority
from tests.outbound.samples import NURSE, outbox, queue, queue_files, states
from tests.outbound.signed import DESK, holds, verified, with_dkim, with_smime
from tests.outbound.test_render import UNHURRIED, a_mail, parsed
from tests.support.smtp import SmtpServer, Step

EVERY_BYTE = bytes(range(256)) * 40
FILES = (
    File("guide.pdf", "application/pdf", EVERY_BYTE),
    File("Anleitung für Ärzte.docx", "application/vnd.x", os.urandom(70_001)),
    File("dots.txt", "text/plain", b".\r\n..\n.\r\nFrom here\r\n\n\r" + b"x" * 2_000),
    File("日本語の長い名前のファイル" * 8 + ".png", "image/png", b"\x89PNG\r\n\x1a\n" + b"\0" * 77),
    File("it's (1) 100 [a] & 'b'.csv", "text/csv", "ä;ö\n".encode("latin-1")),
    File("mail.eml", "message/rfc822", b"Subject: x\n\nbare line ends\n"),
)


def came(message: EmailMessage) -> list[tuple[str | None, bytes]]:
    return [(one.get_filename(), one.get_payload(decode=True)) for one in message.iter_attachments()]  # type: ignore[misc]


def sent(files: tuple[File, ...]) -> list[tuple[str, bytes]]:
    return [(one.name, one.data) for one in files]


def test_what_is_received_is_what_was_sent(each_services: Services, smtp: SmtpServer) -> None:
    queue_files(each_services, *FILES)
    assert deliver_due(each_services).sent == 1
    (taken,) = smtp.taken
    message = taken.message
    assert message.get_content_type() == "multipart/mixed"
    words = next(message.iter_parts())
    assert words.get_content_type() == "multipart/alternative"
    assert [one.get_content_type() for one in words.iter_parts()] == ["text/plain", "text/html"]
    assert "Please restart it." in words.get_body(("plain",)).get_content()
    assert came(message) == sent(FILES)
    assert all(one.get_content_disposition() == "attachment" for one in message.iter_attachments())


def test_it_is_fit_for_the_wire(services: Services, smtp: SmtpServer) -> None:
    queue_files(services, *FILES)
    deliver_due(services)
    content = smtp.taken[0].content
    content.decode("ascii")
    assert max(map(len, content.split(b"\r\n"))) <= 998
    assert b"\n" not in content.replace(b"\r\n", b"")


def test_a_mail_without_files_is_as_it_was() -> None:
    assert render(a_mail(), []) == render(a_mail())
    assert parsed(render(a_mail())).get_content_type() == "multipart/alternative"


def test_a_mail_without_html_carries_files_too() -> None:
    message = parsed(render(a_mail(html=""), FILES[:1]))
    assert [one.get_content_type() for one in message.iter_parts()] == ["text/plain", "application/pdf"]


NAMES = st.text(st.characters(), max_size=200) | st.text(
    "\r\n\t;:\"'\\*%=?_ .a\u202eä\U0001f600", max_size=60
)


@UNHURRIED
@given(name=NAMES, media_type=NAMES, data=st.binary(max_size=200))
def test_no_name_and_no_type_makes_a_header_or_touches_a_byte(
    name: str, media_type: str, data: bytes
) -> None:
    files = [File(name, media_type, data), File("b.txt", "text/plain", b"b")]
    content = render(a_mail(), files)
    message = parsed(content)
    first, second = message.iter_attachments()
    assert first.get_payload(decode=True) == data
    assert (second.get_filename(), second.get_payload(decode=True)) == ("b.txt", b"b")
    shown = first.get_filename() or ""
    assert shown
    assert not set(shown) & set("\r\n\\/\u202e")
    assert {key.lower() for key in first.keys()} == {  # noqa: SIM118  a message may repeat a key
        "content-type", "content-transfer-encoding", "content-disposition",
    }  # fmt: skip
    assert max(map(len, content.split(b"\r\n"))) <= 998
    assert content == render(a_mail(), files)


def test_a_mail_in_doubt_that_is_sent_again_is_the_same(services: Services, smtp: SmtpServer) -> None:
    smtp.fault(Step.END, close=True, keep=True, times=1)
    number = queue_files(services, *FILES)
    assert deliver_due(services).uncertain == 1
    assert deliver_due(services).sent == 0
    with writing(services.sessions) as session:
        retry(session, number, "agent@northmoor.nhs.uk")
    assert deliver_due(services).sent == 1
    first, second = smtp.taken
    assert first.content == second.content
    assert came(second.message) == sent(FILES)


def test_signatures_hold_around_files(
    sqlite_services: Services,
    smtp: SmtpServer,
    authority: Authority,
    smime_key: Path,
    rsa_key: Path,
    tmp_path: Path,
) -> None:
    certificate = authority.certificate(smime_key, DESK)
    settings = with_smime(with_dkim(sqlite_services.settings, rsa_key), certificate, smime_key)
    services = sending_to(replace(sqlite_services, settings=settings), smtp)
    queue_files(services, *FILES)
    assert deliver_due(services).sent == 1
    (taken,) = smtp.taken
    assert holds(taken.content, rsa_key)
    inner = verified(taken.content, authority, tmp_path)
    assert came(parsed(inner)) == sent(FILES)


def destroyed(session, row: Attachment) -> None:  # type: ignore[no-untyped-def]
    Vault.destroy(session, row.blob_id)  # type: ignore[arg-type]


def buried(_session, row: Attachment) -> None:  # type: ignore[no-untyped-def]
    row.tombstone = "it held personal data"


def unhung(_session, row: Attachment) -> None:  # type: ignore[no-untyped-def]
    row.blob_id = None


@pytest.mark.parametrize("erase", [destroyed, buried, unhung])
@pytest.mark.parametrize("when", ["before", "in doubt"])
def test_a_mail_whose_file_was_erased_is_not_sent_and_stops_no_other(
    services: Services, smtp: SmtpServer, erase: Callable[..., None], when: str
) -> None:
    if when == "in doubt":
        smtp.fault(Step.END, close=True, times=1)
    number = queue_files(services, *FILES[:2])
    if when == "in doubt":
        assert deliver_due(services).uncertain == 1
    with writing(services.sessions) as session:
        erase(session, session.scalars(select(Attachment).order_by(Attachment.id.desc())).first())
        if when == "in doubt":
            retry(session, number, "agent@northmoor.nhs.uk")
    queue(services, "porter@ward.example")
    result = deliver_due(services)
    assert (result.failed, result.sent) == (1, 1)
    assert states(services)[NURSE] == "failed"
    assert outbox(services)[NURSE].last_error.startswith("A file of it was erased, so it was not sent")
    assert [one.recipients for one in smtp.taken] == [["porter@ward.example"]]


def test_nothing_of_an_erased_file_is_left_in_the_database(services: Services) -> None:
    canary = b"zqxcanaryfile" * 40
    queue_files(services, File("a.bin", "application/octet-stream", canary))
    with writing(services.sessions) as session:
        blob = session.scalars(select(Blob)).one()
        kept = blob.content
        Vault.destroy(session, blob.id)
    with services.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    written = (services.settings.data_folder / "helpdesk.db").read_bytes()
    assert b"zqxcanaryfile" not in written
    assert kept[100:200] not in written


def test_a_file_whose_master_key_is_missing_waits_and_is_sent_when_it_is_back(
    services: Services, smtp: SmtpServer
) -> None:
    queue_files(services, *FILES[:1])
    queue(services, "porter@ward.example")
    result = deliver_due(replace(services, vault=Vault([b"k" * 32])))
    assert (result.queued_again, result.sent, result.server_error) == (1, 1, "")
    assert "master key" in outbox(services)[NURSE].last_error
    with writing(services.sessions) as session:
        session.execute(update(OutboxMail).values(tries=0))
    assert deliver_due(services).sent == 1
    assert came(smtp.taken[-1].message) == sent(FILES[:1])


def test_a_stopped_address_gets_neither_the_mail_nor_its_files(services: Services, smtp: SmtpServer) -> None:
    from helpdesk.outbound.enqueue import suppress

    with writing(services.sessions) as session:
        suppress(session, NURSE, "it came back")
    queue_files(services, *FILES)
    assert deliver_due(services).sent == 0
    assert states(services) == {NURSE: "suppressed"}
    assert smtp.taken == []


def test_a_large_mail_on_a_slow_line_is_waited_for(sqlite_services: Services, smtp: SmtpServer) -> None:
    services = sending_to(sqlite_services, smtp, timeout_seconds=1)
    smtp.fault(Step.CONTENT, delay=3, times=1)
    large = File("large.bin", "application/octet-stream", os.urandom(9 * 2**20))
    queue_files(services, large)
    assert deliver_due(services).sent == 1
    assert came(smtp.taken[0].message) == [("large.bin", large.data)]


def test_files_are_found_by_the_mails_index(each_services: Services) -> None:
    with reading(each_services.sessions) as session:
        if session.get_bind().dialect.name == "postgresql":
            session.execute(text("SET enable_seqscan = off"))
        plan = "EXPLAIN" if session.get_bind().dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
        wanted = "SELECT a.id FROM attachments a JOIN messages m ON m.id = a.message_id WHERE m.outbox_id = 7"
        told = " ".join(str(row) for row in session.execute(text(f"{plan} {wanted}")))
    assert "ix_messages_outbox" in told
