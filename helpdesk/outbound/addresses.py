"""Which addresses a mail of ours may go to."""

import re

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
# A dot-atom at a host name (RFC 5321 section 4.1.2). Quoted local parts and address literals are legal
# there, and in practice a sign of an attack; non-ASCII local parts need SMTPUTF8, which few servers speak.
_PLAIN = re.compile(rf"(?=.{{1,254}}\Z)(?=.{{1,64}}@){_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*")
_UNREAD = re.compile(r"(?:^|[-_.+])(?:no|do[-_.]?not|dont)[-_.]?reply(?:[-_.+\d]|$)")
_DAEMON = re.compile(r"^mailer[-_.]?daemon$")
# RFC 3834 section 2: lists, their owners and what sends on behalf of a system.
_SYSTEM = re.compile(
    r"^(?:owner-.*|.*-(?:request|owner|bounces?)|bounces?(?:[-_+].*)?|postmaster|listserv|majordomo)$"
)


def is_valid(address: str) -> bool:
    """Whether we can write to it at all."""
    return _PLAIN.fullmatch(address) is not None


def domain_of(address: str) -> str:
    return address.rpartition("@")[2].lower()


def base_of(address: str) -> str:
    """The address in lower case and without what follows a plus: `desk+reply.x@h` is `desk@h`."""
    local, _, domain = address.lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def is_unread(address: str) -> bool:
    """A no-reply or mailer-daemon address: nobody reads what comes there."""
    local = address.lower().rpartition("@")[0]
    return bool(_UNREAD.search(local) or _DAEMON.match(local.partition("+")[0]))


def is_system(address: str) -> bool:
    """An address that no automatic mail goes to (RFC 3834 section 2)."""
    return bool(_SYSTEM.match(address.lower().rpartition("@")[0]))
