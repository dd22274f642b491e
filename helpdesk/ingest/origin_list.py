"""Mail that came through a list (RFC 2369, RFC 2919, RFC 3834 section 2)."""

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
    "x-listserver",
    "x-listmember",
)


def mailing_list(email: Email) -> str:
    """Why this is a list's mail; empty when it is none."""
    names = {name for name, _ in email.headers}
    if header := next((name for name in _HEADERS if name in names), ""):
        return f"it has the header {header}"
    if email.header("precedence").strip().lower() == "list":
        return "Precedence is list"
    addresses = (email.from_address, email.return_path or "")
    return "its sender is a list's address" if any(map(_is_list_address, addresses)) else ""


def _is_list_address(address: str) -> bool:
    local = address.rpartition("@")[0]
    return (
        local.startswith("owner-")
        or local.endswith(("-request", "-owner"))
        or local in ("listserv", "majordomo")
    )
