"""Two whole helpdesks on one mailbox and one database at once: each mail is taken, answered and sent once."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Lock
from typing import Any

import pytest

from helpdesk.pii.values import Context, Piece, Verdict
from tests.faults.running import until_done
from tests.faults.scene import Ends, Scene
from tests.faults.test_database_gone import cluster, place  # noqa: F401 (fixtures)

pytestmark = [pytest.mark.server, pytest.mark.slow, pytest.mark.xdist_group("faults")]


class InTurn:
    """One scanner for two threads, which processes of their own would not share."""

    def __init__(self, scanner: Any) -> None:
        self._scanner, self._lock = scanner, Lock()

    def scan(self, pieces: Sequence[Piece], context: Context, *, strict: bool = False) -> Verdict:
        with self._lock:
            return self._scanner.scan(pieces, context, strict=strict)


def run_twice_at_once(scene: Scene, scanner: Any) -> None:
    together, shared = Barrier(2), InTurn(scanner)

    def run() -> None:
        services = scene.services()
        together.wait(10)
        until_done(services, shared)
        services.engine.dispose()

    with ThreadPoolExecutor(2) as pool:
        for one in [pool.submit(run), pool.submit(run)]:
            one.result(60)


def test_two_on_sqlite(scene: Callable[..., Scene], scanner: Any, undisturbed: Ends) -> None:
    there = scene()
    run_twice_at_once(there, scanner)
    assert there.ends() == undisturbed
    there.assert_sent_once()


def test_two_on_postgresql(place: Scene, scanner: Any, undisturbed: Ends) -> None:  # noqa: F811 (a fixture)
    run_twice_at_once(place, scanner)
    assert place.ends() == undisturbed
    place.assert_sent_once()
