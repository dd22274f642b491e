"""Users are added and changed by people at the machine, whose acts are in the trail."""

import pytest
from sqlalchemy import select

from helpdesk.db import now, reading, writing
from helpdesk.models import AuditEntry, User, WebSession
from helpdesk.web.auth.passwords import is_right
from tests.cli.conftest import Line

ASHA = "asha@northmoor.example"
SECRET = "three random words"


def _add(line: Line, email: str = ASHA, password: str = SECRET) -> None:
    done = line(
        "users",
        "add",
        email,
        "--name",
        "Asha Verma",
        "--role",
        "agent",
        "--password-stdin",
        stdin=password + "\n",
    )
    assert done.exit_code == 0, done.output


def _user(line: Line) -> User:
    with reading(line.services.sessions) as session:
        return session.scalars(select(User).where(User.email == ASHA)).one()


def _signed_in(line: Line) -> bool:
    with reading(line.services.sessions) as session:
        return session.scalar(select(WebSession.id).where(WebSession.ended_at.is_(None))) is not None


@pytest.fixture
def with_user(line: Line) -> Line:
    _add(line)
    with writing(line.services.sessions) as session:
        session.add(WebSession(user_id=_user(line).id, token_hash="x", created_at=now(), seen_at=now()))
    return line


def test_a_user_is_added_and_listed(line: Line) -> None:
    _add(line)
    (row,) = line.rows("users", "list")
    assert (row["email"], row["role"], row["disabled"]) == (ASHA, "agent", False)
    assert is_right(SECRET, _user(line).password_hash)
    assert "password" not in str(row)


def test_the_password_is_asked_for_twice_and_not_shown(line: Line) -> None:
    done = line("users", "add", ASHA, "--name", "A", "--role", "admin", stdin=f"{SECRET}\n{SECRET}\n")
    assert done.exit_code == 0
    assert SECRET not in done.output


@pytest.mark.parametrize(
    ("email", "password", "word"),
    [
        (ASHA, "short", "12 characters"),
        ("no-address", SECRET, "mail address"),
        (ASHA, "asha" + SECRET, "email"),
    ],
)
def test_a_user_who_cannot_be_is_refused(line: Line, email: str, password: str, word: str) -> None:
    said = line.fails(
        "users", "add", email, "--name", "A", "--role", "agent", "--password-stdin", stdin=password + "\n"
    )
    assert word in said
    assert line.rows("users", "list") == []


def test_nobody_is_added_twice(with_user: Line) -> None:
    said = with_user.fails(
        "users", "add", ASHA.upper(), "--name", "A", "--role", "admin", "--password-stdin", stdin=""
    )
    assert "already" in said


def test_a_disabled_user_is_signed_out_and_can_be_enabled(with_user: Line) -> None:
    assert with_user("users", "disable", ASHA).exit_code == 0
    assert (with_user.rows("users", "list")[0]["disabled"], _signed_in(with_user)) == (True, False)
    assert with_user("users", "enable", ASHA).exit_code == 0
    assert with_user.rows("users", "list")[0]["disabled"] is False


def test_a_new_password_ends_a_lock_out_and_the_sessions(with_user: Line) -> None:
    with writing(with_user.services.sessions) as session:
        session.get_one(User, _user(with_user).id).locked_until = now()
    done = with_user("users", "password", ASHA, "--password-stdin", stdin="four other random words\n")
    assert done.exit_code == 0
    user = _user(with_user)
    assert (is_right("four other random words", user.password_hash), user.locked_until) == (True, None)
    assert not _signed_in(with_user)


def test_a_new_role_ends_the_sessions(with_user: Line) -> None:
    assert with_user("users", "role", ASHA, "ig_officer").exit_code == 0
    assert (_user(with_user).role, _signed_in(with_user)) == ("ig_officer", False)


@pytest.mark.parametrize(
    "command", [("disable",), ("enable",), ("password",), ("role", "admin")], ids="-".join
)
def test_an_unknown_user_is_named(line: Line, command: tuple[str, ...]) -> None:
    name, *rest = command
    assert "nobody@x.example" in line.fails("users", name, "nobody@x.example", *rest)


def test_each_act_is_in_the_trail_with_who_did_it(with_user: Line) -> None:
    with_user("users", "disable", ASHA)
    with_user("users", "enable", ASHA)
    with_user("users", "role", ASHA, "admin")
    with reading(with_user.services.sessions) as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [entry.action for entry in entries] == [
        "user.added", "user.disabled", "user.enabled", "user.role_changed",
    ]  # fmt: skip
    assert all(entry.actor.startswith("cli:") for entry in entries)
    assert all(SECRET not in str(entry.detail) for entry in entries)
