"""The pages that agents look at all day, at 100,000 tickets: in the process, and over HTTP from waitress."""

import http.client
import socket
import time
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.figures import Figure, Options, percentile
from benchmarks.fill import fill
from benchmarks.place import Ground, Place
from helpdesk.db import writing
from helpdesk.jobs.webserver import WebServer, listen
from helpdesk.web import create_app
from tests.web import rows
from tests.web.conftest import ScansTypedText, Visitor

TICKETS = 100_000
GOAL = 0.3  # seconds: what a person does not wait for
PAGES = (
    ("queue", "/tickets"),
    ("queue, page 40", "/tickets?page=40"),
    ("queue, all closed", "/tickets?state=closed"),
    ("queue, unassigned by requester", "/tickets?owner=unassigned&sort=requester"),
    ("search, a common word", "/tickets?q=printer"),
    ("search, two words", "/tickets?q=meeting+screen"),
    ("search, a number", "/tickets?q=IT-000777"),
    ("search, nothing found", "/tickets?q=xylophone"),
    ("ticket", "/tickets/IT-000777"),
)
Get = Callable[[str], int]


def measure(ground: Ground, options: Options) -> Iterator[Figure]:
    for engine in options.engines:
        with ground.place(engine) as place:
            fill(place.services, 2_000 if options.quick else TICKETS)
            with writing(place.services.sessions) as session:
                rows.add_people(session)
            yield from _of(place, engine, 5 if options.quick else 30)


def _of(place: Place, engine: str, times: int) -> Iterator[Figure]:
    app = create_app(place.services, ScansTypedText())  # type: ignore[arg-type]  # pages ask no more of a pipeline
    visitor = Visitor(app.test_client())
    visitor.sign_in(rows.PEOPLE["agent"][0])
    for name, path in PAGES:
        yield _figure(f"{name}, {engine}", path, lambda path: visitor.get(path).status_code, times)
    listener = listen(place.services.settings.web.model_copy(update={"port": 0}))
    server = WebServer(app, listener, place.services.settings.web)
    server.start()
    try:
        get = _over_http(listener, visitor)
        yield _figure(f"queue over HTTP, {engine}", "/tickets", get, times)
    finally:
        server.stop()


def _figure(name: str, path: str, get: Get, times: int) -> Figure:
    """The best run is the median page, the goal is on the page of the 95th percentile."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        status = get(path)
        taken.append(time.perf_counter() - start)
        assert status == 200, f"{path} answered {status}"
    slow = percentile(taken, 0.95)
    return Figure(f"page: {name}, p95", "s", (slow,), GOAL, False, f"p50 {percentile(taken, 0.5):.3f} s")


def _over_http(listener: socket.socket, visitor: Visitor) -> Get:
    host, port = listener.getsockname()[:2]
    cookies = {"Cookie": "; ".join(f"{one.key}={one.value}" for one in _cookies(visitor))}
    connection = http.client.HTTPConnection(host, port, timeout=60)

    def get(path: str) -> int:
        connection.request("GET", path, headers=cookies)
        answer = connection.getresponse()
        answer.read()
        return answer.status

    return get


def _cookies(visitor: Visitor) -> list[Any]:
    return list(visitor.client._cookies.values())
