"""Getting to a mailbox, or being told in a sentence why not."""

import contextlib
import random
import threading
import time
from pathlib import Path

import pytest

from helpdesk.db import now, reading, sole_holder
from helpdesk.ingest.imap_errors import (
    MailboxError,
    MailboxUnreachable,
    SignInRefused,
    TlsRefused,
)
from helpdesk.ingest.poll import UnknownMailbox, poll_all, poll_once
from helpdesk.models import MailboxStatus
from helpdesk.services import Services
from tests.support.authority import make_certificates
from tests.support.dovecot import PASSWORD, Dovecot, MailUser
from tests.support.ends import Ends
from tests.support.imap_faults import faulty_line
from tests.support.mailboxes import reads, with_mailbox
from tests.support.mails import mail
from tests.support.scripted_imap import scripted

pytestmark = pytest.mark.server

READY = b"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready"


def status(services: Services, key: str = "it") -> MailboxStatus:
    with reading(services.sessions) as session:
        return session.get_one(MailboxStatus, key)


@pytest.mark.parametrize("tls", ["tls", "starttls"])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_verified_connection_reads_mail(
    desk: Services, user: MailUser, ends: Ends, tls: str, host: str
) -> None:
    user.deliver(mail())
    port = user.server.tls_port if tls == "tls" else user.server.port
    authority = user.server.certificates.authority
    secure = with_mailbox(desk, tls=tls, port=port, ca_file=authority, host=host)
    assert poll_once(secure, "it", ends).moved == 1


@pytest.mark.parametrize("tls", ["tls", "starttls"])
def test_a_certificate_that_is_not_trusted_is_refused_before_the_password(
    desk: Services, user: MailUser, ends: Ends, tls: str
) -> None:
    port = user.server.tls_port if tls == "tls" else user.server.port
    with pytest.raises(TlsRefused, match=r"certificate is not trusted.*ca_file"):
        poll_once(with_mailbox(desk, tls=tls, port=port), "it", ends)
    assert f"user=<{user.name}>" not in user.server.log()


def test_a_certificate_of_another_authority_is_refused(
    desk: Services, user: MailUser, ends: Ends, tmp_path: Path
) -> None:
    other = make_certificates(tmp_path).authority
    wrong = with_mailbox(desk, tls="tls", port=user.server.tls_port, ca_file=other)
    with pytest.raises(TlsRefused):
        poll_once(wrong, "it", ends)


def test_a_missing_authority_file_is_named(desk: Services, ends: Ends, tmp_path: Path) -> None:
    with pytest.raises(TlsRefused, match=r"mailboxes\.it\.ca_file.*absent\.pem"):
        poll_once(with_mailbox(desk, tls="tls", ca_file=tmp_path / "absent.pem"), "it", ends)


def test_tls_to_a_port_that_speaks_plaintext_is_refused(desk: Services, user: MailUser, ends: Ends) -> None:
    with pytest.raises(TlsRefused, match=r"does not speak TLS.*starttls"):
        poll_once(with_mailbox(desk, tls="tls", port=user.server.port), "it", ends)


@pytest.mark.parametrize(
    ("greeting", "answers"),
    [
        pytest.param(READY, [(b"CAPABILITY", b"* CAPABILITY IMAP4rev1\r\nTAG OK done")], id="not offered"),
        pytest.param(
            READY,
            [(b"CAPABILITY", b"* CAPABILITY IMAP4rev1 STARTTLS\r\nTAG OK done"), (b"STARTTLS", b"TAG NO no")],
            id="refused",
        ),
        pytest.param(
            b"* PREAUTH ready",
            [(b"CAPABILITY", b"* CAPABILITY IMAP4rev1 STARTTLS\r\nTAG OK done")],
            id="greeted as signed in",
        ),
    ],
)
def test_starttls_never_falls_back_to_plaintext(
    desk: Services, ends: Ends, greeting: bytes, answers: list[tuple[bytes, bytes]]
) -> None:
    with scripted(greeting, answers) as server, pytest.raises(TlsRefused, match="does not start TLS"):
        poll_once(with_mailbox(desk, tls="starttls", port=server.port), "it", ends)
    assert not any(b"LOGIN" in line or b"AUTHENTICATE" in line for line in server.heard)


def test_a_server_that_forbids_sign_in_without_tls_is_not_sent_the_password(
    desk: Services, ends: Ends
) -> None:
    answers = [(b"CAPABILITY", b"* CAPABILITY IMAP4rev1 LOGINDISABLED\r\nTAG OK done")]
    with scripted(READY, answers) as server, pytest.raises(SignInRefused, match="without TLS"):
        poll_once(with_mailbox(desk, port=server.port), "it", ends)
    assert not any(PASSWORD.encode() in line for line in server.heard)


def test_a_wrong_password_is_told_without_it_and_waited_out(
    desk: Services, user: MailUser, ends: Ends, caplog: pytest.LogCaptureFixture
) -> None:
    wrong = with_mailbox(desk, password="not-the-password")
    with pytest.raises(SignInRefused) as told:
        poll_once(wrong, "it", ends)
    words = str(told.value)
    assert f"127.0.0.1:{user.server.port}" in words
    assert "Authentication failed" in words
    assert "mailboxes.it.user and password" in words
    assert "not-the-password" not in words + caplog.text + status(desk).last_failure
    assert status(desk).failures == 1
    assert status(desk).wait_until > now()


def test_a_password_with_letters_beyond_ascii_signs_in(another_server: type[Dovecot], ends: Ends, sqlite_services: Services) -> None:  # fmt: skip
    user = another_server(password='pässwört ☃ \\"').user()
    user.deliver(mail())
    assert poll_once(reads(sqlite_services, user, password='pässwört ☃ \\"'), "it", ends).moved == 1


def test_a_port_where_nobody_listens_is_told(desk: Services, ends: Ends) -> None:
    with pytest.raises(MailboxUnreachable, match=r"127\.0\.0\.1:9\) cannot be reached"):
        poll_once(with_mailbox(desk, port=9), "it", ends)


def test_a_server_that_is_no_imap_server_is_told(desk: Services, ends: Ends) -> None:
    with scripted(b"220 mail.example ESMTP", []) as server, pytest.raises(MailboxUnreachable, match="greet"):
        poll_once(with_mailbox(desk, port=server.port), "it", ends)


def test_a_mailbox_that_the_settings_do_not_have_is_told(desk: Services, ends: Ends) -> None:
    with pytest.raises(UnknownMailbox, match="it, hr"):
        poll_once(desk, "nowhere", ends)


def test_one_failing_mailbox_stops_no_other(desk: Services, user: MailUser, ends: Ends) -> None:
    user.deliver(mail())
    failing = with_mailbox(desk, "hr", port=9)
    results = {one.mailbox: one for one in poll_all(failing, ends)}
    assert (results["it"].moved, results["it"].error) == (1, "")
    assert "cannot be reached" in results["hr"].error
    assert status(desk, "hr").failures == 1


def test_failures_in_a_row_are_waited_out_longer_and_a_success_ends_them(
    desk: Services, user: MailUser, ends: Ends
) -> None:
    waits = []
    for _ in range(4):
        with pytest.raises(MailboxUnreachable):
            poll_once(with_mailbox(desk, port=9), "it", ends)
        waits.append((status(desk).wait_until - now()).total_seconds())
    assert waits[3] > waits[1] > 1
    poll_once(desk, "it", ends)
    assert (status(desk).failures, status(desk).wait_until) == (0, None)


@pytest.mark.parametrize("place", ["sign-in", "opening"])
def test_a_throttling_server_is_given_the_time_that_it_asks_for(
    desk: Services, ends: Ends, place: str
) -> None:
    throttled = b"TAG NO Request is throttled. Suggested Backoff Time: 299822 milliseconds"
    answers = [
        (b"CAPABILITY", b"* CAPABILITY IMAP4rev1\r\nTAG OK done"),
        (b"LOGIN", throttled if place == "sign-in" else b"TAG OK done"),
        (b"LIST", b'* LIST (\\Noselect) "/" ""\r\nTAG OK done'),
        (b"SELECT", throttled),
    ]
    with scripted(b"* OK ready", answers) as server, pytest.raises(MailboxError):
        poll_once(with_mailbox(desk, port=server.port), "it", ends)
    assert 299 < (status(desk).wait_until - now()).total_seconds() < 301


def test_a_silent_server_is_given_up_within_the_time_limit(
    desk: Services, user: MailUser, ends: Ends
) -> None:
    user.deliver(mail())
    with faulty_line(user.server.port) as line:
        line.stall_after = 1_200
        began = time.monotonic()
        with pytest.raises(MailboxUnreachable):
            poll_once(with_mailbox(desk, port=line.port, timeout_seconds=0.4), "it", ends)
    assert time.monotonic() - began < 3


def test_a_server_that_dribbles_is_given_up_too(desk: Services, user: MailUser, ends: Ends) -> None:
    """Each byte comes in time, the whole answer never: only a limit on the call helps."""
    user.deliver(mail(text="x" * 20_000))
    with faulty_line(user.server.port) as line:
        line.dribble_after = 1_200
        began = time.monotonic()
        with pytest.raises(MailboxUnreachable, match="took more than"):
            poll_once(with_mailbox(desk, port=line.port, timeout_seconds=0.3), "it", ends)
    assert time.monotonic() - began < 4


def test_the_second_of_two_pollers_is_told_that_the_mailbox_is_busy(
    desk: Services, user: MailUser, ends: Ends
) -> None:
    user.deliver(mail())
    with sole_holder(desk.engine, "mailbox:it", desk.settings.data_folder) as alone:
        assert alone
        assert poll_once(desk, "it", ends).busy
    assert len(user.files()) == 1
    assert poll_once(desk, "it", ends).moved == 1


def test_many_pollers_at_once_process_each_mail_once(desk: Services, user: MailUser, ends: Ends) -> None:
    sent = [mail(subject=str(number)) for number in range(60)]
    user.deliver(*sent)
    threads = [threading.Thread(target=poll_once, args=(desk, "it", ends)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    poll_once(desk, "it", ends)
    assert sorted(ends.seen) == sorted(sent)
    assert user.files() == []


def test_a_mail_that_breaks_the_line_each_time_blocks_no_other(
    desk: Services, user: MailUser, ends: Ends
) -> None:
    user.deliver(
        *[mail(subject=str(number), text="POISON" if number == 3 else "fine") for number in range(9)]
    )
    with faulty_line(user.server.port) as line:
        line.cut_at = b"POISON"
        with pytest.raises(MailboxUnreachable):
            poll_once(with_mailbox(desk, port=line.port), "it", ends)
    assert len(ends.seen) == len(user.files("Helpdesk-Done")) == 8
    assert poll_once(desk, "it", ends).moved == 1


def test_wherever_the_line_is_cut_no_mail_is_lost_or_processed_twice(
    desk: Services, dovecot_server: Dovecot
) -> None:
    """The same 12 mails, the line cut after ever more bytes, until a visit gets through."""
    whole = _bytes_of_a_visit(desk, dovecot_server)
    for cut in sorted(random.Random(4).sample(range(whole), 8)):
        user, ends = dovecot_server.user(), Ends(desk)
        sent = [mail(subject=f"{cut} {number}", text="line\n" * 300) for number in range(12)]
        user.deliver(*sent)
        with faulty_line(dovecot_server.port) as line:
            line.cut_after = cut
            with contextlib.suppress(MailboxUnreachable):  # or it got through in several goes
                poll_once(with_mailbox(reads(desk, user), port=line.port), "it", ends)
        poll_once(reads(desk, user), "it", ends)
        assert sorted(ends.seen) == sorted(sent), cut
        assert user.files() == [], cut
        assert len(user.files("Helpdesk-Done")) == 12, cut


def _bytes_of_a_visit(desk: Services, server: Dovecot) -> int:
    user = server.user()
    user.deliver(*[mail(subject=f"count {number}", text="line\n" * 300) for number in range(12)])
    with faulty_line(server.port) as line:
        poll_once(with_mailbox(reads(desk, user), port=line.port), "it", Ends(desk))
        return line.sent - 200  # what comes after the last move is the goodbye
