"""An agent sends files with what they write: all of it is kept, or nothing, and what is wrong is said in words."""

import io
import logging
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from helpdesk.db import reading, writing
from helpdesk.models import Attachment, Blob, Message, OutboxMail
from helpdesk.services import Services
from helpdesk.vault import Vault
from helpdesk.web import create_app
from tests.web import reads, rows
from tests.web.conftest import LOCKED, NHS_NUMBER, RULE, ScansTypedText, Visitor

PAGE = "/tickets/IT-000001"
AGENT = rows.PEOPLE["agent"][0]
LIMITS = {"written_files": 3, "written_file_bytes": 2_000, "written_files_bytes": 3_000}
FIELDS = {"reply": "reply", "note": "note", "resolve": "resolution"}
Post = Callable[..., TestResponse]
One = tuple[str, bytes]


def services_with(services: Services, **limits: int) -> Services:
    settings = services.settings
    changed = settings.limits.model_copy(update=limits)
    return replace(services, settings=settings.model_copy(update={"limits": changed}))


@pytest.fixture
def app(web_services: Services) -> Flask:
    return create_app(services_with(web_services, **LIMITS), ScansTypedText())  # type: ignore[arg-type]


def post_to(visitor: Visitor, services: Services) -> Post:
    with writing(services.sessions) as session:
        rows.add_ticket(session)

    def send(path: str = "reply", files: tuple[One, ...] = (), **fields: str) -> TestResponse:
        """The form of the ticket's page as it stands now, or of another."""
        field = FIELDS[path]
        came = [(io.BytesIO(data), name, "text/plain") for name, data in files]
        text = fields.pop("text", "My long answer.")
        version = reads.ticket(services).version
        values = {field: text, f"{field}_files": came, "version": str(version), **fields}
        return visitor.client.post(
            f"{PAGE}/{path}",
            data={"csrf_token": visitor.token(), **values},
            content_type="multipart/form-data",
        )

    return send


@pytest.fixture
def post(agent: Visitor, web_services: Services) -> Post:
    return post_to(agent, web_services)


def files(services: Services) -> list[Attachment]:
    with reading(services.sessions) as session:
        return list(session.scalars(select(Attachment).order_by(Attachment.id)))


def rows_written(services: Services) -> list[int]:
    """How many there are of each kind of row that a message with files makes."""
    kinds = (Blob, Attachment, Message, OutboxMail)
    with reading(services.sessions) as session:
        counts = [session.scalar(select(func.count()).select_from(one)) or 0 for one in kinds]
    return [*counts, len(reads.acts(services, "ticket.files_attached"))]


NOTHING = [0, 0, 1, 0, 0]  # the ticket's own first message


@pytest.mark.parametrize(
    ("path", "direction"), [("reply", "outbound"), ("resolve", "outbound"), ("note", "note")]
)
def test_files_are_kept_sealed_with_what_was_written_and_shown(
    post: Post, agent: Visitor, web_services: Services, path: str, direction: str
) -> None:
    sent = (("How to.txt", b"first things first"), ("notes/plan\u202e.txt", b"\0\xff" * 500))
    assert post(path, sent).status_code == 302
    message = reads.messages(web_services)[-1]
    first, second = files(web_services)
    assert (message.direction, first.message_id, second.message_id) == (direction, message.id, message.id)
    assert [(one.file_name, one.size) for one in (first, second)] == [("How to.txt", 18), ("plan.txt", 1000)]
    with reading(web_services.sessions) as session:
        blob = session.get_one(Blob, first.blob_id)
        assert b"first things" not in blob.content
    page = agent.get(PAGE).text
    assert f'<a href="{PAGE}/files/1" download><bdi>How to.txt</bdi></a>' in page
    assert "18 bytes" in page
    assert "Files attached" in page
    assert [agent.get(f"{PAGE}/files/{one.id}").data for one in (first, second)] == [one[1] for one in sent]


def test_the_mail_is_queued_once_for_the_message_with_the_files(post: Post, web_services: Services) -> None:
    post(files=(("a.txt", b"a"),))
    assert [one.kind for one in reads.outbox(web_services)] == ["reply"]
    assert reads.messages(web_services)[-1].outbox_id == reads.outbox(web_services)[-1].id


def test_the_trail_says_who_attached_how_many_of_what_size_and_no_more(
    post: Post, web_services: Services
) -> None:
    post(files=(("zqxname.txt", b"zqxcontent"), ("b.txt", b"bb")))
    (act,) = reads.acts(web_services, "ticket.files_attached")
    message = reads.messages(web_services)[-1].id
    assert (act.actor, act.subject_id) == (AGENT, "IT-000001")
    assert act.detail == {"message": message, "files": 2, "bytes": [10, 2]}
    assert not [one for one in reads.acts(web_services) if "zqx" in f"{one.detail}{one.reason}"]


def test_a_file_is_found_by_its_name(post: Post, agent: Visitor) -> None:
    post(files=(("kestrel rota.txt", b"a"),))
    assert "IT-000001" in agent.get("/tickets?q=kestrel").text


def test_two_files_of_one_name_are_told_apart(post: Post, web_services: Services) -> None:
    post(files=(("a.txt", b"1"), ("a.txt", b"2")))
    assert [one.file_name for one in files(web_services)] == ["a.txt", "a (2).txt"]


@pytest.mark.parametrize("who", ["officer", "admin"])
def test_who_may_not_see_tickets_may_not_have_a_sent_file(
    post: Post, signed_in: Callable[[str], Visitor], who: str
) -> None:
    post(files=(("a.txt", b"a"),))
    assert signed_in(who).get(f"{PAGE}/files/1").status_code == 403


REFUSED: list[tuple[tuple[One, ...], tuple[str, ...]]] = [
    ((("empty.txt", b""),), ("<bdi>empty.txt</bdi> is empty; choose another",)),
    ((("big.txt", b"x" * 2_001),), ("<bdi>big.txt</bdi> is 2 kB; choose a file of 2 kB or less",)),
    ((("big.txt", b"x" * 9_000),), ("<bdi>big.txt</bdi> is 9 kB", "Together the files are 9 kB; choose files of 3 kB or less in all")),
    ((("a.txt", b"x" * 1_501), ("b.txt", b"x" * 1_500)), ("Together the files are 3 kB",)),
    (tuple((f"{n}.txt", b"x") for n in range(4)), ("You chose 4 files; choose 3 or fewer",)),
    ((("run.js", b"x"),), ("<bdi>run.js</bdi> cannot be sent, since mail systems refuse programs and scripts",)),
    ((("letter.pdf", b"MZ" + b"\0" * 70),), ("<bdi>letter.pdf</bdi> cannot be sent",)),
    ((("x\u202efdp.exe", b"x"),), ("<bdi>xfdp.exe</bdi> cannot be sent",)),
    ((("<b>.txt", b""),), ("<bdi>_b_.txt</bdi> is empty",)),
    ((("fine.txt", b"x"), ("empty.txt", b""), ("run.bat", b"x")), ("empty.txt</bdi> is empty", "run.bat</bdi> cannot be sent")),
]  # fmt: skip


@pytest.mark.parametrize("path", FIELDS)
@pytest.mark.parametrize(("came", "said"), REFUSED, ids=range(len(REFUSED)))
def test_what_cannot_be_sent_is_refused_in_words_and_what_was_typed_stays(
    post: Post, web_services: Services, path: str, came: tuple[One, ...], said: tuple[str, ...]
) -> None:
    answer = post(path, came)
    field = f"{FIELDS[path]}_files"
    assert answer.status_code == 400
    assert "My long answer." in answer.text
    for number, words in enumerate(said, 1):
        assert answer.text.count(words) == 2  # in the summary and at the field
        assert f'id="{field}-error-{number}"' in answer.text
    tied = " ".join(f"{field}-error-{number}" for number in range(1, len(said) + 1))
    assert f'aria-describedby="{field}-hint {tied}"' in answer.text
    assert answer.text.count(f'<li><a href="#{field}">') == len(said)
    assert ('<details class="app-write__note" open>' in answer.text) is (path == "note")
    assert rows_written(web_services) == NOTHING


EDGES: list[tuple[One, ...]] = [
    (("a.txt", b"x" * 2_000), ("b.txt", b"x" * 1_000)),
    (("a.txt", b"x"), ("b.txt", b"x"), ("c.txt", b"x")),
    (("a.txt", b"x"),),
]


@pytest.mark.parametrize("came", EDGES)
def test_what_is_just_within_the_limits_is_taken_whole(
    post: Post, web_services: Services, came: tuple[One, ...]
) -> None:
    assert post(files=came).status_code == 302
    assert [one.size for one in files(web_services)] == [len(data) for _, data in came]


def test_a_form_that_lost_its_files_is_not_sent_without_them_unawares(
    post: Post, web_services: Services
) -> None:
    again = post(files=(("a.txt", b"x"), ("b.txt", b"x")), text="")
    assert "Write your reply" in again.text
    assert "Choose your 2 files again: a browser does not keep them." in again.text
    assert 'name="reply_files_before" value="2"' in again.text
    lost = post(reply_files_before="2")
    assert lost.status_code == 400
    assert lost.text.count("Choose your 2 files again, since a browser does not keep them") == 2
    assert rows_written(web_services) == NOTHING
    assert post(reply_files_before="2", reply_files_without="1").status_code == 302
    assert files(web_services) == []


def test_a_form_whose_files_were_chosen_again_is_sent(post: Post, web_services: Services) -> None:
    assert post(files=(("a.txt", b"x"),), reply_files_before="2").status_code == 302
    assert len(files(web_services)) == 1


def test_what_changed_meanwhile_leaves_nothing_of_the_files(post: Post, web_services: Services) -> None:
    answer = post(files=(("a.txt", b"x"),), version="99")
    assert answer.status_code == 409
    assert "Choose your file again" in answer.text
    assert rows_written(web_services) == NOTHING


def test_personal_data_in_a_file_is_asked_about_and_not_kept(post: Post, web_services: Services) -> None:
    answer = post(files=(("fine.txt", b"x"), ("list.txt", NHS_NUMBER.encode())))
    assert answer.status_code == 422
    assert "NHS number, or Scotland&#39;s, in <bdi>list.txt</bdi></li>" in answer.text
    assert "Choose your 2 files again" in answer.text
    assert rows_written(web_services) == NOTHING


def test_personal_data_in_a_files_name_is_asked_about(post: Post, web_services: Services) -> None:
    answer = post(files=((f"{NHS_NUMBER}.txt", b"x"),))
    assert answer.status_code == 422
    assert rows_written(web_services) == NOTHING


def test_a_file_that_cannot_be_read_is_not_taken_for_clear(post: Post, web_services: Services) -> None:
    answer = post(files=(("locked.zip", LOCKED),))
    assert answer.status_code == 422
    assert "Could not be checked for personal data: <bdi>locked.zip</bdi>." in answer.text
    assert rows_written(web_services) == NOTHING


@pytest.mark.parametrize(
    ("data", "rule"), [(NHS_NUMBER.encode(), RULE), (LOCKED, "could not be checked")], ids=["found", "locked"]
)
def test_such_a_file_is_sent_only_with_a_reason_and_after_the_agent_saw_why(
    post: Post, web_services: Services, data: bytes, rule: str
) -> None:
    came = (("list.zip", data),)
    assert post(files=came, override_reason="they asked for it").status_code == 422
    assert post(files=came, seen_rule=rule).status_code == 422
    assert post(files=came, seen_rule=rule, override_reason="they asked for it").status_code == 302
    (kept,) = reads.acts(web_services, "typed.kept")
    assert (kept.reason, kept.detail) == ("they asked for it", {"rules": [rule]})
    assert len(files(web_services)) == 1


def test_a_fault_in_the_middle_leaves_nothing(
    post: Post, web_services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, put, calls = reads.ticket(web_services).version, Vault.put, []

    def full(self: Vault, session: object, data: bytes) -> Blob:
        calls.append(len(data))
        if len(calls) == 2:
            raise OSError("no space left on device")
        return put(self, session, data)  # type: ignore[arg-type]

    monkeypatch.setattr(Vault, "put", full)
    assert post(files=(("a.txt", b"a"), ("b.txt", b"b"))).status_code == 500
    assert len(calls) == 2
    assert rows_written(web_services) == NOTHING
    after = reads.ticket(web_services)
    assert (after.version, after.state, after.owner_id) == (before, "new", None)
    assert reads.acts(web_services, "ticket.replied") == []


def test_a_form_larger_than_any_is_refused_and_others_are_not_let_grow(
    agent: Visitor, web_services: Services
) -> None:
    post = post_to(agent, web_services)
    most = services_with(web_services, **LIMITS).settings.limits.largest_form
    assert post(files=(("a.bin", b"x" * most),)).status_code == 413
    assert post(files=(("a.bin", b"x" * (most - 3_000)),)).status_code == 400
    token = agent.token()
    for path in ("assign", "close"):
        came = {"csrf_token": token, "file": (io.BytesIO(b"x" * (3 * 2**20)), "a.bin")}
        assert agent.client.post(f"{PAGE}/{path}", data=came).status_code == 413
    assert rows_written(web_services) == NOTHING


def test_the_limits_stand_beside_the_field(post: Post, agent: Visitor) -> None:
    post(text="")
    page = agent.get(PAGE).text
    assert page.count("Up to 3 files, 2 kB each, 3 kB in all. No programs or scripts.") == 2
    assert page.count('type="file" multiple') == 2
    assert page.count('enctype="multipart/form-data"') == 2


def test_where_no_files_are_taken_there_is_no_field(
    web_services: Services, make_visitor: Callable[[Flask, str], Visitor]
) -> None:
    app = create_app(services_with(web_services, written_files=0), ScansTypedText())  # type: ignore[arg-type]
    agent = make_visitor(app, "agent")
    post = post_to(agent, web_services)
    assert 'type="file"' not in agent.get(PAGE).text
    assert post(files=(("a.txt", b"x"),)).status_code == 400
    assert rows_written(web_services) == NOTHING
    assert post().status_code == 302


def destroyed(session: Session, file: Attachment) -> None:
    Vault.destroy(session, file.blob_id or 0)


def redacted_away(_session: Session, file: Attachment) -> None:
    file.tombstone = "it held personal data"


@pytest.mark.parametrize("direction", ["inbound", "outbound", "note"])
@pytest.mark.parametrize("erase", [destroyed, redacted_away])
def test_a_sent_file_that_is_erased_is_gone_as_a_received_one_is(
    agent: Visitor, web_services: Services, erase: Callable[[Session, Attachment], None], direction: str
) -> None:
    with writing(web_services.sessions) as session:
        message = rows.add_message(session, rows.add_ticket(session), "x", direction=direction)
        rows.add_file(web_services, session, message, "a.txt", b"a")
    assert agent.get(f"{PAGE}/files/1").data == b"a"
    with writing(web_services.sessions) as session:
        erase(session, session.scalars(select(Attachment)).one())
    assert agent.get(f"{PAGE}/files/1").status_code == 404
    if erase is redacted_away:
        page = agent.get(PAGE).text
        assert "it held personal data" in page
        assert f"{PAGE}/files/1" not in page


def test_without_the_master_key_a_sent_file_cannot_be_had(
    post: Post, web_services: Services, make_visitor: Callable[[Flask, str], Visitor]
) -> None:
    post(files=(("a.txt", b"zqxcanary"),))
    app = create_app(replace(web_services, vault=Vault([b"k" * 32])), ScansTypedText())  # type: ignore[arg-type]
    answer = make_visitor(app, "agent").get(f"{PAGE}/files/1")
    assert answer.status_code == 500
    assert "master key" in answer.text
    assert "zqxcanary" not in answer.text


def test_nothing_of_a_file_that_was_not_kept_is_left_anywhere(
    post: Post,
    web_services: Services,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def on_the_disk(*_: object, **__: object) -> None:
        raise AssertionError("a file was written to the disk")

    monkeypatch.setattr("werkzeug.formparser.SpooledTemporaryFile", on_the_disk)
    canary = b"zqxcanaryfile "
    with caplog.at_level(logging.DEBUG):
        assert post(files=(("zqxcanaryname.exe", canary),)).status_code == 400
        assert post(files=(("zqxcanaryname.txt", canary + NHS_NUMBER.encode()),)).status_code == 422
        assert post(files=(("zqxcanaryname.txt", canary),), version="99").status_code == 409
        assert post(files=(("zqxcanaryname.bin", canary * 90_000),)).status_code == 400
    assert "zqxcanary" not in caplog.text
    folder = web_services.settings.data_folder
    assert all(b"zqxcanary" not in file.read_bytes() for file in folder.iterdir() if file.is_file())
