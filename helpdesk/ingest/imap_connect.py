"""Opening a connection: TLS verified or refused. Never falls back to plaintext."""

import contextlib
import logging
import ssl

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from helpdesk import config
from helpdesk.ingest.imap_errors import (
    MailboxUnreachable,
    TlsRefused,
    port_of,
    said,
    suggested_wait,
    where,
)
from helpdesk.ingest.imap_sign_in import sign_in
from helpdesk.mailauth.tokens import Access

# At its lower levels IMAPClient logs what goes over the wire, which is people's mail.
logging.getLogger("imapclient").setLevel(logging.WARNING)


def connect(key: str, box: config.Mailbox, access: Access | None = None) -> IMAPClient:
    """A connection that is signed in; `access` gives the token where the settings have oauth.

    Raises TlsRefused, MailboxUnreachable or SignInRefused; none holds the password.
    """
    client = _reach(key, box)
    try:
        if box.tls == "starttls":
            _start_tls(client, key, box)
        sign_in(client, key, box, access)
    except BaseException:
        abandon(client)
        raise
    return client


def abandon(client: IMAPClient) -> None:
    """Close the socket without a word to the server."""
    with contextlib.suppress(OSError, ValueError, IMAPClientError):  # it may be gone already
        client.shutdown()


def _reach(key: str, box: config.Mailbox) -> IMAPClient:
    context = _context(key, box) if box.tls == "tls" else None
    try:
        client = IMAPClient(
            box.host,
            port_of(box),
            ssl=box.tls == "tls",
            ssl_context=context,
            timeout=box.timeout_seconds,
        )
    except ssl.SSLError as fault:
        raise _tls_refused(fault, key, box) from None
    except TimeoutError:
        raise MailboxUnreachable(
            f"The server of {where(key, box)} did not answer within {box.timeout_seconds:g} s; "
            f"see that it runs, or mend mailboxes.{key}.host and port."
        ) from None
    except OSError as fault:
        raise MailboxUnreachable(
            f"The server of {where(key, box)} cannot be reached ({fault.strerror or type(fault).__name__}); "
            f"see that it runs, or mend mailboxes.{key}.host and port."
        ) from None
    except IMAPClientError as fault:
        raise MailboxUnreachable(
            f"{where(key, box)} does not greet as an IMAP server does; mend mailboxes.{key}.host and port.",
            suggested_wait(fault),
        ) from None
    client._imap.debug = 0  # IMAPClient formats each line for its log even when nobody reads it
    return client


def _context(key: str, box: config.Mailbox) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=str(box.ca_file) if box.ca_file else None)
    except OSError as fault:  # ssl.SSLError, when the file holds no certificate, is one too
        raise TlsRefused(
            f"mailboxes.{key}.ca_file: {box.ca_file} cannot be used ({said(fault)}); "
            "name a readable file of certificates in PEM form."
        ) from None


def _start_tls(client: IMAPClient, key: str, box: config.Mailbox) -> None:
    context = _context(key, box)
    try:
        client.starttls(context)
    except ssl.SSLError as fault:
        raise _tls_refused(fault, key, box) from None
    except IMAPClientError:  # not offered, refused, or the server greeted with PREAUTH, as an attacker may
        raise TlsRefused(
            f"The server of {where(key, box)} does not start TLS on this connection, so nothing more was sent; "
            f"""set mailboxes.{key}.tls = "tls" with its TLS port, or have STARTTLS switched on there."""
        ) from None
    except OSError as fault:
        raise MailboxUnreachable(
            f"The server of {where(key, box)} broke off while starting TLS ({type(fault).__name__}); try later."
        ) from None


def _tls_refused(fault: ssl.SSLError, key: str, box: config.Mailbox) -> TlsRefused:
    if isinstance(fault, ssl.SSLCertVerificationError):
        why = f"its certificate is not trusted ({fault.verify_message})"
        mend = f"name the certificate's authority in mailboxes.{key}.ca_file, or mend mailboxes.{key}.host"
    else:
        why = f"it does not speak TLS there as it should ({fault.reason or type(fault).__name__})"
        mend = f"""mend mailboxes.{key}.port, or set mailboxes.{key}.tls = "starttls" if that is what the port speaks"""
    return TlsRefused(f"The server of {where(key, box)} was not signed in to: {why}; {mend}.")
