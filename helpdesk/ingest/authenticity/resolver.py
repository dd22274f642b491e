"""Questions to the DNS: few and short for each mail, their answers kept as long as they hold."""

import time
from threading import Lock

import dns.exception
import dns.name
import dns.nameserver
import dns.resolver
import dns.rrset

from helpdesk.config_trust import Dns, nameserver_of
from helpdesk.errors import HelpdeskError

ANSWERS_KEPT = 4_096
SILENT_SECONDS = 60.0  # a name that nobody answered for is not asked for again so long
MOST_SILENT = 2_000
ENOUGH_SECONDS = 1.0  # a shorter wait says nothing of the name
MOST_RECORDS = 100
MOST_BYTES = 8_192  # of one TXT record


class Unanswered(HelpdeskError):
    """The DNS did not say; nothing follows from that."""


class Resolver:
    """One a process, used by any thread."""

    def __init__(self, settings: Dns) -> None:
        self._settings = settings
        self._lock = Lock()
        self._silent: dict[tuple[str, str], float] = {}
        self._made: dns.resolver.Resolver | None = None

    def for_one_mail(self) -> "Lookups":
        return Lookups(self, self._settings.seconds, self._settings.lookups)

    def ask(self, name: str, kind: str, seconds: float) -> list[str] | list[bytes]:
        """Records of a kind; none when there are none. TXT come as bytes, MX as exchange names.

        Raises Unanswered.
        """
        key = (name, kind)
        if self._silent.get(key, 0) > time.monotonic():
            raise Unanswered("the DNS did not answer a moment ago")
        try:
            answer = self._resolver().resolve(
                name, kind, lifetime=seconds, search=False, raise_on_no_answer=False
            )
        except (dns.resolver.NXDOMAIN, dns.name.LabelTooLong, dns.name.NameTooLong, dns.name.EmptyLabel):
            return []
        except dns.exception.Timeout:
            if seconds >= ENOUGH_SECONDS:
                self._note(key)
            raise Unanswered("the DNS did not answer in time") from None
        except dns.exception.DNSException as fault:
            self._note(key)
            raise Unanswered(f"the DNS did not answer ({type(fault).__name__})") from None
        except (UnicodeError, ValueError):  # no name that could be asked for
            return []
        return _records(answer.rrset, kind)

    def _note(self, key: tuple[str, str]) -> None:
        with self._lock:
            if len(self._silent) >= MOST_SILENT:
                self._silent.clear()
            self._silent[key] = time.monotonic() + SILENT_SECONDS

    def _resolver(self) -> dns.resolver.Resolver:
        with self._lock:
            if self._made is None:
                self._made = _made(self._settings)
            return self._made


class Lookups:
    """What may be asked for one mail: so many names, so many seconds in all."""

    def __init__(self, resolver: Resolver, seconds: float, lookups: int) -> None:
        self._resolver = resolver
        self._left = lookups
        self._seconds = seconds

    def texts(self, name: str) -> list[bytes]:
        return [one for one in self.ask(name, "TXT") if isinstance(one, bytes)]

    def ask(self, name: str, kind: str) -> list[str] | list[bytes]:
        """Raises Unanswered, also when this mail has asked enough."""
        if self._left <= 0:
            raise Unanswered("the mail needs more lookups than dns.lookups allows")
        if self._seconds <= 0:
            raise Unanswered("the mail needs more time than dns.seconds allows")
        self._left -= 1
        began = time.monotonic()
        try:
            return self._resolver.ask(name, kind, self._seconds)
        finally:
            self._seconds -= time.monotonic() - began


def _made(settings: Dns) -> dns.resolver.Resolver:
    """Raises dns.resolver.NoResolverConfiguration where the system has none and the settings name none."""
    made = dns.resolver.Resolver(configure=not settings.nameservers)
    if settings.nameservers:
        made.nameservers = [
            dns.nameserver.Do53Nameserver(*nameserver_of(one)) for one in settings.nameservers
        ]
    made.cache = dns.resolver.LRUCache(ANSWERS_KEPT)
    return made


def _records(found: object, kind: str) -> list[str] | list[bytes]:
    records = list(found)[:MOST_RECORDS] if isinstance(found, dns.rrset.RRset) else []
    if kind == "TXT":
        texts = [b"".join(one.strings) for one in records]
        return [one for one in texts if len(one) <= MOST_BYTES]
    if kind == "MX":
        return [one.exchange.to_text(omit_final_dot=True) for one in records]
    if kind == "PTR":
        return [one.target.to_text(omit_final_dot=True) for one in records]
    return [one.address for one in records]
