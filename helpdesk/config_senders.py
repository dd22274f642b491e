"""Settings of senders that need to be known: lists of our own teams, mailboxes that answer by themselves."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from helpdesk.config_base import Section

_NAME = re.compile(r"[^\s<>@,;]+(?:@[^\s<>@,;]+)?")
_SENDER = re.compile(r"[^\s<>@,;]*@[^\s<>@,;]+")


def _list(value: str) -> str:
    name = value.strip().strip("<>").lower()
    if not _NAME.fullmatch(name):
        raise ValueError(
            "not the name of a list; write its address, or what stands in the brackets of its List-Id"
        )
    return name


def _sender(value: str) -> str:
    sender = value.strip().lower()
    if not _SENDER.fullmatch(sender):
        raise ValueError(
            "not an address; write one such as team@x.example, or @x.example for all of a domain"
        )
    return sender


class Senders(Section):
    """Senders that need to be known.

    `own_lists`: by List-Id or address; mail through them is the mail of the person who wrote it.
    `never_answer`: addresses, or whole domains as `@x.example`, that get no automatic answer.
    """

    own_lists: list[Annotated[str, AfterValidator(_list)]] = Field(default_factory=list)
    never_answer: list[Annotated[str, AfterValidator(_sender)]] = Field(default_factory=list)
