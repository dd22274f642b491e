"""The people who can sign in to the demo, added once."""

from sqlalchemy import select

from helpdesk import audit
from helpdesk.audit import Act
from helpdesk.db import writing
from helpdesk.demo.settings import PEOPLE, Person
from helpdesk.models import User
from helpdesk.services import Services
from helpdesk.web.auth.passwords import hash_password


def add_people(services: Services) -> None:
    """Add who is not there yet. Who was changed by hand since stays as they are."""
    with writing(services.sessions) as session:
        there = set(session.scalars(select(User.email)))
        new = [_user(person) for person in PEOPLE if person.email not in there]
        session.add_all(new)
        session.flush()
        audit.record(session, *(_act(user) for user in new))


def _act(user: User) -> Act:
    return Act("user.added", "user", user.id, detail=(("email", user.email), ("role", user.role)))


def _user(person: Person) -> User:
    return User(
        email=person.email,
        name=person.name,
        role=person.role.value,
        password_hash=hash_password(person.password),
    )
