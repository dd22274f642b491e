"""Where the models are that these tests read: a tiny one of Rampart's form, kept here, and Rampart itself where it is named."""

import hashlib
import os
from pathlib import Path

from helpdesk.pii.rampart.runner import FILES

TINY = Path(__file__).parent / "tiny"
REAL = os.environ.get("HELPDESK_TEST_RAMPART", "")  # the folder models/rampart of the unpacked wheel


def fingerprint(folder: Path) -> str:
    """As docs/pii.md tells an operator to make it: `sha256sum FILES | sha256sum`."""
    lines = (f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in FILES)
    return hashlib.sha256("".join(lines).encode()).hexdigest()
