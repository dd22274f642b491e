"""A thousand kills at random moments: nothing lost, nothing doubled. Five rounds of the kill test's two hundred mails."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figures import Figure, Options
from benchmarks.place import Ground
from helpdesk import migrations
from helpdesk.services import start
from tests.conftest import settings_for
from tests.integration import test_kill
from tests.support.lives import snapshot
from tests.support.road import set_up
from tests.support.smtp import SmtpServer

KILLS, ROUND = 1_000, 200


def measure(ground: Ground, options: Options) -> Iterator[Figure]:
    kills, rounds = (20, 1) if options.quick else (ROUND, KILLS // ROUND)
    survived = at_work = 0
    for _ in range(rounds):
        folder = Path(tempfile.mkdtemp(dir=ground.folder, prefix="kills-"))
        at_work += _round(ground, folder, kills)
        survived += kills
        shutil.rmtree(folder, ignore_errors=True)
    note = f"{at_work} while mails were under way; tickets, messages, mails and trail as without them"
    yield Figure("kills survived", "", (float(survived),), float(kills * rounds), note=note)


def _round(ground: Ground, folder: Path, kills: int) -> int:
    """One place that is killed and one that is not must end alike. Returns how many kills fell on work."""
    services = start(settings_for(folder / "start"))
    migrations.upgrade(services.engine)
    tickets = [before for state in test_kill.STATES if (before := set_up(services, state))]
    services.engine.dispose()
    mails = test_kill.two_hundred(tickets)
    with SmtpServer() as one, SmtpServer() as other:
        places = []
        for name, smtp in (("undisturbed", one), ("killed", other)):
            user = ground.dovecot.user()
            user.deliver(*mails)
            places.append(test_kill.Place(folder / name, folder / "start", user, smtp))
        undisturbed, killed = places
        undisturbed.run(0)
        run = killed.run(kills)
        assert snapshot(killed.services()) == snapshot(undisturbed.services())
        test_kill.assert_sent_once(killed)
    return run.kills_at_work
