"""SPF: may this client send for the domain in the envelope (RFC 7208). The judgement is pyspf's."""

from typing import Any

import spf  # type: ignore[import-untyped]  # it has no types

from helpdesk.ingest.authenticity.resolver import Lookups, Unanswered
from helpdesk.ingest.authenticity.values import Client, Word
from helpdesk.ingest.parsing.addresses import ascii_domain
from helpdesk.ingest.values import Email

MOST_LABEL = 63
RESULTS = frozenset(("pass", "fail", "softfail", "neutral", "none", "permerror", "temperror"))


def check(email: Email, client: Client | None, lookups: Lookups) -> Word:
    """The result for the envelope's sender, or for the name that the client gave when that is null."""
    if client is None:
        return Word("spf", "none", reason="no Received of ours tells the client")
    if email.return_path is None or not _above(email, client):
        return Word("spf", "none", reason="no Return-Path of ours tells the envelope's sender")
    domain = ascii_domain(email.return_path.rpartition("@")[2] or client.helo)
    if "." not in domain:
        return Word("spf", "none", reason="the envelope names no domain")
    return _asked(client, email.return_path or f"postmaster@{domain}", domain, lookups)


def _above(email: Email, client: Client) -> bool:
    """Whether the Return-Path stands above the border's line, where only our own hosts write."""
    place = next((place for place, (name, _) in enumerate(email.headers) if name == "return-path"), None)
    return place is not None and place < client.position


def _asked(client: Client, sender: str, domain: str, lookups: Lookups) -> Word:
    question = _Question(client, sender, lookups)
    try:
        result, _, _ = question.check()
    except Exception as fault:  # noqa: BLE001 (the records are strangers' and the library lets its slips out)
        return Word("spf", "permerror", domain, f"the record cannot be read ({type(fault).__name__})")
    if result not in RESULTS:
        return Word("spf", "permerror", domain)
    return Word("spf", result, domain, question.silent if result == "temperror" else "")


class _Question(spf.query):  # type: ignore[misc]  # the library has no types
    """A query of pyspf that asks our resolver, within what one mail may ask."""

    def __init__(self, client: Client, sender: str, lookups: Lookups) -> None:
        super().__init__(i=client.address, s=sender, h=client.helo or "unknown", querytime=0)
        self._lookups = lookups
        self.silent = ""

    def dns(
        self,
        name: Any,
        qtype: str,
        cnames: Any = None,  # noqa: ARG002 (the library's own; our resolver follows them)
        ignore_void: bool = False,
    ) -> list[Any]:
        """The records as pyspf wants them; void lookups counted (RFC 7208 section 4.6.4)."""
        asked = str(name).rstrip(".").lower()
        if not asked or any(not 0 < len(label) <= MOST_LABEL for label in asked.split(".")):
            return []
        try:
            found = self._lookups.ask(asked, qtype)
        except Unanswered as fault:
            self.silent = str(fault)
            raise spf.TempError(self.silent) from None
        if not found and not ignore_void:
            self._count_void()
        return [self._as_pyspf(one, qtype) for one in found]

    def get_explanation(self, spec: str) -> None:
        """Nothing: nobody here reads what a domain says of its refusals, so that it is not asked for."""

    def _count_void(self) -> None:
        self.void_lookups += 1
        if self.void_lookups > spf.MAX_VOID_LOOKUPS:
            raise spf.PermError("too many lookups without an answer")

    @staticmethod
    def _as_pyspf(record: str | bytes, qtype: str) -> Any:
        if qtype == "TXT":
            return (record,)
        return (0, record) if qtype == "MX" else record
