"""What each kind of mail has to say, whoever words it."""

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from helpdesk.outbound.kinds import Kind
from helpdesk.outbound.wording import Variables, Wording

_TAG = re.compile(r"<[^>]*>")
_NO_PATIENT_DETAILS = re.compile(
    r"\b(?:do not|don.t|never|without|no|not|please leave out)\b[^.!?]{0,160}\bpatients?\b", re.IGNORECASE
)
NOTICE = "Please do not put patient details in it."
HEADING = "Next Ticket Action"


@dataclass(frozen=True)
class Obligation:
    """Something that has to be in every mail of some kinds. `missing` says what, and how to put it in."""

    kinds: frozenset[Kind]
    missing: str
    there: Callable[[str, Variables], bool]
    when: Callable[[Kind, Variables], bool] = lambda _kind, _values: True


def _says(name: str) -> Callable[[str, Variables], bool]:
    """Each line of a variable's value is there."""

    def there(said: str, values: Any) -> bool:
        return all(line in said for line in str(getattr(values, name)).splitlines())

    return there


def _resolved(kind: Kind, values: Variables) -> bool:
    return kind is not Kind.HELD or values.state == "resolved"


GUIDING = frozenset({Kind.NEXT_TICKET_ACTION, Kind.RESOLUTION, Kind.HELD})
FROM_AGENTS = frozenset({Kind.REPLY, Kind.RESOLUTION})
ASKING = frozenset({Kind.ACKNOWLEDGEMENT, Kind.HOW_TO_OPEN, Kind.CLOSED, Kind.HELD})
OBLIGATIONS = (
    Obligation(
        GUIDING,
        f"the heading '{HEADING}' is missing; the part _next_ticket_action has the whole section",
        lambda said, _values: HEADING.lower() in said.lower(),
        _resolved,
    ),
    Obligation(
        GUIDING,
        "the link that opens the ticket again is missing; put {{ reactivate_link }} in",
        _says("reactivate_link"),
        _resolved,
    ),
    Obligation(
        GUIDING,
        "the address that opens the ticket again is missing; put {{ reactivate_address }} in",
        _says("reactivate_address"),
        _resolved,
    ),
    Obligation(FROM_AGENTS, "the agent's words are missing; put {{ message }} in", _says("message")),
    Obligation(
        ASKING,
        f"the notice not to send patient details is missing; write for example '{NOTICE}'",
        lambda said, _values: _NO_PATIENT_DETAILS.search(said) is not None,
    ),
    Obligation(
        frozenset({Kind.ACKNOWLEDGEMENT, Kind.NEXT_TICKET_ACTION}),
        "the ticket's number is missing; put {{ ticket_number }} in",
        _says("ticket_number"),
    ),
    Obligation(
        frozenset({Kind.HOW_TO_OPEN, Kind.CLOSED}),
        "the desk's address is missing; put {{ desk_address }} in",
        _says("desk_address"),
    ),
    Obligation(
        frozenset({Kind.TOO_LARGE}),
        "the largest size is missing; put {{ largest_mail }} in",
        _says("largest_mail"),
    ),
)


def unmet(kind: Kind, values: Variables, words: Wording) -> Iterator[tuple[str, str]]:
    """(text or html, what is missing there) of a mail that was made with these values."""
    forms = {"text": words.text, "html": _plain(words.html)}
    for one in OBLIGATIONS:
        if kind in one.kinds and one.when(kind, values):
            yield from ((form, one.missing) for form, said in forms.items() if not one.there(said, values))


def _plain(markup: str) -> str:
    """The words of our HTML, and where its links go."""
    links = re.findall(r'href="(?:mailto:)?([^"]*)"', markup)
    return html.unescape(" ".join([_TAG.sub(" ", markup), *links]))
