"""Where the running demo listens, kept in a file so that other commands find it."""

import contextlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

NAME = "running.json"


@dataclass(frozen=True)
class Ports:
    """The ports of the embedded servers. These are tried first, so that a mail client can be set up for good."""

    imap: int = 1143
    smtp: int = 1025


def read_ports(folder: Path) -> Ports:
    """The ports of the demo that runs in this folder, or the usual ones."""
    try:
        return Ports(**json.loads((folder / NAME).read_text()))
    except (OSError, ValueError, TypeError):
        return Ports()


def write_ports(folder: Path, ports: Ports) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / NAME).write_text(json.dumps(asdict(ports)))


def forget_ports(folder: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        (folder / NAME).unlink()
