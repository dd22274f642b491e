"""A connection to the mail server: TLS verified and never given up, plaintext only where it is set."""

import contextlib
import smtplib
import socket
import ssl

from helpdesk.config import Server
from helpdesk.errors import HelpdeskError
from helpdesk.mailauth.errors import TokenError
from helpdesk.mailauth.tokens import Access
from helpdesk.mailauth.xoauth2 import Answers

REFUSED = 535  # RFC 4954 section 6
PORTS = {"tls": 465, "starttls": 587, "plaintext": 25}


class MailServerDown(HelpdeskError):
    """The mail server cannot be used now: which, why, what to do. Nothing was sent."""


def connect(server: Server, access: Access | None = None) -> smtplib.SMTP:
    """Open, secure and sign in; `access` gives the token where the settings have oauth. Raises MailServerDown."""
    port = server.port or PORTS[server.tls]
    where = f"The mail server {server.host}:{port}"
    try:
        smtp = _open(server, port)
    except ssl.SSLError as fault:
        raise MailServerDown(
            f"{where} has no certificate that we trust, or no TLS ({fault.reason or 'TLS failed'}); "
            "mend it there, or set smtp.ca_file or smtp.tls."
        ) from None
    except smtplib.SMTPResponseException as fault:
        raise MailServerDown(f"{where} answered {fault.smtp_code} to our greeting; look there why.") from None
    except (OSError, smtplib.SMTPException) as fault:
        raise MailServerDown(
            f"{where} does not answer ({_plain(fault)}); start it, or mend smtp.host and smtp.port."
        ) from None
    try:
        _secure_and_sign_in(smtp, server, where, access)
    except BaseException:
        smtp.close()
        raise
    return smtp


def _open(server: Server, port: int) -> smtplib.SMTP:
    name, wait = _our_name(), server.timeout_seconds
    if server.tls == "tls":
        return smtplib.SMTP_SSL(
            server.host, port, local_hostname=name, timeout=wait, context=_context(server)
        )
    return smtplib.SMTP(server.host, port, local_hostname=name, timeout=wait)


def _our_name() -> str:
    """What EHLO says. The library's own choice asks DNS, which may hang."""
    name = socket.gethostname()
    return name if "." in name and name.isascii() else "[127.0.0.1]"


def _context(server: Server) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=server.ca_file)
    except OSError:
        raise MailServerDown(
            f"smtp.ca_file: {server.ca_file} cannot be read as certificates; mend it."
        ) from None


def _secure_and_sign_in(smtp: smtplib.SMTP, server: Server, where: str, access: Access | None) -> None:
    try:
        smtp.ehlo_or_helo_if_needed()
        if server.tls == "starttls":
            code, _ = smtp.starttls(context=_context(server))
            if code != 220:
                raise MailServerDown(f"{where} refuses STARTTLS ({code}); mend it there, or set smtp.tls.")
            smtp.ehlo_or_helo_if_needed()
        if server.oauth:
            _sign_in_with_token(smtp, server, where, access)
        elif server.user:
            smtp.login(server.user, server.password.get_secret_value())
    except TokenError as fault:
        raise MailServerDown(str(fault)) from None
    except smtplib.SMTPAuthenticationError as fault:
        mend = "smtp.oauth" if server.oauth else "smtp.password"
        raise MailServerDown(
            f"{where} refuses our sign-in ({fault.smtp_code}); mend smtp.user and {mend}."
        ) from None
    except smtplib.SMTPNotSupportedError:
        raise MailServerDown(
            f"{where} offers no STARTTLS, or no sign-in that we know; mend smtp.tls."
        ) from None
    except ssl.SSLError as fault:
        raise MailServerDown(
            f"{where} has no certificate that we trust ({fault.reason or 'TLS failed'}); "
            "mend it there, or set smtp.ca_file."
        ) from None
    except (OSError, smtplib.SMTPException) as fault:
        raise MailServerDown(f"{where} closed our connection ({_plain(fault)}); look there why.") from None


def _sign_in_with_token(smtp: smtplib.SMTP, server: Server, where: str, access: Access | None) -> None:
    """A token that is refused although it should be good is replaced once: it may have been withdrawn."""
    if access is None:
        raise MailServerDown(f"There is no way here to get a token for {where}.")
    if "XOAUTH2" not in smtp.esmtp_features.get("auth", "").upper().split():
        raise MailServerDown(
            f"{where} takes no tokens (it does not offer XOAUTH2); switch that on there, "
            "or set smtp.password in place of smtp.oauth."
        )
    token = access()
    try:
        _xoauth2(smtp, server.user, token)
    except smtplib.SMTPAuthenticationError as fault:
        another = access(refused=token) if fault.smtp_code == REFUSED else token
        if another == token:
            raise
        _xoauth2(smtp, server.user, another)


def _xoauth2(smtp: smtplib.SMTP, user: str, token: str) -> None:
    smtp.auth("XOAUTH2", Answers(user, token))


def _plain(fault: Exception) -> str:
    """A fault of the network in words, without anything that a server said."""
    if isinstance(fault, TimeoutError):
        return "no answer in time"
    if isinstance(fault, OSError) and fault.strerror:
        return fault.strerror
    return type(fault).__name__


def say_goodbye(smtp: smtplib.SMTP) -> None:
    """End a connection; that the peer is gone already does not matter."""
    with contextlib.suppress(OSError, smtplib.SMTPException):
        smtp.quit()
    smtp.close()
