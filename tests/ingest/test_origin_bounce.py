"""Mails that come back: reports by the standard and those of servers that follow none."""

import pytest

from helpdesk import config
from helpdesk.ingest.origin import judge
from helpdesk.ingest.parse import parse
from helpdesk.ingest.values import Bounced, OriginKind
from helpdesk.outbound.tokens import Tokens
from tests.ingest.mails import mail, multipart

TOKENS = Tokens(b"k" * 32)
OURS = "<it-000123.ab12.cd34@northmoor.nhs.uk>"
DAEMON = "From: Mail Delivery System <MAILER-DAEMON@mx.example.org>\nReturn-Path: <>"


def report(
    status: str, returned: str = f"message/rfc822\n\nMessage-ID: {OURS}\nSubject: [IT-000123] x\n\nyour text"
) -> bytes:
    parts = [
        "Content-Type: text/plain\n\nIt did not arrive.",
        f"Content-Type: message/delivery-status\n\n{status}",
    ]
    if returned:
        parts.append(f"Content-Type: {returned}")
    return multipart("report; report-type=delivery-status", *parts, headers=DAEMON)


def status(action: str, code: str, recipient: str = "rfc822; gone@x.org") -> str:
    return f"Reporting-MTA: dns; mx\n\nFinal-Recipient: {recipient}\nAction: {action}\nStatus: {code}"


REPORTS = [
    (report(status("failed", "5.1.1")), [Bounced(OURS, "gone@x.org", True, "5.1.1")]),
    (report(status("Failed", "5.1.1 (no such user)")), [Bounced(OURS, "gone@x.org", True, "5.1.1")]),
    (report(status("failed", "4.4.7")), [Bounced(OURS, "gone@x.org", False, "4.4.7")]),
    (report(status("delayed", "4.4.1")), [Bounced(OURS, "gone@x.org", False, "4.4.1")]),
    (
        report(
            status("failed", "5.1.1") + "\n\nFinal-Recipient: rfc822;b@x.org\nAction: failed\nStatus: 4.2.2"
        ),
        [Bounced(OURS, "gone@x.org", True, "5.1.1"), Bounced(OURS, "b@x.org", False, "4.2.2")],
    ),
    (
        report(status("failed", "5.1.1"), f"text/rfc822-headers\n\nMessage-Id:\n {OURS}\nSubject: x"),
        [Bounced(OURS, "gone@x.org", True, "5.1.1")],
    ),
    (report(status("failed", "5.1.1"), ""), [Bounced("", "gone@x.org", True, "5.1.1")]),
    (
        report(status("failed", "5.7.1").replace("Final", "Original")),
        [Bounced(OURS, "gone@x.org", True, "5.7.1")],
    ),
]


@pytest.mark.parametrize(("raw", "bounced"), REPORTS)
def test_reports_say_whom_and_for_how_long(
    raw: bytes, bounced: list[Bounced], settings: config.Settings
) -> None:
    origin = judge(parse(raw), settings, TOKENS)
    assert (origin.kind, list(origin.bounced)) == (OriginKind.BOUNCE, bounced)


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
def test_a_report_of_success_is_automatic_and_no_bounce(action: str, settings: config.Settings) -> None:
    origin = judge(parse(report(status(action, "2.0.0"))), settings, TOKENS)
    assert (origin.kind, origin.bounced) == (OriginKind.AUTO_REPLY, ())


QMAIL = f"""Hi. This is the qmail-send program at mx.example.org.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<gone@x.org>:
192.0.2.1 does not like recipient.
Remote host said: 550 5.1.1 User unknown

--- Below this line is a copy of the message.

Return-Path: <servicedesk@northmoor.nhs.uk>
Message-ID: {OURS}
To: other@y.org
"""
EXIM = f"""This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  gone@x.org
    Unrouteable address

------ This is a copy of the message, including all the headers. ------

Message-ID: {OURS}
"""
EXIM_DELAY = f"""This message was created automatically by mail delivery software.
A message that you sent has not yet been delivered to one or more of its recipients
after more than 24 hours. No action is required on your part. Delivery attempts will be
retried: gone@x.org

Message-ID: {OURS}
"""
POSTFIX = f"""This is the mail system at host mx.example.org.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients.

<gone@x.org>: host mx.x.org[192.0.2.5] said: 550 No such user here (in reply to RCPT TO command)

Message-ID: {OURS}
"""
EXCHANGE = """Delivery has failed to these recipients or groups:

gone@x.org
The email address you entered couldn't be found.

Remote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup'
"""
FREE = [
    (f"{DAEMON}\nSubject: failure notice", QMAIL, Bounced(OURS, "gone@x.org", True, "5.1.1")),
    (
        f"{DAEMON}\nSubject: Mail delivery failed: returning message to sender\nX-Failed-Recipients: gone@x.org",
        EXIM,
        Bounced(OURS, "gone@x.org", True),
    ),
    (
        f"{DAEMON}\nSubject: Warning: message 1abc delayed 24 hours",
        EXIM_DELAY,
        Bounced(OURS, "gone@x.org", False),
    ),
    (f"{DAEMON}\nSubject: Undelivered Mail Returned to Sender", POSTFIX, Bounced(OURS, "gone@x.org", True)),
    (
        f"From: postmaster@trust.example\nSubject: Undeliverable: [IT-000123] Printer\nIn-Reply-To: {OURS}\nReturn-Path: <>",
        EXCHANGE,
        Bounced(OURS, "gone@x.org", True, "5.1.10"),
    ),
    (
        f"From: MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@x.org\nSubject: Undeliverable: x\nReferences: {OURS}",
        EXCHANGE,
        Bounced(OURS, "gone@x.org", True, "5.1.10"),
    ),
    (
        f"{DAEMON}\nSubject: Unzustellbar: x",
        f"gone@x.org 550 unbekannt\nMessage-ID: {OURS}",
        Bounced(OURS, "gone@x.org", True),
    ),
]


@pytest.mark.parametrize(("headers", "body", "bounced"), FREE)
def test_bounces_without_a_report_are_read(
    headers: str, body: str, bounced: Bounced, settings: config.Settings
) -> None:
    origin = judge(parse(mail(headers, body)), settings, TOKENS)
    assert origin.kind is OriginKind.BOUNCE
    assert bounced in origin.bounced
    assert "other@y.org" not in {one.recipient for one in origin.bounced}


def test_a_complaint_is_a_bounce_for_good(settings: config.Settings) -> None:
    raw = multipart(
        "report; report-type=feedback-report",
        "Content-Type: text/plain\n\nThis is an email abuse report.",
        "Content-Type: message/feedback-report\n\nFeedback-Type: abuse\nVersion: 1",
        f"Content-Type: message/rfc822\n\nMessage-ID: {OURS}\n\nx",
    )
    assert judge(parse(raw), settings, TOKENS).bounced == (Bounced(OURS, "", True, "complaint"),)


PEOPLE = [
    ("Subject: Fwd: Undeliverable: Printer", EXCHANGE),
    ("Subject: Undeliverable mails since Monday", "All my mails come back: delivery has failed."),
    ("Subject: Mail delivery failed", QMAIL),
    ("X-Failed-Recipients: gone@x.org\nReturn-Path: <ann@x.org>", "please help"),
]


@pytest.mark.parametrize(("headers", "body"), PEOPLE)
def test_a_person_who_writes_of_a_bounce_stays_a_person(
    headers: str, body: str, settings: config.Settings
) -> None:
    assert judge(parse(mail(headers, body)), settings, TOKENS).kind is OriginKind.PERSON


def test_our_own_bounce_notices_do_not_bounce_back(settings: config.Settings) -> None:
    raw = report(status("failed", "5.1.1")).replace(
        b"MAILER-DAEMON@mx.example.org", b"servicedesk@northmoor.nhs.uk"
    )
    origin = judge(parse(raw), settings, TOKENS)
    assert (origin.kind, origin.bounced) == (OriginKind.OWN, ())
