"""The library that runs the models tells nobody that it does."""

import os
import subprocess
import sys
from pathlib import Path

LOAD = """
import helpdesk
from helpdesk.pii.semantic import Masked, Semantic
Semantic.load().judge([Masked("Sam Jones was rushed in with a ruptured appendix")])
"""


def test_reading_with_a_model_leaves_no_telemetry_behind(tmp_path: Path) -> None:
    """onnxruntime keeps what it would send in the user's cache: nothing may be there."""
    asks_for_it = {"ORT_DISABLE_TELEMETRY": "0", "ORT_TELEMETRY_DISABLED": "0"}
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "CI"))}
    subprocess.run(
        [sys.executable, "-c", LOAD], env=ours | asks_for_it | {"HOME": str(tmp_path)}, check=True, timeout=60
    )
    assert list(tmp_path.rglob("*")) == []
