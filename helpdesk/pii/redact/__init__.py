"""Texts, HTML and files without what was found in them.

Text and HTML are redacted here; files in the isolated child, as they were read. What
cannot be redacted safely comes back as a tombstone: a sentence in its place.
"""

from helpdesk.pii.redact.files import redact_file
from helpdesk.pii.redact.html import redact_html
from helpdesk.pii.redact.text import MARK, redact_text
from helpdesk.pii.redact.values import RedactedFile

__all__ = ["MARK", "RedactedFile", "redact_file", "redact_html", "redact_text"]
