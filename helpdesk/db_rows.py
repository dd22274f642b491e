"""Rows of the busiest road, written without the unit of work.

A flush sorts out what depends on what, for all that a session holds; where one new object stands alone
that costs five times what the INSERT does. Rows that nobody reads before the commit wait for each other and
go in one statement, those of several mails together.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Insert, Table, Update, bindparam, insert, update
from sqlalchemy.orm import Session, make_transient_to_detached, object_mapper
from sqlalchemy.orm.attributes import set_committed_value


def insert_now(session: Session, row: object) -> None:
    """Insert a new object, as `add` and `flush` would; it has its id and its defaults, and is of the session.

    Its columns only: what it points to by a relationship is not followed, and has its id already.
    """
    form = _form(type(row))
    values = row.__dict__
    for name, make in form.defaults:
        if name not in values:
            values[name] = make()  # into its dict: nothing of it is to be noticed as a change
    made = session.execute(form.insert, {name: values[name] for name in form.columns if name in values})
    if values.get(form.key) is None:
        values[form.key] = made.inserted_primary_key[0]  # type: ignore[attr-defined]  # an INSERT's result has it
    make_transient_to_detached(row)
    session.add(row)


def insert_later(session: Session, kind: type[Any], **values: Any) -> None:
    """Insert a row at the end of the transaction, or when `write_waiting` is called. There is no object of it."""
    form = _form(kind)
    row = {name: make() for name, make in form.defaults} | values
    _waiting(session).setdefault(form.insert, []).append(row)


def update_later(session: Session, row: object, **values: Any) -> None:
    """Update these columns of an object that the session has: in the object now, in its row as `insert_later`."""
    form = _form(type(row))
    for name, value in values.items():
        set_committed_value(row, name, value)
    _waiting(session).setdefault(form.update, []).append({"_key": row.__dict__[form.key], **values})


def write_waiting(session: Session) -> None:
    """Write what waits; for whoever reads it in the same transaction. `db.writing` does so at its end."""
    waiting = _waiting(session)
    while waiting:
        statement = next(iter(waiting))
        session.execute(statement, waiting.pop(statement))


def _waiting(session: Session) -> dict[Insert | Update, list[dict[str, Any]]]:
    waiting: dict[Insert | Update, list[dict[str, Any]]] = session.info.setdefault("waiting", {})
    return waiting


class _Form:
    """What of a class is asked again and again. Each column bears its attribute's name."""

    def __init__(self, kind: type[Any]) -> None:
        mapper = object_mapper(kind())
        table = mapper.local_table
        assert isinstance(table, Table)  # noqa: S101 (every model is one table)
        (key,) = table.primary_key.columns
        self.key: str = key.name
        self.columns = tuple(column.name for column in table.columns)
        self.insert = insert(table)
        self.update = update(table).where(key == bindparam("_key"))
        self.defaults = tuple((c.name, _maker(c.default)) for c in table.columns if c.name != self.key)


_forms: dict[type[Any], _Form] = {}


def _form(kind: type[Any]) -> _Form:
    form = _forms.get(kind)
    if form is None:
        form = _forms[kind] = _Form(kind)
    return form


def _maker(default: Any) -> Callable[[], Any]:
    """What makes a column's default; nothing where it has none."""
    if default is None:
        return lambda: None
    if default.is_callable:
        return lambda: default.arg(None)
    return lambda: default.arg
