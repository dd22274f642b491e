"""Births of hosts and shared mailboxes, told in jest: `RIP RCH-FS01. Born 14/02/2009 in a cupboard`.

A sentence that opens with the birth is about what stands before it: a host's name, where nobody is named or meant.
"""

import re

from helpdesk.pii import names
from helpdesk.pii.recognizers.birth.words import people, things
from helpdesk.pii.text import fold

_FAR = 200
_OPENING = re.compile(r"[.!?\n)\"][ \n]{1,2}born (?:on )?$")
_HOST = re.compile(r"(?<![\w@.-])[a-z]{2,12}(?:-[a-z]{1,8}){0,3}-?\d{1,5}(?![\w@/])")
_PLACE = re.compile(r"\b(?:bed|ward|bay|cot|room|flat|floor|theatre|unit|ext|bleep|day) ?\d{0,3}$")
_MAILBOX = re.compile(
    r"(?<![\w.])(?P<local>[\w.+-]{2,60})@[\w.-]{3,60}[ ,;(\"'-]{1,3}(?:was )?born (?:on )?$"
)
_WISHED_AFTER = re.compile(
    r"[^\w\n]{1,6}(?:happy|many happy returns|bon anniversaire|penblwydd hapus)(?: \d\w*)?(?: birthday)?,? (?:to )?(?:the |our |dear )?(?P<whom>[a-z]{2,14})"
)
_TOKEN = re.compile(r"[^\W\d_]{2,}")
_THINGS = things() | {"nhs"}
_PEOPLE = people() - {"we", "i", "you", "our", "my", "one", "other"}


def born_of_a_host(low: str, start: int, end: int) -> bool:
    """Whether the birth of lower-case text is a host's, a shared mailbox's or a body's that is wished well right after."""
    if "born" not in low[max(0, start - 10) : start]:
        return False
    wished = _WISHED_AFTER.match(low, end)
    if wished and wished.group("whom") in _THINGS:
        return True
    first = max(0, start - _FAR)
    mailbox = _MAILBOX.search(low, first, start)
    if mailbox:
        return not _somebody(mailbox.group("local"))
    opening = _OPENING.search(low, first, start)
    if opening is None:
        return False
    before = low[first : opening.start()]
    hosts = [match for match in _HOST.finditer(before) if not _PLACE.search(match.group())]
    return bool(hosts) and not _somebody(before)


def _somebody(words: str) -> bool:
    tokens = {fold(word) for word in _TOKEN.findall(words)}
    return bool(tokens & _PEOPLE) or any(
        names.is_name(word) and not names.is_ordinary(word) for word in tokens
    )
