"""A desk's edited text counts at once and everywhere, is checked before, kept in versions, and never costs an answer."""

from pathlib import Path

import pytest
from sqlalchemy import update

from helpdesk.config import Desk, Settings
from helpdesk.db import reading, writing
from helpdesk.models.outbound import TemplateVersion
from helpdesk.outbound import alarms, edited, rules
from helpdesk.outbound.edited import ChangedMeanwhile
from helpdesk.outbound.kinds import Kind
from helpdesk.outbound.rules import Unfit
from helpdesk.outbound.texts import Origin, Text, in_use
from helpdesk.outbound.wording import OURS
from helpdesk.services import Services, start
from tests.outbound.samples import a_reply, a_ticket, acts, an_answer

WHO = "sam@northmoor.nhs.uk"
GOOD = Text(
    "Shut: {{ ticket_number }}",
    "It is shut. Do not send patient details.\nWrite to {{ desk_address }}.\n{% include '_contact.txt' %}",
)


def desk(settings: Settings) -> Desk:
    return settings.desks["it"]


def save(
    services: Services, text: Text = GOOD, kind: Kind = Kind.CLOSED, base: int = 0, desk: str = "it"
) -> None:
    with writing(services.sessions) as session:
        edited.save(session, services.settings, desk, kind, text, who=WHO, base=base)


def closed_notice(services: Services, desk: str = "it") -> str:
    with writing(services.sessions) as session:
        draft = an_answer(services, kind="closed", desk_key=desk, session=session)
        return f"{draft.subject}\n{draft.text}\n{draft.html}"


def says_ours(services: Services, desk: str = "it") -> bool:
    return "A closed ticket cannot be opened again" in closed_notice(services, desk)


@pytest.mark.parametrize("kind", Kind)
def test_our_own_texts_pass_every_rule(settings: Settings, kind: Kind) -> None:
    text, origin = in_use(kind, desk(settings))
    assert origin is Origin.OURS
    rules.check(kind, desk(settings), text)
    rules.check(kind, desk(settings), Text(text.subject, text.text))


def test_what_is_edited_counts_at_once_in_every_process(each_engine: Services) -> None:
    other = start(each_engine.settings)  # as another process has it
    assert says_ours(other)
    save(each_engine)
    assert "It is shut." in closed_notice(other)
    assert "<br>" in closed_notice(other)  # without HTML of its own it is made from the text
    save(each_engine, Text("Shut", GOOD.text.replace("shut", "over")), base=1)
    assert "It is over." in closed_notice(other)
    with writing(each_engine.sessions) as session:
        edited.go_back(session, "it", Kind.CLOSED, who=WHO, base=2)
    assert says_ours(other)
    other.engine.dispose()


def test_another_desk_keeps_its_own(sqlite_services: Services) -> None:
    save(sqlite_services)
    assert says_ours(sqlite_services, "hr")


def test_what_is_edited_goes_before_the_desks_folder_and_that_before_ours(
    settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "closed.txt").write_text("Subject: From the folder\n\nx")
    of_folder = desk(settings).model_copy(update={"templates": tmp_path})
    assert in_use(Kind.CLOSED, of_folder)[0].subject == "From the folder"
    assert in_use(Kind.CLOSED, of_folder)[1] is Origin.FOLDER
    assert in_use(Kind.HELD, of_folder)[1] is Origin.OURS
    text, origin = in_use(Kind.CLOSED, of_folder, rules.draft(Kind.CLOSED, GOOD))
    assert (text.subject, origin) == (GOOD.subject, Origin.EDITED)
    assert text.text == GOOD.text


def test_versions_are_kept_with_who_and_when_and_can_be_used_again(sqlite_services: Services) -> None:
    save(sqlite_services)
    save(sqlite_services, Text("Two", GOOD.text), base=1)
    with reading(sqlite_services.sessions) as session:
        kept = edited.versions(session, "it", Kind.CLOSED)
        assert [(one.id, one.subject, one.author) for one in kept] == [
            (2, "Two", WHO),
            (1, GOOD.subject, WHO),
        ]
        assert edited.version(session, "it", Kind.CLOSED, 1) == GOOD
        assert edited.version(session, "it", Kind.HELD, 1) is None
        assert edited.version(session, "hr", Kind.CLOSED, 1) is None
    assert [(act.action, act.actor, act.subject_id) for act in acts(sqlite_services)] == [
        ("template.changed", WHO, "it/closed")
    ] * 2


def test_who_worked_from_an_older_version_overwrites_nothing(sqlite_services: Services) -> None:
    save(sqlite_services)
    with pytest.raises(ChangedMeanwhile):
        save(sqlite_services, Text("Late", GOOD.text), base=0)
    with pytest.raises(ChangedMeanwhile), writing(sqlite_services.sessions) as session:
        edited.go_back(session, "it", Kind.CLOSED, who=WHO, base=0)


@pytest.mark.parametrize(
    "broken", ["{{ gone }}", "{{ state.colour }}", "{% if", "{{ 1 / 0 }}", "{% include 'gone.txt' %}"]
)
@pytest.mark.parametrize("where", ["text", "html", "subject"])
def test_a_text_that_fails_when_it_is_used_costs_no_answer_and_raises_an_alarm(
    sqlite_services: Services, broken: str, where: str
) -> None:
    save(sqlite_services)
    with writing(sqlite_services.sessions) as session:
        session.execute(update(TemplateVersion).values(**{where: f"x {broken}"}))
    assert says_ours(sqlite_services)
    with reading(sqlite_services.sessions) as session:
        (alarm,) = alarms.active(session, sqlite_services.settings)
    assert (alarm.kind, alarm.subject, alarm.count) == ("template", "it/closed", 1)
    assert "'it'" in alarm.sentence


def test_an_agents_reply_goes_out_too_when_its_text_fails(sqlite_services: Services) -> None:
    save(sqlite_services, Text("Re", "{{ message }}"), Kind.REPLY)
    with writing(sqlite_services.sessions) as session:
        session.execute(update(TemplateVersion).values(text="{{ message.upper() }} {{ gone }}"))
    with writing(sqlite_services.sessions) as session:
        draft = a_reply(sqlite_services, a_ticket(session), "CANARY words", session=session)
        (alarm,) = alarms.active(session, sqlite_services.settings)
    assert "CANARY words" in draft.text
    assert "CANARY" not in alarm.sentence


def test_a_text_of_the_folder_that_fails_costs_no_answer(sqlite_services: Services, tmp_path: Path) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "closed.txt").write_text("Subject: x\n\n{{ gone }}")
    of_folder = desk(sqlite_services.settings).model_copy(update={"templates": folder})
    sqlite_services.settings.desks["it"] = of_folder
    assert says_ours(sqlite_services)


def test_what_a_person_wrote_is_escaped(sqlite_services: Services) -> None:
    save(sqlite_services, Text("Re", "{{ message }}", "<p>{{ ticket_subject }}</p>{{ message }}"), Kind.REPLY)
    with writing(sqlite_services.sessions) as session:
        ticket = a_ticket(session)
        ticket.subject = "<b>{{ 7 * 7 }}</b>"
        draft = a_reply(sqlite_services, ticket, "<i>{{ desk_name }}</i>", session=session)
    assert draft.html == "<p>&lt;b&gt;{{ 7 * 7 }}&lt;/b&gt;</p>&lt;i&gt;{{ desk_name }}&lt;/i&gt;\n"
    assert draft.text == "<i>{{ desk_name }}</i>\n"


PATIENT = "Do not send patient details. {{ desk_address }} "
# kind, subject, text, HTML, what is said: the part, the line and the word
FAULTS = [
    (Kind.CLOSED, "x", f"{PATIENT}\n\n{{{{ patient_name }}}}", "", ["Text, line 3", "'patient_name'"]),
    (Kind.CLOSED, "{{ patient }}", PATIENT, "", ["Subject, line 1", "'patient'"]),
    (Kind.CLOSED, "x", PATIENT, f"<p>{PATIENT}\n{{{{ gone }}}}", ["HTML, line 2", "'gone'"]),
    (Kind.CLOSED, "x", f"{PATIENT}{{{{ message }}}}", "", ["Text, line 1", "'message'"]),
    (Kind.CLOSED, "x", f"{PATIENT}{{{{ ticket_subject }}}}", "", ["'ticket_subject'"]),
    (Kind.CLOSED, "x", f"{PATIENT}\n{{% if state %}}", "", ["Text, line 2"]),
    (Kind.CLOSED, "", PATIENT, "", ["Subject", "empty"]),
    (Kind.CLOSED, "x", " ", "", ["Text", "empty"]),
    (Kind.CLOSED, "x", f"{PATIENT}{{% for c in state %}}{{{{ c }}}}{{% endfor %}}", "", ["Text, line 1", "for"]),
    (Kind.CLOSED, "x", f"{PATIENT}{{{{ state * 999 }}}}", "", ["Text, line 1", "mul"]),
    (Kind.CLOSED, "x", f"{PATIENT}{{{{ state.upper() }}}}", "", ["Text, line 1", "call"]),
    (Kind.CLOSED, "x", f"{PATIENT}{{{{ ''.__class__ }}}}", "", ["Text, line 1", "getattr"]),
    (Kind.CLOSED, "x", f"{PATIENT}{{{{ state | center(999999) }}}}", "", ["'center'"]),
    (Kind.CLOSED, "x", f"{PATIENT}{{% include 'held.txt' %}}", "", ["'held.txt'", "_contact.txt"]),
    (Kind.CLOSED, "x", PATIENT, f"{PATIENT}{{% include '_contact.txt' %}}", ["HTML, line 1", "_contact.html"]),
    (Kind.CLOSED, "x", f"{PATIENT}{{% include state %}}", "", ["there is no part"]),
    (Kind.CLOSED, "x", "{{ desk_address }}", "", ["Text", "patient details"]),
    (Kind.CLOSED, "x", "No patient details.", "", ["Text", "{{ desk_address }}"]),
    (Kind.CLOSED, "x", PATIENT, "<p>{{ desk_address }}</p>", ["HTML", "patient details"]),
    (Kind.REPLY, "x", "Hello", "", ["Text", "{{ message }}"]),
    (Kind.REPLY, "x", "{{ message }}", "<p>x</p>", ["HTML", "{{ message }}"]),
    (Kind.REPLY, "x", "{{ message }}", "{{ message | safe }}", ["HTML, line 1", "'safe'"]),
    (Kind.REPLY, "x", "{{ message }}", "{% autoescape false %}{{ message }}{% endautoescape %}", ["HTML, line 1"]),
    (Kind.REPLY, "x", "{{ message }}", "{{ message }}\n<a href='{{ ticket_subject }}'>x</a>", ["HTML, line 2", "inside a tag"]),
    (Kind.REPLY, "x", "{{ message }}", "{{ message }}\n\n<script>x</script>", ["HTML, line 3", "<script>"]),
    (Kind.REPLY, "x", "{{ message }}", "{{ message }}<p onclick='x'>", ["HTML, line 1", "'onclick'"]),
    (Kind.REPLY, "x", "{{ message }}", "{{ message }}<a href=' JavaScript:x'>x</a>", ["HTML, line 1", "'href'"]),
    (Kind.NEXT_TICKET_ACTION, "x", "{{ ticket_number }} {{ reactivate_link }} {{ reactivate_address }}", "", ["heading"]),
    (Kind.NEXT_TICKET_ACTION, "x", "Next Ticket Action {{ ticket_number }} {{ reactivate_address }}", "", ["{{ reactivate_link }}"]),
    (Kind.NEXT_TICKET_ACTION, "x", "Next Ticket Action {{ ticket_number }} {{ reactivate_link }}", "", ["{{ reactivate_address }}"]),
    (Kind.RESOLUTION, "x", "{{ message }}", "", ["Next Ticket Action"]),
    (Kind.HELD, "x", "Send it without patient details.", "", ["Next Ticket Action"]),
    (Kind.HELD, "x", "No patients.{% if state == 'open' %}{% include '_next_ticket_action.txt' %}{% endif %}", "", ["Next Ticket Action"]),
    (Kind.ACKNOWLEDGEMENT, "x", "Do not send patient details.", "", ["{{ ticket_number }}"]),
    (Kind.TOO_LARGE, "x", "Too large", "", ["{{ largest_mail }}"]),
    (Kind.CLOSED, "x", PATIENT + "x" * 20_001, "", ["Text", "20,000"]),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "subject", "text", "html", "says"), FAULTS)
def test_a_text_that_cannot_be_used_is_not_stored_and_says_where_and_why(
    sqlite_services: Services, kind: Kind, subject: str, text: str, html: str, says: list[str]
) -> None:
    with pytest.raises(Unfit) as caught:
        save(sqlite_services, Text(subject, text, html), kind)
    assert all(words in str(caught.value) for words in says), str(caught.value)
    with reading(sqlite_services.sessions) as session:
        assert edited.versions(session, "it", kind) == []


def test_every_fault_is_told_at_once(settings: Settings) -> None:
    with pytest.raises(Unfit) as caught:
        rules.check(Kind.CLOSED, desk(settings), Text("{{ one }}", "{{ two }}\n{{ three }}", "<script>"))
    assert [(one.part, one.line) for one in caught.value.faults] == [
        ("subject", 1), ("text", 1), ("text", 2), ("html", 1),
    ]  # fmt: skip


def test_there_is_a_folder_of_ours_that_is_never_written_to() -> None:
    assert {path.suffix for path in OURS.iterdir()} == {".txt", ".html"}
