"""The embedded IMAP server: pymap with its in-memory mailboxes, one user a desk's address."""

from argparse import Namespace
from asyncio import Server, StreamReader, StreamWriter, Task, current_task, start_server
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

from proxyprotocol.result import ProxyResultUnknown
from proxyprotocol.sock import SocketInfo
from pymap.backend.dict import Config, Login
from pymap.backend.dict.filter import FilterSet
from pymap.backend.dict.mailbox import MailboxSet
from pymap.imap import IMAPServer
from pymap.parsing.message import AppendMessage
from pymap.user import UserMetadata
from pysasl.hashing import Cleartext

NO_FLAGS: frozenset[Any] = frozenset()


@dataclass(frozen=True)
class ImapBoxes:
    """The mailboxes of the embedded server, by user. To be used in the event loop that made it."""

    sets: dict[str, Any]
    login: Any

    async def deliver(self, user: str, raw: bytes) -> None:
        """Put a mail into a user's INBOX, as an MTA would; who waits in IDLE is told."""
        inbox = await self.sets[user].get_mailbox("INBOX")
        await inbox.append(AppendMessage(raw, datetime.now(UTC), NO_FLAGS), recent=True)

    async def waiting(self, user: str) -> list[bytes]:
        """The raw mails that are still in a user's INBOX."""
        inbox = await self.sets[user].get_mailbox("INBOX")
        return [bytes(message._content) async for message in inbox.messages()]


async def open_boxes(users: list[str], password: str) -> ImapBoxes:
    """Empty mailboxes for these users, or with what `save` kept."""
    config = _config()
    config.apply_context()
    login = Login(config)
    for user in users:
        login.users_dict[user] = UserMetadata(config, user, password=password)
        config.set_cache[user] = (MailboxSet(), FilterSet())
    return ImapBoxes({user: config.set_cache[user][0] for user in users}, login)


async def serve_imap(boxes: ImapBoxes, host: str, port: int) -> Server:
    """Listen. Raises OSError when the port is taken; port 0 takes a free one."""
    server = IMAPServer(boxes.login, boxes.login.config)
    talks: set[Task[None] | None] = set()  # the loop itself holds a task only weakly

    async def connected(reader: StreamReader, writer: StreamWriter) -> None:
        # Awaited here. pymap's own start-up leaves each talk to a task that nothing holds, and a
        # connection that the garbage collector takes is one that breaks off.
        talk = current_task()
        talks.add(talk)
        try:
            info = SocketInfo.get(writer, ProxyResultUnknown(), unique_id=uuid4().bytes)
            await server(reader, cast("StreamWriter", WholeAnswers(writer)), info)
        finally:
            talks.discard(talk)
            writer.close()

    return await start_server(connected, host=host, port=port)


class WholeAnswers:
    """A writer that sends each answer in one piece.

    pymap writes one in many small pieces, and IMAPClient in IDLE gives up on a line that it has read half.
    """

    def __init__(self, writer: StreamWriter) -> None:
        self._writer, self._held = writer, bytearray()

    def write(self, data: bytes) -> None:
        self._held += data

    async def drain(self) -> None:
        self._writer.write(bytes(self._held))
        self._held.clear()
        await self._writer.drain()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._writer, name)


async def save(boxes: ImapBoxes, folder: Path) -> None:
    """Keep what nobody took in yet, so that a stop loses no mail."""
    for user in boxes.sets:
        for number, raw in enumerate(await boxes.waiting(user)):
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{user}-{number:06d}.eml").write_bytes(raw)


async def restore(boxes: ImapBoxes, folder: Path) -> None:
    """Deliver again what `save` kept."""
    for path in sorted(folder.glob("*.eml")):
        user = path.stem.rsplit("-", 1)[0]
        if user in boxes.sets:
            await boxes.deliver(user, path.read_bytes())
        path.unlink()


def _config() -> Any:
    return Config(
        Namespace(passlib_cfg=None, proxy_protocol=None),
        host=None,
        port=0,
        demo_data=False,
        demo_user="",
        demo_password="",
        tls_enabled=False,
        reject_dnsbl=False,  # or it would ask a name server about each connection
        hash_context=Cleartext(),  # the demo's password is printed on the screen anyway
    )
