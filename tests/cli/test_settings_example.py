"""The example file of settings loads, and leaves out no setting."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from pydantic import BaseModel

from helpdesk import config

EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "settings.example.toml"
NAMED = ("desks", "mailboxes")  # tables of tables with names of the operator's
LEFT_OUT = re.compile(r"^# (?=[a-z_.]+ = )", re.MULTILINE)


def test_it_loads_as_it_is() -> None:
    settings = config.load(EXAMPLE)
    assert list(settings.desks) == ["it", "hr"]


def test_it_loads_with_every_line_that_is_left_out(tmp_path: Path) -> None:
    file = tmp_path / "all.toml"
    text = LEFT_OUT.sub("", EXAMPLE.read_text())
    text = re.sub(r"/etc/helpdesk/policy.toml|/opt/models/\w+", str(tmp_path), text)  # these have to be there
    file.write_text(text)
    assert config.load(file).mailboxes["it"].port == 993


def _keys(model: type[BaseModel], path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every key of the settings; in a table of tables the name stands as `*`."""
    for name, info in model.model_fields.items():
        kinds = [kind for kind in (info.annotation, *get_args(info.annotation)) if isinstance(kind, type)]
        inner = next((kind for kind in kinds if issubclass(kind, BaseModel)), None)
        if inner is None:
            yield (*path, name)
        else:
            yield from _keys(inner, (*path, name, "*") if name in NAMED else (*path, name))


def _written(table: dict[str, object], path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, value in table.items():
        if not isinstance(value, dict):
            yield (*path, name)
        elif not path and name in NAMED:
            for one in value.values():
                yield from _written(one, (name, "*"))
        else:
            yield from _written(value, (*path, name))


def test_every_setting_is_in_it() -> None:
    written = set(_written(tomllib.loads(LEFT_OUT.sub("", EXAMPLE.read_text()))))
    assert set(_keys(config.Settings)) - written == set()


def test_what_it_says_holds_when_left_out_does_hold() -> None:
    """The numbers and words of the file are the defaults, so that nobody changes a setting by copying it."""
    settings, plain = config.load(EXAMPLE), config.load(None)
    for name in ("periods", "limits", "pii", "web", "timezone", "data_folder", "demo"):
        assert getattr(settings, name) == getattr(plain, name), name
