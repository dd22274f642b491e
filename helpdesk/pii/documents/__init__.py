"""Bytes of a file in, its texts out; each file is read in an isolated child process.

The parent (this package without `formats`) never imports a parser: `pool` starts and
watches the children, `wire` talks with them, `cache` remembers results by digest.
"""

from helpdesk.pii.documents.reader import ReaderError, close, isolation, read_document
from helpdesk.pii.documents.values import Document, Section, Unread, Why

__all__ = ["Document", "ReaderError", "Section", "Unread", "Why", "close", "isolation", "read_document"]
