"""Running targets in a child that may crash, hang or eat memory, and keeping the input that made it."""

import contextlib
import faulthandler
import hashlib
import mmap
import os
import random
import signal
import struct
import time
import traceback
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.fuzz.mutate import LONGEST
from benchmarks.fuzz.targets import Target

_HEAD = struct.Struct("<QQQQ")  # inputs so far, target, length, seed of the input
_ROOM = 4_096


@dataclass(frozen=True)
class Limits:
    seconds: float = 5.0  # of processor time, so that a busy machine is not taken for a hang
    megabytes: float = 512.0


@dataclass(frozen=True)
class Finding:
    """One defect. `place` is where it arose; two with the same kind and place are one."""

    target: str
    kind: str
    place: str
    data: bytes = field(repr=False)


@dataclass
class Report:
    inputs: Counter[str] = field(default_factory=Counter)
    findings: dict[tuple[str, str, str], Finding] = field(default_factory=dict)

    def add(self, found: Finding) -> None:
        """Keep the smallest input of each defect."""
        key = (found.target, found.kind, found.place)
        if key not in self.findings or len(found.data) < len(self.findings[key].data):
            self.findings[key] = found

    def save(self, folder: Path) -> list[Path]:
        folder.mkdir(parents=True, exist_ok=True)
        paths = []
        for found in self.findings.values():
            mark = hashlib.sha256(found.data).hexdigest()[:8]
            path = folder / f"{found.target}-{found.kind.split()[0]}-{mark}.bin"
            path.write_bytes(found.data)
            path.with_suffix(".txt").write_text(f"{found.kind}\n{found.place}\n")
            paths.append(path)
        return paths


def fuzz(targets: Sequence[Target], seconds: float, *, seed: int = 0, limits: Limits = Limits()) -> Report:
    """Read changed inputs for so long. Each death of the child is a finding, and a new child goes on."""
    report, ends, life = Report(), time.monotonic() + seconds, 0
    with _Shared() as shared:
        while time.monotonic() < ends:
            life += 1
            found = _life(targets, shared, ends, f"{seed}.{life}", limits, report)
            if found:
                report.add(found)
    return report


def _life(
    targets: Sequence[Target], shared: "_Shared", ends: float, seed: str, limits: Limits, report: Report
) -> Finding | None:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _child(targets, shared, ends, seed, limits, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read().decode("utf-8", "replace")
    _, status = os.waitpid(child, 0)
    counts, _, rest = said.partition("\n\n")
    report.inputs.update({name: int(count) for name, count in (line.split("=") for line in counts.split())})
    if os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0:
        return None
    target, data = shared.current()
    name = targets[target].name
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        kind = (
            f"hang over {limits.seconds:g} s"
            if number == signal.SIGPROF
            else f"killed by {signal.Signals(number).name}"
        )
        return Finding(name, kind, "", data)
    kind, _, place = rest.partition("\n")
    return Finding(name, kind or "ended", place.strip(), data)


def _child(
    targets: Sequence[Target], shared: "_Shared", ends: float, seed: str, limits: Limits, out: int
) -> None:
    """Read until the time is over (exit 0) or the first defect (exit 1)."""
    chance, counts, said, code = random.Random(seed), Counter[str](), "", 0
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    faulthandler.disable()  # the parent says what ended us
    shares = [one.share for one in targets]
    while time.monotonic() < ends and not said:
        target = chance.choices(range(len(targets)), shares)[0]
        data = targets[target].make(chance)
        shared.set(target, data)
        said = _read(targets[target], data, limits)
        counts[targets[target].name] += 1
    with contextlib.suppress(OSError):
        head = "\n".join(f"{name}={count}" for name, count in counts.items())
        os.write(out, f"{head}\n\n{said}".encode()[:60_000])
        code = 1 if said else 0
    os._exit(code)


def _read(target: Target, data: bytes, limits: Limits) -> str:
    """What went wrong, as kind and place in two lines; empty when nothing did."""
    before = _start_counting_memory()
    signal.setitimer(signal.ITIMER_PROF, limits.seconds)
    try:
        target.read(data)
    except BaseException as fault:  # noqa: BLE001 (whatever it is, it is what is looked for)
        return f"{type(fault).__name__}\n{_place_of(fault)}"
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    used = _status("VmHWM") - before
    return f"memory over {limits.megabytes:g} MB\n{used:.0f} MB" if used > limits.megabytes else ""


def _place_of(fault: BaseException) -> str:
    frames = traceback.extract_tb(fault.__traceback__)
    ours = [one for one in frames if "helpdesk" in one.filename and "site-packages" not in one.filename]
    at = (ours or frames)[-1]
    last = frames[-1]
    return f"{Path(at.filename).name}:{at.lineno} {at.name} <- {Path(last.filename).name}:{last.lineno}"


def _start_counting_memory() -> float:
    """Set the high-water mark to what is used now (proc(5), clear_refs)."""
    Path("/proc/self/clear_refs").write_text("5")
    return _status("VmRSS")


def _status(name: str) -> float:
    with open("/proc/self/status") as lines:  # noqa: PTH123 (a thousand times a second)
        for line in lines:
            if line.startswith(name):
                return int(line.split()[1]) / 1024
    return 0.0


class _Shared:
    """Memory that outlives the child: which input it was reading."""

    def __enter__(self) -> "_Shared":
        self._memory = mmap.mmap(-1, _HEAD.size + LONGEST + _ROOM)
        return self

    def __exit__(self, *_: object) -> None:
        self._memory.close()

    def set(self, target: int, data: bytes) -> None:
        self._memory[: _HEAD.size] = _HEAD.pack(0, target, len(data), 0)
        self._memory[_HEAD.size : _HEAD.size + len(data)] = data

    def current(self) -> tuple[int, bytes]:
        _, target, length, _ = _HEAD.unpack(self._memory[: _HEAD.size])
        return target, bytes(self._memory[_HEAD.size : _HEAD.size + length])
