"""Users are added and changed by people at the machine, whose acts are in the trail."""

import pytest
from sqlalchemy import select

from helpdesk.cli.checks import accounts as checks
from helpdesk.cli.checks.values import Level
from helpdesk.db import now, reading, writing
from helpdesk.models import AuditEntry, Ticket, User, WebSession
from helpdesk.tickets.states import State
from helpdesk.web.auth.passwords import is_right
from tests.cli.conftest import Line
from tests.web import rows

ASHA = "asha@northmoor.example"
SECRET = "three random words"
HR = """
[desks.hr]
name = "HR Desk"
address = "hr@northmoor.example"
prefix = "HR"
"""


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
    "command",
    [("disable",), ("enable",), ("password",), ("role", "admin"), ("desks", "--all")],
    ids="-".join,
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


@pytest.fixture
def two_desks(line: Line) -> Line:
    line.file.write_text(line.file.read_text() + HR)
    return line


def test_an_agent_is_for_all_desks_unless_some_are_named(two_desks: Line) -> None:
    _add(two_desks)
    assert (_user(two_desks).desks, two_desks.rows("users", "list")[0]["desks"]) == (None, "all")
    said = two_desks("users", "desks", ASHA, "--desk", "hr", "--desk", "it")
    assert (said.exit_code, "hr, it" in said.output) == (0, True)
    assert _user(two_desks).desks == two_desks.rows("users", "list")[0]["desks"] == ["hr", "it"]
    assert two_desks("users", "desks", ASHA, "--all").exit_code == 0
    assert _user(two_desks).desks is None


def test_an_agent_is_added_for_a_desk(two_desks: Line) -> None:
    done = two_desks(
        "users", "add", ASHA, "--name", "A", "--role", "agent", "--desk", "hr", "--password-stdin",
        stdin=SECRET + "\n",
    )  # fmt: skip
    assert (done.exit_code, "for the desks hr" in done.output) == (0, True)
    assert _user(two_desks).desks == ["hr"]
    assert _details(two_desks, "user.added") == [{"email": ASHA, "role": "agent", "desks": "hr"}]


def test_what_the_agent_owned_elsewhere_goes_back_and_all_of_it_is_in_the_trail(two_desks: Line) -> None:
    _add(two_desks)
    with writing(two_desks.services.sessions) as session:
        agent = session.scalars(select(User)).one()
        for prefix in ("IT", "HR"):
            rows.add_ticket(session, prefix=prefix, owner=agent, state=State.ASSIGNED)
    said = two_desks("users", "desks", ASHA, "--desk", "it").output
    assert "1 of their tickets is back in the queue of another desk" in said
    with reading(two_desks.services.sessions) as session:
        owners = dict(session.execute(select(Ticket.desk, Ticket.owner_id)).tuples().all())
    assert owners == {"it": agent.id, "hr": None}
    changed = {"email": ASHA, "role": "agent", "desks": "it", "was": "all"}
    assert _details(two_desks, "user.desks_changed") == [changed]
    assert _details(two_desks, "ticket.assigned") == [{"owner": ""}]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--desk", "payroll"), 1, "There is no desk 'payroll' in the settings; it has: it, hr."),
        (("--desk", "it", "--desk", "payroll"), 1, "There is no desk 'payroll'"),
        ((), 2, "Say which"),
        (("--desk", "it", "--all"), 2, "Say which"),
    ],
)
def test_desks_that_cannot_be_are_refused(
    two_desks: Line, words: tuple[str, ...], code: int, said: str
) -> None:
    _add(two_desks)
    done = two_desks("users", "desks", ASHA, *words)
    assert (done.exit_code, said in done.stderr) == (code, True)
    assert _user(two_desks).desks is None


def test_only_agents_have_desks(two_desks: Line) -> None:
    add = ("users", "add", ASHA, "--name", "A", "--role", "ig_officer", "--password-stdin")
    assert "Only agents have desks" in two_desks.fails(*add, "--desk", "it", stdin=SECRET + "\n")
    assert two_desks.rows("users", "list") == []
    assert two_desks(*add, stdin=SECRET + "\n").exit_code == 0
    assert "Only agents have desks" in two_desks.fails("users", "desks", ASHA, "--desk", "it")
    assert two_desks.rows("users", "list")[0]["desks"] is None


def test_a_role_given_and_taken_back_does_not_widen_what_is_seen(two_desks: Line) -> None:
    _add(two_desks)
    two_desks("users", "desks", ASHA, "--desk", "it")
    two_desks("users", "role", ASHA, "ig_officer")
    assert "for the desks it" in two_desks("users", "role", ASHA, "agent").output
    assert _user(two_desks).desks == ["it"]


def test_the_doctor_names_accounts_whose_desks_are_gone(two_desks: Line) -> None:
    _add(two_desks)
    settings = two_desks.services.settings
    (fine,) = checks.desks(settings)
    assert fine.level is Level.OK
    two_desks("users", "desks", ASHA, "--desk", "hr")
    (gone,) = checks.desks(settings)  # which have the IT desk alone
    assert (gone.level, ASHA in gone.sentence, "no tickets at all" in gone.sentence) == (
        Level.WARNING,
        True,
        True,
    )
    two_desks("users", "desks", ASHA, "--desk", "hr", "--desk", "it")
    (gone,) = checks.desks(settings)
    assert "none of their tickets" in gone.sentence


@pytest.mark.parametrize("words", [("disable",), ("role", "agent")], ids="-".join)
def test_the_only_admin_stays(line: Line, words: tuple[str, ...]) -> None:
    _add(line)
    assert line("users", "role", ASHA, "admin").exit_code == 0
    name, *rest = words
    assert "only admin who can sign in" in line.fails("users", name, ASHA, *rest)
    assert (_user(line).role, _user(line).disabled_at) == ("admin", None)


def _details(line: Line, action: str) -> list[dict[str, object]]:
    with reading(line.services.sessions) as session:
        wanted = select(AuditEntry.detail).where(AuditEntry.action == action).order_by(AuditEntry.id)
        return list(session.scalars(wanted))
