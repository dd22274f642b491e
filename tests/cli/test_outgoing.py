"""The command line about outgoing mail: alarms, stops, edited texts, signatures."""

from pathlib import Path

from helpdesk.cli.checks import outbound
from helpdesk.cli.checks.values import Level
from helpdesk.db import reading, writing
from helpdesk.models import AuditEntry
from helpdesk.models.outbound import TemplateVersion
from helpdesk.outbound import alarms, edited, suppression
from helpdesk.outbound.kinds import Kind
from helpdesk.outbound.texts import Text
from tests.cli.conftest import Line


def raise_alarm(line: Line) -> None:
    with writing(line.services.sessions) as session:
        alarms.raise_alarm(
            session, line.services.settings, alarms.Kind.CAP, "limits.answers_a_day", "Too many."
        )


def test_an_alarm_is_listed_told_by_the_doctor_and_silenced(line: Line) -> None:
    assert [one.level for one in outbound.alarms(line.services.settings)] == [Level.OK]
    raise_alarm(line)
    (row,) = line.rows("outbox", "alarms")
    assert (row["subject"], row["count"]) == ("limits.answers_a_day", 1)
    (finding,) = outbound.alarms(line.services.settings)
    assert finding.level is Level.WARNING
    assert "Too many. So far 1 times" in finding.sentence
    assert line("outbox", "acknowledge", "1").exit_code == 0
    assert line.rows("outbox", "alarms") == []
    assert "no alarm 1" in line.fails("outbox", "acknowledge", "1")


def test_a_stop_is_lifted_with_a_reason_in_the_trail(line: Line) -> None:
    with writing(line.services.sessions) as session:
        suppression.suppress(session, "jo@x.example", "it came back")
    assert line("outbox", "lift", "jo@x.example", "--reason", "they moved").exit_code == 0
    with reading(line.services.sessions) as session:
        assert session.query(AuditEntry).one().reason == "they moved"


def test_a_preview_and_the_list_know_what_is_edited(line: Line) -> None:
    text = Text("Re", "Edited. {{ message }}")
    with writing(line.services.sessions) as session:
        edited.save(session, line.services.settings, "it", Kind.REPLY, text, who="sam", base=0)
    assert "Edited." in line("templates", "preview", "reply").stdout
    assert {row["kind"]: row["from"] for row in line.rows("templates", "list")} == {
        kind.value: "edited" if kind is Kind.REPLY else "ours" for kind in Kind
    }


def test_an_edited_text_that_does_not_fit_any_more_is_told(line: Line) -> None:
    with writing(line.services.sessions) as session:
        session.add(TemplateVersion(desk="it", kind="reply", subject="Re", text="{{ gone }}", author="sam"))
    (finding, _) = outbound.alarms(line.services.settings)
    assert finding.level is Level.WARNING
    assert "reply, as edited: Text, line 1: there is no variable 'gone'" in finding.sentence


def test_a_preview_needs_no_database(line: Line) -> None:
    (line.services.settings.data_folder / "helpdesk.db").unlink()
    assert "Re:" in line("templates", "preview", "reply").stdout
    assert not (line.services.settings.data_folder / "helpdesk.db").exists()


def test_the_doctor_tells_of_signatures(line: Line, tmp_path: Path) -> None:
    (finding,) = outbound.signing(line.services.settings)
    assert (finding.level, "no signatures" in finding.sentence) == (Level.OK, True)
    line.file.write_text(
        f'{line.file.read_text()}\n[outbound.dkim]\ndomain = "northmoor.example"\nselector = "s"\nkey_file = "{tmp_path}/gone"\n'
    )
    done = line("doctor")
    assert "FAULT    signing: outbound.dkim.key_file" in done.stdout
