"""Mail texts: an admin changes what a desk's mails say, sees them first, and can always go back."""

import re

import pytest

from helpdesk.db import reading, writing
from helpdesk.outbound import edited
from helpdesk.outbound.compose import compose_answer
from helpdesk.outbound.kinds import Kind
from helpdesk.services import Services
from tests.web import reads, rows
from tests.web.conftest import Visitor

ADMIN = rows.PEOPLE["admin"][0]
HERE = "/admin/texts/it/closed"
GOOD = {"subject": "It is shut", "text": "SHUT. No patient details.\n{{ desk_address }}", "html": ""}


def says(services: Services) -> str:
    with writing(services.sessions) as session:
        return compose_answer(
            "closed", settings=services.settings, tokens=services.tokens, desk_key="it",
            to_address="jo@example.org", session=session,
        ).text  # fmt: skip


def versions(services: Services) -> int:
    with reading(services.sessions) as session:
        return len(edited.versions(session, "it", Kind.CLOSED))


@pytest.mark.parametrize("kind", Kind)
def test_every_text_is_listed_and_shown_with_a_preview(admin: Visitor, kind: Kind) -> None:
    assert f"/admin/texts/it/{kind}" in admin.get("/admin/texts").text
    page = admin.get(f"/admin/texts/it/{kind}").text
    assert "Preview of the HTML" in page
    assert "{{ desk_name }}" in page
    assert "IT Service Desk" in page


def test_each_desk_has_its_own_list(admin: Visitor) -> None:
    assert "/admin/texts/hr/held" in admin.get("/admin/texts?desk=hr").text
    for path in ("/admin/texts?desk=none", "/admin/texts/none/held", "/admin/texts/it/none"):
        assert admin.get(path).status_code == 404


def test_a_saved_text_counts_at_once_and_says_who_changed_it(admin: Visitor, web_services: Services) -> None:
    assert admin.post(HERE, act="save", base="0", **GOOD).status_code == 302
    assert says(web_services).startswith("SHUT.")
    page = admin.get(HERE).text
    assert "In use" in page
    assert ADMIN in page
    (act,) = reads.acts(web_services, "template.changed")
    assert (act.actor, act.subject_id) == (ADMIN, "it/closed")
    assert "Edited" in admin.get("/admin/texts").text


def test_a_preview_stores_nothing(admin: Visitor, web_services: Services) -> None:
    answer = admin.post(HERE, act="preview", base="0", **GOOD)
    assert answer.status_code == 200
    assert "SHUT. No patient details.\nservicedesk@northmoor.nhs.uk" in answer.text
    assert versions(web_services) == 0
    assert not says(web_services).startswith("SHUT.")


def test_a_fault_names_line_and_variable_and_keeps_what_was_typed(
    admin: Visitor, web_services: Services
) -> None:
    wrong = GOOD | {"text": "No patient details.\n{{ patient_name }}"}
    answer = admin.post(HERE, act="save", base="0", **wrong)
    assert answer.status_code == 400
    assert "There is a problem" in answer.text
    assert "Text, line 2: there is no variable &#39;patient_name&#39;" in answer.text
    assert "{{ patient_name }}" in answer.text
    assert versions(web_services) == 0


def test_who_is_late_overwrites_nothing(admin: Visitor, web_services: Services) -> None:
    admin.post(HERE, act="save", base="0", **GOOD)
    answer = admin.post(HERE, act="save", base="0", **GOOD)
    assert answer.status_code == 409
    assert "Somebody else changed this text" in answer.text
    assert admin.post(f"{HERE}/back", base="0").status_code == 409
    assert versions(web_services) == 1


def test_an_earlier_version_can_be_had_again_and_so_can_the_packaged_text(
    admin: Visitor, web_services: Services
) -> None:
    admin.post(HERE, act="save", base="0", **GOOD)
    admin.post(HERE, act="save", base="1", **(GOOD | {"subject": "Second"}))
    assert 'value="It is shut"' in admin.get(f"{HERE}?version=1").text
    assert 'value="Second"' in admin.get(HERE).text
    assert admin.post(f"{HERE}/back", base="2").status_code == 302
    assert "A closed ticket cannot be opened again" in says(web_services)
    assert versions(web_services) == 3
    assert [act.action for act in reads.acts(web_services)][-1] == "template.reset"


@pytest.mark.parametrize("version", ["99", "x", "-1", "1"])
def test_a_version_of_nothing_shows_what_is_in_use(admin: Visitor, version: str) -> None:
    assert 'value="This ticket is closed"' in admin.get(f"{HERE}?version={version}").text


def test_a_preview_can_run_and_load_nothing(admin: Visitor) -> None:
    picture = "<p>{{ desk_address }} no patient details</p><img src='https://track.example/p.gif'>"
    answer = admin.post(HERE, act="preview", base="0", **(GOOD | {"html": picture}))
    frame = re.search(r"<iframe[^>]*>", answer.text)
    assert frame
    assert ' sandbox srcdoc="' in frame[0]
    assert "<img" not in frame[0]  # escaped, so that it cannot leave the attribute
    rules = answer.headers["Content-Security-Policy"].split("; ")
    assert "img-src 'self'" in rules
    assert "default-src 'none'" in rules
    assert not [rule for rule in rules if rule.startswith(("frame-src", "child-src"))]
    assert "unsafe-inline" not in admin.get("/admin/texts").headers["Content-Security-Policy"]


def test_the_state_that_is_asked_for_is_shown(admin: Visitor) -> None:
    page = admin.post("/admin/texts/it/held", act="preview", state="resolved", base="0", **held(admin)).text
    assert "is resolved. This message was not added" in page


def held(admin: Visitor) -> dict[str, str]:
    from html import unescape

    page = admin.get("/admin/texts/it/held").text
    areas = re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    return {"subject": "Held"} | {name: unescape(value) for name, value in areas}
