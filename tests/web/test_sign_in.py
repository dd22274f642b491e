"""Signing in: sessions, lock-out, and answers that do not tell who has an account."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import select, update

from helpdesk.db import now, reading, writing
from helpdesk.models import User, WebSession
from helpdesk.services import Services
from helpdesk.web import create_app
from helpdesk.web.auth import pace, passwords
from tests.conftest import settings_for
from tests.web import reads, rows
from tests.web.conftest import ScansTypedText, Visitor

EMAIL = rows.PEOPLE["agent"][0]


def user_of(services: Services, email: str = EMAIL) -> User:
    with reading(services.sessions) as session:
        return session.scalars(select(User).where(User.email == email)).one()


def change(services: Services, **values: object) -> None:
    with writing(services.sessions) as session:
        session.execute(update(User).where(User.email == EMAIL).values(**values))


def age(services: Services, **values: object) -> None:
    with writing(services.sessions) as session:
        session.execute(update(WebSession).values(**values))


def is_in(visitor: Visitor) -> bool:
    return visitor.get("/tickets").status_code == 200


def test_the_right_password_opens_the_door(visitor: Visitor, web_services: Services) -> None:
    assert not is_in(visitor)
    assert visitor.sign_in(EMAIL.upper() + " ").status_code == 302
    assert is_in(visitor)
    assert [act.actor for act in reads.acts(web_services, "sign_in.done")] == [EMAIL]


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(
    app: Flask, web_services: Services
) -> None:
    answers = []
    for email in (EMAIL, "nobody@northmoor.nhs.uk"):
        visitor = Visitor(app.test_client())
        page = visitor.sign_in(email, "not-the-password").text
        answers.append(page.replace(email, "EMAIL").split("<main")[1])
    strip = [page.split('name="csrf_token"')[0] + page.split('name="next"')[1] for page in answers]
    assert strip[0] == strip[1]
    assert "is not right" in strip[0]


def test_an_unknown_address_costs_a_hash_as_a_known_one_does(
    monkeypatch: pytest.MonkeyPatch, visitor: Visitor
) -> None:
    seen: list[str] = []
    real = PasswordHasher.verify

    def verify(self: PasswordHasher, stored: str, password: str) -> bool:
        seen.append(stored.rsplit("$", 2)[0])
        return real(self, stored, password)

    monkeypatch.setattr(PasswordHasher, "verify", verify)
    visitor.sign_in(EMAIL, "not-the-password")
    visitor.sign_in("nobody@northmoor.nhs.uk", "not-the-password")
    assert len(seen) == 2
    assert seen[0] == seen[1]


def test_the_trail_keeps_no_address_that_is_not_a_users(visitor: Visitor, web_services: Services) -> None:
    visitor.sign_in("typed.secret@example.org", "x")
    visitor.sign_in(EMAIL, "x")
    assert [act.actor for act in reads.acts(web_services, "sign_in.failed")] == ["unknown", EMAIL]
    assert "typed.secret" not in str([vars(act) for act in reads.acts(web_services)])


def test_too_many_failures_lock_the_account_for_a_while(visitor: Visitor, web_services: Services) -> None:
    for _ in range(web_services.settings.limits.sign_in_failures):
        wrong = visitor.sign_in(EMAIL, "wrong")
    locked = visitor.sign_in(EMAIL)
    assert locked.status_code == 400
    assert locked.text.count("is not right") == wrong.text.count("is not right")
    assert len(reads.acts(web_services, "sign_in.locked")) == 1
    assert [act.reason for act in reads.acts(web_services, "sign_in.refused")] == ["locked out"]

    change(web_services, locked_until=now() - timedelta(seconds=1))
    assert visitor.sign_in(EMAIL).status_code == 302


def test_a_lock_lasts_as_long_as_the_settings_say(visitor: Visitor, web_services: Services) -> None:
    for _ in range(web_services.settings.limits.sign_in_failures):
        visitor.sign_in(EMAIL, "wrong")
    until = user_of(web_services).locked_until
    minutes = web_services.settings.periods.lockout_minutes
    assert until is not None
    assert abs(until - now() - timedelta(minutes=minutes)) < timedelta(seconds=30)


def test_a_lock_does_not_sign_out_who_is_in(app: Flask, agent: Visitor, web_services: Services) -> None:
    stranger = Visitor(app.test_client())
    for _ in range(web_services.settings.limits.sign_in_failures):
        stranger.sign_in(EMAIL, "wrong")
    assert is_in(agent)


def test_a_right_password_forgets_the_failures_before_it(visitor: Visitor, web_services: Services) -> None:
    for _ in range(web_services.settings.limits.sign_in_failures - 1):
        visitor.sign_in(EMAIL, "wrong")
    visitor.sign_in(EMAIL)
    assert user_of(web_services).failed_sign_ins == 0


def test_a_disabled_user_cannot_sign_in_and_is_signed_out(agent: Visitor, web_services: Services) -> None:
    change(web_services, disabled_at=now())
    assert not is_in(agent)
    assert agent.sign_in(EMAIL).status_code == 400


def test_a_hash_with_weaker_parameters_is_renewed_at_sign_in(
    visitor: Visitor, web_services: Services
) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(rows.PASSWORD)
    change(web_services, password_hash=weak)
    assert visitor.sign_in(EMAIL).status_code == 302
    fresh = user_of(web_services).password_hash
    assert passwords.is_dated(weak)
    assert not passwords.is_dated(fresh)
    assert passwords.is_right(rows.PASSWORD, fresh)


def test_each_sign_in_gets_a_token_of_its_own_and_the_table_has_only_its_hash(
    app: Flask, web_services: Services
) -> None:
    tokens = []
    visitor = Visitor(app.test_client())
    for _ in range(2):
        visitor.sign_in(EMAIL)
        with visitor.client.session_transaction() as cookie:
            tokens.append(cookie["token"])
        visitor.post("/sign-out")
    assert tokens[0] != tokens[1]
    with reading(web_services.sessions) as session:
        stored = set(session.scalars(select(WebSession.token_hash)))
    assert len(stored) == 2
    assert not stored & set(tokens)


def test_a_cookie_planted_before_sign_in_is_worth_nothing_after_it(app: Flask, visitor: Visitor) -> None:
    with visitor.client.session_transaction() as cookie:
        cookie["token"], cookie["planted"] = "known-to-the-attacker", "yes"
    visitor.sign_in(EMAIL)
    with visitor.client.session_transaction() as cookie:
        assert "planted" not in cookie
        assert cookie["token"] != "known-to-the-attacker"
    attacker = Visitor(app.test_client())
    with attacker.client.session_transaction() as cookie:
        cookie["token"] = "known-to-the-attacker"
    assert not is_in(attacker)


def test_signing_out_ends_the_session_on_the_server(agent: Visitor, app: Flask) -> None:
    with agent.client.session_transaction() as cookie:
        token = cookie["token"]
    assert agent.post("/sign-out").location == "/sign-in"
    again = Visitor(app.test_client())
    with again.client.session_transaction() as cookie:
        cookie["token"] = token
    assert not is_in(again)


@pytest.mark.parametrize(
    ("column", "setting", "unit"),
    [("seen_at", "session_idle_minutes", "minutes"), ("created_at", "session_hours", "hours")],
)
def test_a_session_ends_when_it_is_idle_or_too_old(
    agent: Visitor, web_services: Services, column: str, setting: str, unit: str
) -> None:
    limit = timedelta(**{unit: getattr(web_services.settings.periods, setting)})
    age(web_services, **{column: now() - limit + timedelta(minutes=2)})
    assert is_in(agent)
    age(web_services, **{column: now() - limit - timedelta(seconds=1)})
    assert not is_in(agent)


def test_using_the_pages_keeps_a_session_from_idling(agent: Visitor, web_services: Services) -> None:
    age(web_services, seen_at=now() - timedelta(minutes=30))
    assert is_in(agent)
    with reading(web_services.sessions) as session:
        seen = session.scalars(select(WebSession.seen_at)).one()
    assert now() - seen < timedelta(minutes=1)


def test_the_oldest_session_ends_when_a_person_has_too_many(
    signed_in: Callable[[str], Visitor], web_services: Services
) -> None:
    browsers = [signed_in("agent") for _ in range(web_services.settings.limits.sessions_per_user + 1)]
    assert [is_in(browser) for browser in browsers] == [False] + [True] * (len(browsers) - 1)


def test_a_new_password_ends_other_sessions_and_keeps_this_one(
    signed_in: Callable[[str], Visitor], web_services: Services
) -> None:
    here, elsewhere = signed_in("agent"), signed_in("agent")
    answer = here.post("/account/password", current=rows.PASSWORD, new="four-other-random-words")
    assert answer.status_code == 302
    assert is_in(here)
    assert not is_in(elsewhere)
    assert elsewhere.sign_in(EMAIL).status_code == 400
    assert elsewhere.sign_in(EMAIL, "four-other-random-words").status_code == 302


@pytest.mark.parametrize(
    ("new", "why"),
    [
        ("short", "12 characters or more"),
        ("aaaaaaaaaaaaaaaa", "more different characters"),
        ("my-amal.khan-password", "must not contain your email address"),
        ("x1" * 120, "200 characters or fewer"),
        ("", "Enter a new password"),
    ],
)
def test_a_poor_new_password_is_refused_with_the_reason(agent: Visitor, new: str, why: str) -> None:
    answer = agent.post("/account/password", current=rows.PASSWORD, new=new)
    assert answer.status_code == 400
    assert why in answer.text


def test_guessing_the_current_password_counts_as_failed_sign_ins(
    agent: Visitor, web_services: Services
) -> None:
    for _ in range(web_services.settings.limits.sign_in_failures):
        agent.post("/account/password", current="guess", new="four-other-random-words")
    answer = agent.post("/account/password", current=rows.PASSWORD, new="four-other-random-words")
    assert answer.status_code == 400
    assert user_of(web_services).locked_until is not None


def test_a_reply_sent_after_the_session_ended_says_that_nothing_was_saved(
    agent: Visitor, web_services: Services
) -> None:
    age(web_services, ended_at=now())
    answer = agent.client.post("/tickets/IT-000001/reply", data={"reply": "long text"})
    assert answer.status_code == 401
    assert "nothing was saved" in answer.text


def test_one_network_address_may_not_try_without_end(app: Flask, visitor: Visitor) -> None:
    app.extensions["helpdesk_pace"] = pace.Pace(2)
    token = visitor.token("/sign-in")
    form = {"csrf_token": token, "email": "nobody@northmoor.nhs.uk", "password": "x"}
    codes = [visitor.client.post("/sign-in", data=form).status_code for _ in range(3)]
    assert codes == [400, 400, 429]


def test_the_brake_lets_go_after_a_minute() -> None:
    at = [0.0]
    brake = pace.Pace(2, clock=lambda: at[0])
    assert [brake.allows("a"), brake.allows("a"), brake.allows("a")] == [True, True, False]
    assert brake.allows("b")
    at[0] = 61.0
    assert brake.allows("a")


def test_the_cookie_is_for_this_host_and_no_script(visitor: Visitor) -> None:
    cookie = visitor.sign_in(EMAIL).headers["Set-Cookie"]
    assert cookie.startswith("helpdesk=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))


def test_behind_https_the_cookie_is_secure_and_bound_to_the_host(
    web_services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_for(
        web_services.settings.data_folder, web={"base_url": "https://helpdesk.northmoor.nhs.uk"}
    )
    services = Services(settings, web_services.engine, web_services.sessions, web_services.vault)
    app = create_app(services, ScansTypedText())  # type: ignore[arg-type]
    answer = app.test_client().get("/sign-in", base_url="https://helpdesk.northmoor.nhs.uk")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-helpdesk=")
    assert "Secure" in cookie.split("; ")
    assert "max-age" in answer.headers["Strict-Transport-Security"]
