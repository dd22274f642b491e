"""Every kind has its words; a desk may bring its own, and a fault in them is named before they are used."""

from pathlib import Path

import pytest

from helpdesk.config import Settings
from helpdesk.ingest.values import Answer
from helpdesk.outbound.kinds import Kind
from helpdesk.outbound.templates_check import check_templates, preview
from helpdesk.outbound.wording import OURS, TemplateError, Variables, names_for


def with_templates(settings: Settings, folder: Path, **files: str) -> Settings:
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / name.replace("__", ".")).write_text(content)
    desk = settings.desks["it"].model_copy(update={"templates": folder})
    return settings.model_copy(update={"desks": {**settings.desks, "it": desk}})


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_text_and_html_that_can_be_shown(settings: Settings, kind: Kind) -> None:
    shown = preview(kind, settings, "it")
    assert (OURS / f"{kind}.html").exists()
    assert shown.subject
    assert "IT Service Desk" in shown.text
    assert shown.html.startswith("<!DOCTYPE html>")


def test_every_answer_of_the_decision_table_is_a_kind() -> None:
    assert {answer.value for answer in Answer} - {"none"} <= {kind.value for kind in Kind if kind.automatic}


def test_automatic_templates_have_no_name_for_anything_of_a_mail_or_a_ticket_but_its_number() -> None:
    assert names_for(Kind.HELD) == {
        "desk_name", "desk_address", "organisation", "desk_phone", "desk_hours", "self_service_url",
        "largest_mail", "ticket_number", "state", "aside", "reactivate_link", "reactivate_address", "closes_on",
    }  # fmt: skip
    assert names_for(Kind.REPLY) - names_for(Kind.HELD) == {"ticket_subject", "message", "agent_name"}
    assert isinstance(Variables.__slots__, tuple)


def test_our_own_templates_pass_the_check(settings: Settings, tmp_path: Path) -> None:
    files = {path.name.replace(".", "__"): path.read_text() for path in OURS.iterdir() if path.is_file()}
    check_templates(with_templates(settings, tmp_path / "own", **files))


def test_a_desks_own_text_is_used_for_that_desk_only(settings: Settings, tmp_path: Path) -> None:
    settings = with_templates(
        settings, tmp_path / "own", closed__txt="Subject: Shut\n\n{{ ticket_number }} <is> shut."
    )
    check_templates(settings)
    own = preview("closed", settings, "it")
    assert (own.subject, own.text) == ("Shut", "IT-000123 <is> shut.\n")
    assert own.html == "<p>IT-000123 &lt;is&gt; shut.</p>\n"
    assert preview("closed", settings, "hr").subject == "This ticket is closed"


def test_a_desks_part_is_used_in_our_templates(settings: Settings, tmp_path: Path) -> None:
    settings = with_templates(settings, tmp_path / "own", _contact__txt="Ring the bell.\n")
    check_templates(settings)
    assert "Ring the bell." in preview("closed", settings, "it").text


FAULTS = [
    ({"closed__txt": "Subject: x\n\n{{ patient_name }}"}, ["closed.txt, line 3", "'patient_name'"]),
    ({"closed__txt": "Subject: x\n{{ message }}"}, ["closed.txt, line 2", "'message'"]),
    ({"closed__txt": "Subject: x\n\n\n{% if state %}"}, ["closed.txt, line 4"]),
    ({"closed__txt": "Subject: x\n{{ state | shout }}"}, ["closed", "shout"]),
    ({"closed__txt": "Hello"}, ["closed.txt, line 1", "Subject:"]),
    ({"closed__txt": "Subject:\n\nHello"}, ["closed.txt, line 1", "Subject:"]),
    ({"closed__html": "{% if state == 'closed' %}{{ state.colour }}{% endif %}"}, ["closed", "colour"]),
    ({"closed__txt": "Subject: x\n{{ state + 1 }}"}, ["closed", "TypeError"]),
    ({"closed__txt": "Subject: x\n{% include 'gone.txt' %}"}, ["closed", "gone.txt"]),
    ({"clsoed__txt": "Subject: x"}, ["clsoed.txt", "acknowledgement"]),
    ({"_part__html": "<p>\n{{ unknown }}"}, ["_part.html, line 2", "'unknown'"]),
    ({"closed__txt": "Subject: x\n{{ ''.__class__.__mro__ }}"}, ["closed"]),
]


@pytest.mark.parametrize(("files", "says"), FAULTS)
def test_a_fault_is_named_with_its_desk_file_and_line(
    settings: Settings, tmp_path: Path, files: dict[str, str], says: list[str]
) -> None:
    with pytest.raises(TemplateError) as caught:
        check_templates(with_templates(settings, tmp_path / "own", **files))
    assert "desks.it.templates" in str(caught.value)
    assert all(words in str(caught.value) for words in says)


def test_all_faults_are_told_at_once(settings: Settings, tmp_path: Path) -> None:
    files = {"closed__txt": "Subject: x\n{{ one }}{{ two }}", "held__txt": "Subject: x\n{{ three }}"}
    with pytest.raises(TemplateError) as caught:
        check_templates(with_templates(settings, tmp_path / "own", **files))
    assert [name in str(caught.value) for name in ("'one'", "'two'", "'three'")] == [True] * 3


def test_names_that_a_template_makes_itself_are_no_fault(settings: Settings, tmp_path: Path) -> None:
    text = "Subject: x\n{% set hi = 'Hi' %}{% macro m(a) %}{{ a }}{% endmacro %}{% for c in state %}{{ loop.index }}{{ c }}{% endfor %}{{ m(hi) }}"
    check_templates(with_templates(settings, tmp_path / "own", closed__txt=text))


def test_a_folder_that_is_not_there_is_named(settings: Settings, tmp_path: Path) -> None:
    settings = with_templates(settings, tmp_path / "own")
    (tmp_path / "own").rmdir()
    with pytest.raises(TemplateError, match="own is not a folder"):
        check_templates(settings)


def test_values_are_escaped_in_html(settings: Settings) -> None:
    desk = settings.desks["it"].model_copy(update={"name": "<b>IT</b> & more"})
    settings = settings.model_copy(update={"desks": {"it": desk}})
    assert "&lt;b&gt;IT&lt;/b&gt; &amp; more" in preview("closed", settings, "it").html
