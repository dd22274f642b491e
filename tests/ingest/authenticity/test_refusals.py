"""Who is told that their mail was too large, where we check senders ourselves and only the mail's header is here."""

import dataclasses
from collections.abc import Callable

import pytest
from sqlalchemy import select

from helpdesk.config_trust import Checker
from helpdesk.db import reading, writing
from helpdesk.ingest import receipts, refusals
from helpdesk.ingest.authenticity.examine import Examiner
from helpdesk.ingest.parse import parse
from helpdesk.models import OutboxMail
from helpdesk.services import Services
from tests.ingest.authenticity.conftest import DOMAIN, World, delivered, letter
from tests.support.signing import HEADERS

ELSEWHERE = "203.0.113.66"
AUTHSERV = "mx.northmoor.nhs.uk"
Made = Callable[[World], bytes]


def from_elsewhere(raw: bytes) -> bytes:
    return delivered(raw, client=ELSEWHERE)


def signed(world: World, headers: tuple[bytes, ...] = HEADERS, **over: str) -> bytes:
    return world.signer.sign(letter(**over), headers)


def without_dns(world: World) -> World:
    world.zone.clear()
    return world


def says(result: str, raw: bytes) -> bytes:
    return f"Authentication-Results: {AUTHSERV}; dmarc={result} header.from={DOMAIN}\r\n".encode() + raw


TOLD: dict[str, Made] = {
    "proved by SPF": lambda _: delivered(letter()),
    "proved by SPF, written to another": lambda _: delivered(letter(To="list@ward.example")),
    "signed, SPF unknown": lambda w: signed(w),
    "signed, sent on": lambda w: from_elsewhere(signed(w)),
    "a domain that says nothing of itself": lambda w: from_elsewhere(letter()) if without_dns(w) else b"",
    "our own host vouches": lambda _: says("pass", from_elsewhere(letter())),
}
NOT_TOLD: dict[str, Made] = {
    "forged": lambda _: from_elsewhere(letter()),
    "neither signed nor from a known client": lambda _: letter(),
    "altered after it was signed": lambda w: from_elsewhere(signed(w).replace(b"Subject: P", b"Subject: p")),
    "signed by another": lambda w: from_elsewhere(
        dataclasses.replace(w.signer, domain="other.example").sign(letter())
    ),
    "signed and written to another": lambda w: from_elsewhere(signed(w, To="sam@elsewhere.example")),
    "signed without To": lambda w: from_elsewhere(signed(w, (b"from", b"subject"))),
    "a domain that says nothing, to another": lambda w: (
        from_elsewhere(letter(To="sam@elsewhere.example")) if without_dns(w) else b""
    ),
    "our own host does not vouch": lambda _: says("fail", delivered(letter())),
}
ALL = [*((made, True) for made in TOLD.values()), *((made, False) for made in NOT_TOLD.values())]


def told(services: Services, raw: bytes) -> list[str]:
    """To whom a notice goes when the body of this mail was not fetched."""
    header = raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    tell = refusals.notice(services)("it", header)
    with writing(services.sessions) as session:
        receipt = receipts.refuse_too_large(session, "it", 1, 1, header, 99_000_000, 50_000_000)
        assert receipt is not None
        if tell:
            tell(session, receipt)
    with reading(services.sessions) as session:
        return list(session.scalars(select(OutboxMail.to_address).where(OutboxMail.state == "queued")))


def desk(world: World, services: Services, checker: Checker) -> Services:
    trust = world.trust(sender_checks=checker, authserv_ids=[AUTHSERV])
    return dataclasses.replace(services, settings=services.settings.model_copy(update={"trust": trust}))


@pytest.mark.parametrize(("made", "is_told"), ALL, ids=[*TOLD, *NOT_TOLD])
def test_a_notice_goes_to_no_name_that_may_be_forged(
    world: World, sqlite_services: Services, made: Made, is_told: bool
) -> None:
    raw = made(world)
    expected = [f"jo@{DOMAIN}"] if is_told else []
    assert told(desk(world, sqlite_services, "ourselves"), raw) == expected


def test_where_a_gateway_checks_senders_nobody_is_asked(world: World, sqlite_services: Services) -> None:
    assert told(desk(world, sqlite_services, "gateway"), delivered(letter())) == [f"jo@{DOMAIN}"]
    assert not world.zone.asked


def test_a_header_alone_never_proves_a_sender_by_a_signature(world: World) -> None:
    raw = signed(world)
    examiner = Examiner(world.trust())
    whole = {one.method: one.result for one in examiner.examine(raw, parse(raw)).words}
    header = raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    cut = {one.method: one.result for one in examiner.examine(header, parse(header), whole=False).words}
    assert (whole["dkim"], cut["dkim"], cut["dmarc"]) == ("pass", "policy", "policy")
