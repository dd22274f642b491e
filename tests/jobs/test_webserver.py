"""The web server takes its port first, answers what is being answered, and ends."""

import socket
import threading
import time
from collections.abc import Iterator
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from helpdesk.config import Web
from helpdesk.jobs.webserver import PortTaken, WebServer, listen

begun = threading.Event()


def app(environ, start_response):  # type: ignore[no-untyped-def]  # WSGI
    begun.set()
    if environ["PATH_INFO"] == "/slow":
        time.sleep(0.5)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ.get("HTTP_X_FORWARDED_FOR", "none").encode()]


def _serve(web: Web) -> tuple[WebServer, str]:
    listener = listen(web)
    server = WebServer(app, listener, web)
    server.start()
    return server, f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.fixture
def served() -> Iterator[tuple[WebServer, str]]:
    begun.clear()
    server, url = _serve(Web(port=0))
    yield server, url
    server.stop()


def _get(url: str, **headers: str) -> str:
    with urlopen(Request(url, headers=headers), timeout=5) as answer:  # noqa: S310 (our own server)
        return str(answer.read().decode())


def test_a_request_larger_than_any_form_is_not_taken_in() -> None:
    listener = listen(Web(port=0))
    server = WebServer(app, listener, Web(port=0), 1_000)
    server.start()
    where = f"http://127.0.0.1:{listener.getsockname()[1]}/"
    try:
        assert urlopen(where, data=b"x" * 999, timeout=5).status == 200
        with pytest.raises(HTTPError, match="413"):
            urlopen(where, data=b"x" * 1_001, timeout=5)
    finally:
        server.stop()


def test_a_port_that_is_taken_is_a_sentence_with_another() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PortTaken, match=f"127.0.0.1:{port}.*HELPDESK_WEB__PORT={port + 1}"):
            listen(Web(port=port))


def test_a_request_under_way_is_answered_before_the_end(served: tuple[WebServer, str]) -> None:
    server, url = served
    answers: list[str] = []
    asking = threading.Thread(target=lambda: answers.append(_get(url + "/slow")))
    asking.start()
    assert begun.wait(5)
    server.stop()
    asking.join(5)
    assert answers == ["none"]


def test_after_the_end_nobody_answers(served: tuple[WebServer, str]) -> None:
    server, url = served
    assert _get(url) == "none"
    server.stop()
    with pytest.raises(OSError, match="refused"):
        _get(url)


def test_stopping_is_quick_with_an_idle_connection_open(served: tuple[WebServer, str]) -> None:
    server, url = served
    with socket.create_connection(("127.0.0.1", int(url.rsplit(":", 1)[1]))):
        _get(url)
        began = time.monotonic()
        server.stop()
        assert time.monotonic() - began < 3


def test_without_a_proxy_nobody_can_say_where_they_come_from(served: tuple[WebServer, str]) -> None:
    assert _get(served[1], **{"X-Forwarded-For": "10.0.0.1"}) == "none"


def test_behind_a_proxy_the_application_is_told() -> None:
    server, url = _serve(Web(port=0, trusted_proxies=1))
    assert _get(url, **{"X-Forwarded-For": "10.0.0.1"}) == "10.0.0.1"
    server.stop()
