"""Mail that came through a list (RFC 2369, RFC 2919, RFC 3834 section 2), and the lists of our own teams."""

import re
from collections.abc import Iterable

from helpdesk.ingest.values import Email

_HEADERS = (
    "list-id",
    "list-post",
    "list-unsubscribe",
    "list-unsubscribe-post",
    "list-subscribe",
    "list-help",
    "list-owner",
    "list-archive",
    "mailing-list",
    "x-mailing-list",
    "x-beenthere",
    "x-mailman-version",
    "x-google-group-id",
    "x-listserver",
    "x-listmember",
)
_NAMED_IN = ("list-id", "list-post", "mailing-list", "x-mailing-list", "x-beenthere")
_MOST = 2_000
_NAME = re.compile(r"[^\s<>,;:\"()]+")


def mailing_list(email: Email) -> str:
    """Why this is a list's mail; empty when it is none."""
    names = {name for name, _ in email.headers}
    if header := next((name for name in _HEADERS if name in names), ""):
        return f"it has the header {header}"
    if email.header("precedence").strip().lower() == "list":
        return "Precedence is list"
    if (email.return_path or "").startswith("owner-") or _is_robot(email.from_address):
        return "its sender is a list's address"
    return ""


def own_list(email: Email, own_lists: Iterable[str]) -> str:
    """The name of a list of our own teams that the mail came through; empty when it came through none."""
    wanted = frozenset(own_lists)
    return next((name for name in named(email) if name in wanted), "") if wanted else ""


def named(email: Email) -> list[str]:
    """The names and addresses that the mail's headers give its list, in lower case."""
    values = (value[:_MOST].lower() for header in _NAMED_IN for value in email.all(header))
    return [name.removeprefix("mailto:") for value in values for name in _NAME.findall(value)]


def is_managers(address: str) -> bool:
    """The address of those who keep a list, where a program may read what comes (RFC 2142, RFC 3834 section 2)."""
    local = address.rpartition("@")[0]
    return local.startswith("owner-") or local.endswith(("-request", "-owner"))


def _is_robot(address: str) -> bool:
    return address.rpartition("@")[0] in ("listserv", "majordomo", "sympa")
