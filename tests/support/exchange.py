"""Exchange Online's side of a dialogue, line for line as logs of other mail programs show it.

Greeting, capabilities before and after sign-in, LOGINDISABLED beside XOAUTH2, "authenticated but not
connected", "Suggested Backoff Time" and the BYE after it: MailKit issues 290, 849 and 1496, imapflow issue 392,
rainloop issue 686, email-oauth2-proxy issue 191, imap_tools issue 135. We have no account there to record from.
"""

from tests.support.scripted_imap import Answer

GREETING = b"* OK The Microsoft Exchange IMAP4 service is ready. [TABQADQAUABSADAANgBDAEEAMAAwADAANwA=]"
BEFORE = b"* CAPABILITY IMAP4 IMAP4rev1 AUTH=XOAUTH2 LOGINDISABLED SASL-IR UIDPLUS ID UNSELECT CHILDREN IDLE NAMESPACE LITERAL+"
AFTER = b"* CAPABILITY IMAP4 IMAP4rev1 AUTH=XOAUTH2 SASL-IR UIDPLUS MOVE ID UNSELECT CLIENTACCESSRULES CLIENTNETWORKPRESENCELOCATION BACKENDAUTHENTICATE CHILDREN IDLE NAMESPACE LITERAL+"
SIGNED_IN, REFUSED = b"LAST OK AUTHENTICATE completed.", b"LAST NO AUTHENTICATE failed."
NOT_CONNECTED = b"TAG BAD User is authenticated but not connected."
FLAGS = rb"* FLAGS (\Seen \Answered \Flagged \Deleted \Draft $MDNSent)"
UID, UIDVALIDITY = 4490, 14
WORDS = {  # by which each command is known
    "authenticate": b"AUTHENTICATE XOAUTH2",
    "token": b"dXNlcj",
    "capability": b"CAPABILITY",
    "namespace": b"NAMESPACE",
    "select": b"SELECT",
    "search": b"UID SEARCH",
    "size": b"RFC822.SIZE",
    "fetch": b"BODY.PEEK[]",
    "list": b"LIST",
    "move": b"UID MOVE",
    "idle": b"IDLE",
    "done": b"DONE",
    "logout": b"LOGOUT",
}


def throttled(milliseconds: int) -> bytes:
    return (
        b"TAG BAD Request is throttled. Suggested Backoff Time: %d milliseconds\r\n* BYE Connection closed. 14"
        % milliseconds
    )


def dialogue(raw: bytes, **over: Answer) -> list[tuple[bytes, Answer]]:
    """One mail in the INBOX, taken in and moved. `over`: other answers, by the names in WORDS."""
    answers = {**usual(raw), **over}
    return [(word, answers[name]) for name, word in WORDS.items()]


def usual(raw: bytes) -> dict[str, list[bytes]]:
    """What it says when all goes well."""
    count = [b"1", b"1", b"0"]
    selected = [
        b"\r\n".join(
            (
                b"* %b EXISTS" % one,
                b"* 0 RECENT",
                FLAGS,
                FLAGS.replace(b"* FLAGS", b"* OK [PERMANENTFLAGS") + b"] Permanent flags",
                b"* OK [UIDVALIDITY %d] UIDVALIDITY value" % UIDVALIDITY,
                b"* OK [UIDNEXT %d] The next unique identifier value" % (UID + 1),
                b"TAG OK [READ-WRITE] SELECT completed.",
            )
        )
        for one in count
    ]
    return {
        "authenticate": [b"+"],
        "token": [SIGNED_IN],
        "capability": [one + b"\r\nTAG OK CAPABILITY completed." for one in (BEFORE, AFTER)] * 9,
        "namespace": [b'* NAMESPACE (("" "/")) NIL NIL\r\nTAG OK NAMESPACE completed.'],
        "select": selected,
        "search": [b"* SEARCH %d\r\nTAG OK SEARCH completed." % UID, b"* SEARCH\r\nTAG OK SEARCH completed."],
        "size": [b"* 1 FETCH (RFC822.SIZE %d UID %d)\r\nTAG OK FETCH completed." % (len(raw) + 120, UID)],
        "fetch": [b"* 1 FETCH (BODY[] {%d}\r\n%b UID %d)\r\nTAG OK FETCH completed." % (len(raw), raw, UID)],
        "list": [rb'* LIST (\HasNoChildren) "/" Helpdesk-Done' + b"\r\nTAG OK LIST completed."],
        "move": [b"* OK [COPYUID 15 %d 12]\r\n* 1 EXPUNGE\r\n* 0 EXISTS\r\nTAG OK MOVE completed." % UID],
        "idle": [b"+ IDLE accepted, awaiting DONE command."],
        "done": [b"LAST OK IDLE completed."],
        "logout": [b"* BYE Microsoft Exchange Server IMAP4 server signing off.\r\nTAG OK LOGOUT completed."],
    }
