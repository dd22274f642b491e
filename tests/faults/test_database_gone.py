"""PostgreSQL stops in the middle, as if its machine lost its power, and comes back: nothing is lost, nothing doubled."""

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from helpdesk import migrations
from helpdesk.jobs.faults import sentence
from helpdesk.outbound import claims
from helpdesk.services import start
from tests.conftest import need, settings_for
from tests.faults.conftest import Common
from tests.faults.running import pipeline_of, until_done
from tests.faults.scene import Ends, Scene, make_scene
from tests.integration.test_kill import STATES
from tests.support import points, postgres
from tests.support.dovecot import Dovecot
from tests.support.postgres import Cluster
from tests.support.road import set_up
from tests.support.smtp import SmtpServer
from tests.support.zygote import turn

pytestmark = [pytest.mark.server, pytest.mark.slow, pytest.mark.xdist_group("faults")]


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    need(postgres.binaries(), "PostgreSQL")
    with postgres.running(durable=True) as made:
        yield made


@pytest.fixture
def place(
    cluster: Cluster,
    common: Common,
    dovecot_server: Dovecot,
    smtp_server: Callable[[], SmtpServer],
    tmp_path: Path,
) -> Scene:
    """A scene on PostgreSQL, with the key and the tickets that the others start from."""
    folder = Path(shutil.copytree(common.folder, tmp_path / "data"))
    database = f"{cluster.url}/{_new_database(cluster)}"
    services = start(settings_for(folder, database=database))
    migrations.upgrade(services.engine)
    tickets = [before for state in STATES if (before := set_up(services, state))]
    services.engine.dispose()
    return make_scene(folder, tickets, dovecot_server, smtp_server(), None, database=database)


def _new_database(cluster: Cluster) -> str:
    engine = create_engine(f"{cluster.url}/postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        name = f"scene_{len(connection.execute(text('SELECT 1 FROM pg_database')).all())}"
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return name


@pytest.mark.parametrize("point", ["answer written", "before the move", "mail taken"])
def test_gone_at(
    point: str,
    place: Scene,
    cluster: Cluster,
    scanner: Any,
    undisturbed: Ends,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    services = place.services()
    with points.at(point, cluster.stop), pytest.raises(Exception) as caught:  # noqa: PT011 (its sentence is looked at)
        until_done(services, scanner)
    said = sentence(caught.value)
    assert said
    assert "database" in said
    with pytest.raises(Exception) as caught:  # noqa: PT011 (as above)
        turn(services, pipeline_of(services, scanner))
    assert sentence(caught.value), "while it is down, each try says so"
    cluster.start()
    monkeypatch.setattr(
        claims, "LEASE", timedelta(0)
    )  # what was being sent is settled when its lease is over
    until_done(services, scanner)  # with the same pool of connections: nobody has to start the service again
    services.engine.dispose()
    assert place.ends() == undisturbed
    place.assert_sent_once()
