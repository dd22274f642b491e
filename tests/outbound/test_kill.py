"""A deliverer that is killed anywhere loses nothing and sends nothing twice."""

import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from helpdesk.outbound.deliver import deliver_due
from helpdesk.services import Services
from tests.outbound.conftest import sending_to
from tests.outbound.samples import queue, states
from tests.support.smtp import Fault, SmtpServer, Step

MAILS, KILLS = 60, 20
ROOT = Path(__file__).resolve().parents[2]


def ready_deliverer(services: Services, smtp: SmtpServer) -> subprocess.Popen[str]:
    settings = services.settings
    arguments = [settings.database_url, str(settings.data_folder), str(smtp.port)]
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.outbound.deliverer", *arguments],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert child.stdout
    assert child.stdout.readline() == "ready\n"
    return child


def go(child: subprocess.Popen[str]) -> None:
    assert child.stdin
    child.stdin.write("go\n")
    child.stdin.flush()


def taken_by_recipient(smtp: SmtpServer) -> Counter[str]:
    return Counter(mail.recipients[0] for mail in smtp.taken)


@pytest.mark.slow
def test_killed_twenty_times_every_mail_is_sent_once_or_known_to_be_in_doubt(
    sqlite_services: Services,
) -> None:
    recipients = [f"nurse{n}@ward.example" for n in range(MAILS)]
    queue(sqlite_services, *recipients)
    chance = random.Random(4)
    # A slow server makes the moments in which a kill hurts as likely as the others.
    with SmtpServer(faults=[Fault(Step.END, delay=0.01), Fault(Step.DATA, delay=0.004)]) as smtp:
        killed = 0
        while killed < KILLS:
            child = ready_deliverer(sqlite_services, smtp)
            go(child)
            time.sleep(chance.uniform(0, 0.09))
            if child.poll() is None:
                killed += 1
            child.kill()
            child.wait()
            if "queued" not in states(sqlite_services).values() and killed >= KILLS // 2:
                break
        assert killed >= KILLS // 2
        services = sending_to(sqlite_services, smtp)
        while (result := deliver_due(services)).sent or result.recovered:
            pass
        time.sleep(0.1)  # what a killed process had sent is still being taken
        taken = taken_by_recipient(smtp)
    ends = states(sqlite_services)
    assert max(taken.values()) == 1
    assert set(ends) == set(recipients)
    assert set(ends.values()) <= {"sent", "uncertain"}
    assert {to for to, end in ends.items() if end == "sent"} <= set(taken)
    assert set(recipients) - set(taken) <= {to for to, end in ends.items() if end == "uncertain"}
    assert list(ends.values()).count("uncertain") <= killed


@pytest.mark.slow
@pytest.mark.server
def test_three_deliverers_at_once_on_postgresql_send_each_mail_once(postgres_services: Services) -> None:
    recipients = [f"nurse{n}@ward.example" for n in range(MAILS)]
    queue(postgres_services, *recipients)
    with SmtpServer(faults=[Fault(Step.END, delay=0.005)]) as smtp:
        children = [ready_deliverer(postgres_services, smtp) for _ in range(3)]
        for child in children:
            go(child)
        assert [child.wait(60) for child in children] == [0, 0, 0]
        taken = taken_by_recipient(smtp)
        senders = smtp.connections
    assert taken == Counter(recipients)
    assert set(states(postgres_services).values()) == {"sent"}
    assert senders > 1
