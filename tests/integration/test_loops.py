"""Exchanges with what answers by itself end after one answer: Dovecot's vacation, robots without a sign, ourselves."""

import itertools
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

import pytest
from sqlalchemy import select

from helpdesk import migrations
from helpdesk.config import Settings
from helpdesk.db import reading, writing
from helpdesk.models import Message, OutboxMail, Receipt, Ticket
from helpdesk.outbound.compose import compose_agent_reply
from helpdesk.outbound.enqueue import enqueue
from helpdesk.outbound.suppression import CAPS
from helpdesk.outbound.thread import parent_on_ticket
from helpdesk.services import Services, start
from helpdesk.tickets import actions
from helpdesk.tickets.states import State
from tests.conftest import need, settings_for
from tests.support import post as posts
from tests.support import sieve
from tests.support.dovecot import MailUser
from tests.support.mails import DESK
from tests.support.post import Post, Site
from tests.support.sieve import AwayServer
from tests.support.smtp import SmtpServer, Taken

pytestmark = pytest.mark.server
ROBOT, ODD = "orders@robot.example", "odd-77@robot.example"


@pytest.fixture
def post() -> Iterator[Post]:
    with posts.running() as made:
        yield made


@pytest.fixture
def desk(post: Post, sqlite_services: Services, user: MailUser, scanner: object) -> Site:
    return post.site(sqlite_services, user, scanner)


@pytest.fixture(scope="module")
def away_post() -> Iterator[SmtpServer]:
    with SmtpServer() as smtp:
        yield smtp


@pytest.fixture(scope="module")
def away_server(away_post: SmtpServer) -> Iterator[AwayServer]:
    need(sieve.installed(), "Dovecot 2.4 with Pigeonhole and LMTP (dovecot-sieve, dovecot-lmtpd)")
    with sieve.running(away_post.port) as server:
        yield server


def written(sender: str, text: str, subject: str = "Laptop", **headers: str) -> bytes:
    """A mail that is written now."""
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = sender, DESK, subject
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message.as_bytes()


def outcomes(site: Site) -> list[str]:
    with reading(site.services.sessions) as session:
        return list(session.scalars(select(Receipt.outcome).order_by(Receipt.id)))


def sent(site: Site) -> list[tuple[str, str]]:
    """(kind, to) of all that a helpdesk sent; none of it stopped by a cap."""
    with reading(site.services.sessions) as session:
        mails = session.scalars(select(OutboxMail).order_by(OutboxMail.id)).all()
        assert not [one for one in mails if one.last_error in CAPS]
        return [(one.kind, one.to_address) for one in mails if one.state == "sent"]


def reply_of_an_agent(site: Site, number: str = "IT-000001") -> None:
    with writing(site.services.sessions) as session:
        ticket = session.scalars(select(Ticket).where(Ticket.number == number)).one()
        services = site.services
        draft = compose_agent_reply(
            settings=services.settings,
            tokens=services.tokens,
            ticket=ticket,
            text="Please restart it.",
            parent=parent_on_ticket(session, ticket.id, ticket.requester_address),
        )
        enqueue(session, services.settings, draft)


def test_an_absence_notice_of_a_real_mail_server_comes_once_and_is_not_answered(
    post: Post, desk: Site, away_server: AwayServer, away_post: SmtpServer
) -> None:
    jo = away_server.person()
    already = len(away_post.taken)

    def to_jo(mail: Taken) -> None:
        jo.receive(mail.mail_from, mail.content)
        post.smtp.taken.extend(away_post.taken[already + len(notices) :])
        notices.extend(away_post.taken[already + len(notices) :])

    notices: list[Taken] = []
    post.others[jo.address] = to_jo
    desk.user.deliver(written(jo.address, "It does not start."))
    post.carry()
    assert (sent(desk), notices) == ([("acknowledgement", jo.address)], [])  # RFC 5230 4.6: to a machine none
    reply_of_an_agent(desk)
    post.carry()
    assert [mail.message["Auto-Submitted"] for mail in notices] == ["auto-replied (vacation)"]
    assert outcomes(desk) == ["new_ticket", "automatic"]
    assert sent(desk) == [("acknowledgement", jo.address), ("reply", jo.address)]
    reply_of_an_agent(desk)
    post.carry()
    assert len(notices) == 1
    assert len(jo.user.files()) == 3
    with reading(desk.services.sessions) as session:
        assert [one.state for one in session.scalars(select(Ticket))] == ["new"]
        assert session.scalars(select(Message.direction).order_by(Message.id)).all() == [
            "inbound",
            "automatic",
        ]


Speaks = Callable[[Taken, int], bytes]


def _always_the_same(_mail: Taken, _count: int) -> bytes:
    return written(ODD, "Your order is being looked at by our sales people.", "Your order")


def _with_numbers(_mail: Taken, count: int) -> bytes:
    at = datetime.now(UTC)
    text = (
        f"Order {7_000 + count} of {at:%H:%M:%S} is being looked at by our sales people.\nPosition {count}\n"
    )
    return written(ODD, text, f"Order {7_000 + count}")


def _quoting_us(mail: Taken, count: int) -> bytes:
    quoted = "\n".join(f"> {line}" for line in mail.content.decode().splitlines()[-30:])
    subject = f"Re: {mail.message['Subject'].partition('] ')[2]}"
    return written(ODD, f"Passed on to sales under {count}.\n\n{quoted}", subject)


def _with_our_tag(mail: Taken, _count: int) -> bytes:
    return written(ODD, "Passed on to sales.", f"Re: {mail.message['Subject']}")


def _with_our_id(mail: Taken, _count: int) -> bytes:
    return written(ODD, "Passed on to sales.", "Sales", References=mail.message["Message-ID"])


@pytest.mark.parametrize(
    ("speaks", "answered"),
    [
        (_always_the_same, [ROBOT, ODD]),
        (_with_numbers, [ROBOT, ODD]),
        (_quoting_us, [ROBOT, ODD]),
        (_with_our_tag, [ROBOT]),
        (_with_our_id, [ROBOT]),
    ],
)
def test_a_robot_without_a_sign_that_answers_from_an_odd_address_gets_one_answer_at_each(
    post: Post, desk: Site, speaks: Speaks, answered: list[str]
) -> None:
    count = itertools.count()
    post.others["@robot.example"] = lambda mail: _deliver(desk, speaks(mail, next(count)))
    desk.user.deliver(written(ROBOT, "We would like to offer you paper."))
    post.carry()
    assert sent(desk) == [("acknowledgement", to) for to in answered]
    assert len(outcomes(desk)) == len(answered) + 1  # its last mail is there all the same


@pytest.mark.parametrize("state", [State.RESOLVED, State.CLOSED])
def test_a_robot_at_the_requesters_own_address_is_told_once_of_a_ticket_that_is_done(
    post: Post, desk: Site, state: State
) -> None:
    count = itertools.count()
    post.others[ROBOT] = lambda mail: _deliver(
        desk,
        written(ROBOT, f"Looked at, {next(count)}.", "Sales", In_Reply_To=mail.message["Message-ID"]),
    )
    with writing(desk.services.sessions) as session:
        ticket = actions.open_ticket(session, actions.NewTicket("it", "IT", ROBOT, "Paper", mailbox="it"))
        ticket.state, ticket.resolved_at = state.value, ticket.created_at
    reply_of_an_agent(desk)
    post.carry()
    kind = {State.RESOLVED: "next_ticket_action", State.CLOSED: "closed"}[state]
    assert sent(desk) == [("reply", ROBOT), (kind, ROBOT)]


def test_two_people_who_write_the_same_words_are_both_answered(post: Post, desk: Site) -> None:
    post.others["@x.example"] = lambda _: None
    for who in ("ann@x.example", "ben@x.example"):
        desk.user.deliver(written(who, "The printer on ward 4 jams."))
    post.carry()
    assert sorted(to for _, to in sent(desk)) == ["ann@x.example", "ben@x.example"]


def test_a_person_who_writes_of_two_things_is_answered_twice(post: Post, desk: Site) -> None:
    post.others["@x.example"] = lambda _: None
    for text, subject in (
        ("The printer on ward 4 jams.", "Printer"),
        ("My laptop does not start.", "Laptop"),
        ("The printer on ward 5 has no toner left, please send some.", "Printer"),
    ):
        desk.user.deliver(written("ann@x.example", text, subject))
        post.carry()
    assert len(sent(desk)) == 3


def _deliver(site: Site, raw: bytes) -> None:
    site.user.deliver(raw)


def test_two_helpdesks_of_ours_do_not_talk_to_each_other(
    post: Post, desk: Site, user: MailUser, scanner: object, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = start(_other_settings(tmp_path_factory))
    migrations.upgrade(other.engine)
    far = post.site(other, user.server.user(), scanner)
    with writing(desk.services.sessions) as session:  # a ticket of ours that the other helpdesk opened
        actions.open_ticket(session, actions.NewTicket("it", "IT", far.address, "Shared link", mailbox="it"))
    reply_of_an_agent(desk)
    post.carry()
    assert sent(desk) == [("reply", far.address)]
    assert sent(far) == [("acknowledgement", DESK)]
    assert (outcomes(desk), outcomes(far)) == (["automatic"], ["new_ticket"])
    reply_of_an_agent(
        far, "FAR-000001"
    )  # a person there answers: on our ticket, as from its requester, unanswered
    post.carry()
    assert (outcomes(desk), outcomes(far)) == (["automatic", "added"], ["new_ticket"])
    assert len(post.sent) == 3
    other.engine.dispose()


def _other_settings(folders: pytest.TempPathFactory) -> Settings:
    box = {"desk": "it", "address": "help@far.example", "host": "127.0.0.1", "tls": "plaintext"}
    return settings_for(
        folders.mktemp("far"),
        desks={"it": {"name": "Far desk", "address": "help@far.example", "prefix": "FAR"}},
        mailboxes={"it": box},
        trust={"own_domains": ["far.example"]},
    )


@pytest.mark.parametrize(
    "sender", [DESK, "ServiceDesk@Northmoor.NHS.uk", "servicedesk+x@northmoor.nhs.uk", "hr@northmoor.nhs.uk"]
)
def test_we_never_answer_ourselves(post: Post, desk: Site, sender: str) -> None:
    desk.user.deliver(written(sender, "The printer jams."))
    post.carry()
    assert (outcomes(desk), sent(desk)) == (["dropped"], [])
