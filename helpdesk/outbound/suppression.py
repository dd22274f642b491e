"""Which mails are not sent, and why: to whom we never write, and how much is too much."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, String, bindparam, case, delete, func, literal, select
from sqlalchemy.orm import Session

from helpdesk.config import Limits, Settings
from helpdesk.db import UtcDateTime, now
from helpdesk.models import OutboxMail, Suppression
from helpdesk.models.outbound import COUNTED
from helpdesk.outbound.addresses import base_of, domain_of, is_system, is_unread, is_valid
from helpdesk.outbound.alarms import wait_for_others
from helpdesk.outbound.draft import Draft

DAY = timedelta(days=1)
OWN = "It goes to an address of ours."
INVALID = "It goes to something that is no mail address, or one of a form that we do not write to."
UNREAD = "It goes to a no-reply address, which nobody reads."
SYSTEM = "It goes to the address of a list or a mail system, which gets no automatic mail."
BOUNCED = "Mail to this address is stopped: "
ADDRESS_CAP = "This address had as many automatic mails in a day as limits.answers_per_address_a_day allows."
DOMAIN_CAP = "This domain had as many automatic mails in a day as limits.answers_per_domain_a_day allows."
ALL_CAP = "As many automatic mails went out in a day as limits.answers_a_day allows."
# Each cap's reason, and the setting that it is.
CAPS = {
    ADDRESS_CAP: "limits.answers_per_address_a_day",
    DOMAIN_CAP: "limits.answers_per_domain_a_day",
    ALL_CAP: "limits.answers_a_day",
}


def why_not(session: Session, settings: Settings, draft: Draft) -> str:
    """Why this mail is not to be sent; empty when it is."""
    return _by_address(settings, draft) or (
        _by_list_and_caps(session, settings.limits, draft.to_address)
        if draft.automatic
        else _by_list(session, draft.to_address)
    )


def _by_address(settings: Settings, draft: Draft) -> str:
    address = draft.to_address
    if not is_valid(address):
        return INVALID
    if base_of(address) in {base_of(own) for own in settings.own_addresses}:
        return OWN
    if is_unread(address):
        return UNREAD
    return SYSTEM if draft.automatic and is_system(address) else ""


def _by_list(session: Session, address: str) -> str:
    return _stopped(session.scalar(_REASON, {"address": address}))


def stop_of(session: Session, address: str) -> Suppression | None:
    """The stop on an address, if there is one."""
    return session.scalar(select(Suppression).where(Suppression.address == address.lower()))


def _stopped(reason: str | None) -> str:
    return "" if reason is None else f"{BOUNCED}{reason}"


@dataclass(frozen=True)
class _Cap:
    """How many in a day, counted over which mails."""

    reason: str
    limit: Callable[[Limits], int]
    over: ColumnElement[bool]


_CAPS = (
    _Cap(
        ADDRESS_CAP,
        lambda x: x.answers_per_address_a_day,
        OutboxMail.to_address == bindparam("address", type_=String),
    ),
    _Cap(
        DOMAIN_CAP,
        lambda x: x.answers_per_domain_a_day,
        OutboxMail.to_domain == bindparam("domain", type_=String),
    ),
    _Cap(ALL_CAP, lambda x: x.answers_a_day, literal(True)),
)
_REASON = select(Suppression.reason).where(Suppression.address == bindparam("address", type_=String))


def _by_list_and_caps(session: Session, limits: Limits, address: str) -> str:
    """One query that counts no further than the caps, when nobody else counts."""
    wait_for_others(session)
    values = {"address": address, "domain": domain_of(address), "since": now() - DAY}
    reason, *counts = session.execute(_counting(limits), values).one()
    over = (cap.reason for cap, count in zip(_CAPS, counts, strict=True) if count >= cap.limit(limits))
    return _stopped(reason) or next(over, "")


@lru_cache(maxsize=8)
def _counting(limits: Limits) -> Select[Any]:
    """Made once: to build the query costs more than to run it."""
    return select(_REASON.scalar_subquery(), *(_count(cap, limits) for cap in _CAPS))


def _count(cap: _Cap, limits: Limits) -> ColumnElement[int]:
    day = (OutboxMail.created_at > bindparam("since", type_=UtcDateTime), COUNTED)
    counted = select(OutboxMail.id).where(cap.over, *day).limit(cap.limit(limits)).subquery()
    count = select(func.count()).select_from(counted).scalar_subquery()
    if cap.reason != ALL_CAP:
        return count
    # So many cannot be in the day when fewer ids were given since its first mail: then nothing is counted.
    first = select(OutboxMail.id).where(*day).order_by(OutboxMail.created_at).limit(1).scalar_subquery()
    newest = select(func.max(OutboxMail.id)).scalar_subquery()
    return case((newest - first + 1 < cap.limit(limits), 0), else_=count)


def suppress(session: Session, address: str, reason: str) -> bool:
    """Send no more to this address. Returns False when it was on the list; its first reason stays."""
    lower = address.lower()
    if session.scalar(select(Suppression.id).where(Suppression.address == lower)) is not None:
        return False
    session.add(Suppression(address=lower, reason=reason[:500]))
    session.flush()
    return True


def lift(session: Session, address: str) -> bool:
    """Send to this address again. Returns False when it was not on the list."""
    gone = session.execute(delete(Suppression).where(Suppression.address == address.lower()))
    return bool(gone.rowcount)  # type: ignore[attr-defined]  # a DELETE's result has it
