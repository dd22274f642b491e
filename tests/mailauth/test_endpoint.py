"""Asking for a token: what is asked, and each way it fails as a sentence without a secret."""

import socket
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from helpdesk.config import OAuth, Server, SettingsError, load
from helpdesk.db import now
from helpdesk.mailauth.endpoint import ask
from helpdesk.mailauth.errors import EndpointUnreachable, GrantRefused, TokenError
from tests.support.oauth import oauth
from tests.support.token_endpoint import SECRET, TokenEndpoint


def settings(endpoint: TokenEndpoint, **over: Any) -> OAuth:
    return OAuth.model_validate(oauth(endpoint, "desk", **over))


def test_client_credentials_give_an_access_token(endpoint: TokenEndpoint) -> None:
    granted = ask(settings(endpoint), "smtp")
    assert endpoint.knows(granted.access_token) == "desk"
    assert timedelta(minutes=59) < granted.expires_at - now() <= timedelta(hours=1)
    assert (granted.refresh_token, granted.refresh_expires_at) == ("", None)
    assert granted.access_token not in repr(granted)


def test_a_refresh_token_gives_an_access_token_and_the_next_refresh_token(endpoint: TokenEndpoint) -> None:
    first = endpoint.consent("desk")
    endpoint.set(refresh_lifetime=90_000)
    by_refresh = settings(endpoint, flow="refresh_token", refresh_token=first, client_secret="")
    granted = ask(by_refresh, "smtp", first)
    assert endpoint.knows(granted.access_token) == "desk"
    assert granted.refresh_token not in ("", first)
    assert granted.refresh_expires_at is not None
    assert ask(by_refresh, "smtp", granted.refresh_token).refresh_token != granted.refresh_token


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        ("invalid_client", GrantRefused, "client id or secret is wrong or has expired"),
        ("invalid_grant", GrantRefused, r"consent again and set mailboxes\.it\.oauth\.refresh_token"),
        ("unauthorized_client", GrantRefused, r"set mailboxes\.it\.oauth\.flow"),
        ("invalid_scope", GrantRefused, r"mend mailboxes\.it\.oauth\.scope"),
        ("something_else", GrantRefused, "look there why"),
        ("temporarily_unavailable", EndpointUnreachable, "asked again"),
        ("<script>\r\n", GrantRefused, r"\(script\)"),
    ],
)
def test_each_refusal_says_what_to_mend(
    endpoint: TokenEndpoint, code: str, kind: type[TokenError], words: str
) -> None:
    endpoint.set(error=code)
    with pytest.raises(kind, match=words) as told:
        ask(settings(endpoint), "mailboxes.it")
    assert f"127.0.0.1:{endpoint.port}" in str(told.value)
    assert SECRET not in str(told.value)


@pytest.mark.parametrize(("status", "wait"), [(429, 7), (503, 7), (500, 0)])
def test_an_endpoint_that_is_busy_is_given_the_time_that_it_asks_for(
    endpoint: TokenEndpoint, status: int, wait: int
) -> None:
    endpoint.set(error="busy", status=status, retry_after=wait)
    with pytest.raises(EndpointUnreachable, match="asked again") as told:
        ask(settings(endpoint), "smtp")
    assert (told.value.retry_after or 0) == wait


def test_a_page_that_is_no_token_endpoint_is_told(endpoint: TokenEndpoint) -> None:
    elsewhere = settings(endpoint, token_endpoint=endpoint.url.replace("/token", "/introspect"))
    with pytest.raises(EndpointUnreachable, match="answered 200, but with no token"):
        ask(elsewhere, "smtp")


def test_an_endpoint_where_nobody_listens_is_told(endpoint: TokenEndpoint) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(EndpointUnreachable, match=r"smtp \(127\.0\.0\.1:\d+\) cannot be reached"):
        ask(settings(endpoint, token_endpoint=f"http://127.0.0.1:{port}/token"), "smtp")


def test_a_certificate_that_is_not_trusted_gets_no_secret(endpoint: TokenEndpoint) -> None:
    """TLS to a port that speaks plaintext is no handshake at all; either is refused before a word of ours."""
    with pytest.raises(EndpointUnreachable, match=r"certificate.*smtp\.oauth\.ca_file"):
        ask(settings(endpoint, token_endpoint=endpoint.url.replace("http:", "https:")), "smtp")
    assert endpoint.asked() == []


def test_an_authority_file_that_is_missing_is_told(endpoint: TokenEndpoint, tmp_path: Path) -> None:
    missing = settings(
        endpoint, token_endpoint=endpoint.url.replace("http:", "https:"), ca_file=tmp_path / "absent.pem"
    )
    with pytest.raises(EndpointUnreachable, match=r"mend smtp\.oauth"):
        ask(missing, "smtp")


BASE = {"client_id": "id", "client_secret": "s", "tenant": "northmoor.example"}


@pytest.mark.parametrize(
    ("section", "words"),
    [
        ({"tenant": ""}, "neither tenant nor token_endpoint"),
        ({"tenant": "a/../b"}, "tenant"),
        ({"token_endpoint": "http://login.example/token"}, "https://"),
        ({"client_secret": ""}, "client_secret"),
        ({"flow": "refresh_token"}, "refresh_token"),
        ({"flow": "password"}, "flow"),
    ],
)
def test_settings_that_cannot_work_are_refused_at_start(section: dict[str, str], words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        load(None, smtp={"host": "x", "user": "u", "oauth": {**BASE, **section}})


@pytest.mark.parametrize(
    ("server", "words"),
    [
        ({"password": "p"}, "both password and oauth"),
        ({"user": ""}, "user"),
        ({"tls": "plaintext"}, "plaintext"),
    ],
)
def test_a_token_never_goes_beside_a_password_or_in_the_clear(server: dict[str, str], words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        load(None, smtp={"host": "mx.example", "user": "u", "oauth": BASE, **server})


def test_a_tenant_is_microsofts() -> None:
    server = Server.model_validate({"host": "x", "user": "u", "oauth": BASE})
    assert server.oauth is not None
    assert server.oauth.endpoint == "https://login.microsoftonline.com/northmoor.example/oauth2/v2.0/token"
    assert "'s'" not in repr(server)
