"""A token endpoint (RFC 6749) with introspection (RFC 7662), as a process of its own: `python -m tests.support.token_endpoint`.

Each client's name is also the mail account that its tokens are good for. Refresh tokens are taken back at
their first use, and with one that is used twice everything of that client (RFC 9700 section 4.14.2).
"""

import json
import os
import secrets
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

SECRET = "the-client-secret"
ROOT = Path(__file__).resolve().parents[2]


@dataclass
class State:
    """What the process knows; every field but the last three may be set by `TokenEndpoint.set`."""

    lifetime: float = 3_600
    refresh_lifetime: float = 0  # told in the answer where it is set
    secret: str = SECRET
    error: str = ""  # answered to each request for a token
    status: int = 400  # with that error; 500 and more without JSON
    retry_after: int = 0
    delay: float = 0
    access: dict[str, tuple[str, float]] = field(default_factory=dict)
    refresh: dict[str, str] = field(default_factory=dict)  # the good ones, each its client
    asked: list[str] = field(default_factory=list)  # the flows that were asked for


class Handler(BaseHTTPRequestHandler):
    state: State
    lock: threading.Lock

    def log_message(self, *_about: object) -> None:
        pass

    def do_GET(self) -> None:
        with self.lock:
            self._answer(200, {"asked": self.state.asked, "refresh": len(self.state.refresh)})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        if self.path == "/token":
            time.sleep(self.state.delay)
        with self.lock:
            if self.path == "/control":
                self._control(json.loads(body))
            elif self.path == "/token":
                self._token({name: values[0] for name, values in urllib.parse.parse_qs(body).items()})
            else:
                self._introspect(urllib.parse.parse_qs(body).get("token", [""])[0])

    def _control(self, wanted: dict[str, Any]) -> None:
        if wanted.pop("revoke", False):
            self.state.access.clear()
        if wanted.pop("reset", False):
            Handler.state = State()
        if client := wanted.pop("consent", ""):
            self._answer(200, {"refresh_token": self._new_refresh(client)})
            return
        for name, value in wanted.items():
            setattr(self.state, name, value)
        self._answer(200, {})

    def _token(self, form: dict[str, str]) -> None:
        state = self.state
        state.asked.append(form.get("grant_type", ""))
        if state.error:
            self._answer(state.status, {"error": state.error})
        elif form.get("client_secret", SECRET) != state.secret:
            self._answer(401, {"error": "invalid_client", "error_description": f"not {state.secret}"})
        elif form["grant_type"] == "client_credentials":
            self._give(form["client_id"])
        elif state.refresh.get(form["refresh_token"]) == form["client_id"]:
            del state.refresh[form["refresh_token"]]
            self._give(form["client_id"], self._new_refresh(form["client_id"]))
        else:  # used before, or never given
            for token in [one for one, client in state.refresh.items() if client == form["client_id"]]:
                del state.refresh[token]
            self._answer(400, {"error": "invalid_grant"})

    def _give(self, client: str, refresh: str = "") -> None:
        token = secrets.token_urlsafe(200)
        self.state.access[token] = (client, time.time() + self.state.lifetime)
        answer: dict[str, Any] = {
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": self.state.lifetime,
        }
        if refresh:
            answer["refresh_token"] = refresh
        if self.state.refresh_lifetime:
            answer["refresh_token_expires_in"] = self.state.refresh_lifetime
        self._answer(200, answer)

    def _new_refresh(self, client: str) -> str:
        token = secrets.token_urlsafe(200)
        self.state.refresh[token] = client
        return token

    def _introspect(self, token: str) -> None:
        client, ends = self.state.access.get(token, ("", 0.0))
        good = time.time() < ends
        self._answer(200, {"active": good, "username": client} if good else {"active": False})

    def _answer(self, status: int, values: dict[str, Any]) -> None:
        body = b"<html>busy</html>" if status >= 500 else json.dumps(values).encode()
        self.send_response(status)
        if self.state.retry_after:
            self.send_header("Retry-After", str(self.state.retry_after))
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@dataclass(frozen=True)
class TokenEndpoint:
    """The process as a test sees it."""

    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/token"

    @property
    def introspection(self) -> str:
        return f"http://127.0.0.1:{self.port}/introspect"

    def set(self, **wanted: Any) -> dict[str, Any]:
        """Change how it behaves. `revoke=True`: no access token of so far is good any more."""
        return self._ask("/control", json.dumps(wanted).encode())

    def reset(self) -> None:
        """As it was at its start."""
        self.set(reset=True)

    def consent(self, client: str) -> str:
        """A first refresh token for this client."""
        return str(self.set(consent=client)["refresh_token"])

    def asked(self) -> list[str]:
        return list(self._ask("/", None)["asked"])

    def knows(self, token: str) -> str:
        """Whose access token this is, or an empty string."""
        answer = self._ask("/introspect", urllib.parse.urlencode({"token": token}).encode())
        return str(answer.get("username", ""))

    def _ask(self, path: str, data: bytes | None) -> dict[str, Any]:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", data, timeout=10) as answer:
            return dict(json.load(answer))


@contextmanager
def token_endpoint() -> Iterator[TokenEndpoint]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.token_endpoint"], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    try:
        assert process.stdout
        yield TokenEndpoint(int(process.stdout.readline()))
    finally:
        process.kill()
        process.wait()


def main() -> None:
    Handler.state, Handler.lock = State(), threading.Lock()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    os.write(1, f"{server.server_address[1]}\n".encode())
    server.serve_forever()


if __name__ == "__main__":
    main()
