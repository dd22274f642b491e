"""Kill a process that runs the road, at random, until everything is done; and compare what came of it."""

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select

from helpdesk.db import reading
from helpdesk.models import Message, OutboxMail, Receipt, Ticket
from helpdesk.services import Services

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Run:
    """How often the process was killed, and how many receipts had ended after each kill."""

    kills: int
    ended: list[int]

    @property
    def kills_at_work(self) -> int:
        """Kills that fell between the first and the last mail."""
        return sum(0 < count < self.ended[-1] for count in self.ended)


class Zygote:
    """The warm parent of every life."""

    def __init__(self, settings: dict[str, Any], folder: Path) -> None:
        path = folder / "settings.json"
        path.write_text(json.dumps(settings))
        self._errors = (folder / "zygote.log").open("w")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.zygote", str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            cwd=ROOT,
        )
        assert self._line() == "ready", (folder / "zygote.log").read_text()

    def life(self, seconds: float | None = None, *, settings: Path | None = None, point: str = "") -> bool:
        """Let one child live for so long (None: to its end). True when it came to its own end.

        `settings`: a file with the settings of another place; `point`: where it kills itself.
        """
        wanted = {"point": point} | ({"settings": str(settings)} if settings else {})
        assert self._process.stdin
        self._process.stdin.write(json.dumps(wanted) + "\n")
        self._process.stdin.flush()
        child = int(self._line().split()[1])
        assert self._line() == "working"
        if seconds is not None:
            time.sleep(seconds)
            # It may have ended by itself a moment ago; its parent has not let the number go yet, or it has.
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        status = int(self._line().split()[1])
        assert status in (0, signal.SIGKILL), f"the child ended with {status}"
        return status == 0

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        self._errors.close()

    def _line(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline().strip()


def kill_until_done(zygote: Zygote, ended: Callable[[], int], *, kills: int, mails: int, seed: int) -> Run:
    """Kill at random moments; after `kills` of them let it finish.

    A life counts from when everything is open. Lives grow while they end before a mail does and shrink when
    too many do, so that the kills fall all along the work, on a fast machine and on a busy one.
    """
    chance, longest = random.Random(seed), 0.1
    counts: list[int] = []
    while len(counts) < kills:
        assert not zygote.life(chance.uniform(0.0, longest)), f"it was done after {len(counts)} kills"
        counts.append(ended())
        gained = counts[-1] - (counts[-2] if len(counts) > 1 else 0)
        fair = (mails - counts[-1]) / (kills - len(counts) + 2)
        longest *= 1.25 if gained < fair else max(0.4, 0.9 * fair / max(gained, 1))
    assert zygote.life(None)
    return Run(kills, [*counts, ended()])


def snapshot(services: Services) -> dict[str, Counter[Any]]:
    """What the database says in the end, without ids and times."""
    with reading(services.sessions) as session:
        numbers = dict(session.execute(select(Ticket.id, Ticket.number)).tuples().all())
        tickets = session.scalars(select(Ticket)).all()
        messages = session.scalars(select(Message)).all()
        mails = session.scalars(select(OutboxMail)).all()
        receipts = session.scalars(select(Receipt)).all()
        return {
            "tickets": Counter(
                (t.number, t.state, t.subject, t.requester_address, t.held_messages) for t in tickets
            ),
            "messages": Counter(
                (numbers[m.ticket_id], m.direction, m.standing, m.author_address, m.subject, m.text)
                for m in messages
            ),
            "mails": Counter((numbers.get(m.ticket_id or 0), m.kind, m.to_address, m.subject) for m in mails),
            "receipts": Counter((r.digest, r.state, r.outcome) for r in receipts),
        }
