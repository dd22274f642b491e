"""What an admin sees and does: how the service goes, and who may sign in; never a mail's content."""

import re

import pytest
from sqlalchemy import select

from helpdesk import audit
from helpdesk.audit import Act
from helpdesk.db import now, reading, writing
from helpdesk.models import Receipt, User
from helpdesk.services import Services
from tests.web import reads, rows
from tests.web.conftest import Visitor

ADMIN = rows.PEOPLE["admin"][0]


def failed_mail(services: Services, count: int = 1) -> None:
    with writing(services.sessions) as session:
        for _ in range(count):
            rows.add_receipt(
                services, session, b"Subject: KANARIENVOGEL", state="failed", failed_step="parse",
                failure="ParseError: no header", tries=2,
            )  # fmt: skip


def receipt_states(services: Services) -> list[str]:
    with reading(services.sessions) as session:
        return list(session.scalars(select(Receipt.state).order_by(Receipt.id)))


def test_a_mailbox_that_fails_comes_first_with_the_servers_word(
    admin: Visitor, web_services: Services
) -> None:
    with writing(web_services.sessions) as session:
        rows.add_mailbox_status(
            session, "hr", failures=3, last_failure_at=now(), last_failure="Set the password."
        )
    page = admin.get("/admin/mailboxes").text
    assert page.index("hr@northmoor.nhs.uk") < page.index("servicedesk@northmoor.nhs.uk")
    for words in ("Failing", "3 times in a row", "Set the password.", "Not read yet"):
        assert words in page


def test_a_failed_mail_is_listed_with_its_reason_and_without_its_content(
    admin: Visitor, web_services: Services
) -> None:
    failed_mail(web_services)
    page = admin.get("/admin/failed").text
    assert "ParseError: no header" in page
    assert "KANARIENVOGEL" not in page


def test_a_failed_mail_is_put_back_by_one_button(admin: Visitor, web_services: Services) -> None:
    failed_mail(web_services, 3)
    assert admin.post("/admin/failed/replay", receipt="2").status_code == 302
    assert receipt_states(web_services) == ["failed", "received", "failed"]
    admin.post("/admin/failed/replay")
    assert receipt_states(web_services) == ["received"] * 3
    assert [act.actor for act in reads.acts(web_services, "mail.replayed")] == [ADMIN] * 3
    assert admin.post("/admin/failed/replay", receipt="2").status_code == 302  # somebody was faster: no fault


def test_a_new_user_signs_in_with_the_password_that_was_shown_once(
    admin: Visitor, visitor: Visitor, web_services: Services
) -> None:
    page = admin.post(
        "/admin/users/add", name="New Agent", email="New.Agent@northmoor.nhs.uk", role="agent"
    ).text
    password = re.search(r"<code>([a-z2-9-]+)</code>", page)
    assert password
    assert visitor.sign_in("new.agent@northmoor.nhs.uk", password[1]).status_code == 302
    assert password[1] not in admin.get("/admin/users").text
    assert password[1] not in str([vars(act) for act in reads.acts(web_services)])
    assert reads.acts(web_services, "user.added")[0].actor == ADMIN


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": ""}, "Enter the person&#39;s full name"),
        ({"email": "nobody"}, "in the form name@example.nhs.uk"),
        ({"email": rows.PEOPLE["agent"][0]}, "a user with this email address already"),
        ({"role": "king"}, "Choose a role"),
    ],
)
def test_a_user_with_a_fault_is_not_added(
    admin: Visitor, web_services: Services, fields: dict[str, str], words: str
) -> None:
    good = {"name": "New Agent", "email": "new@northmoor.nhs.uk", "role": "agent"}
    answer = admin.post("/admin/users/add", **(good | fields))
    assert answer.status_code == 400
    assert words in answer.text
    with reading(web_services.sessions) as session:
        assert len(session.scalars(select(User.id)).all()) == len(rows.PEOPLE)


def test_disabling_signs_out_and_enabling_lets_in_again(
    admin: Visitor, agent: Visitor, web_services: Services
) -> None:
    admin.post("/admin/users/1/disable")
    assert agent.get("/tickets").status_code == 302
    assert agent.sign_in(rows.PEOPLE["agent"][0]).status_code == 400
    admin.post("/admin/users/1/enable")
    assert agent.sign_in(rows.PEOPLE["agent"][0]).status_code == 302
    actions = [act.action for act in reads.acts(web_services) if act.action.startswith("user.")]
    assert actions == ["user.disabled", "user.enabled"]


def test_an_admin_cannot_lock_the_last_door_from_inside(admin: Visitor) -> None:
    admin.post("/admin/users/4/disable")
    assert "cannot switch off your own account" in admin.get("/admin/users/4").text


def test_a_new_password_ends_the_old_one_and_every_session(
    admin: Visitor, agent: Visitor, web_services: Services
) -> None:
    page = admin.post("/admin/users/1/password").text
    password = re.search(r"<code>([a-z2-9-]+)</code>", page)
    assert password
    assert agent.get("/tickets").status_code == 302
    assert agent.sign_in(rows.PEOPLE["agent"][0]).status_code == 400
    assert agent.sign_in(rows.PEOPLE["agent"][0], password[1]).status_code == 302


def test_the_trail_is_shown_a_page_at_a_time_and_by_person(admin: Visitor, web_services: Services) -> None:
    with writing(web_services.sessions) as session:
        acts = [
            Act("test.act", "thing", number, actor=f"person{number % 2}@x.example") for number in range(120)
        ]
        audit.record(session, *acts)
    first = admin.get("/admin/audit").text
    older = re.search(r'rel="next" href="([^"]+)"', first)
    assert older
    assert "thing 119" in first
    second = admin.get(older[1].replace("&amp;", "&")).text
    assert "thing 119" not in second
    assert "thing 60" in second
    mine = admin.get("/admin/audit?actor=person1@x.example").text
    assert "thing 119" in mine
    assert "thing 118" not in mine
