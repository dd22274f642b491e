"""What the parts alone can do: IMAPClient fetching by 50, our parser, one durable transaction a mail, in one process."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from imapclient import IMAPClient

from benchmarks.figures import Figure, Options, timed
from benchmarks.letters import made
from benchmarks.place import Ground
from helpdesk.ingest.parse import parse
from tests.support.dovecot import PASSWORD, MailUser

NAME = "ceiling: fetch by 50, parse, one durable SQLite transaction a mail"
BATCH = 50


def measure(ground: Ground, options: Options) -> Iterator[Figure]:
    """Mails a second."""
    mails = made(options.count)
    runs = tuple(once(ground, mails) for _ in range(options.runs))
    yield Figure(NAME, "mails/s", runs)


def once(ground: Ground, mails: list[bytes]) -> float:
    """Mails a second of one run over a new mailbox with these mails."""
    user = ground.dovecot.user()
    user.deliver(*mails)
    database = ground.folder / f"ceiling-{user.name}.db"
    return len(mails) / timed(lambda: take_all(user, database)).wall


def take_all(user: MailUser, database: Path) -> None:
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE mails (id INTEGER PRIMARY KEY, subject TEXT, text TEXT, raw BLOB)")
    client = IMAPClient("127.0.0.1", port=user.server.port, ssl=False)
    client.login(user.name, PASSWORD)
    client.select_folder("INBOX")
    uids = client.search("ALL")
    for start in range(0, len(uids), BATCH):
        for answer in client.fetch(uids[start : start + BATCH], ["BODY.PEEK[]"]).values():
            _store(connection, answer[b"BODY[]"])
    client.logout()
    connection.close()


def _store(connection: sqlite3.Connection, raw: bytes) -> None:
    email = parse(raw)
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(
        "INSERT INTO mails (subject, text, raw) VALUES (?, ?, ?)", (email.subject, email.text, raw)
    )
    connection.execute("COMMIT")
