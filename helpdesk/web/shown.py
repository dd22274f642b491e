"""How values are shown on every page: times, states, sizes, roles; and what the layout needs."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, g, request
from markupsafe import Markup

from helpdesk.db import now
from helpdesk.models.people import Role
from helpdesk.tickets.states import State
from helpdesk.web import bundles
from helpdesk.web.site import Site

STATE_COLOURS = {
    State.NEW: "blue",
    State.ASSIGNED: "aqua-green",
    State.IN_PROGRESS: "yellow",
    State.WAITING_USER: "grey",
    State.WAITING_THIRD_PARTY: "grey",
    State.RESOLVED: "green",
    State.CLOSED: "white",
}
SEVERITY_COLOURS = {"none": "white", "low": "yellow", "moderate": "orange", "high": "red"}
# What turns the direction of text around it, so that exe.fdp reads as a PDF (Unicode TR 36).
_DISGUISES = {ord(c): None for c in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"}
ABBREVIATIONS = {"nhs", "chi", "hsc", "uk", "nino", "ip", "iban", "id", "dob", "gp", "gmc", "nmc"}
ROLE_NAMES = {Role.AGENT: "Agent", Role.IG_OFFICER: "IG officer", Role.ADMIN: "Admin"}

# The navigation of each role: text, endpoint, and the blueprints for which the item is current.
NAVIGATION: dict[Role, list[tuple[str, str, tuple[str, ...]]]] = {
    Role.AGENT: [
        (
            "Queue",
            "queue.show",
            ("queue", "ticket", "acts", "replies", "joining", "persons", "reporting", "matching"),
        )
    ],
    Role.IG_OFFICER: [("Quarantine", "quarantine.show", ("quarantine", "reporting"))],
    Role.ADMIN: [
        ("Mailboxes", "mailboxes.show", ("mailboxes",)),
        ("Failed mails", "failed.show", ("failed",)),
        ("Outgoing mails", "outbox.show", ("outbox", "stopped", "alarms")),
        ("Mail texts", "texts.show", ("texts",)),
        ("Staff accounts", "users.show", ("users",)),
        ("Audit trail", "audit.show", ("audit",)),
    ],
}


def install(app: Flask, site: Site) -> None:
    zone = site.zone
    app.jinja_env.filters |= {
        "when": lambda at: moment(at.astimezone(zone)),
        "ago": lambda at: ago(at, now(), at.astimezone(zone)),
        "size": size,
        "role_name": lambda role: ROLE_NAMES[Role(role)],
        "undisguised": undisguised,
        "entity_name": entity_name,
        "sentence": lambda text: str(text)[:1].upper() + str(text)[1:],
        "words": lambda text: str(text).replace("_", " "),
    }
    app.jinja_env.globals |= {
        "asset": bundles.asset,
        "state_tag": state_tag,
        "severity_tag": severity_tag,
        "tag": tag,
    }

    @app.context_processor
    def layout() -> dict[str, Any]:
        return {
            "user": g.get("user"),
            "navigation": navigation(),
            "organisation": site.settings.organisation,
            "is_demo": site.settings.demo,
        }


def navigation() -> list[dict[str, Any]]:
    user = g.get("user")
    items = NAVIGATION[user.role] if user else []
    return [
        {"text": text, "endpoint": endpoint, "active": request.blueprint in here}
        for text, endpoint, here in items
    ]


def moment(local: datetime) -> Markup:
    """A full date and time, as `24 Nov 2025, 09:05`."""
    return _time(local, f"{local.day} {local:%b %Y, %H:%M}")


def ago(at: datetime, current: datetime, local: datetime) -> Markup:
    """How long ago for the last week, else the date; the full time is the element's title."""
    passed = current - at
    if passed < timedelta(minutes=1):
        words = "just now"
    elif passed < timedelta(hours=1):
        words = _count(int(passed.total_seconds() // 60), "minute")
    elif passed < timedelta(days=1):
        words = _count(int(passed.total_seconds() // 3600), "hour")
    elif passed < timedelta(days=7):
        words = _count(passed.days, "day")
    else:
        words = f"{local.day} {local:%b %Y}"
    return _time(local, words)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'} ago"


def _time(local: datetime, words: str) -> Markup:
    exact = local.astimezone(UTC).isoformat(timespec="seconds")
    full = f"{local.day} {local:%B %Y at %H:%M}"
    return Markup('<time datetime="{}" title="{}">{}</time>').format(exact, full, words)


def size(count: int) -> str:
    """Bytes as a person reads them: 900 bytes, 12 kB, 3.4 MB."""
    if count < 1_000:
        return f"{count} bytes"
    if count < 1_000_000:
        return f"{count / 1_000:.0f} kB"
    return f"{count / 1_000_000:.1f} MB"


def undisguised(text: str) -> str:
    """The text without characters that turn its direction; `dir=auto` and `bdi` do what they are rightly for."""
    return text.translate(_DISGUISES)


def entity_name(entity: str) -> str:
    """`NHS_NUMBER` as `NHS number`."""
    words = entity.replace("_", " ").lower().split()
    return " ".join(word.upper() if word in ABBREVIATIONS else word for word in words)


def tag(text: str, colour: str = "") -> Markup:
    kind = f" nhsuk-tag--{colour}" if colour else ""
    return Markup('<strong class="nhsuk-tag{}">{}</strong>').format(kind, text)


def state_tag(value: str) -> Markup:
    state = State(value)
    return tag(state.label, STATE_COLOURS[state])


def severity_tag(value: str) -> Markup:
    return tag(f"{value.capitalize()} severity", SEVERITY_COLOURS.get(value, "white"))


def is_ours(address: str) -> bool:
    """True for a path on this host, so that a link cannot send a person elsewhere after sign-in."""
    parts = urlsplit(address)
    return (
        address.startswith("/")
        and not address.startswith(("//", "/\\"))
        and not parts.scheme
        and not parts.netloc
        and "\\" not in address
        and not any(ord(c) < 32 for c in address)
    )
