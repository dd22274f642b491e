"""The post between helpdesks, people and robots: what one sends lies in the other's mailbox, until nobody writes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from helpdesk.config import Server
from helpdesk.ingest.pipeline import Pipeline
from helpdesk.ingest.poll import poll_once
from helpdesk.outbound.addresses import base_of
from helpdesk.outbound.deliver import deliver_due
from helpdesk.services import Services
from tests.support.dovecot import MailUser
from tests.support.mailboxes import reads
from tests.support.running import pipeline_for
from tests.support.smtp import SmtpServer, Taken

MOST_ROUNDS = 12
Takes = Callable[[Taken], None]


@dataclass(frozen=True)
class Site:
    """One helpdesk: it sends by the post's server and reads an IMAP mailbox."""

    services: Services
    user: MailUser
    pipeline: Pipeline

    @property
    def address(self) -> str:
        return self.services.settings.mailboxes["it"].address

    def take(self, mail: Taken) -> None:
        self.user.deliver(f"Return-Path: <{mail.mail_from.strip('<>')}>\r\n".encode() + mail.content)

    def turn(self) -> None:
        poll_once(self.services, "it", self.pipeline)
        deliver_due(self.services)


@dataclass
class Post:
    """Carries what was sent; `sent` has all of it as (from, to)."""

    smtp: SmtpServer
    sites: list[Site] = field(default_factory=list)
    others: dict[str, Takes] = field(default_factory=dict)  # by address, or by domain as `@x.example`
    sent: list[Taken] = field(default_factory=list)

    def site(self, services: Services, user: MailUser, scanner: object) -> Site:
        smtp = Server(host="127.0.0.1", port=self.smtp.port, tls="plaintext")
        settings = services.settings.model_copy(update={"smtp": smtp})
        reading = reads(replace(services, settings=settings), user)
        self.sites.append(Site(reading, user, pipeline_for(reading, scanner)))
        return self.sites[-1]

    def carry(self) -> int:
        """Until nothing moves any more. Returns how many rounds it took; fails where it does not end."""
        for rounds in range(MOST_ROUNDS):
            for site in self.sites:
                site.turn()
            fresh = self.smtp.taken[len(self.sent) :]
            if not fresh:
                return rounds
            for mail in fresh:
                self.sent.append(mail)
                self._takes(mail.recipients[0])(mail)
        raise AssertionError(f"they still write to each other after {len(self.sent)} mails")

    def _takes(self, to: str) -> Takes:
        for site in self.sites:
            if base_of(to) == site.address:
                return site.take
        return self.others.get(to) or self.others["@" + to.rpartition("@")[2]]

    def to(self, address: str) -> list[Taken]:
        return [one for one in self.sent if base_of(one.recipients[0]) == address]


@contextmanager
def running() -> Iterator[Post]:
    with SmtpServer() as smtp:
        yield Post(smtp)
