"""People, answering machines, lists and ourselves: each row is a mail by its headers."""

import pytest

from helpdesk import config
from helpdesk.ingest.origin import judge
from helpdesk.ingest.parse import parse
from helpdesk.ingest.values import OriginKind
from helpdesk.outbound.tokens import Tokens
from tests.ingest.mails import mail, multipart

TOKENS = Tokens(b"k" * 32)
AUTO, LIST, PERSON, OWN = OriginKind.AUTO_REPLY, OriginKind.LIST, OriginKind.PERSON, OriginKind.OWN
AWAY = "Thank you for your email.\nI am out of the office until 9 March and will reply then."

# (headers, body, kind)
ROWS = [
    # RFC 3834
    ("Auto-Submitted: auto-replied", "", AUTO),
    ("Auto-Submitted: auto-generated", "", AUTO),
    ("Auto-Submitted: auto-notified; owner-email=x", "", AUTO),
    ("AUTO-SUBMITTED:Auto-Replied (vacation)", "", AUTO),
    ("Auto-Submitted: no", "", PERSON),
    ("Auto-Submitted: No (a person)", "", PERSON),
    ("Auto-Submitted:", "", PERSON),
    ("Return-Path: <>", "", AUTO),
    ("Precedence: auto_reply", "", AUTO),
    ("Precedence: bulk", "", AUTO),
    ("Precedence: junk", "", AUTO),
    ("Precedence: first-class", "", PERSON),
    ("Precedence: list", "", LIST),
    # Exchange and Outlook
    ("X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent", "", AUTO),
    ("Subject: Automatic reply: [IT-000123] Printer\nReturn-Path: <>", AWAY, AUTO),
    ("Subject: [EXTERNAL] Automatic reply: Printer", "", AUTO),
    ("Subject: Out of Office AutoReply: Printer", "", AUTO),
    # It asks Exchange for silence and proves nothing.
    ("X-Auto-Response-Suppress: All", "", PERSON),
    ("X-Auto-Response-Suppress: DR, OOF, AutoReply", "", PERSON),
    # A rule of the transport touched it; a person wrote it.
    ("X-MS-Exchange-Transport-Rules-Loop: 1", "", PERSON),
    # Gmail, vacation(1), cPanel, Postfixadmin, FirstClass, others
    ("X-Autoreply: yes\nPrecedence: bulk", "", AUTO),
    ("X-Autoreply: no", "", PERSON),
    ("X-Autoreply-From: jane@x.org", "", AUTO),
    ("X-Auto-Reply-From: jane@x.org", "", AUTO),
    ("X-Mail-Autoreply: true", "", AUTO),
    ("X-Autorespond: jane@x.org", "", AUTO),
    ("X-Autoresponder: yes", "", AUTO),
    ("X-Precedence: auto_reply", "", AUTO),
    ("Preference: auto_reply", "", AUTO),
    ("X-POST-MessageClass: 9; Autoresponder", "", AUTO),
    ("Delivered-To: Autoresponder", "", AUTO),
    ("X-FC-MachineGenerated: true", "", AUTO),
    ("X-Mailer: vacation 1.2", "", AUTO),
    ("X-Mailer: Microsoft Outlook 16.0", "", PERSON),
    ("X-RT-Loop-Prevention: example.org", "", AUTO),
    ("X-OTRS-Loop: everything", "", AUTO),
    ("X-Cron-Env: <SHELL=/bin/sh>", "", AUTO),
    # Lotus Notes
    ("Subject: AUTO: Jane Smith is out of the office (returning 09/03/2026)", "", AUTO),
    ("Subject: Jane Smith is out of the office.", "I will be out of the office until 9 March.", AUTO),
    # No header at all, in the languages of the country
    ("Subject: Out of Office: Re: [IT-000123] Printer not working", "I am away until 9 March.", AUTO),
    ("Subject: Re: Out of Office: Printer", AWAY, AUTO),
    ("Subject: Ateb awtomatig: Argraffydd", "", AUTO),
    ("Subject: Allan o'r swyddfa", "Rwyf allan o'r swyddfa tan 9 Mawrth.", AUTO),
    ("Subject: =?utf-8?q?Automatyczna_odpowied=C5=BA=3A_Drukarka?=", "", AUTO),
    ("Subject: =?utf-8?q?R=C4=83spuns_automat=3A_Printer?=", "", AUTO),
    ("Subject: Réponse automatique : Printer", "", AUTO),
    ("Subject: Automatische Antwort: Printer", "", AUTO),
    ("Subject: =?utf-8?b?2LHYryDYqtmE2YLYp9im2Yo6INi32KfYqNi52Kk=?=", "", AUTO),
    ("Subject: [Auto-Reply] Printer", "", AUTO),
    ("Subject: Printer", "This is an automated response. Please do not reply.", AUTO),
    ("Subject: Printer", "Mae hwn yn ateb awtomatig.", AUTO),
    ("Subject: Out of office\nContent-Type: text/html", "<p>I am on annual leave until Monday.</p>", AUTO),
    # People who write about such mails stay people.
    ("Subject: How do I set my out of office", "I am going on leave, how do I set it?", PERSON),
    ("Subject: Out of office: how do I set it?", "Hello, it does not save.", PERSON),
    ("Subject: Out of office not working", "I am on leave from Monday, please help.", PERSON),
    ("Subject: Automatic reply is broken", "Nobody gets mine.", PERSON),
    ("Subject: Re: [IT-000123] Printer", "I'm out of the office until Monday, please ask Ann.", PERSON),
    ("Subject: Dr Jones is on leave", "Please close his account while he is away.", PERSON),
    ("Subject: Auto: the ward's door opens by itself", "Please look at it.", PERSON),
    ("Subject: Strange mail", "I got this, is it real? This is an automated message from the bank.", PERSON),
    ("Subject: Printer", "> This is an automated response.\nWhat does this mean?", PERSON),
    # Read receipts
    # Lists
    ("List-Id: <staff.example.org>", "", LIST),
    ("List-Unsubscribe: <mailto:u@x.org>", "", LIST),
    ("Mailing-List: contact x-help@x.org", "", LIST),
    ("X-BeenThere: staff@x.org", "", LIST),
    ("X-Google-Group-Id: 123", "", LIST),
    ("From: LISTSERV@x.org", "", LIST),
    ("Return-Path: <owner-staff@x.org>", "", LIST),
    # Programs
    ("From: autoreply@x.org", "", AUTO),
    ("From: MAILER-DAEMON@x.org", "Your mailbox is nearly full.", AUTO),
    ("From: postmaster@x.org", "Your quota report.", AUTO),
    ('From: "noreply@x.org" <ann@x.org>', "", PERSON),
    ("From: noreplyman@x.org", "", PERSON),
    ("Return-Path: <bounces+77@mailer.example>", "", PERSON),
    # A rule marks what it answers; what it passes on has the subject of a forward, or its own headers of one.
    ("X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent\nAuto-Submitted: auto-generated", "", AUTO),
    ("X-MS-Exchange-Inbox-Rules-Loop: jane@x.org\nAuto-Submitted: auto-replied", "", AUTO),
    ("X-MS-Exchange-Inbox-Rules-Loop: jane@x.org\nSubject: Automatic reply: Printer", "", AUTO),
    ("X-Autogenerated: Reply", "", AUTO),
    # Ourselves
    ("From: servicedesk@northmoor.nhs.uk", "", OWN),
    ("From: IT <ServiceDesk@Northmoor.nhs.uk>", "", OWN),
    ("From: servicedesk+reply.it-000123.aaaaaaaaaaaaaaaa@northmoor.nhs.uk", "", OWN),
    pytest.param(
        f"Message-ID: {TOKENS.message_id('IT-000123', 'northmoor.nhs.uk')}",
        "",
        OWN,
        id="a Message-ID we signed",
    ),
    ("Message-ID: <it-000123.abcd.aaaaaaaaaaaaaaaa@northmoor.nhs.uk>", "", PERSON),  # a forged token
    ('From: "servicedesk@northmoor.nhs.uk" <ann@x.org>', "", PERSON),
    ("Sender: servicedesk@northmoor.nhs.uk", "", PERSON),
    ("X-Loop: servicedesk@northmoor.nhs.uk", "", PERSON),
    ("From: servicedesk@northmoor.nhs.uk\nAuto-Submitted: auto-replied", "", OWN),
    # A plain person
    ("", "The printer is broken.", PERSON),
    ("From: ", "The printer is broken.", PERSON),
]


@pytest.mark.parametrize(("headers", "body", "kind"), ROWS)
def test_who_or_what_sent_it(headers: str, body: str, kind: OriginKind, settings: config.Settings) -> None:
    origin = judge(parse(mail(headers, body)), settings, TOKENS)
    assert (origin.kind, bool(origin.why)) == (kind, True)


def test_a_read_receipt_is_automatic(settings: config.Settings) -> None:
    receipt = multipart(
        "report; report-type=disposition-notification",
        "Content-Type: text/plain\n\nYour message was read.",
        "Content-Type: message/disposition-notification\n\nDisposition: manual-action; displayed",
    )
    assert judge(parse(receipt), settings, TOKENS).kind is AUTO


CLAIMS = [
    ("ann@northmoor.nhs.uk", True),
    ("ann@ward.northmoor.nhs.uk", True),
    ("ann@northmoor.nhs.uk.evil.example", False),
    ("ann@notnorthmoor.nhs.uk", False),
    ("ann@nhs.uk", False),
]


@pytest.mark.parametrize(("address", "claims"), CLAIMS)
def test_a_domain_of_ours_is_ours_with_all_below_it(
    address: str, claims: bool, settings: config.Settings
) -> None:
    assert judge(parse(mail(f"From: {address}")), settings, TOKENS).claims_own_domain is claims


def test_a_display_name_claims_nothing(settings: config.Settings) -> None:
    origin = judge(parse(mail('From: "ann@northmoor.nhs.uk" <x@evil.example>')), settings, TOKENS)
    assert not origin.claims_own_domain
