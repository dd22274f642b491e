"""The words that an officer names are found wherever they stand, or the officer is told which line is not there."""

import pytest

from helpdesk.config import Settings
from helpdesk.governance.redaction import redact_email
from helpdesk.governance.words import WordsNotFound, find_words, words_left
from helpdesk.ingest.parse import parse
from helpdesk.ingest.values import Email
from helpdesk.pii.values import Severity, Verdict
from tests.support.mails import mail

EMAIL: Email = parse(
    mail(
        subject="About Wren Hollis",
        text="Wren Hollis rang, 0151 496 0200.\n",
        html="<p><i>Wren</i> Hollis rang, 0151 496 0200.</p>",
        files=[("wren.txt", "text/plain", b"Bed of Wren Hollis: 7")],
    )
)


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ("", set()),
        ("\n  \n", set()),
        ("Wren Hollis", {"subject", "body_text", "attachment:3"}),
        ("wren hollis", {"subject", "body_text", "attachment:3"}),  # in whatever case
        ("01514960200", {"body_text", "body_html"}),  # however it is spaced
        ("Bed of", {"attachment:3"}),
        ("rang", {"body_text", "body_html"}),
        ("rang\nBed of", {"body_text", "body_html", "attachment:3"}),
    ],
)
def test_each_line_is_found_where_it_stands(settings: Settings, words: str, parts: set[str]) -> None:
    assert {one.part for one in find_words(EMAIL, words, settings)} == parts


@pytest.mark.parametrize(("words", "line"), [("Hollisa", 1), ("rang\n\nHoll", 3), ("7", 1)])
def test_a_line_that_is_not_there_is_named_by_its_number(settings: Settings, words: str, line: int) -> None:
    with pytest.raises(WordsNotFound, match=f"^Line {line} ") as caught:
        find_words(EMAIL, words, settings)
    assert words.splitlines()[-1] + " " not in str(caught.value)


@pytest.mark.parametrize(
    ("words", "left"), [("rang", False), ("0151 496 0200", False), ("Wren Hollis", True)]
)
def test_what_is_left_after_redaction_is_seen(settings: Settings, words: str, left: bool) -> None:
    """Tags part the name in the HTML, so that it is not found there: then nothing may be released."""
    found = find_words(EMAIL, words, settings)
    verdict = Verdict(False, Severity.NONE, (), found, (), "test", 0.0)
    assert words_left(redact_email(EMAIL, verdict, settings), words, settings) is left
