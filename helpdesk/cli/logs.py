"""What the service logs, and what it never logs: the words of other people's libraries about a mail."""

import logging
import sys

OURS = ("helpdesk", "waitress")
FORMAT = "%(asctime)s  %(levelname)-7s  %(message)s"


class OurWords(logging.Formatter):
    """Formats our own records; of a library's only its name, for its words may quote a mail."""

    def format(self, record: logging.LogRecord) -> str:
        if record.name.split(".")[0] in OURS:
            return super().format(record)
        plain = logging.makeLogRecord(record.__dict__)
        plain.msg, plain.args = "%s logged a message, which is left out: it may quote a mail", (record.name,)
        plain.exc_info = plain.exc_text = plain.stack_info = None
        return super().format(plain)


def start_logging() -> None:
    """Log to stderr: ours from INFO, everyone else's from WARNING and without their words."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(OurWords(FORMAT, datefmt="%H:%M:%S"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("helpdesk").setLevel(logging.INFO)
