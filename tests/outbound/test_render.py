"""The bytes of a mail: safe headers, RFC 3834 manners, the same each time."""

import email
import re
from datetime import UTC, datetime
from email import policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path
from typing import cast

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from helpdesk.models import OutboxMail
from helpdesk.outbound import manners
from helpdesk.outbound.cleaning import one_line
from helpdesk.outbound.compose import compose_agent_reply
from helpdesk.outbound.enqueue import _row
from helpdesk.outbound.render import render
from helpdesk.outbound.thread import Parent
from helpdesk.outbound.tokens import Tokens
from helpdesk.tickets.states import State
from tests.conftest import settings_for
from tests.outbound.test_compose import ticket_in

WHEN = datetime(2025, 3, 4, 12, 0, 5, tzinfo=UTC)
KNOWN = {
    "date", "from", "to", "reply-to", "in-reply-to", "references", "message-id", "subject",
    "auto-submitted", "x-auto-response-suppress", "mime-version", "content-type", "content-transfer-encoding",
}  # fmt: skip


def a_mail(**over: object) -> OutboxMail:
    values: dict[str, object] = {
        "kind": "held", "automatic": True, "desk": "it", "from_address": "desk@trust.example",
        "from_name": "IT Service Desk", "reply_to": "", "to_address": "nurse@ward.example",
        "message_id": "<it-000001.a.b@trust.example>", "in_reply_to": "<x@ward.example>",
        "references": ["<x@ward.example>"], "subject": "Hello", "text": "Hello,\n\nthere.\n",
        "html": "<p>Hello</p>", "created_at": WHEN,
    }  # fmt: skip
    return OutboxMail(**{**values, **over})


def parsed(content: bytes) -> EmailMessage:
    return cast("EmailMessage", email.message_from_bytes(content, policy=policy.default))


def words_of(part: EmailMessage) -> str:
    return str(part.get_content()).replace("\r\n", "\n")


def header_block(content: bytes) -> bytes:
    return content.partition(b"\r\n\r\n")[0]


def test_it_is_text_with_an_html_alternative() -> None:
    message = parsed(render(a_mail()))
    assert message.get_content_type() == "multipart/alternative"
    text, html = message.iter_parts()
    assert (text.get_content_type(), words_of(text)) == ("text/plain", "Hello,\n\nthere.\n")
    assert (html.get_content_type(), words_of(html)) == ("text/html", "<p>Hello</p>\n")
    assert str(message["From"]) == "IT Service Desk <desk@trust.example>"
    assert message["Date"].datetime == WHEN


def test_the_same_row_gives_the_same_bytes() -> None:
    assert render(a_mail()) == render(a_mail())


@pytest.mark.parametrize(
    ("in_reply_to", "kind"), [("<x@ward.example>", "auto-replied"), ("", "auto-generated")]
)
def test_an_automatic_mail_says_so_and_its_bounce_ends(in_reply_to: str, kind: str) -> None:
    mail = a_mail(in_reply_to=in_reply_to)
    message = parsed(render(mail))
    assert message["Auto-Submitted"] == kind
    assert message["X-Auto-Response-Suppress"] == "All"
    assert manners.envelope_sender(mail) == ""
    assert len(message["To"].addresses) == 1
    assert message["Cc"] is None


def test_an_agents_mail_is_a_persons_and_bounces_to_the_desk() -> None:
    mail = a_mail(automatic=False)
    message = parsed(render(mail))
    assert message["Auto-Submitted"] is None
    assert message["X-Auto-Response-Suppress"] is None
    assert manners.envelope_sender(mail) == "desk@trust.example"


def test_ids_stand_as_they_are_however_long() -> None:
    ids = [f"<{n}{'x' * 200}@{'y' * 30}.example>" for n in range(5)]
    content = render(a_mail(references=ids, in_reply_to=ids[-1], message_id=f"<{'m' * 150}@trust.example>"))
    raw = header_block(content).decode()
    assert "=?" not in raw
    assert parsed(content)["References"].split() == ids
    assert re.sub(r"\r\n\s*", " ", raw).count(ids[-1]) == 2


@pytest.mark.parametrize("broken", ["desk@trust.example\r\nBcc: x@y.example", "a b@trust.example", ""])
@pytest.mark.parametrize("field", ["from_address", "to_address"])
def test_a_broken_address_is_refused(field: str, broken: str) -> None:
    with pytest.raises(Exception):  # noqa: B017, PT011  which one is the library's affair; the deliverer takes all
        render(a_mail(**{field: broken}))


ANY_TEXT = st.text(st.characters(), max_size=300) | st.text(
    '\r\n: ab=?<>,"\u2028\u00e9\U0001f600', max_size=80
)
UNHURRIED = settings(deadline=None)  # a loaded machine is no fault of ours
SETTINGS = settings_for(Path("unused"))


@UNHURRIED
@given(subject=ANY_TEXT, text=ANY_TEXT, name=ANY_TEXT, ids=st.lists(ANY_TEXT, max_size=5))
def test_nothing_that_comes_from_outside_makes_a_header(
    subject: str, text: str, name: str, ids: list[str]
) -> None:
    ticket = ticket_in(State.IN_PROGRESS)
    ticket.subject = subject
    desk = SETTINGS.desks["it"].model_copy(update={"name": name})
    draft = compose_agent_reply(
        settings=SETTINGS.model_copy(update={"desks": {"it": desk}}),
        tokens=Tokens(b"k" * 32),
        ticket=ticket,
        text=text,
        parent=Parent(ids[0] if ids else "", tuple(ids)),
    )
    row = _row(draft, None)
    row.created_at = WHEN
    content = render(row)
    message = parsed(content)
    assert {key.lower() for key in message.keys()} <= KNOWN  # noqa: SIM118  a message may repeat a key
    assert len(message.keys()) == len({key.lower() for key in message.keys()})  # noqa: SIM118
    assert [one.addr_spec for one in message["To"].addresses] == [ticket.requester_address]
    assert [one.addr_spec for one in message["From"].addresses] == ["servicedesk@northmoor.nhs.uk"]
    assert message["Message-ID"] == draft.message_id
    content.decode("ascii")
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert b"\r" not in content.replace(b"\r\n", b"")
    assert max(len(line) for line in content.split(b"\r\n")) <= 998


@UNHURRIED
@example("000000000000000¡¡¡¡¡¡¡¡¡¡ᜀ\U000f0000 ¡ ¡")  # the library lost the space where it folded
@example("Rhestr aros – apwyntiad – clinig – llythyr – ffôn – cyfeiriad – ŵ – ŷ – " * 6)
@given(ANY_TEXT)
def test_a_subject_arrives_as_it_was_written(subject: str) -> None:
    content = render(a_mail(subject=subject))
    assert str(parsed(content)["Subject"]).split() == one_line(subject, 500).split()


@UNHURRIED
@given(ANY_TEXT)
def test_a_text_arrives_as_it_was_written(text: str) -> None:
    from helpdesk.outbound.cleaning import body

    (part, _) = parsed(render(a_mail(text=text))).iter_parts()
    assert words_of(part) == body(text) + "\n"


WORDS = st.sampled_from(
    [
        "Desg",
        "gymorth",
        "ŵyl",
        "tŷ",
        "dŵr",
        "IT",
        "Dział",
        "wsparcia",
        "łóżko",
        "Zespół",
        "Żółć",
        "Łódź",
        "(RA),",
        "Gwasanaeth",
    ]
)


@UNHURRIED
@given(st.lists(WORDS, min_size=1, max_size=12).map(" ".join))
def test_the_name_of_a_desk_arrives_as_it_was_written(name: str) -> None:
    """Read as RFC 2047 says; the library's newer reader puts a space into a word that two encoded words share."""
    raw = email.message_from_bytes(render(a_mail(from_name=name)), policy=policy.compat32)["From"]
    written, address = parseaddr("".join(raw.splitlines()))
    assert (str(make_header(decode_header(written))), address) == (name, "desk@trust.example")
