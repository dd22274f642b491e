"""Ten seconds of the fuzzer, and that it would see a defect. `python -m benchmarks.fuzz --minutes 60` goes on."""

import random
import time
from pathlib import Path

import pytest

from benchmarks.fuzz.targets import Target, all_targets
from benchmarks.fuzz.watch import Limits, fuzz


@pytest.mark.slow
def test_no_changed_mail_is_a_defect(tmp_path: Path) -> None:
    report = fuzz(all_targets(tmp_path), 10, seed=1)
    assert set(report.inputs) >= {"mail", "html"}
    assert not report.findings, [(one.target, one.kind, one.place) for one in report.findings.values()]


def planted(read: object) -> Target:
    return Target("planted", lambda chance: chance.randbytes(8), read, 1)  # type: ignore[arg-type]


def _crash(raw: bytes) -> None:
    if raw[0] > 250:
        raise KeyError(raw)


def _hang(_raw: bytes) -> None:
    ends = time.process_time() + 20
    while time.process_time() < ends:
        pass


def _eat(_raw: bytes) -> int:
    return len(bytearray(b"x" * 60_000_000))


def _die(_raw: bytes) -> None:
    import ctypes

    ctypes.string_at(0)


@pytest.mark.parametrize(
    ("read", "kind"),
    [
        (_crash, "KeyError"),
        (_hang, "hang over 0.2 s"),
        (_eat, "memory over 50 MB"),
        (_die, "killed by SIGSEGV"),
    ],
)
def test_a_defect_is_found(read: object, kind: str, tmp_path: Path) -> None:
    report = fuzz([planted(read)], 0.6, seed=1, limits=Limits(seconds=0.2, megabytes=50))
    assert [found.kind for found in report.findings.values()] == [kind]
    (saved,) = report.save(tmp_path)
    assert len(saved.read_bytes()) == 8


def test_the_same_seed_changes_the_same_bytes(tmp_path: Path) -> None:
    (mail, *_) = all_targets(tmp_path)
    one, other = ([mail.make(random.Random(5)) for _ in range(20)] for _ in range(2))
    assert one == other
