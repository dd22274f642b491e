"""What we write: automatic answers, an agent's reply, the mail that says a ticket is resolved.

An automatic answer has nothing of the incoming mail in it but the ids that thread it
(RFC 3834 section 3), and nothing of the ticket but its number. Who does not take part in
the ticket is told nothing of it: no number, no state, no link, no id that an answer
would be matched by.
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from helpdesk.config import Desk, Settings
from helpdesk.db import now
from helpdesk.models import Ticket
from helpdesk.outbound import edited, thread
from helpdesk.outbound.addresses import domain_of
from helpdesk.outbound.cleaning import bare_subject, body, one_line
from helpdesk.outbound.draft import Draft
from helpdesk.outbound.kinds import Kind
from helpdesk.outbound.thread import Parent
from helpdesk.outbound.tokens import Tokens
from helpdesk.outbound.wording import (
    NOT_EDITED,
    AgentVariables,
    Variables,
    Wording,
    word_whatever_comes,
)
from helpdesk.tickets.states import State

log = logging.getLogger(__name__)

MEGABYTE = 2**20


@dataclass(frozen=True)
class _Sheet:
    """What every mail is composed from. `ticket` is None where the reader may not know of it."""

    settings: Settings
    tokens: Tokens
    desk_key: str
    to_address: str
    parent: Parent
    ticket: Ticket | None
    session: Session | None

    @property
    def desk(self) -> Desk:
        return self.settings.desks[self.desk_key]


def compose_answer(
    kind: str,
    *,
    settings: Settings,
    tokens: Tokens,
    desk_key: str,
    to_address: str,
    in_reply_to: str = "",
    references: tuple[str, ...] = (),
    ticket: Ticket | None = None,
    state: State | None = None,
    aside: bool = False,
    known: bool | None = None,
    session: Session | None = None,
) -> Draft:
    """An automatic answer.

    `in_reply_to` and `references` are those of the incoming mail (its Message-ID, its
    References); unfit ids are left out. `state` is the ticket's, which may have moved in
    this transaction; its own is taken when it is None. `known` says whether the reader
    takes part in the ticket; None: looked up among its participants. `session`: where a desk's edited
    texts are, and where an alarm is raised when one of them fails; None: they do not count.
    """
    told = ticket if ticket is not None and _knows(ticket, to_address, known) else None
    sheet = _Sheet(
        settings, tokens, desk_key, to_address.lower(), Parent(in_reply_to, references), told, session
    )
    fit = _fit_kind(Kind(kind), told)
    words = _word(sheet, fit, Variables(**_common(sheet), **_of_ticket(sheet, state), aside=aside))
    return _draft(sheet, fit, words, ticket_id=ticket.id if ticket is not None else None)


def compose_agent_reply(
    *,
    settings: Settings,
    tokens: Tokens,
    ticket: Ticket,
    text: str,
    to_address: str = "",
    parent: Parent = Parent(),  # noqa: B008 (frozen)
    agent_name: str = "",
    session: Session | None = None,
) -> Draft:
    """An agent's reply, to the requester unless another address is given.

    `parent` comes from `thread.parent_on_ticket`; `session` as for `compose_answer`.
    """
    return _from_agent(Kind.REPLY, settings, tokens, ticket, text, to_address, parent, agent_name, session)


def compose_resolution(
    *,
    settings: Settings,
    tokens: Tokens,
    ticket: Ticket,
    text: str,
    to_address: str = "",
    parent: Parent = Parent(),  # noqa: B008 (frozen)
    agent_name: str = "",
    session: Session | None = None,
) -> Draft:
    """The agent's words and the 'Next Ticket Action' section. Compose it after the ticket was moved to resolved."""
    return _from_agent(
        Kind.RESOLUTION, settings, tokens, ticket, text, to_address, parent, agent_name, session
    )


def _from_agent(
    kind: Kind,
    settings: Settings,
    tokens: Tokens,
    ticket: Ticket,
    text: str,
    to_address: str,
    parent: Parent,
    agent_name: str,
    session: Session | None,
) -> Draft:
    to = (to_address or ticket.requester_address).lower()
    sheet = _Sheet(settings, tokens, ticket.desk, to, parent, ticket, session)
    variables = AgentVariables(
        **_common(sheet),
        **_of_ticket(sheet, None),
        ticket_subject=bare_subject(ticket.subject),
        message=body(text),
        agent_name=one_line(agent_name, 100),
    )
    return _draft(sheet, kind, _word(sheet, kind, variables), ticket_id=ticket.id)


def _word(sheet: _Sheet, kind: Kind, variables: Variables) -> Wording:
    """The desk's words; where its text fails, ours and an alarm."""
    texts = edited.newest(sheet.session, sheet.desk_key) if sheet.session else NOT_EDITED
    words, failed = word_whatever_comes(kind, sheet.desk, variables, texts)
    if failed:
        log.error("the text of desk %s for %s fails (%s); ours went out", sheet.desk_key, kind, failed)
    if failed and sheet.session:
        edited.failed(sheet.session, sheet.settings, sheet.desk_key, kind, failed)
    return words


def _knows(ticket: Ticket, address: str, known: bool | None) -> bool:
    if known is not None:
        return known
    lower = address.lower()  # the requester is most often asked for, and known without a look at the others
    return lower == ticket.requester_address or lower in {one.address for one in ticket.participants}


def _fit_kind(kind: Kind, told: Ticket | None) -> Kind:
    """The guidance carries the re-activation link: who may not have it is told how to open a ticket."""
    return Kind.HOW_TO_OPEN if kind is Kind.NEXT_TICKET_ACTION and told is None else kind


def _common(sheet: _Sheet) -> dict[str, Any]:
    desk = sheet.desk
    return {
        "desk_name": desk.name,
        "desk_address": desk.address,
        "organisation": sheet.settings.organisation,
        "desk_phone": desk.phone,
        "desk_hours": desk.hours,
        "self_service_url": desk.self_service_url,
        "largest_mail": f"{sheet.settings.limits.mail_bytes / MEGABYTE:.3g} MB",
    }


def _of_ticket(sheet: _Sheet, state: State | None) -> dict[str, Any]:
    ticket = sheet.ticket
    if ticket is None:
        return {}
    now_in = state or State(ticket.state)
    return {
        "ticket_number": ticket.number,
        "state": "open" if now_in.is_open else now_in.value,
        "reactivate_link": f"{sheet.settings.web.url}/reactivate/{sheet.tokens.link(ticket.number)}",
        "reactivate_address": sheet.tokens.address("reactivate", ticket.number, sheet.desk.address),
        "closes_on": _day(
            (ticket.resolved_at or now()) + sheet.settings.periods.resolved_closes_after,
            sheet.settings.timezone,
        ),
    }


def _day(at: datetime, timezone: str) -> str:
    local = at.astimezone(ZoneInfo(timezone))
    return f"{local:%A} {local.day} {local:%B %Y}"


def _draft(sheet: _Sheet, kind: Kind, words: Wording, *, ticket_id: int | None) -> Draft:
    desk, ticket = sheet.desk, sheet.ticket
    number = ticket.number if ticket else thread.loose_number(desk.prefix)
    return Draft(
        kind=kind.value,
        automatic=kind.automatic,
        desk=sheet.desk_key,
        from_address=desk.address,
        from_name=one_line(desk.name, 200),
        to_address=sheet.to_address,
        message_id=thread.new_message_id(sheet.tokens, number, domain_of(desk.address)),
        subject=f"[{ticket.number}] {words.subject}" if ticket else words.subject,
        text=words.text,
        html=words.html,
        reply_to=sheet.tokens.address("reply", ticket.number, desk.address) if ticket else "",
        in_reply_to=thread.in_reply_to(sheet.parent),
        references=thread.references(sheet.parent),
        ticket_id=ticket_id,
        threads=ticket is not None,
    )
