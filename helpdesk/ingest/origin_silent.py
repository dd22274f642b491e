"""Why the mail of a person is never answered by itself: nobody would read it, or another program would answer.

Such a mail opens a ticket or joins one like any other. These signs are weaker than those of a machine,
and a mistake costs no more than an acknowledgement.
"""

from helpdesk.config import Settings
from helpdesk.ingest import origin_list
from helpdesk.ingest import origin_signs as signs
from helpdesk.ingest.origin_automatic import first_lines
from helpdesk.ingest.origin_forward import forwarded
from helpdesk.ingest.subjects import without_gateway_tags
from helpdesk.ingest.values import Email
from helpdesk.outbound.addresses import base_of, is_unread

FIRST_LINES = 6


def silent(email: Email, settings: Settings) -> str:
    """Why; empty when the mail may be answered."""
    address = email.from_address
    if is_unread(address):
        return "its sender takes no answers"
    if origin_list.is_managers(address):
        return "its sender is the address of those who keep a list"
    if address in origin_list.named(email):
        return "its sender is the list that it came through"
    if _is_never_answered(address, settings):
        return "its sender is in the setting senders.never_answer"
    return forwarded(email, settings) or _speaks_as_a_machine(email)


def _is_never_answered(address: str, settings: Settings) -> bool:
    listed = settings.senders.never_answer
    return bool(listed) and not {address, base_of(address), address[address.rfind("@") :]}.isdisjoint(listed)


def _speaks_as_a_machine(email: Email) -> str:
    """What autoresponders say that set no header and leave the subject as it is."""
    if without_gateway_tags(email.subject).rstrip().endswith("?"):
        return ""
    said = " ".join(first_lines(email)[:FIRST_LINES])
    if signs.QUESTION.search(said):
        return ""
    if signs.THANKS.search(said) and (signs.ABSENCE.search(said) or signs.AWAY_ABROAD.search(said)):
        return "its text reads like an absence notice"
    return "its text reads like an automatic acknowledgement" if signs.ACKNOWLEDGES.search(said) else ""
