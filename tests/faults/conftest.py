"""What the fault tests share: servers, one warm process that forks the lives, and a common start."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from helpdesk.services import start
from tests.conftest import need, settings_for
from tests.faults.scene import Ends, Scene, make_scene
from tests.integration.test_kill import STATES
from tests.support import dovecot
from tests.support.dovecot import Dovecot
from tests.support.lives import Zygote
from tests.support.road import Before, set_up
from tests.support.smtp import SmtpServer


@pytest.fixture(scope="session")
def dovecot_server() -> Iterator[Dovecot]:
    need(dovecot.binary(), "Dovecot (dovecot-imapd)")
    with dovecot.running() as server:
        yield server


@dataclass(frozen=True)
class Common:
    """A migrated database with a ticket in each state, to be copied."""

    folder: Path
    tickets: list[Before]


@pytest.fixture(scope="session")
def common(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Common:
    folder = tmp_path_factory.mktemp("common")
    (folder / "helpdesk.db").write_bytes(sqlite_template.read_bytes())
    services = start(settings_for(folder))
    tickets = [before for state in STATES if (before := set_up(services, state))]
    services.engine.dispose()
    return Common(folder, tickets)


@pytest.fixture(scope="session")
def smtp_server() -> Iterator[Callable[[], SmtpServer]]:
    """Starts a server that keeps what it takes."""
    started: list[SmtpServer] = []

    def make() -> SmtpServer:
        started.append(SmtpServer())
        started[-1].start()
        return started[-1]

    yield make
    for server in started:
        server.stop()


@pytest.fixture(scope="session")
def scene(
    common: Common,
    dovecot_server: Dovecot,
    smtp_server: Callable[[], SmtpServer],
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[..., Scene]:
    """Makes a scene on SQLite."""
    base, numbers = tmp_path_factory.mktemp("scenes"), itertools.count()

    def make(**over: Any) -> Scene:
        folder = base / str(next(numbers))
        return make_scene(folder, common.tickets, dovecot_server, smtp_server(), common.folder, **over)

    return make


@pytest.fixture(scope="session")
def zygote(scene: Callable[..., Scene], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Zygote]:
    made = Zygote(scene().settings, tmp_path_factory.mktemp("zygote"))
    yield made
    made.close()


@pytest.fixture(scope="session")
def undisturbed(zygote: Zygote, scene: Callable[..., Scene]) -> Ends:
    """What comes of the mails when nothing breaks."""
    place = scene()
    assert zygote.life(settings=place.settings_file)
    place.assert_sent_once()
    return place.ends()
