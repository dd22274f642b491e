"""What an IG officer sees and decides: reasons first, content only after a reason, three acts."""

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from helpdesk.config import Settings
from helpdesk.db import now, reading, writing
from helpdesk.governance import decisions
from helpdesk.governance.quarantine import HeldPiece
from helpdesk.ingest.pipeline import Pipeline
from helpdesk.ingest.workers import Workers
from helpdesk.models import HeldMail, Receipt
from helpdesk.pii.values import Finding, Zone
from helpdesk.services import Services
from helpdesk.vault import ContentDestroyed
from helpdesk.web import create_app
from helpdesk.web.quarantine import marking
from tests.conftest import settings_for
from tests.web import reads, rows
from tests.web.conftest import Visitor

PAGE = "/quarantine/1"
OFFICER = rows.PEOPLE["officer"][0]
WORD = "KANARIENVOGEL"


@pytest.fixture
def held(web_services: Services) -> Services:
    with writing(web_services.sessions) as session:
        rows.add_held(web_services, session, rows.add_ticket(session), hours=60)
    return web_services


def held_mail(services: Services) -> HeldMail:
    with reading(services.sessions) as session:
        return session.get_one(HeldMail, 1)


def test_the_list_says_why_from_whom_and_how_long_is_left(officer: Visitor, held: Services) -> None:
    page = officer.get("/quarantine").text
    for words in (
        "IG-000001",
        "High severity",
        "NHS number",
        "dana.fox@example.org",
        "IT-000001",
        "11 hours left",
    ):
        assert words in page


@pytest.mark.parametrize(
    ("hours", "words", "colour"),
    [(0, "71 hours left", "white"), (60, "11 hours left", "orange"), (80, "8 hours over", "red")],
)
def test_the_clock_counts_from_when_we_became_aware(
    held: Services, hours: int, words: str, colour: str
) -> None:
    with writing(held.sessions) as session:
        mail = rows.add_held(held, session, rows.add_ticket(session), hours=hours)
        assert marking.clock(mail, now()) == marking.Clock(words, colour)


def test_nothing_of_the_mail_shows_before_a_reason_is_given(officer: Visitor, held: Services) -> None:
    for page in ("/quarantine", PAGE):
        text = officer.get(page).text
        assert WORD not in text
        assert "Referral" not in text
        assert "Dana Fox" not in text
    refused = officer.post(f"{PAGE}/open", look_reason="  ")
    assert refused.status_code == 400
    assert "Say in a few words why" in refused.text
    assert WORD not in refused.text
    assert reads.acts(held, "held.viewed") == []


def test_opening_with_a_reason_shows_the_content_with_what_was_found(
    officer: Visitor, held: Services
) -> None:
    page = officer.post(f"{PAGE}/open", look_reason="is it a patient's").text
    assert WORD in page
    assert (
        '<mark class="app-found">943 476 5919<span class="app-found__name"> NHS number</span></mark>' in page
    )
    viewed = reads.acts(held, "held.viewed")
    assert [(act.actor, act.reason, act.subject_id) for act in viewed] == [
        (OFFICER, "is it a patient's", "1")
    ]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Choose what to do"),
        ({"act": "release"}, "it is kept in the record"),
        ({"reason": "because"}, "Choose what to do"),
        ({"act": "purge", "reason": ""}, "it is kept in the record"),
        ({"act": "release", "reason": "ok"}, "Say in a few words why"),
    ],
)
def test_no_act_without_its_reason(
    officer: Visitor, held: Services, fields: dict[str, str], words: str
) -> None:
    answer = officer.post(f"{PAGE}/decide", **fields)
    assert answer.status_code in (400, 409)
    assert words in answer.text
    assert "nhsuk-error-summary" in answer.text
    assert held_mail(held).state == "held"


def test_an_act_that_there_is_not_is_refused(officer: Visitor, held: Services) -> None:
    assert officer.post(f"{PAGE}/decide", act="publish", reason="because").status_code == 400


def test_a_purge_is_asked_about_once_more_and_then_erases_for_good(officer: Visitor, held: Services) -> None:
    asked = officer.post(f"{PAGE}/decide", act="purge", reason="sent by mistake")
    assert "Are you sure" in asked.text
    assert "sent by mistake" in asked.text
    assert held_mail(held).state == "held"

    done = officer.post(f"{PAGE}/decide", act="purge", reason="sent by mistake", sure="yes")
    assert done.status_code == 302
    mail = held_mail(held)
    assert (mail.state, mail.decision_reason) == ("purged", "sent by mistake")
    with reading(held.sessions) as session, pytest.raises(ContentDestroyed):
        held.vault.get(session, session.get_one(Receipt, mail.receipt_id).blob_id or 0)
    page = officer.get(PAGE).text
    assert "sent by mistake" in page
    assert "Ines Reed" in page
    assert "Open the content" not in page
    assert officer.post(f"{PAGE}/open", look_reason="once more").status_code == 400


def test_a_mail_is_decided_once(officer: Visitor, held: Services) -> None:
    decisions.purge(held, 1, OFFICER, "sent by mistake")
    answer = officer.post(f"{PAGE}/decide", act="purge", reason="again", sure="yes")
    assert answer.status_code == 409
    assert "already purged" in answer.text


def test_there_is_no_page_for_a_mail_that_is_not_there(officer: Visitor, web_services: Services) -> None:
    assert officer.get("/quarantine/99").status_code == 404
    assert officer.post("/quarantine/99/decide", act="purge", reason="because", sure="yes").status_code == 404


@pytest.fixture(scope="module")
def workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workers]:
    """The real scanner, once for this module."""
    settings: Settings = settings_for(tmp_path_factory.mktemp("workers"))
    made = Workers(settings, b"k" * 32, in_process=True)
    yield made
    made.close()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("act", "state", "shown"),
    [("release", "released", True), ("redacted", "redacted", False)],
)
def test_a_released_mail_comes_to_the_ticket_whole_or_without_what_was_found(
    held: Services,
    workers: Workers,
    make_visitor: Callable[[Flask, str], Visitor],
    act: str,
    state: str,
    shown: bool,
) -> None:
    app = create_app(held, Pipeline(held, workers))
    officer, agent = make_visitor(app, "officer"), make_visitor(app, "agent")
    assert officer.post(f"{PAGE}/decide", act=act, reason="a test number").status_code == 302
    assert held_mail(held).state == state
    page = agent.get("/tickets/IT-000001").text
    assert "Please chase the" in page
    assert ("943 476 5919" in page) is shown
    assert "being checked by information governance" not in page


def finding(start: int, end: int, entity: str = "NHS_NUMBER", score: float = 1.0, path: str = "") -> Finding:
    return Finding(entity, "body_text", start, end, score, Zone.BODY, "test", path=path)


@pytest.mark.parametrize(
    ("findings", "expected"),
    [
        ([], "a &lt;b&gt; c"),
        ([finding(2, 5)], "a [&lt;b&gt;: NHS number] c"),
        ([finding(0, 1), finding(6, 7, "PERSON")], "[a: NHS number] &lt;b&gt; [c: person]"),
        ([finding(0, 4), finding(2, 5, "PERSON")], "[a &lt;b&gt;: NHS number, person] c"),
        ([finding(5, 5), finding(-4, 1), finding(6, 99)], "[a: NHS number] &lt;b&gt; [c: NHS number]"),
        ([finding(90, 99)], "a &lt;b&gt; c"),
        ([finding(0, 1, "HEALTH", 0.2)], "(a: health) &lt;b&gt; c"),
        ([finding(0, 4, "HEALTH", 0.2), finding(2, 5)], "[a &lt;b&gt;: NHS number] c"),
    ],
)
def test_findings_are_marked_in_the_text_and_nothing_in_it_is_markup(
    findings: list[Finding], expected: str
) -> None:
    html = str(marking.marked("a <b> c", findings))
    weak_shown = re.sub(r'<span class="app-sign" title="([^"]+)">([^<]+)</span>', r"(\2: \1)", html)
    plain = (
        weak_shown.replace('<mark class="app-found">', "[")
        .replace('<span class="app-found__name"> ', ": ")
        .replace("</span></mark>", "]")
    )
    assert plain == expected


def test_what_was_found_is_told_part_by_part_and_weak_signs_apart() -> None:
    found = [("subject", "HEALTH", 0.2), ("body_text", "NHS_NUMBER", 1.0), ("body_text", "NHS_NUMBER", 0.9)]
    mail = HeldMail(
        findings=[{"part": part, "entity": entity, "score": score} for part, entity, score in found],
        unscannable=[{"part": "attachment:2", "why": "encrypted"}],
    )
    told = [(one.part, one.words, one.weak_words, one.why) for one in marking.by_part(mail)]
    assert told == [
        ("Subject", "", "health", ""),
        ("Body text", "NHS number (2)", "", ""),
        ("Attachment 2", "", "", "encrypted"),
    ]


def test_what_was_found_in_a_file_is_told_with_its_places() -> None:
    findings = (finding(0, 1, path="page 1"), finding(2, 3, path="page 2"), finding(4, 5, "HEALTH", 0.2))
    piece = HeldPiece("attachment:2", "Attachment:2: letter.pdf", "text", findings, marked=False)
    assert marking.found_in_file(piece) == "NHS number (page 1, page 2)"
    assert marking.piece_name(piece) == "Attachment 2: letter.pdf"
