"""Gateways mark subjects; the marks are taken off before a subject is read."""

import pytest

from helpdesk.ingest.subjects import without_answers, without_gateway_tags

ROWS = [
    ("[EXTERNAL] Printer", "Printer"),
    ("[CAUTION: EXTERNAL] Printer", "Printer"),
    ("[External Email - do not click] Re: [EXT] Printer", "Re: Printer"),
    ("(External) Printer", "Printer"),
    ("***SPAM*** Printer", "Printer"),
    ("**EXTERNAL SENDER** Printer", "Printer"),
    ("EXTERNAL: Printer", "Printer"),
    ("CAUTION: External: Printer", "Printer"),
    ("RE: [EXTERNAL] [IT-000123] Printer", "RE: [IT-000123] Printer"),
    ("[IT-000123] [EXTERNAL] Printer", "[IT-000123] [EXTERNAL] Printer"),
    ("External drive broken", "External drive broken"),
    ("[External IT-000123] Printer", "[External IT-000123] Printer"),
    ("", ""),
]


@pytest.mark.parametrize(("subject", "bare"), ROWS)
def test_marks_of_gateways_are_taken_off(subject: str, bare: str) -> None:
    assert without_gateway_tags(subject) == bare


def test_answers_and_marks_are_taken_off_together() -> None:
    assert without_answers("Re: [EXTERNAL] FW: AW: Ymateb: Printer: again") == "Printer: again"
