"""One token an account: kept sealed, renewed early, by one process at a time, waited for after failures."""

import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from helpdesk.config import Server
from helpdesk.db import now, reading, writing
from helpdesk.mailauth import expiry
from helpdesk.mailauth.errors import GrantRefused, TokenError
from helpdesk.mailauth.fresh import keep_all_fresh
from helpdesk.mailauth.tokens import Access, access_to
from helpdesk.models import MailToken
from helpdesk.services import Services
from tests.support.oauth import server
from tests.support.token_endpoint import TokenEndpoint


def access(services: Services, to: Server, *, patient: bool = False) -> Access:
    found = access_to(services, "smtp", to, patient=patient)
    assert found is not None
    return found


def row(services: Services) -> MailToken:
    with reading(services.sessions) as session:
        return session.get_one(MailToken, "smtp")


def change(services: Services, **values: Any) -> None:
    with writing(services.sessions) as session:
        session.execute(update(MailToken).values(**values))


def by_refresh(endpoint: TokenEndpoint, **over: Any) -> Server:
    return server(endpoint, flow="refresh_token", refresh_token=endpoint.consent("desk"), **over)


def test_a_server_with_a_password_needs_no_token(sqlite_services: Services) -> None:
    assert access_to(sqlite_services, "smtp", Server(host="x", user="u")) is None


def test_a_token_is_asked_for_once_and_kept(each_engine: Services, endpoint: TokenEndpoint) -> None:
    token = access(each_engine, server(endpoint))()
    assert access(each_engine, server(endpoint))() == token
    assert endpoint.asked() == ["client_credentials"]


def test_nothing_of_it_is_readable_in_the_database(
    sqlite_services: Services, endpoint: TokenEndpoint
) -> None:
    token = access(sqlite_services, by_refresh(endpoint))()
    kept = row(sqlite_services)
    assert token.encode() not in kept.content
    files = [path.read_bytes() for path in sqlite_services.settings.data_folder.glob("helpdesk.db*")]
    assert files
    assert not any(token.encode() in content for content in files)


def test_it_is_renewed_some_minutes_early(sqlite_services: Services, endpoint: TokenEndpoint) -> None:
    first = access(sqlite_services, server(endpoint))()
    change(sqlite_services, expires_at=now() + timedelta(minutes=6))
    assert access(sqlite_services, server(endpoint))() == first
    change(sqlite_services, expires_at=now() + timedelta(minutes=4), renewed_at=now() - timedelta(hours=1))
    assert access(sqlite_services, server(endpoint))() != first


def test_a_short_lived_token_is_used_for_half_its_life(
    sqlite_services: Services, endpoint: TokenEndpoint
) -> None:
    endpoint.set(lifetime=60)
    first = access(sqlite_services, server(endpoint))()
    assert access(sqlite_services, server(endpoint))() == first
    change(
        sqlite_services,
        expires_at=now() + timedelta(seconds=29),
        renewed_at=now() - timedelta(seconds=31),
    )
    assert access(sqlite_services, server(endpoint))() != first


def test_each_refresh_token_is_used_once_and_the_next_is_kept(
    each_engine: Services, endpoint: TokenEndpoint
) -> None:
    """The endpoint takes everything back when one is used twice."""
    to = by_refresh(endpoint)
    for _ in range(4):
        assert endpoint.knows(access(each_engine, to)()) == "desk"
        change(each_engine, expires_at=now())
    assert endpoint.asked() == ["refresh_token"] * 4


def test_many_at_once_renew_it_once(sqlite_services: Services, endpoint: TokenEndpoint) -> None:
    to, got = by_refresh(endpoint), []
    endpoint.set(delay=0.2)
    threads = [threading.Thread(target=lambda: got.append(access(sqlite_services, to)())) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(got), len(set(got)), endpoint.asked()) == (6, 1, ["refresh_token"])


def test_while_the_old_one_lasts_a_failing_renewal_stops_nothing(
    sqlite_services: Services, endpoint: TokenEndpoint
) -> None:
    first = access(sqlite_services, server(endpoint))()
    change(sqlite_services, expires_at=now() + timedelta(minutes=4), renewed_at=now() - timedelta(hours=1))
    endpoint.set(error="invalid_client", status=401)
    assert access(sqlite_services, server(endpoint))() == first
    assert "client id or secret" in expiry.warning(sqlite_services, "smtp", server(endpoint))
    change(sqlite_services, expires_at=now() - timedelta(seconds=1))
    with pytest.raises(GrantRefused):
        access(sqlite_services, server(endpoint))()


def test_a_failure_is_waited_out_longer_each_time_and_a_success_ends_it(
    sqlite_services: Services, endpoint: TokenEndpoint
) -> None:
    endpoint.set(error="invalid_client", status=401)
    waits = []
    for _ in range(4):
        with pytest.raises(GrantRefused):
            access(sqlite_services, server(endpoint))()
        waits.append((row(sqlite_services).wait_until - now()).total_seconds())  # type: ignore[operator]
    assert waits[3] > waits[1] > 20
    endpoint.set(error="")
    assert access(sqlite_services, server(endpoint))()
    assert (row(sqlite_services).failures, row(sqlite_services).wait_until) == (0, None)


def test_who_has_patience_asks_again_only_after_the_wait(
    sqlite_services: Services, endpoint: TokenEndpoint
) -> None:
    endpoint.set(error="invalid_client", status=401)
    patient = access(sqlite_services, server(endpoint), patient=True)
    for _ in range(3):
        with pytest.raises(TokenError, match="client id or secret"):
            patient()
    assert len(endpoint.asked()) == 1
    change(sqlite_services, wait_until=now())
    endpoint.set(error="")
    assert patient()


def test_a_mended_secret_is_tried_at_once_with_the_refresh_token_that_was_kept(
    sqlite_services: Services, endpoint: TokenEndpoint
) -> None:
    first = endpoint.consent("desk")
    old = server(endpoint, flow="refresh_token", refresh_token=first)
    access(sqlite_services, old)()
    endpoint.set(secret="another")
    change(sqlite_services, expires_at=now())
    with pytest.raises(GrantRefused):
        access(sqlite_services, old, patient=True)()
    mended = server(endpoint, flow="refresh_token", refresh_token=first, client_secret="another")
    assert endpoint.knows(access(sqlite_services, mended, patient=True)()) == "desk"


def test_a_new_consent_in_the_settings_takes_the_place_of_what_was_kept(
    sqlite_services: Services, endpoint: TokenEndpoint
) -> None:
    access(sqlite_services, by_refresh(endpoint))()
    token = access(sqlite_services, by_refresh(endpoint))()
    assert endpoint.knows(token) == "desk"
    assert endpoint.asked() == ["refresh_token"] * 2


def test_a_withdrawn_token_is_replaced_but_not_a_new_one(
    sqlite_services: Services, endpoint: TokenEndpoint
) -> None:
    give = access(sqlite_services, server(endpoint))
    first = give()
    assert give(refused=first) == first, "it is seconds old, so it is not the fault"
    change(sqlite_services, renewed_at=now() - timedelta(minutes=2))
    assert give(refused=first) != first


@pytest.mark.parametrize(
    ("days", "words"),
    [(None, ""), (15, ""), (13, "expires on"), (0, "has expired on"), (-3, "has expired on")],
)
def test_the_end_of_a_client_secret_is_told_two_weeks_before(
    sqlite_services: Services, endpoint: TokenEndpoint, days: int | None, words: str
) -> None:
    ends = None if days is None else now().date() + timedelta(days=days)
    told = expiry.warning(sqlite_services, "smtp", server(endpoint, secret_expires_on=ends))
    assert (words in told) if words else told == ""
    assert not told or "smtp.oauth.client_secret" in told


def test_the_end_of_a_refresh_token_is_told_when_its_renewal_stopped(
    sqlite_services: Services, endpoint: TokenEndpoint
) -> None:
    endpoint.set(refresh_lifetime=90 * 86_400)
    to = by_refresh(endpoint)
    access(sqlite_services, to)()
    assert expiry.warning(sqlite_services, "smtp", to) == ""
    change(
        sqlite_services,
        refresh_expires_at=now() + timedelta(days=10),
        renewed_at=now() - timedelta(days=80),
    )
    assert "consent again" in expiry.warning(sqlite_services, "smtp", to)


def test_tokens_are_kept_fresh_while_nobody_signs_in(
    sqlite_services: Services, endpoint: TokenEndpoint
) -> None:
    settings = sqlite_services.settings.model_copy(update={"smtp": by_refresh(endpoint)})
    services = replace(sqlite_services, settings=settings)
    for _ in range(2):
        assert keep_all_fresh(services) == []
    assert endpoint.asked() == ["refresh_token"]
    change(services, expires_at=now())
    assert keep_all_fresh(services) == []
    assert endpoint.asked() == ["refresh_token"] * 2
    change(services, expires_at=now())
    endpoint.set(error="invalid_grant")
    for _ in range(2):
        (told,) = keep_all_fresh(services)
        assert "consent again" in told
    assert len(endpoint.asked()) == 3
