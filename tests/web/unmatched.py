"""A mail to be matched, as the road leaves it: the row, and the sealed mail that it is read from."""

from sqlalchemy.orm import Session

from helpdesk.models import UnmatchedMail
from helpdesk.services import Services
from tests.web import rows

SAM = "sam.other@elsewhere.example"
RAW = (
    b"From: Sam Other <sam.other@elsewhere.example>\r\nTo: servicedesk@northmoor.nhs.uk\r\n"
    b"Subject: Re: [IT-000001] and [IT-000002]\r\nMessage-ID: <sam@elsewhere.example>\r\n"
    b"Date: Mon, 23 Nov 2026 09:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=cut\r\n\r\n"
    b"--cut\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Both of them jam.<script>alert(1)</script></p>\r\n"
    b'--cut\r\nContent-Type: text/csv\r\nContent-Disposition: attachment; filename="list.csv"\r\n\r\na;b\r\n--cut--\r\n'
)
EVIDENCE = [
    {"kind": "reference", "ticket": "IT-000002", "header": "in-reply-to"},
    {"kind": "subject_tag", "ticket": "IT-000001", "header": "subject"},
]


def add_unmatched(services: Services, session: Session, **columns: object) -> UnmatchedMail:
    receipt = rows.add_receipt(services, session, RAW, outcome="unmatched")
    values: dict[str, object] = {
        "desk": "it",
        "author_address": SAM,
        "author_name": "Sam Other",
        "subject": "Re: [IT-000001] and [IT-000002]",
        "trust": "unknown",
        "flags": ["ticket_conflict", "sender_unproved"],
        "evidence": EVIDENCE,
        "policy_version": "2026-01",
    }
    mail = UnmatchedMail(receipt_id=receipt.id, **(values | columns))
    session.add(mail)
    session.flush()
    return mail
