"""Mailboxes that are signed in to with tokens: a real token endpoint, a Dovecot that asks it, an SMTP server too."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from helpdesk.config import Server
from helpdesk.db import now, reading, writing
from helpdesk.ingest.imap_errors import MailboxUnreachable, SignInRefused
from helpdesk.ingest.poll import MailboxReader, poll_all, poll_once
from helpdesk.models import MailboxStatus, MailToken, OutboxMail
from helpdesk.outbound.compose import compose_answer
from helpdesk.outbound.deliver import deliver_due
from helpdesk.outbound.enqueue import enqueue
from helpdesk.services import Services
from tests.support.dovecot import MailUser
from tests.support.ends import Ends
from tests.support.mailboxes import with_mailbox
from tests.support.mails import mail
from tests.support.oauth import oauth, with_tokens
from tests.support.smtp_xoauth2 import token_smtp
from tests.support.token_endpoint import TokenEndpoint

pytestmark = pytest.mark.server

Box = Callable[..., Services]


@pytest.fixture
def box(sqlite_services: Services, endpoint: TokenEndpoint, token_user: MailUser) -> Box:
    """Services whose mailbox `it` is this user's, by tokens. Takes further settings of the oauth section."""

    def make(client: str = "", **over: Any) -> Services:
        tokens = with_tokens(sqlite_services, endpoint, token_user.name, **over)
        account = tokens.settings.mailboxes["it"]
        section = (account.oauth.model_dump() if account.oauth else {}) | (
            {"client_id": client} if client else {}
        )
        return with_mailbox(tokens, port=token_user.server.port, user=token_user.name, oauth=section)

    return make


def status(services: Services) -> MailboxStatus:
    with reading(services.sessions) as session:
        return session.get_one(MailboxStatus, "it")


def change(services: Services, **values: Any) -> None:
    with writing(services.sessions) as session:
        session.execute(update(MailToken).values(**values))


def test_mail_is_read_with_client_credentials(box: Box, token_user: MailUser) -> None:
    token_user.deliver(mail())
    services = box()
    assert poll_once(services, "it", Ends(services)).moved == 1
    assert f"user=<{token_user.name}>, method=XOAUTH2" in token_user.server.log()


def test_mail_is_read_with_a_refresh_token_that_changes_each_time(
    box: Box, token_user: MailUser, endpoint: TokenEndpoint
) -> None:
    services = box(flow="refresh_token", refresh_token=endpoint.consent(token_user.name))
    for number in range(3):
        token_user.deliver(mail(subject=str(number)))
        assert poll_once(services, "it", Ends(services)).moved == 1
        change(services, expires_at=now())
    assert endpoint.asked() == ["refresh_token"] * 3


def test_a_token_of_another_account_is_refused_by_the_server(
    box: Box, token_user: MailUser, endpoint: TokenEndpoint, caplog: pytest.LogCaptureFixture
) -> None:
    services = box(client="somebody-else")
    with pytest.raises(
        SignInRefused, match=r"refused the sign-in.*mend mailboxes\.it\.user and oauth"
    ) as told:
        poll_once(services, "it", Ends(services))
    assert status(services).failures == 1
    assert (status(services).wait_until - now()).total_seconds() > 20  # type: ignore[operator]
    assert "Bearer" not in str(told.value) + caplog.text + status(services).last_failure
    assert endpoint.asked() == ["client_credentials"], "a token that is seconds old is not the fault"


def test_a_token_that_was_withdrawn_is_replaced_in_the_same_sign_in(
    box: Box, token_user: MailUser, endpoint: TokenEndpoint
) -> None:
    services = box()
    poll_once(services, "it", Ends(services))
    change(services, renewed_at=now() - timedelta(minutes=10))
    endpoint.set(revoke=True)
    token_user.deliver(mail())
    assert poll_once(services, "it", Ends(services)).moved == 1
    assert len(endpoint.asked()) == 2


def test_a_token_that_the_server_finds_expired_is_replaced(
    box: Box, token_user: MailUser, endpoint: TokenEndpoint
) -> None:
    """Our clock is behind the endpoint's: we think that the token lasts."""
    endpoint.set(lifetime=0.001)
    services = box()
    with pytest.raises(SignInRefused):
        poll_once(services, "it", Ends(services))
    endpoint.set(lifetime=3_600)
    change(services, expires_at=now() + timedelta(hours=1), renewed_at=now() - timedelta(minutes=10))
    assert poll_once(services, "it", Ends(services)).error == ""


def test_a_long_connection_outlives_its_token(
    box: Box, token_user: MailUser, endpoint: TokenEndpoint
) -> None:
    services = box()
    ends = Ends(services)
    with MailboxReader(services, "it") as reader:
        reader.poll(ends)
        endpoint.set(error="invalid_client", status=401, revoke=True)
        change(services, expires_at=now())
        token_user.deliver(mail())
        result = reader.poll(ends)
    assert result.moved == 1
    assert "client id or secret" in status(services).last_failure == result.warning
    assert status(services).failures == 0


def test_a_dead_secret_is_told_in_the_status_and_stops_no_other_mailbox(
    box: Box, token_user: MailUser, endpoint: TokenEndpoint, user: MailUser
) -> None:
    endpoint.set(error="invalid_client", status=401)
    services = with_mailbox(box(), "hr", port=user.server.port, user=user.name, password="secret")
    user.deliver(mail())
    failing, working = poll_all(services, Ends(services))
    assert "the client id or secret is wrong or has expired" in failing.error
    assert (working.moved, working.error) == (1, "")
    assert "mailboxes.it" in status(services).last_failure


def test_an_endpoint_that_is_down_is_told_and_tried_again(box: Box, endpoint: TokenEndpoint) -> None:
    endpoint.set(error="x", status=503, retry_after=120)
    services = box()
    with pytest.raises(MailboxUnreachable, match="answered 503"):
        poll_once(services, "it", Ends(services))
    assert (status(services).wait_until - now()).total_seconds() > 110  # type: ignore[operator]
    endpoint.set(error="", retry_after=0)
    assert poll_once(services, "it", Ends(services)).error == ""


def test_a_secret_that_ends_soon_is_a_warning_in_the_status(box: Box) -> None:
    ends = now().date() + timedelta(days=5)
    services = box(secret_expires_on=ends)
    result = poll_once(services, "it", Ends(services))
    assert "The client secret of mailboxes.it expires on" in result.warning
    assert (status(services).last_failure, status(services).failures) == (result.warning, 0)


def test_a_server_that_takes_no_tokens_is_told_and_sent_none(
    sqlite_services: Services, endpoint: TokenEndpoint, user: MailUser
) -> None:
    services = with_mailbox(
        with_tokens(sqlite_services, endpoint, user.name), port=user.server.port, user=user.name
    )
    with pytest.raises(SignInRefused, match="does not offer XOAUTH2"):
        poll_once(services, "it", Ends(services))
    assert endpoint.asked() == []


def sends(services: Services, endpoint: TokenEndpoint, port: int, **over: Any) -> Services:
    server = Server.model_validate(
        {
            "host": "127.0.0.1", "port": port, "tls": "plaintext", "user": "desk",
            "oauth": oauth(endpoint, "desk", **over),
        }
    )  # fmt: skip
    return replace(services, settings=services.settings.model_copy(update={"smtp": server}))


def queue(services: Services, count: int = 1) -> None:
    with writing(services.sessions) as session:
        for number in range(count):
            draft = compose_answer(
                "how_to_open", settings=services.settings, tokens=services.tokens, desk_key="it",
                to_address=f"p{number}@northmoor.nhs.uk",
            )  # fmt: skip
            enqueue(session, services.settings, draft)


def test_answers_go_out_with_a_token_and_a_withdrawn_one_is_replaced(
    sqlite_services: Services, endpoint: TokenEndpoint
) -> None:
    with token_smtp(endpoint) as smtp:
        services = sends(sqlite_services, endpoint, smtp.port)
        queue(services, 2)
        assert deliver_due(services).sent == 2
        endpoint.set(revoke=True)
        change(services, renewed_at=now() - timedelta(minutes=10))
        queue(services)
        assert deliver_due(services).sent == 1
        assert (smtp.signed_in, smtp.refused) == (["desk", "desk"], 1)


@pytest.mark.parametrize("fault", ["a dead secret", "another account"])
def test_without_a_good_token_answers_wait_and_it_is_said_why(
    sqlite_services: Services, endpoint: TokenEndpoint, fault: str
) -> None:
    with token_smtp(endpoint) as smtp:
        over = {"client_id": "somebody-else"} if fault == "another account" else {}
        services = sends(sqlite_services, endpoint, smtp.port, **over)
        endpoint.set(error="" if over else "invalid_client")
        queue(services)
        told = [deliver_due(services).server_error for _ in range(3)]
        assert all(("smtp.oauth" in one) or ("client id or secret" in one) for one in told)
        assert len(endpoint.asked()) == 1
        with reading(services.sessions) as session:
            assert session.query(OutboxMail).one().state == "queued"
        endpoint.set(error="")
        change(services, wait_until=now())
        mended = sends(sqlite_services, endpoint, smtp.port)
        assert deliver_due(mended).sent == 1
