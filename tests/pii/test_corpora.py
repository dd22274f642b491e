"""The promises in figures: mails written for it, the project's corpora, the shared corpus."""

from pathlib import Path

import pytest

from helpdesk.pii.evaluate import Report, evaluate, message_row, read_corpus
from helpdesk.pii.learn.examples import from_mails
from helpdesk.pii.scanner import Scanner

OWN = Path(__file__).parent.parent / "corpora" / "pii"


def of(scanner: Scanner, path: Path) -> Report:
    return evaluate(read_corpus(path), scanner)


def test_mails_written_one_by_one_are_judged_rightly(scanner: Scanner) -> None:
    judged = [(one.breach, scanner.scan(one.pieces, one.context).hold) for one in from_mails()]
    breaches = [held for breach, held in judged if breach]
    clean = [held for breach, held in judged if not breach]
    assert sum(breaches) >= 0.85 * len(breaches)
    assert sum(clean) <= 0.05 * len(clean)


@pytest.mark.slow
def test_the_development_corpus_is_judged_as_promised(scanner: Scanner) -> None:
    report = of(scanner, OWN / "dev.jsonl")
    assert report.recall.rate >= 0.98
    assert report.false_holds.rate <= 0.01
    assert report.right_category.rate >= 0.9


@pytest.mark.slow
@pytest.mark.parametrize(
    ("corpus", "recall", "false_holds", "redaction"),
    [
        ("dev2.jsonl", 0.99, 0.01, 0.98),
        ("dev3.jsonl", 0.99, 0.012, 0.97),
        ("dev4.jsonl", 0.985, 0.025, 0.97),
        ("test.jsonl", 0.94, 0.03, 0.98),
        ("holdout.jsonl", 0.95, 0.036, 0.98),
        ("fresh.jsonl", 0.98, 0.02, 0.97),
        ("dev5.jsonl", 0.985, 0.03, 0.965),
        ("unseen.jsonl", 0.97, 0.05, 0.96),
        ("unseen2.jsonl", 0.93, 0.055, 0.95),
        ("unseen3.jsonl", 0.95, 0.045, 0.95),
        ("unseen4.jsonl", 0.91, 0.045, 0.96),
        ("unseen5.jsonl", 0.97, 0.12, 0.95),
        ("unseen6.jsonl", 0.94, 0.03, 0.97),
        ("dev7.jsonl", 0.98, 0.01, 0.97),
        ("dev8.jsonl", 0.98, 0.02, 0.97),
        ("dev6.jsonl", 0.98, 0.08, 0.97),
    ],
)
def test_no_change_makes_the_figures_of_the_other_corpora_worse(
    scanner: Scanner, corpus: str, recall: float, false_holds: float, redaction: float
) -> None:
    """What was reached, not what is wanted (98 % and 3 %): docs/pii.md."""
    report = evaluate(read_corpus(OWN / corpus), scanner, thorough=True)
    assert report.recall.rate >= recall
    assert report.false_holds.rate <= false_holds
    assert report.right_category.rate >= 0.9
    assert report.redaction.rate >= redaction


@pytest.mark.corpus
@pytest.mark.slow
def test_public_mail_is_seldom_held(scanner: Scanner, corpus: Path) -> None:
    report = of(scanner, corpus / "ham" / "spamassassin_easy_ham_1.jsonl")
    assert report.false_holds.whole == 2_500
    assert report.false_holds.rate <= 0.02


@pytest.mark.corpus
@pytest.mark.slow
def test_the_shared_mails_are_judged_as_promised(scanner: Scanner, corpus: Path) -> None:
    report = of(scanner, corpus / "pii" / "messages.jsonl")
    assert report.recall.rate >= 0.98
    assert report.false_holds.rate <= 0.03
    assert report.right_category.rate >= 0.9


@pytest.mark.corpus
@pytest.mark.slow
def test_each_file_gets_its_right_answer(scanner: Scanner, corpus: Path) -> None:
    report = of(scanner, corpus / "files")
    assert report.missed == ()
    assert report.wrongly_held == ()


def test_a_report_counts_what_it_says(scanner: Scanner) -> None:
    base = {
        "difficulty": "easy",
        "template": "t",
        "from": "Mark Day <mark.day@northmoor.nhs.uk>",
        "subject": "x",
    }
    held = message_row(
        {
            **base,
            "id": "1",
            "label": "breach",
            "category": "nhs_plain",
            "body_text": "NHS no 999 000 0018",
            "entities": [{"type": "NHS_NUMBER", "text": "999 000 0018", "where": "body_text"}],
        }
    )
    missed = message_row(
        {**base, "id": "2", "label": "breach", "category": "other", "body_text": "nothing here"}
    )
    clear = message_row(
        {**base, "id": "3", "label": "clean", "category": "printer", "body_text": "the printer is broken"}
    )
    report = evaluate([held, missed, clear], scanner)
    assert (report.recall.part, report.recall.whole) == (1, 2)
    assert (report.false_holds.part, report.false_holds.whole) == (0, 1)
    assert report.missed == ("2",)
    assert report.redaction.rate == 1.0
    assert report.right_category.rate == 1.0
