"""One child process as its parent sees it: start it, ask it, kill it."""

import os
import socket
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

from helpdesk.pii.documents import wire
from helpdesk.pii.documents.values import Limits, Why

ROOT = Path(__file__).resolve().parents[3]
START_SECONDS = 60.0
GRACE_SECONDS = 5.0
BYTES_A_CHARACTER = 7  # a control character is \\u0000 in JSON
SPARE_BYTES = 4 << 20
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


class ChildFault(Exception):
    """The child died, hung or talked nonsense; it must not be asked again."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(slots=True)
class Child:
    """A running child and the link to it."""

    process: subprocess.Popen[bytes]
    link: socket.socket
    isolation: dict[str, bool] = field(default_factory=dict)
    memory_mb: int = 0
    served: int = 0

    @classmethod
    def start(cls, kind: str) -> "Child":
        """Start a child of this kind; ChildFault when it does not come up."""
        ours, theirs = socket.socketpair()
        with theirs:
            process = subprocess.Popen(
                [
                    sys.executable,
                    "-s",
                    "-P",
                    "-m",
                    "helpdesk.pii.documents.worker",
                    str(theirs.fileno()),
                    kind,
                ],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=_environment(),
                cwd="/",
            )
        child = cls(process, ours)
        head, _ = child._receive(1 << 16, monotonic() + START_SECONDS)
        child.isolation, child.memory_mb = head["isolation"], head["memory_mb"]
        return child

    def ask(self, head: dict[str, Any], body: bytes, limits: Limits) -> tuple[dict[str, Any], bytes]:
        """Send one document and wait for the answer; ChildFault where none comes in time."""
        self.served += 1
        until = monotonic() + limits.wall_seconds
        most = limits.text_characters * BYTES_A_CHARACTER + 4 * limits.file_bytes + SPARE_BYTES
        try:
            self.link.settimeout(limits.wall_seconds)
            wire.send(self.link, head, body)
        except OSError as fault:
            raise self._fault(fault) from None
        answer, blob = self._receive(most, until)
        self.memory_mb = answer.get("memory_mb", self.memory_mb)
        return answer, blob

    def kill(self) -> None:
        self.link.close()
        self.process.kill()
        self.process.wait()

    def _receive(self, most: int, until: float) -> tuple[dict[str, Any], bytes]:
        try:
            return wire.receive(self.link, most, until)
        except (OSError, wire.WireFault) as fault:
            raise self._fault(fault) from None

    def _fault(self, fault: Exception) -> ChildFault:
        """What the end of the child tells: SIGXCPU and a late answer are time, the rest is a crash."""
        late = isinstance(fault, TimeoutError)
        if not late:
            try:
                late = self.process.wait(GRACE_SECONDS) == -24  # SIGXCPU
            except subprocess.TimeoutExpired:
                late = False
        self.kill()
        return ChildFault(Why.TIMED_OUT if late else Why.CRASHED)


def _environment() -> dict[str, str]:
    """Nothing of ours goes to the child: settings may hold secrets."""
    keep = {
        name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT") if name in os.environ
    }
    return {**keep, **ONE_THREAD, "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "1"}
