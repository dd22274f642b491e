"""Checks of the machine: room on the disk, the clock, the web assets."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

from helpdesk import web
from helpdesk.cli.checks.values import Finding, fault, ok, warning
from helpdesk.config import Settings
from helpdesk.db import now

LOW_BYTES = 2 * 2**30
TOO_LOW_BYTES = 200 * 2**20
EARLIEST_YEAR = 2025  # a clock before it was never set


def disk(settings: Settings) -> Iterator[Finding]:
    """Room where the data are, and the right to write there."""
    folder = _nearest(settings.data_folder.absolute())
    if not os.access(folder, os.W_OK):
        yield fault("disk", f"{folder} cannot be written to; mend its rights or set data_folder.")
        return
    free = shutil.disk_usage(folder).free
    said = f"{free / 2**30:.1f} GiB free in {folder}"
    if free < TOO_LOW_BYTES:
        yield fault("disk", f"Only {said}; make room, or mail will stay in its mailboxes.")
    elif free < LOW_BYTES:
        yield warning("disk", f"Only {said}.")
    else:
        yield ok("disk", f"{said}.")


def clock(settings: Settings) -> Iterator[Finding]:
    """The time, which periods, tokens and the 72 hours of a breach are counted by."""
    at = now()
    if at.year < EARLIEST_YEAR:
        yield fault("clock", f"The clock says {at:%Y-%m-%d}; set it.")
    else:
        yield ok(
            "clock",
            f"It is {at.astimezone(ZoneInfo(settings.timezone)):%Y-%m-%d %H:%M} in {settings.timezone}.",
        )


def assets(_settings: Settings) -> Iterator[Finding]:
    """The styles and scripts of the pages, which are built once."""
    if (Path(web.__file__).parent / "static" / "manifest.json").exists():
        yield ok("web assets", "They are built.")
    else:
        yield fault("web assets", "They are not built; run `python3 tools/assets.py` (`make run` does so).")


def _nearest(folder: Path) -> Path:
    """The folder, or the nearest above it that is there: it is made at the first start."""
    return folder if folder.is_dir() else _nearest(folder.parent)
