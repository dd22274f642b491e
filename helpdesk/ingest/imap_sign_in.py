"""Signing in to an IMAP server: with a password (PLAIN, LOGIN) or a token (SASL XOAUTH2)."""

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, LoginError

from helpdesk import config
from helpdesk.ingest.imap_errors import MailboxUnreachable, SignInRefused, said, suggested_wait, where
from helpdesk.mailauth.errors import EndpointUnreachable, TokenError
from helpdesk.mailauth.tokens import Access
from helpdesk.mailauth.xoauth2 import Answers


def sign_in(client: IMAPClient, key: str, box: config.Mailbox, access: Access | None) -> None:
    """Raises SignInRefused and MailboxUnreachable; none holds the password or the token."""
    try:
        _allowed(client, key, box)
        if box.oauth is None:
            _with_password(client, key, box)
        else:
            _with_token(client, key, box, access)
    except TokenError as fault:
        kind = MailboxUnreachable if isinstance(fault, EndpointUnreachable) else SignInRefused
        raise kind(str(fault), fault.retry_after) from None
    except (OSError, IMAPClientError) as fault:
        raise _broke_off(fault, key, box) from None


def _allowed(client: IMAPClient, key: str, box: config.Mailbox) -> None:
    # Microsoft says LOGINDISABLED where it takes tokens; the word is of passwords only (RFC 9051 section 6.2.3).
    if box.oauth is None and client.has_capability("LOGINDISABLED"):
        raise SignInRefused(
            f"The server of {where(key, box)} lets nobody sign in without TLS; "
            f"""set mailboxes.{key}.tls = "tls" or "starttls"."""
        )
    if box.oauth is not None and not client.has_capability("AUTH=XOAUTH2"):
        raise SignInRefused(
            f"The server of {where(key, box)} takes no tokens (it does not offer XOAUTH2); "
            f"switch that on there, or set mailboxes.{key}.password in place of oauth."
        )


def _with_password(client: IMAPClient, key: str, box: config.Mailbox) -> None:
    password = box.password.get_secret_value()
    try:
        if client.has_capability("AUTH=PLAIN"):  # LOGIN carries ASCII only (RFC 9051 section 6.2.3)
            client.plain_login(box.user, password)
        else:
            client.login(box.user, password)
    except LoginError as fault:
        raise _refused(fault, key, box, f"mailboxes.{key}.user and password", password) from None
    except UnicodeEncodeError:
        raise SignInRefused(
            f"The server of {where(key, box)} takes only plain letters, digits and signs in user and password; "
            "choose a password without others."
        ) from None


def _with_token(client: IMAPClient, key: str, box: config.Mailbox, access: Access | None) -> None:
    """A token that is refused although it should be good is replaced once: it may have been withdrawn."""
    if access is None:
        raise SignInRefused(
            f"There is no way here to get a token for {where(key, box)}; use `helpdesk poll`."
        )
    token = access()
    try:
        _xoauth2(client, box.user, token)
    except LoginError as fault:
        another = token if _is_broken(fault) or suggested_wait(fault) else access(refused=token)
        if another == token:
            raise _refused(fault, key, box, f"mailboxes.{key}.user and oauth", token) from None
        _once_more(client, key, box, another)


def _once_more(client: IMAPClient, key: str, box: config.Mailbox, token: str) -> None:
    try:
        _xoauth2(client, box.user, token)
    except LoginError as fault:
        raise _refused(fault, key, box, f"mailboxes.{key}.user and oauth", token) from None


def _xoauth2(client: IMAPClient, user: str, token: str) -> None:
    client.sasl_login("XOAUTH2", Answers(user, token))


def _refused(
    fault: LoginError, key: str, box: config.Mailbox, mend: str, secret: str
) -> SignInRefused | MailboxUnreachable:
    if _is_broken(fault):
        return _broke_off(fault, key, box)
    return SignInRefused(
        f"The server of {where(key, box)} refused the sign-in of {box.user!r} "
        f"(it says: {said(fault, secret)}); mend {mend}.",
        suggested_wait(fault),
    )


def _is_broken(fault: LoginError) -> bool:
    """IMAPClient calls a broken line a refusal too."""
    return isinstance(fault.__context__, IMAPClientAbortError)


def _broke_off(fault: BaseException, key: str, box: config.Mailbox) -> MailboxUnreachable:
    return MailboxUnreachable(
        f"The server of {where(key, box)} broke off during sign-in; it will be tried again.",
        suggested_wait(fault),
    )
