"""`python -m benchmarks [NAME…] [--quick]`: measure, print the table, keep it as JSON in var/bench."""

import argparse
import importlib
import logging
import sys

from benchmarks.figures import Figure, Options, machine, table, write
from benchmarks.place import ground
from tests.support import dovecot, postgres

NAMES = ("road", "stored", "memory", "latency", "pages", "starting", "senders", "kills")


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    asked.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(NAMES)} (all of them), ceiling")
    asked.add_argument(
        "--quick", action="store_true", help="few mails, tickets and kills: does it run at all"
    )
    asked.add_argument("--runs", type=int, default=3)
    asked.add_argument("--mails", type=int, default=2_000)
    asked.add_argument(
        "--engines", nargs="+", default=["sqlite", "postgresql"], choices=["sqlite", "postgresql"]
    )
    chosen = asked.parse_args()
    logging.disable(logging.WARNING)
    if missing := _missing(chosen.engines):
        sys.stderr.write(f"Not installed: {missing}.\n")
        return 1
    options = Options(chosen.quick, chosen.runs, tuple(chosen.engines), chosen.mails)
    figures = measured(chosen.names or NAMES, options)
    path = write(figures, " ".join(["python -m benchmarks", *sys.argv[1:]]))
    sys.stdout.write(f"\n{machine()['machine']}\n\n{table(figures)}\n\nKept in {path}\n")
    return 0


def measured(names: "list[str] | tuple[str, ...]", options: Options) -> list[Figure]:
    """Each figure is said as soon as it is there: the whole takes an hour."""
    figures = []
    with ground(options.engines) as servers:
        for name in names:
            for one in importlib.import_module(f"benchmarks.{name}").measure(servers, options):
                sys.stdout.write(f"{one.name}: {one.best:.4g} {one.unit} {one.note}\n")
                sys.stdout.flush()
                figures.append(one)
    return figures


def _missing(engines: list[str]) -> str:
    needed = {"Dovecot": dovecot.binary(), "PostgreSQL": "postgresql" not in engines or postgres.binaries()}
    return ", ".join(name for name, there in needed.items() if not there)


if __name__ == "__main__":
    sys.exit(main())
