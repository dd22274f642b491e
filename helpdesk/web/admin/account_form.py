"""The form of a staff account: who it is for, in which role, and whose tickets they see."""

from collections.abc import Collection, Sequence

from flask import request

from helpdesk.models import User
from helpdesk.models.people import Role
from helpdesk.web.fields import Fields

ALL, SOME = "all", "some"


def blank() -> Fields:
    return Fields({"sees": ALL})


def filled_from(user: User) -> Fields:
    """The role and the desks as they are."""
    values = {"role": user.role, "sees": ALL if user.desks is None else SOME}
    return Fields(values | {f"desk:{key}": "1" for key in user.desks or ()})


def take_person(form: Fields) -> None:
    """The name and the address, which are given once."""
    form.line("name", "Enter the person's full name", 255)
    email = form.line("email", "Enter an email address", 255).lower()
    form.values["email"] = email
    if email and (email.count("@") != 1 or " " in email or email.strip("@") != email):
        form.errors["email"] = "Enter an email address in the form name@example.nhs.uk"


def take_role(form: Fields) -> str:
    role = form.line("role", "Choose a role")
    if role not in list(Role):
        form.errors["role"] = "Choose a role"
    return role


def take_desks(form: Fields, known: Collection[str], kept: Sequence[str] | None) -> Sequence[str] | None:
    """The desks that were chosen, or None for all; `kept`, as they are, where the form does not ask or they do not count."""
    sees = form.line("sees")
    chosen = [key for key in known if key in request.form.getlist("desk")]
    form.values |= {f"desk:{key}": "1" for key in chosen}
    if form["role"] != Role.AGENT.value:
        return kept
    if sees == SOME and not chosen:
        form.errors["desk"] = "Choose one desk or more, or all desks"
    elif sees != SOME and chosen:  # nobody is to see more than was meant
        form.errors["desk"] = (
            "You chose all desks and some of them; choose only these, or take the ticks away"
        )
    return {ALL: None, SOME: chosen}.get(sees, kept)


def asks_for_desks(known: Collection[str], desks: Sequence[str] | None) -> bool:
    """Where there is one desk, nobody need hear of it, but for accounts that are not for all."""
    return len(known) > 1 or desks is not None
