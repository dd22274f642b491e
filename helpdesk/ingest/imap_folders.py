"""Folder names as a server wants them: its separator, its namespace (RFC 2342); made where missing."""

import contextlib

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

OUR_SEPARATOR = "/"  # in the settings, whatever the server's is


class Folders:
    """The folders of one connection. Methods raise what IMAPClient raises."""

    def __init__(self, client: IMAPClient) -> None:
        self._client = client
        self._there: set[str] = set()
        self._prefix, self._separator, self._elsewhere = _namespaces(client)

    def resolve(self, folder: str) -> str:
        """The server's name for a folder of the settings.

        `Helpdesk/Done` is `INBOX.Helpdesk.Done` where personal folders start with `INBOX.`.
        """
        if folder.upper() == "INBOX":
            return "INBOX"
        name = folder.replace(OUR_SEPARATOR, self._separator) if self._separator else folder
        return name if name.startswith((self._prefix, *self._elsewhere)) else self._prefix + name

    def ensure(self, folder: str) -> str:
        """The server's name of a folder that is there now; made and subscribed if it was not."""
        name = self.resolve(folder)
        if name not in self._there and not self._exists(name):
            name = self._create(name)
        self._there.add(name)
        return name

    def forget(self, name: str) -> None:
        """Look for this folder again before its next use."""
        self._there.discard(name)

    def _exists(self, name: str) -> bool:
        # Both are wildcards in a LIST, so compare what comes back.
        return any(found == name for _, _, found in self._client.list_folders("", name))

    def _create(self, name: str) -> str:
        try:
            self._client.create_folder(name)
        except IMAPClientAbortError:
            raise
        except IMAPClientError:
            # Another poller may have made it, or folders go under INBOX here and no NAMESPACE said so.
            if not self._exists(name):
                name = self._create_below_inbox(name)
        with contextlib.suppress(IMAPClientError):  # only so that mail programs show it
            self._client.subscribe_folder(name)
        return name

    def _create_below_inbox(self, name: str) -> str:
        below = f"INBOX{self._separator}{name}"
        if self._prefix or name.startswith(f"INBOX{self._separator}"):
            self._client.create_folder(name)  # once more, for its reason
            return name
        if not self._exists(below):
            self._client.create_folder(below)
        return below


def _namespaces(client: IMAPClient) -> tuple[str, str, tuple[str, ...]]:
    """(prefix of personal folders, separator, prefixes of other people's and shared folders)."""
    if client.has_capability("NAMESPACE"):
        spaces = client.namespace()
        prefix, separator = (spaces.personal or (("", ""),))[0]
        others = [name for space in (spaces.other, spaces.shared) for name, _ in space or () if name]
        return prefix, separator or "", tuple(others)
    found = client.list_folders("", "")  # the separator alone (RFC 3501 section 6.3.8)
    separator = found[0][1] if found else None
    return "", separator.decode() if isinstance(separator, bytes) else separator or "", ()
