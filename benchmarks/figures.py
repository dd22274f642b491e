"""A measured figure: its runs, the best of them, the load of the machine while they ran."""

import json
import os
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[1] / "var" / "bench"


@dataclass(frozen=True)
class Figure:
    """`runs` are what was measured, in `unit`; `best` is the highest or the lowest of them."""

    name: str
    unit: str
    runs: tuple[float, ...]
    goal: float | None = None
    more_is_better: bool = True
    note: str = ""
    load: float = field(default_factory=lambda: os.getloadavg()[0])

    @property
    def best(self) -> float:
        return max(self.runs) if self.more_is_better else min(self.runs)

    @property
    def median(self) -> float:
        return statistics.median(self.runs)

    @property
    def met(self) -> bool | None:
        """Whether the best run meets the goal; None where there is none."""
        if self.goal is None:
            return None
        return self.best >= self.goal if self.more_is_better else self.best <= self.goal


@dataclass(frozen=True)
class Options:
    """How much is measured."""

    quick: bool = False
    runs: int = 3
    engines: tuple[str, ...] = ("sqlite", "postgresql")
    mails: int = 2_000

    @property
    def count(self) -> int:
        return 300 if self.quick else self.mails


@dataclass(frozen=True)
class Spent:
    """Seconds on the clock, and of both processors' time: this process, and the children that it has reaped."""

    wall: float
    cpu: float


def timed(work: Callable[[], object]) -> Spent:
    wall, cpu = time.perf_counter(), _cpu()
    work()
    return Spent(time.perf_counter() - wall, _cpu() - cpu)


def _cpu() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share of the values lies (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def table(figures: Sequence[Figure]) -> str:
    """The figures as a Markdown table."""
    lines = [
        "| what | best | median | goal | runs | load |",
        "|---|---|---|---|---|---|",
    ]
    for one in figures:
        goal = "" if one.goal is None else f"{number(one.goal)} {'met' if one.met else 'MISSED'}"
        name = f"{one.name} ({one.note})" if one.note else one.name
        lines.append(
            f"| {name} | {number(one.best)} {one.unit} | {number(one.median)} | {goal} | {len(one.runs)} | {one.load:.1f} |"
        )
    return "\n".join(lines)


def number(value: float) -> str:
    """Three digits that count."""
    if value == 0 or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def write(figures: Sequence[Figure], command: str) -> Path:
    """Keep the figures as JSON, with the machine, the date and the command."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    at = datetime.now(UTC)
    path = FOLDER / f"{at:%Y%m%d-%H%M%S}.json"
    path.write_text(json.dumps({**machine(), "at": at.isoformat(), "command": command, "figures": [
        {**asdict(one), "best": one.best, "median": one.median, "met": one.met} for one in figures
    ]}, indent=1))  # fmt: skip
    return path


def machine() -> dict[str, Any]:
    model = next(
        (
            line.split(":")[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.machine(),
    )
    return {
        "machine": f"{model}, {os.cpu_count()} cores",
        "system": platform.platform(),
        "python": platform.python_version(),
    }
