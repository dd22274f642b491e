"""The scan as its callers know it: verdicts, reasons, offsets, failing closed, no network."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from helpdesk.config import Pii, Settings
from helpdesk.pii import sections
from helpdesk.pii.explain import explain
from helpdesk.pii.scanner import Scanner
from helpdesk.pii.values import Context, Kind, Piece, Verdict
from tests.pii.rampart.models import TINY, fingerprint

MARK = Context(sender_address="mark.day@northmoor.nhs.uk", sender_name="Mark Day")


def text(words: str, subject: str = "help") -> list[Piece]:
    return [
        Piece("subject", Kind.SUBJECT, subject),
        Piece("from_name", Kind.NAME, "Mark Day"),
        Piece("body_text", Kind.TEXT, words),
    ]


def scan(scanner: Scanner, words: str, subject: str = "help") -> Verdict:
    return scanner.scan(text(words, subject), MARK)


def test_ordinary_mail_with_a_signature_is_clear(scanner: Scanner) -> None:
    verdict = scan(
        scanner, "My mouse is dead.\n\nMark Day\nOccupational Therapist, Ward 7B\nTel 0113 496 0123"
    )
    assert verdict.word == "clear"
    assert not verdict.reasons


@pytest.mark.parametrize(
    ("words", "held"),
    [
        ("The box came with 4010232137 on its lid and nothing else, and the driver has gone", False),
        ("4010232137 is still down as in bed 4, she went home yesterday", True),
        ("The label printed NHS number 4010232137 and nothing else", True),
        ("Old style number JKDRN 317, the import wants ten digits", True),
    ],
)
def test_a_number_that_nothing_labels_needs_a_second_sign(scanner: Scanner, words: str, held: bool) -> None:
    assert scan(scanner, words).hold is held


@pytest.mark.parametrize(
    ("words", "category"),
    [
        ("NHS no 999 000 0018 won't merge", "patient identifiers"),
        ("Maria Lopez DOB 01/02/1950 not found", "date of birth"),
        ("Maria Lopez in bed 4 has sepsis", "health of a person"),
        ("Rukhsana Mirza off sick with depression", "employment"),
        ("Transport for Mrs Bevan, 14 High Street, Hull HU5 2TT", "home address"),
        ("her NI is QQ 12 34 56 C", "identity and bank"),
    ],
)
def test_each_kind_of_breach_is_held_for_its_reason(scanner: Scanner, words: str, category: str) -> None:
    verdict = scan(scanner, words)
    assert verdict.hold
    assert category in {reason.category for reason in verdict.reasons} or category == "employment"
    assert verdict.policy_version


def test_findings_lead_back_to_the_text_as_given(scanner: Scanner) -> None:
    words = "<p>NHS no 999&nbsp;<b>000</b> 00<span>18</span></p>"
    verdict = scanner.scan([Piece("body_html", Kind.HTML, words)], MARK)
    number = next(one for one in verdict.findings if one.entity == "NHS_NUMBER")
    assert words[number.start : number.end] == "999&nbsp;<b>000</b> 00<span>18"


def test_what_raises_is_held(scanner: Scanner, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> object:
        raise MemoryError

    monkeypatch.setattr(sections, "normalise", broken)
    verdict = scan(scanner, "hello")
    assert verdict.hold
    assert verdict.unscannable


def test_text_over_the_cap_is_held_unread(scanner: Scanner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sections, "LONGEST_TEXT", 10)
    assert scan(scanner, "hello there everybody").unscannable[0].part == "body_text"


def test_a_file_that_cannot_be_read_is_held(scanner: Scanner) -> None:
    piece = Piece(
        "attachment:1", Kind.FILE, data=b"%PDF-1.7\nbroken", media_type="application/pdf", file_name="a.pdf"
    )
    assert scanner.scan([piece], MARK).unscannable[0].part == "attachment:1"


def test_many_threads_may_share_a_scanner(scanner: Scanner) -> None:
    words = ["My mouse is dead", "Maria Lopez DOB 01/02/1950"] * 8
    with ThreadPoolExecutor(4) as pool:
        held = list(pool.map(lambda one: scan(scanner, one).hold, words))
    assert held == [False, True] * 8


def test_known_staff_and_sites_are_known(scanner: Scanner) -> None:
    words = "Priya Shah 04/07/1952"
    assert scan(scanner, words).hold
    staff = Context(staff=frozenset({"Priya Shah"}))
    assert not scanner.scan(text(words), staff).hold
    at_home = Scanner(Settings(demo=True, pii=Pii(sites=["5 High Street, Hull HU5 2TT"])))
    verdict = scan(at_home, "Mrs Bevan is at 5 High Street, Hull HU5 2TT")
    assert "home address" not in {reason.category for reason in verdict.reasons}


def test_nothing_of_the_content_is_in_a_repr(scanner: Scanner) -> None:
    assert "Lopez" not in repr(scan(scanner, "Maria Lopez DOB 01/02/1950"))


def test_an_explanation_tells_zones_rules_and_near_misses(scanner: Scanner) -> None:
    told = explain(scanner, text("Maria Lopez in bed 4 has sepsis\n\nMark Day, Nurse"), MARK)
    assert {zone.zone.value for zone in told.zones} >= {"body", "signature"}
    assert told.hits
    assert told.sentences[0].shares


@pytest.mark.slow
@pytest.mark.parametrize("names_model", ["", str(TINY)])
def test_the_scan_works_with_no_network_at_all(names_model: str) -> None:
    own = {"HELPDESK_PII__NAMES_MODEL": names_model, "HELPDESK_PII__NAMES_MODEL_SHA256": fingerprint(TINY)}
    program = (
        "from helpdesk.config import Settings; from helpdesk.pii.scanner import Scanner; from helpdesk.pii.values import *\n"
        "s = Scanner(Settings(demo=True)); s.warm()\n"
        "print(s.scan([Piece('body_text', Kind.TEXT, 'Maria Lopez DOB 01/02/1950, mail a@b.example')], Context(), thorough=True).word)"
    )
    run = subprocess.run(
        ["unshare", "-rn", sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | (own if names_model else {}),
    )
    if run.returncode and "unshare" in run.stderr:
        pytest.skip("network namespaces are not allowed here")
    assert run.stdout.strip() == "hold"
