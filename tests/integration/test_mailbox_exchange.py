"""Exchange Online, played from what it is known to say: tokens, throttling, moving, and its own words for trouble."""

import base64
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from helpdesk.db import now, reading, writing
from helpdesk.ingest import poll
from helpdesk.ingest.imap_errors import MailboxError, SignInRefused
from helpdesk.ingest.poll import MailboxReader, poll_once
from helpdesk.models import MailboxStatus, MailToken, Receipt
from helpdesk.services import Services
from tests.support import exchange
from tests.support.ends import Ends
from tests.support.exchange import GREETING, REFUSED, SIGNED_IN, dialogue, throttled
from tests.support.mailboxes import with_mailbox
from tests.support.mails import DESK, mail
from tests.support.oauth import oauth
from tests.support.scripted_imap import Scripted, scripted
from tests.support.token_endpoint import TokenEndpoint, token_endpoint

RAW = mail(subject="Played")


@pytest.fixture(scope="module")
def endpoint_process() -> Iterator[TokenEndpoint]:
    with token_endpoint() as running:
        yield running


@pytest.fixture
def endpoint(endpoint_process: TokenEndpoint) -> TokenEndpoint:
    endpoint_process.reset()
    return endpoint_process


def tenant(services: Services, endpoint: TokenEndpoint, server: Scripted) -> Services:
    section = oauth(endpoint, "app", scope="https://outlook.office365.com/.default")
    return with_mailbox(services, port=server.port, user=DESK, password="", oauth=section)


def waits(services: Services) -> float:
    with reading(services.sessions) as session:
        until = session.get_one(MailboxStatus, "it").wait_until
    return (until - now()).total_seconds() if until else 0.0


def receipt(services: Services) -> Receipt:
    with reading(services.sessions) as session:
        return session.scalars(select(Receipt)).one()


def test_a_mail_is_taken_in_and_moved_with_a_token(
    sqlite_services: Services, endpoint: TokenEndpoint, ends: Ends
) -> None:
    with scripted(GREETING, dialogue(RAW)) as server:
        services = tenant(sqlite_services, endpoint, server)
        result = poll_once(services, "it", ends)
    assert (result.taken, result.moved, result.warning, ends.seen) == (1, 1, "", [RAW])
    assert (receipt(services).moved_to, receipt(services).moved_uid) == ("Helpdesk-Done", 12)
    said = next(base64.b64decode(line) for line in server.heard if line.startswith(b"dXNlcj"))
    assert said.startswith(f"user={DESK}\1auth=Bearer ".encode())
    assert said.endswith(b"\1\1")


def test_nothing_is_asked_that_it_does_not_know(
    sqlite_services: Services, endpoint: TokenEndpoint, ends: Ends
) -> None:
    """Neither CONDSTORE nor QRESYNC, KEYWORD or IMAP4rev2; no password where it says LOGINDISABLED."""
    with scripted(GREETING, dialogue(RAW)) as server:
        poll_once(tenant(sqlite_services, endpoint, server), "it", ends)
    heard = b"".join(server.heard).upper()
    for word in (b"LOGIN ", b"ENABLE", b"KEYWORD", b"CONDSTORE", b"BODY[]"):
        assert word not in heard, word


def test_a_refused_token_is_renewed_in_the_same_connection(
    sqlite_services: Services, endpoint: TokenEndpoint, ends: Ends
) -> None:
    with scripted(GREETING, dialogue(RAW, token=[SIGNED_IN, REFUSED, SIGNED_IN])) as server:
        services = tenant(sqlite_services, endpoint, server)
        poll_once(services, "it", ends)
        with writing(services.sessions) as session:
            session.execute(update(MailToken).values(renewed_at=now() - timedelta(minutes=50)))
        assert poll_once(services, "it", ends).error == ""
        assert server.connections == 2
    tokens = [line for line in server.heard if line.startswith(b"dXNlcj")]
    assert tokens[0] == tokens[1] != tokens[2]
    assert endpoint.asked() == ["client_credentials"] * 2


def test_an_application_without_rights_to_the_mailbox_is_told_what_to_mend(
    sqlite_services: Services, endpoint: TokenEndpoint, ends: Ends
) -> None:
    with scripted(GREETING, dialogue(RAW, namespace=exchange.NOT_CONNECTED)) as server:
        services = tenant(sqlite_services, endpoint, server)
        with pytest.raises(SignInRefused, match="our application was given access"):
            poll_once(services, "it", ends)
    assert waits(services) > 20


@pytest.mark.parametrize("place", ["namespace", "select", "search", "size", "fetch", "move"])
def test_throttled_anywhere_it_is_given_its_time_and_the_mail_is_taken_in_once(
    sqlite_services: Services, endpoint: TokenEndpoint, ends: Ends, place: str
) -> None:
    usual = dict(exchange.usual(RAW))
    over = {place: [throttled(89_117), *usual[place]]}
    if place in ("size", "fetch", "move"):
        over["search"] = [usual["search"][0], *usual["search"]]  # it is still there at the second visit
    with scripted(GREETING, dialogue(RAW, **over)) as server:  # type: ignore[arg-type]
        services = tenant(sqlite_services, endpoint, server)
        with pytest.raises(MailboxError):
            poll_once(services, "it", ends)
        assert 88 < waits(services) < 90
        assert server.connections == 1, "no try before its time"
        result = poll_once(services, "it", ends)
    assert (result.moved, ends.seen) == (1, [RAW])
    assert waits(services) == 0


def test_throttled_while_waiting_it_is_given_its_time(
    sqlite_services: Services, endpoint: TokenEndpoint, ends: Ends
) -> None:
    with (
        scripted(GREETING, dialogue(RAW, idle=throttled(89_117))) as server,
        MailboxReader(tenant(sqlite_services, endpoint, server), "it") as reader,
    ):
        reader.poll(ends)
        assert poll._wait(reader, threading.Event()) == pytest.approx(89.117)


def test_a_wait_by_idle_ends_when_it_tells_of_mail(
    sqlite_services: Services, endpoint: TokenEndpoint, ends: Ends
) -> None:
    announced = b"+ IDLE accepted, awaiting DONE command.\r\n* 2 EXISTS"
    with (
        scripted(GREETING, dialogue(RAW, idle=announced)) as server,
        MailboxReader(tenant(sqlite_services, endpoint, server), "it") as reader,
    ):
        reader.poll(ends)
        assert reader.wait(5, threading.Event())
