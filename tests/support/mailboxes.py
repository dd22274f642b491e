"""Pointing a mailbox of the settings at a server of the test's."""

from dataclasses import replace

from helpdesk.services import Services
from tests.support.dovecot import PASSWORD, MailUser


def reads(services: Services, user: MailUser, key: str = "it", **over: object) -> Services:
    """The same services with `mailboxes.<key>` being this user's account; `over`: further settings of it."""
    account = {"port": user.server.port, "user": user.name, "password": PASSWORD, **over}
    return with_mailbox(services, key, **account)


def with_mailbox(services: Services, key: str = "it", **over: object) -> Services:
    """The same services with some settings of one mailbox changed."""
    settings = services.settings
    box = settings.mailboxes[key]
    values = box.model_dump() | over
    changed = type(box).model_validate(values)
    mailboxes = {**settings.mailboxes, key: changed}
    return replace(services, settings=settings.model_copy(update={"mailboxes": mailboxes}))


def with_limit(services: Services, mail_bytes: int) -> Services:
    limits = services.settings.limits.model_copy(update={"mail_bytes": mail_bytes})
    return replace(services, settings=services.settings.model_copy(update={"limits": limits}))
