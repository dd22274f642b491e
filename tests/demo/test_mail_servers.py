"""The demo's mail servers do what an organisation's mail system does, over real sockets."""

import gc
import smtplib
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

import pytest
from imapclient import IMAPClient
from imapclient.exceptions import LoginError

from helpdesk.demo.ports import Ports, read_ports
from helpdesk.demo.server import MailServers
from helpdesk.demo.settings import AUTHSERV_ID, IT_ADDRESS, MAIL_PASSWORD, MAIL_USER, RA_ADDRESS
from helpdesk.demo.sink import Sink
from helpdesk.demo.smtp import received
from helpdesk.demo.write import EndUserMail, NotSent, reply_to, send

JO = "jo@x.example"


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[MailServers]:
    made = MailServers(tmp_path, [IT_ADDRESS, RA_ADDRESS], MAIL_PASSWORD)
    made.start(Ports(0, 0))
    yield made
    made.stop()


def _ports(folder: Path) -> Ports:
    return read_ports(folder)


def _inbox(ports: Ports, user: str) -> list[EmailMessage]:
    with IMAPClient("127.0.0.1", ports.imap, ssl=False) as client:
        client.login(user, MAIL_PASSWORD)
        client.select_folder("INBOX")
        found = client.fetch(client.search("ALL"), ["BODY.PEEK[]"])
    return [BytesParser(policy=policy.default).parsebytes(one[b"BODY[]"]) for one in found.values()]


@pytest.mark.parametrize(
    "to", [IT_ADDRESS, IT_ADDRESS.upper(), IT_ADDRESS.replace("@", "+reply.it-000001.x@")]
)
def test_mail_to_a_desk_lies_in_its_mailbox(servers: MailServers, tmp_path: Path, to: str) -> None:
    ports = _ports(tmp_path)
    send(EndUserMail(JO, to, "Hello", "Text\n"), "127.0.0.1", ports.smtp)
    (mail,) = _inbox(ports, IT_ADDRESS)
    assert mail["Subject"] == "Hello"
    assert (_inbox(ports, RA_ADDRESS), servers.sink.all()) == ([], [])


def test_mail_to_anybody_else_lies_in_the_sink_and_on_the_disk(servers: MailServers, tmp_path: Path) -> None:
    send(EndUserMail(IT_ADDRESS, JO, "Answer", "Text\n"), "127.0.0.1", _ports(tmp_path).smtp)
    (mail,) = servers.sink.all(JO)
    assert mail.message["Subject"] == "Answer"
    assert [one.raw for one in Sink(tmp_path / "sink").all()] == [mail.raw]


def test_a_recipient_cannot_leave_the_sinks_folder(tmp_path: Path) -> None:
    sink = Sink(tmp_path / "sink")
    sink.put("../../evil/../x@y.example", b"From: a\n\nb")
    assert [path.parent for path in tmp_path.rglob("*.eml")] == [tmp_path / "sink"]


def test_who_waits_in_idle_is_told_at_once(servers: MailServers, tmp_path: Path) -> None:
    ports = _ports(tmp_path)
    with IMAPClient("127.0.0.1", ports.imap, ssl=False) as client:
        client.login(IT_ADDRESS, MAIL_PASSWORD)
        client.select_folder("INBOX")
        client.idle()
        send(EndUserMail(JO, IT_ADDRESS, "Hello", "Text\n"), "127.0.0.1", ports.smtp)
        assert (1, b"EXISTS") in client.idle_check(timeout=5)
        client.idle_done()


def test_a_wrong_password_is_refused(servers: MailServers, tmp_path: Path) -> None:
    ports = _ports(tmp_path)
    with IMAPClient("127.0.0.1", ports.imap, ssl=False) as client, pytest.raises(LoginError):
        client.login(IT_ADDRESS, "wrong")
    with smtplib.SMTP("127.0.0.1", ports.smtp) as smtp, pytest.raises(smtplib.SMTPAuthenticationError):
        smtp.login(MAIL_USER, "wrong")


def test_mail_that_nobody_took_in_is_there_after_a_restart(tmp_path: Path) -> None:
    first = MailServers(tmp_path, [IT_ADDRESS], MAIL_PASSWORD)
    ports = first.start(Ports(0, 0))
    send(EndUserMail(JO, IT_ADDRESS, "Hello", "Text\n"), "127.0.0.1", ports.smtp)
    first.stop()
    second = MailServers(tmp_path, [IT_ADDRESS], MAIL_PASSWORD)
    ports = second.start(Ports(0, 0))
    assert [mail["Subject"] for mail in _inbox(ports, IT_ADDRESS)] == ["Hello"]
    second.stop()


def test_a_port_that_is_taken_is_replaced_by_a_free_one(servers: MailServers, tmp_path: Path) -> None:
    taken = _ports(tmp_path)
    other = MailServers(tmp_path / "other", [IT_ADDRESS], MAIL_PASSWORD)
    ports = other.start(taken)
    assert {ports.imap, ports.smtp}.isdisjoint({taken.imap, taken.smtp})
    other.stop()


def test_where_it_listens_is_forgotten_with_the_end(tmp_path: Path) -> None:
    made = MailServers(tmp_path, [IT_ADDRESS], MAIL_PASSWORD)
    ports = made.start(Ports(0, 0))
    assert read_ports(tmp_path) == ports
    made.stop()
    assert read_ports(tmp_path) == Ports()


def test_a_server_that_does_not_run_is_a_sentence() -> None:
    with pytest.raises(NotSent, match="helpdesk run"):
        send(EndUserMail(JO, IT_ADDRESS, "Hello", "Text\n"), "127.0.0.1", 9)


FORGED_RESULTS = (
    f"From: {JO}\r\nAuthentication-Results: {AUTHSERV_ID}; dmarc=pass\r\n header.from=boss.example\r\n"
    "Authentication-Results: other.example; spf=pass\r\nSubject: x\r\n\r\nAuthentication-Results in the body\r\n"
)


@pytest.mark.parametrize(
    ("raw", "result"),
    [
        (f"From: {JO}\r\n\r\nx\r\n", "dmarc=pass header.from=x.example"),
        (f"Subject: a\r\nFrom: Jo\r\n <{JO}>\r\n\r\nx", "dmarc=pass header.from=x.example"),
        (f"From: {JO}\r\nX-Demo-Forged: yes\r\n\r\nx\r\n", "dmarc=fail header.from=x.example"),
        (FORGED_RESULTS, "dmarc=pass header.from=x.example"),
        ("Subject: no sender\r\n\r\nx\r\n", "dmarc=pass header.from=unknown"),
        ("no header at all", "dmarc=pass header.from=unknown"),
    ],
)
def test_the_server_writes_its_own_authentication_results_only(raw: str, result: str) -> None:
    """RFC 8601 section 5: what claims to be ours and came from outside is taken out."""
    handed_on = received(raw.encode(), JO, "client").decode()
    head, _, _ = handed_on.partition("\r\n\r\n")
    assert head.count(AUTHSERV_ID + ";") == 1
    assert f"Authentication-Results: {AUTHSERV_ID}; {result}" in head
    assert handed_on.endswith(raw[-20:])
    assert ("other.example" in handed_on) == ("other.example" in raw)


def test_a_reply_is_threaded_quoted_and_goes_where_it_is_asked_to(
    servers: MailServers, tmp_path: Path
) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Reply-To"] = (
        IT_ADDRESS,
        JO,
        IT_ADDRESS.replace("@", "+reply.it-000001.abc@"),
    )
    mail["Subject"], mail["Message-ID"], mail["References"] = (
        "[IT-000001] Hello",
        "<2@n.example>",
        "<1@n.example>",
    )
    mail.set_content("First line\nSecond line\n")
    sunk = servers.sink.put(JO, mail.as_bytes())
    reply = reply_to(sunk, "Thanks")
    assert (reply.to, reply.subject) == (
        IT_ADDRESS.replace("@", "+reply.it-000001.abc@"),
        "Re: [IT-000001] Hello",
    )
    ports = _ports(tmp_path)
    send(reply, "127.0.0.1", ports.smtp)
    (got,) = _inbox(ports, IT_ADDRESS)
    assert got["In-Reply-To"] == "<2@n.example>"
    assert str(got["References"]).split() == ["<1@n.example>", "<2@n.example>"]
    assert got.get_content().splitlines()[0] == "Thanks"
    assert "> Second line" in got.get_content()


def test_a_connection_outlives_the_garbage_collector(servers: MailServers, tmp_path: Path) -> None:
    with IMAPClient("127.0.0.1", _ports(tmp_path).imap, ssl=False, timeout=5) as client:
        client.login(IT_ADDRESS, MAIL_PASSWORD)
        client.select_folder("INBOX")
        client.idle()
        gc.collect()
        client.idle_done()
        gc.collect()
        assert client.noop()[0] == b"NOOP completed."
