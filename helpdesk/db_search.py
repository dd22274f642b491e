"""Full-text search: one row a searchable text in `search_entries`; each engine indexes it its own way."""

import re
import unicodedata
from functools import cache

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    TextClause,
    column,
    exists,
    func,
    literal,
    literal_column,
    select,
    table,
    text,
)
from sqlalchemy.orm import Session

from helpdesk.db import is_postgresql

# More texts than these have a common word: PostgreSQL then looks at the tickets in their order and at their
# texts until a page is full, instead of at all texts that have it (1 ms instead of 150 at 100,000 tickets).
COMMON = 5_000

SEARCH_UP = {
    "sqlite": [
        "CREATE VIRTUAL TABLE search_entries_fts USING fts5(content, content='search_entries', "
        "content_rowid='id', tokenize='unicode61 remove_diacritics 2')",
        "CREATE TRIGGER search_entries_ai AFTER INSERT ON search_entries BEGIN "
        "INSERT INTO search_entries_fts(rowid, content) VALUES (new.id, new.content); END",
        "CREATE TRIGGER search_entries_ad AFTER DELETE ON search_entries BEGIN "
        "INSERT INTO search_entries_fts(search_entries_fts, rowid, content) "
        "VALUES ('delete', old.id, old.content); END",
        "CREATE TRIGGER search_entries_au AFTER UPDATE ON search_entries BEGIN "
        "INSERT INTO search_entries_fts(search_entries_fts, rowid, content) "
        "VALUES ('delete', old.id, old.content); "
        "INSERT INTO search_entries_fts(rowid, content) VALUES (new.id, new.content); END",
    ],
    "postgresql": [
        "CREATE INDEX ix_search_entries_content ON search_entries USING gin (to_tsvector('simple', content))",
    ],
}
SEARCH_DOWN = {
    "sqlite": ["DROP TABLE search_entries_fts"],
    "postgresql": ["DROP INDEX ix_search_entries_content"],
}
# Worked out once, when a text is written: to look at it again for each search costs more than the search.
SEARCH_WORDS_UP = {
    "sqlite": [],
    "postgresql": [
        "ALTER TABLE search_entries ADD COLUMN words tsvector "
        "GENERATED ALWAYS AS (to_tsvector('simple', content)) STORED",
        "CREATE INDEX ix_search_entries_words ON search_entries USING gin (words)",
        *SEARCH_DOWN["postgresql"],
    ],
}
SEARCH_WORDS_DOWN = {
    "sqlite": [],
    "postgresql": [
        *SEARCH_UP["postgresql"],
        "DROP INDEX ix_search_entries_words",
        "ALTER TABLE search_entries DROP COLUMN words",
    ],
}


def search_text(text: str) -> str:
    """Text as it is indexed: words of letters and digits, lower case, without accents.

    Done here and not by the engines, whose own ideas of a word differ.
    """
    if text.isascii():  # as most mail is, and five times as fast
        return " ".join(text.translate(_ASCII).split())
    plain = unicodedata.normalize("NFKD", text).casefold()
    if not plain.isascii():
        plain = _marks().sub("", plain)
    return _BETWEEN_WORDS.sub(" ", plain).strip()


_BETWEEN_WORDS = re.compile(r"[\W_]+")
_ASCII = str.maketrans({c: c.lower() if c.isalnum() else " " for c in map(chr, range(128))})


@cache
def _marks() -> re.Pattern[str]:
    """Accents and other combining characters; as a pattern, since a mail has many characters."""
    return re.compile(f"[{''.join(c for c in map(chr, range(0x300, 0x20000)) if unicodedata.combining(c))}]+")


def search_words(query: str) -> list[str]:
    """The words of what a person typed, as they are indexed; at most 12."""
    return search_text(query[:500]).split()[:12]


def forget_words(session: Session) -> None:
    """Take out of the index what was deleted or changed in this transaction, not only out of what it finds.

    FTS5 only marks deleted words and keeps them until it merges; to merge at once takes a second for some 40,000
    texts of 100 words. Its option secure-delete would be quicker, but an older SQLite cannot read the file any more then.
    PostgreSQL's index keeps words until it is made anew: docs/operators.md.
    """
    session.flush()
    if not is_postgresql(session):
        session.execute(text("INSERT INTO search_entries_fts(search_entries_fts) VALUES ('optimize')"))


def matching_ids(session: Session, query: str) -> Select[tuple[int]]:
    """A select of `search_entries.id` whose text has every word of the query, the last as a beginning."""
    if is_postgresql(session):
        return select(_entries.c.id).where(_has_words(search_words(query)))
    phrase = _sqlite_phrase(search_words(query))
    return (
        select(literal_column("rowid", Integer))
        .select_from(text("search_entries_fts"))
        .where(text("search_entries_fts MATCH :search_phrase").bindparams(search_phrase=phrase))
    )


def has_words(session: Session, query: str, ticket_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether a ticket has a text with every word of the query, the last as a beginning.

    On PostgreSQL this looks first how common they are: walking the tickets is 300 times as slow as asking
    the index where no text has the words, and 200 times as fast where a third of all texts have them.
    """
    if is_postgresql(session) and _is_common(session, query):
        return exists().where(_entries.c.ticket_id == ticket_id, _has_words(search_words(query)))
    entries = select(_entries.c.ticket_id).where(_entries.c.id.in_(matching_ids(session, query)))
    # Found first and kept, or PostgreSQL might walk the tickets all the same.
    found = entries.cte("found").prefix_with("MATERIALIZED", dialect="postgresql")
    return ticket_id.in_(select(found.c.ticket_id))


def beside_words(session: Session, column: ColumnElement[str]) -> ColumnElement[str]:
    """A column that narrows a search, as what no index of it answers on SQLite.

    SQLite has no statistics and would rather walk all tickets of a desk than the few that have the words.
    """
    return column if is_postgresql(session) else column.concat("")


_entries = table("search_entries", column("id", Integer), column("ticket_id", Integer))


def _is_common(session: Session, query: str) -> bool:
    some = select(literal(1)).select_from(_entries).where(_has_words(search_words(query))).limit(COMMON + 1)
    return (session.scalar(select(func.count()).select_from(some.subquery())) or 0) > COMMON


def _has_words(words: list[str]) -> TextClause:
    phrase = " & ".join([*words[:-1], words[-1] + ":*"]) if words else ""
    condition = text("search_entries.words @@ to_tsquery('simple', :search_phrase)")
    return condition.bindparams(search_phrase=phrase)


def _sqlite_phrase(words: list[str]) -> str:
    return " ".join([*(f'"{word}"' for word in words[:-1]), f'"{words[-1]}"*']) if words else '""'
