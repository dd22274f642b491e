"""`python -m benchmarks.fuzz`: run for so long, say what was found, keep the inputs."""

import argparse
import logging
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.figures import FOLDER
from benchmarks.fuzz.targets import all_targets
from benchmarks.fuzz.watch import fuzz


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m benchmarks.fuzz", description=__doc__)
    asked.add_argument("--minutes", type=float, default=1)
    asked.add_argument("--seed", type=int, default=int(time.time()))
    asked.add_argument("--only", nargs="*", default=[], help="mail, html, document")
    asked.add_argument("--out", type=Path, default=FOLDER.parent / "fuzz")
    options = asked.parse_args()
    logging.disable(logging.CRITICAL)
    with tempfile.TemporaryDirectory(prefix="helpdesk-fuzz-") as folder:
        targets = [one for one in all_targets(Path(folder)) if not options.only or one.name in options.only]
        report = fuzz(targets, options.minutes * 60, seed=options.seed)
    counts = ", ".join(f"{count} {name}" for name, count in report.inputs.items())
    sys.stdout.write(f"seed {options.seed}: {counts}; {len(report.findings)} defects\n")
    for path, found in zip(report.save(options.out), report.findings.values(), strict=True):
        sys.stdout.write(
            f"{found.target}: {found.kind} at {found.place or '?'}: {len(found.data)} bytes, {path}\n"
        )
    return 1 if report.findings else 0


if __name__ == "__main__":
    sys.exit(main())
