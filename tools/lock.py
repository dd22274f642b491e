"""Make locks/*.lock anew from pyproject.toml: hashes, no addresses, good for Python 3.11 to 3.13."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMPILE = [
    Path(sys.executable).parent / "uv", "pip", "compile", "pyproject.toml", "--extra", "demo", "--universal",
    "--python-version", "3.11", "--generate-hashes", "--no-emit-index-url", "--no-annotate", "--no-header", "-q",
]  # fmt: skip

for name, more in {"run": [], "dev": ["--group", "dev"]}.items():
    command = [*COMPILE, *more, "-o", f"locks/{name}.lock"]
    subprocess.run([str(part) for part in command], cwd=ROOT, check=True)
    print(f"locks/{name}.lock is new.")
