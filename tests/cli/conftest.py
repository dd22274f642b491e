"""A settings file with a migrated database, and a command line that works on it."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from helpdesk import config
from helpdesk.cli import main
from helpdesk.services import Services, start

SETTINGS = """
data_folder = "{folder}"
organisation = "Northmoor NHS Trust"
[desks.it]
name = "IT Service Desk"
address = "servicedesk@northmoor.example"
prefix = "IT"
[mailboxes.it]
desk = "it"
address = "servicedesk@northmoor.example"
host = "127.0.0.1"
port = 9
tls = "plaintext"
user = "servicedesk"
password = "hush-hush-imap"
timeout_seconds = 2
[smtp]
host = "127.0.0.1"
port = 9
tls = "plaintext"
password = "hush-hush-smtp"
timeout_seconds = 2
[trust]
own_domains = ["northmoor.example"]
[pii]
workers = 1
"""


@dataclass
class Line:
    """The command line with a settings file, in this process."""

    file: Path
    services: Services

    def __call__(self, *arguments: str, stdin: str = "") -> Result:
        return CliRunner().invoke(main, ["--settings", str(self.file), *arguments], input=stdin)

    def rows(self, *arguments: str, stdin: str = "") -> list[dict[str, Any]]:
        """What a command lists; it must end well."""
        done = self(*arguments, "--json", stdin=stdin)
        assert done.exit_code == 0, done.output
        return [json.loads(line) for line in done.stdout.splitlines()]

    def fails(self, *arguments: str, stdin: str = "") -> str:
        """The sentence of a command that must fail: on stderr, without a traceback."""
        done = self(*arguments, stdin=stdin)
        assert done.exit_code == 1, done.output
        assert isinstance(done.exception, SystemExit)
        assert not done.stdout
        return str(done.stderr)


@pytest.fixture
def settings_text(tmp_path: Path) -> str:
    return SETTINGS.format(folder=tmp_path / "var")


@pytest.fixture
def settings_file(tmp_path: Path, settings_text: str) -> Path:
    file = tmp_path / "helpdesk.toml"
    file.write_text(settings_text)
    return file


@pytest.fixture
def line(settings_file: Path, sqlite_template: Path) -> Iterator[Line]:
    settings = config.load(settings_file)
    settings.data_folder.mkdir()
    (settings.data_folder / "helpdesk.db").write_bytes(sqlite_template.read_bytes())
    services = start(settings)
    yield Line(settings_file, services)
    services.engine.dispose()


@pytest.fixture
def write_settings(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        file = tmp_path / "other.toml"
        file.write_text(text)
        return file

    return write
