"""Asking a token endpoint (RFC 6749 section 4.4 and 6), by Authlib."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session

from helpdesk.config import OAuth
from helpdesk.db import now
from helpdesk.mailauth.errors import EndpointUnreachable, GrantRefused, TokenError
from helpdesk.mailauth.values import ASK_SECONDS, Granted

LIFETIME_SECONDS = 3_600  # where the endpoint does not say (RFC 6749 section 5.1)
SHOWN_CHARACTERS = 60

# RFC 6749 section 5.2, and what to do about each.
MENDS = {
    "invalid_client": "the client id or secret is wrong or has expired: make a new secret there and set it",
    "unauthorized_client": "the application may not use this flow: allow it there, or set oauth.flow",
    "invalid_grant": "the refresh token has expired or was withdrawn: consent again and set oauth.refresh_token",
    "invalid_scope": "mend oauth.scope",
    "unsupported_grant_type": "set oauth.flow to one that it knows",
    "invalid_request": "mend oauth.tenant, oauth.token_endpoint and oauth.scope",
}
PASSING = ("temporarily_unavailable", "server_error", "slow_down")


def ask(oauth: OAuth, key: str, refresh_token: str = "") -> Granted:
    """A new access token. `key` names the settings in a sentence, such as `mailboxes.it`.

    Raises EndpointUnreachable and GrantRefused.
    """
    with _client(oauth) as client, _speaking(oauth, key) as answers:
        for hook in ("access_token_response", "refresh_token_response"):
            client.register_compliance_hook(hook, answers.keep)
        if oauth.flow == "refresh_token":
            token = client.refresh_token(oauth.endpoint, refresh_token=refresh_token, **_manners(oauth))
        else:
            token = client.fetch_token(oauth.endpoint, grant_type="client_credentials", **_manners(oauth))
        return _granted(token)


def _client(oauth: OAuth) -> OAuth2Session:
    secret = oauth.client_secret.get_secret_value()
    return OAuth2Session(
        oauth.client_id,
        secret or None,
        scope=oauth.scope,
        token_endpoint_auth_method="client_secret_post" if secret else "none",
    )


def _manners(oauth: OAuth) -> dict[str, Any]:
    """Never follow a redirect with a secret in hand; certificates are always checked."""
    verify = str(oauth.ca_file) if oauth.ca_file else True
    return {"timeout": ASK_SECONDS, "allow_redirects": False, "verify": verify}


def _granted(token: Mapping[str, Any]) -> Granted:
    """Raises ValueError and KeyError for what is no token."""
    access, refresh = token["access_token"], token.get("refresh_token") or ""
    if not (
        isinstance(access, str) and access.isascii() and access.isprintable() and isinstance(refresh, str)
    ):
        raise ValueError("no token")
    left = int(token.get("expires_in") or LIFETIME_SECONDS)
    return Granted(access, refresh, now() + timedelta(seconds=left), _refresh_expiry(token))


def _refresh_expiry(token: Mapping[str, Any]) -> datetime | None:
    """No standard names it; Microsoft and Keycloak do, each in its way."""
    left = token.get("refresh_token_expires_in") or token.get("refresh_expires_in")
    return now() + timedelta(seconds=int(left)) if left else None


@dataclass
class _Answers:
    """The last answer's status and what it says of waiting."""

    status: int = 0
    retry_after: float | None = None

    def keep(self, response: requests.Response) -> requests.Response:
        self.status = response.status_code
        wait = response.headers.get("Retry-After", "")
        self.retry_after = float(wait) if wait.isdecimal() else None
        return response


@contextmanager
def _speaking(oauth: OAuth, key: str) -> Iterator[_Answers]:
    """Turn what may go wrong into our own errors; the endpoint's words are not shown, only its code."""
    answers = _Answers()
    place = f"The token endpoint of {key} ({urlsplit(oauth.endpoint).netloc})"
    try:
        yield answers
    except AuthlibBaseError as fault:
        raise _refused(place, key, str(fault.error), answers) from None
    except requests.exceptions.SSLError:
        raise EndpointUnreachable(
            f"{place} has no certificate that we trust; mend it there, or set {key}.oauth.ca_file."
        ) from None
    except requests.exceptions.HTTPError:
        raise EndpointUnreachable(
            f"{place} answered {answers.status}; it will be asked again.", answers.retry_after
        ) from None
    except (requests.exceptions.RequestException, OSError) as fault:  # OSError: ca_file cannot be read
        raise EndpointUnreachable(
            f"{place} cannot be reached ({type(fault).__name__}); see that it runs, or mend {key}.oauth."
        ) from None
    except (ValueError, KeyError, TypeError):
        raise EndpointUnreachable(
            f"{place} answered {answers.status}, but with no token; mend {key}.oauth.token_endpoint or tenant.",
            answers.retry_after,
        ) from None


def _refused(place: str, key: str, code: str, answers: _Answers) -> TokenError:
    shown = "".join(c for c in code if c.isascii() and (c.isalnum() or c in "_-"))[:SHOWN_CHARACTERS]
    if code in PASSING or answers.status in (408, 429) or answers.status >= 500:
        return EndpointUnreachable(f"{place} says {shown}; it will be asked again.", answers.retry_after)
    mend = MENDS.get(code, "look there why").replace("oauth.", f"{key}.oauth.")
    return GrantRefused(f"{place} refuses us a token ({shown}); {mend}.", answers.retry_after)
