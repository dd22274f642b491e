"""Two desks with a wall between them: an agent at each, and at the HR desk one of everything that a page shows."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from helpdesk.db import Base, reading, writing
from helpdesk.models import Message, OtherAddress, User
from helpdesk.services import Services
from helpdesk.tickets import merging
from helpdesk.tickets.states import State
from helpdesk.tickets.wall import EVERY_DESK
from tests.web import rows
from tests.web.unmatched import add_unmatched

SECRET = "WELLENSITTICH"
PAT, HOME = "pat.green@example.org", "pat@home.example"
RAW = (
    b"From: Dana Fox <dana.fox@example.org>\r\nTo: hr@northmoor.nhs.uk\r\nSubject: A grievance\r\n"
    b"Message-ID: <grievance@example.org>\r\nDate: Mon, 23 Nov 2026 09:00:00 +0000\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n\r\nAbout WELLENSITTICH.\r\n"
)


def place_people(services: Services, **desks: list[str] | None) -> None:
    """Say which desks' tickets somebody sees."""
    with writing(services.sessions) as session:
        for who, seen in desks.items():
            session.scalars(select(User).where(User.email == rows.PEOPLE[who][0])).one().desks = seen


def fill(services: Services) -> None:
    """HR-000001 has it all; 2 is another, 3 was merged into it, 4 is resolved. `agent` is at HR, `other` at IT."""
    place_people(services, agent=["hr"], other=["it"])
    with writing(services.sessions) as session:
        ticket = rows.add_ticket(session, f"{SECRET} asks", prefix="HR", text=f"Words of {SECRET}.")
        for name in ("another", "merged"):
            rows.add_ticket(session, f"{SECRET} {name}", prefix="HR", text=f"More of {SECRET}.")
        rows.add_ticket(session, f"{SECRET} resolved", prefix="HR", state=State.RESOLVED)
        mail = rows.add_mail(services, session, ticket, RAW, sender="stranger", flags=["third_party"])
        rows.add_file(services, session, mail, f"{SECRET}.txt", SECRET.encode())
        rows.add_message(session, ticket, SECRET, standing="unconfirmed", flags=["forged_own_domain"])
        session.add(OtherAddress(address=HOME, main=PAT, added_by="x"))
        merging.merge(session, merging.pair_of(session, "HR-000003", "HR-000001", EVERY_DESK), who="x")
        signs = [
            {"kind": "reference", "ticket": one, "header": "references"} for one in ("HR-000001", "HR-000002")
        ]
        add_unmatched(services, session, desk="hr", subject=f"{SECRET} again", evidence=signs)


@dataclass(frozen=True)
class Ids:
    """The ids of what `fill` added."""

    mail: int
    unconfirmed: int
    file: int = 1


def ids(services: Services) -> Ids:
    with reading(services.sessions) as session:
        mail = session.scalars(select(Message.id).where(Message.sender == "stranger")).one()
        waits = session.scalars(select(Message.id).where(Message.standing == "unconfirmed")).one()
        return Ids(mail, waits)


def everything(services: Services) -> dict[str, Any]:
    """All rows of all tables, but for when a session was last used."""
    with reading(services.sessions) as session:
        return {
            table.name: session.execute(select(table)).all()
            for table in Base.metadata.sorted_tables
            if table.name != "web_sessions"
        }
