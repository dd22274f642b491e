"""The demo as a newcomer meets it: started by one command, used over HTTP and SMTP."""

import smtplib
from collections import Counter
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from helpdesk.cli.checks import mail
from helpdesk.demo.letters import GRACE, LENA
from helpdesk.demo.seed import FIRST_MAILS
from helpdesk.demo.settings import IT_ADDRESS, PEOPLE, demo_settings
from tests.demo.running import Demo, eventually, running_demo

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("demo")]

AGENT, OFFICER, ADMIN = PEOPLE
SEEDED = {
    "new": 3,  # one of them holds a held mail
    "assigned": 1,
    "in_progress": 1,
    "waiting_user": 1,
    "waiting_third_party": 1,
    "resolved": 1,
    "closed": 1,
}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with running_demo(tmp_path_factory.mktemp("demo") / "data") as running:
        eventually(lambda: "first tickets are there" in running.output.read_text(), 60)
        yield running


def _send(demo: Demo, sender: str, subject: str, text: str, **headers: str) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, IT_ADDRESS, subject
    message["Message-ID"] = f"<{subject.replace(' ', '-')}@test.example>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    with smtplib.SMTP("127.0.0.1", demo.smtp_port) as server:
        server.send_message(message)


def test_the_seed_has_tickets_in_every_state(demo: Demo) -> None:
    rows = demo.rows("tickets", "list", "--state", "all")
    seeded = {mail.subject for mail in FIRST_MAILS.values()} | {"A message is being checked"}
    assert Counter(row["state"] for row in rows if row["subject"] in seeded) == SEEDED


def test_the_seed_holds_the_letter_and_names_rules_only(demo: Demo) -> None:
    (held, *_) = demo.rows("held", "list")
    assert held["rules"]
    assert "Exampleton" not in str(held)


def test_the_seed_sent_the_guidance_for_the_reply_to_the_resolved_ticket(demo: Demo) -> None:
    newest = demo.sunk(LENA.address)[0]
    assert newest["Auto-Submitted"] == "auto-replied"
    assert "reactivate" in newest.get_body(("plain",)).get_content()


def test_the_seed_has_a_conversation(demo: Demo) -> None:
    ticket = demo.ticket(FIRST_MAILS["smartcard"].subject)
    assert ticket
    (shown,) = demo.rows("tickets", "show", ticket["number"])
    assert [one["direction"] for one in shown["messages"]] == ["inbound", "outbound", "inbound"]
    assert {one["author_address"] for one in shown["messages"]} == {GRACE.address, AGENT.email}


@pytest.mark.parametrize("person", PEOPLE, ids=[person.role.value for person in PEOPLE])
def test_each_person_can_sign_in(demo: Demo, person: object) -> None:
    browser = demo.browser()
    page = browser.sign_in(person.email, person.password)  # type: ignore[attr-defined]
    assert (browser.status, "Sign out" in page) == (200, True)


def test_a_mail_by_smtp_becomes_a_ticket_with_an_acknowledgement(demo: Demo) -> None:
    _send(demo, "new.person@mail.example", "Scanner in room 12", "The scanner in room 12 does not start.\n")
    ticket = eventually(lambda: demo.ticket("Scanner in room 12"))
    assert ticket["state"] == "new"
    answer = eventually(lambda: demo.sunk("new.person@mail.example"))[0]
    assert ticket["number"] in answer["Subject"]


def test_a_mail_with_patient_data_is_held(demo: Demo) -> None:
    before = len(demo.rows("held", "list"))
    _send(
        demo,
        "ward@mail.example",
        "About an admission",
        "Patient Harold Exampleton, NHS number 999 000 0026, born 12/02/1948, was admitted with chest pain.\n",
    )
    eventually(lambda: len(demo.rows("held", "list")) > before)
    eventually(lambda: demo.sunk("ward@mail.example"))
    assert demo.ticket("About an admission") is None


def test_a_reply_on_the_page_to_a_resolved_ticket_brings_the_guidance(demo: Demo) -> None:
    """The whole circle: ask, resolve by the agent's page, reply as the end user, get the guidance."""
    sender, subject = "circle@mail.example", "Headset crackles"
    end_user = demo.browser()
    end_user.post(
        "/demo/send",
        end_user.get("/demo/"),
        from_address=sender,
        to=IT_ADDRESS,
        subject=subject,
        text="It crackles.",
    )
    assert end_user.status == 200
    ticket = eventually(lambda: demo.ticket(subject))
    agent = demo.browser()
    agent.sign_in(AGENT.email, AGENT.password)
    path = f"/tickets/{ticket['number']}"
    agent.post(
        f"{path}/resolve",
        agent.get(f"{path}/resolve"),
        resolution="Please take the new one from us.",
        **_version(agent.get(path)),
    )
    assert eventually(lambda: (demo.ticket(subject) or {})["state"] == "resolved")
    eventually(lambda: len(demo.sunk(sender)) == 2)
    newest = max(int(file.name[:6]) for file in (demo.folder / "sink").glob(f"*-{sender}.eml"))
    page = end_user.get(f"/demo/mails/{newest}")
    end_user.post(f"/demo/mails/{newest}/reply", page, text="It still crackles.")
    assert end_user.status == 200
    guidance = eventually(lambda: demo.sunk(sender) if len(demo.sunk(sender)) == 3 else None)[0]
    assert guidance["Auto-Submitted"] == "auto-replied"
    assert "reactivate" in guidance.get_body(("plain",)).get_content()
    assert demo.ticket(subject)["state"] == "resolved"  # type: ignore[index]


def _version(page: str) -> dict[str, str]:
    import re

    found = re.search(r'name="version" value="(\d+)"', page)
    return {"version": found[1]} if found else {}


def test_every_example_of_the_page_shows_what_it_fills_in(demo: Demo) -> None:
    browser = demo.browser()
    page = browser.get("/demo/")
    assert page.count("?example=") == 4
    assert page.count("#reply") == 3
    for key in ("request", "patient", "cv", "out-of-office"):
        assert "<textarea" in browser.get(f"/demo/?example={key}")
        assert browser.status == 200


def test_html_of_a_mail_is_framed_without_scripts_and_without_our_rights(demo: Demo) -> None:
    browser = demo.browser()
    page = browser.get("/demo/mails/1")
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page
    with browser.opener.open(f"{demo.url}/demo/mails/1/html") as answer:
        content_policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in content_policy
    assert "sandbox" in content_policy


def test_the_command_sends_a_mail_and_a_reply(demo: Demo) -> None:
    done = demo.command(
        "demo", "send", "--as", "line@mail.example", "--subject", "Mouse is stuck", "--text", "It is stuck."
    )
    assert done.returncode == 0, done.stderr
    ticket = eventually(lambda: demo.ticket("Mouse is stuck"))
    eventually(lambda: demo.sunk("line@mail.example"))
    done = demo.command("demo", "send", "--reply-to", ticket["number"], stdin="Any news?\n")
    assert done.returncode == 0, done.stderr
    eventually(lambda: len(demo.rows("tickets", "show", ticket["number"])[0]["messages"]) == 2)


def test_commands_in_another_shell_find_the_running_demo(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    (first, second) = demo.rows("mailboxes", "status")
    assert (first["failures"], second["failures"]) == (0, 0)
    monkeypatch.setenv("HELPDESK_DATA_FOLDER", str(demo.folder))
    settings = demo_settings()
    assert [one.level.value for check in (mail.mailboxes, mail.smtp) for one in check(settings)] == ["ok"] * 3


def test_a_second_demo_in_the_same_folder_says_so(demo: Demo) -> None:
    done = demo.command("run")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "HELPDESK_WEB__PORT" in done.stderr  # its port is taken, which comes first


def test_the_trail_of_it_all_verifies(demo: Demo) -> None:
    (verified,) = demo.rows("audit", "verify")
    assert verified["whole"]


def test_nothing_of_a_mail_is_in_the_log(demo: Demo) -> None:
    log = demo.output.read_text()
    assert "Exampleton" not in log
    assert "crackles" not in log
    assert "Traceback" not in log


def test_a_restart_seeds_nothing_again_and_stops_cleanly(tmp_path: Path) -> None:
    counts = []
    for _ in range(2):
        with running_demo(tmp_path / "data") as demo:
            eventually(lambda: "first tickets are there" in demo.output.read_text(), 60)
            counts.append(
                (
                    len(demo.rows("tickets", "list", "--state", "all")),
                    len(demo.rows("outbox", "list", "--state", "all")),
                )
            )
            assert demo.stop() == 0
            assert "Stopped." in demo.output.read_text()
            assert not (demo.folder / "running.json").exists()
    assert counts[0] == counts[1]
