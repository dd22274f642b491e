"""Servers of other shapes: separators, namespaces, without MOVE, without UIDPLUS, and the demo's own."""

from collections.abc import Callable

import pytest
from imapclient import IMAPClient

from helpdesk.config import Mailbox as MailboxSettings
from helpdesk.ingest.imap_errors import FolderMissing
from helpdesk.ingest.mailbox import Mailbox
from helpdesk.ingest.poll import poll_once
from helpdesk.services import Services
from tests.support.dovecot import PASSWORD, Dovecot, MailUser
from tests.support.ends import Ends
from tests.support.mailboxes import reads, with_limit, with_mailbox
from tests.support.mails import mail

pytestmark = pytest.mark.server

Start = Callable[..., Dovecot]


def folders(user: MailUser) -> set[str]:
    with IMAPClient("127.0.0.1", user.server.port, ssl=False) as client:
        client.login(user.name, PASSWORD)
        return {name for _, _, name in client.list_folders()}


@pytest.mark.parametrize(
    ("prefix", "separator", "set_name", "server_name"),
    [
        ("", "/", "Helpdesk-Done", "Helpdesk-Done"),
        ("", "/", "Helpdesk/Done", "Helpdesk/Done"),
        ("", ".", "Helpdesk/Done", "Helpdesk.Done"),
        ("INBOX.", ".", "Helpdesk-Done", "INBOX.Helpdesk-Done"),
        ("INBOX.", ".", "Helpdesk/Done", "INBOX.Helpdesk.Done"),
        ("INBOX.", ".", "INBOX/Done", "INBOX.Done"),
        ("INBOX/", "/", "Erledigt & fertig ü", "INBOX/Erledigt & fertig ü"),
    ],
)
@pytest.mark.parametrize("without", [(), ("NAMESPACE",)])
def test_a_missing_folder_is_made_where_the_server_keeps_folders(
    another_server: Start,
    sqlite_services: Services,
    ends: Ends,
    prefix: str,
    separator: str,
    set_name: str,
    server_name: str,
    without: tuple[str, ...],
) -> None:
    user = another_server(prefix=prefix, separator=separator, without=without).user()
    user.deliver(mail())
    services = reads(sqlite_services, user, done_folder=set_name)
    assert poll_once(services, "it", ends).moved == 1
    assert server_name in folders(user)
    user.deliver(mail(subject="once more"))
    assert poll_once(services, "it", ends).moved == 1


@pytest.mark.parametrize("without", [("MOVE",), ("MOVE", "UIDPLUS")])
def test_without_move_ours_go_and_what_others_deleted_stays(
    another_server: Start, sqlite_services: Services, ends: Ends, without: tuple[str, ...]
) -> None:
    user = another_server(without=without).user()
    (theirs,) = user.deliver(mail(subject="theirs"))
    theirs.rename(user.maildir / "cur" / f"{theirs.name}:2,T")
    user.deliver(*[mail(subject=str(number)) for number in range(3)])
    services = reads(sqlite_services, user)
    assert poll_once(services, "it", ends).moved == 3
    assert poll_once(services, "it", ends).found == 0
    assert len(ends.seen) == len(user.files("Helpdesk-Done")) == 3
    left = user.files()
    assert any(theirs.name in path.name for path in left)
    assert len(left) == (4 if "UIDPLUS" in without else 1)


def test_a_folder_to_read_that_is_not_there_is_told(desk: Services, ends: Ends) -> None:
    with pytest.raises(FolderMissing, match=r"'Support'.*mailboxes\.it\.folder"):
        poll_once(with_mailbox(desk, folder="Support"), "it", ends)


def test_a_folder_below_the_inbox_can_be_read(desk: Services, user: MailUser, ends: Ends) -> None:
    with IMAPClient("127.0.0.1", user.server.port, ssl=False) as client:
        client.login(user.name, PASSWORD)
        client.create_folder("Desks/IT")
        client.append("Desks/IT", mail())
    assert poll_once(with_mailbox(desk, folder="Desks/IT"), "it", ends).moved == 1


def test_a_folder_that_cannot_be_made_is_told_and_mail_is_processed_once(
    desk: Services, user: MailUser, ends: Ends
) -> None:
    user.deliver(mail())
    impossible = with_mailbox(desk, done_folder="a//b")
    for _ in range(2):
        assert "cannot be made" in poll_once(impossible, "it", ends).warning
    assert len(ends.seen) == 1
    assert poll_once(desk, "it", ends).moved == 1


def test_no_mail_is_lost_when_a_move_stops_part_way(
    desk: Services, user: MailUser, ends: Ends, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As RFC 6851 section 3.3 allows: some are moved, then the server says NO."""
    user.deliver(*[mail(subject=str(number)) for number in range(4)])
    whole = IMAPClient.move

    def stops(client: IMAPClient, uids: list[int], folder: str) -> None:
        whole(client, uids[:2], folder)
        raise IMAPClient.Error("move failed: [LIMIT] enough for now")

    monkeypatch.setattr(IMAPClient, "move", stops)
    first = poll_once(desk, "it", ends)
    assert first.moved == 2
    assert "enough for now" in first.warning
    monkeypatch.undo()
    assert poll_once(desk, "it", ends).moved == 2
    assert len(ends.seen) == len(user.files("Helpdesk-Done")) == 4


def test_names_of_folders_are_not_taken_for_patterns(desk: Services, user: MailUser) -> None:
    """`*` and `%` are wildcards in LIST; a folder that only looks alike is not the one."""
    with IMAPClient("127.0.0.1", user.server.port, ssl=False) as client:
        client.login(user.name, PASSWORD)
        client.create_folder("DoneX")
        client.append("INBOX", mail())
    settings = MailboxSettings(**desk.settings.mailboxes["it"].model_dump() | {"done_folder": "Done%"})
    box = Mailbox("it", settings)
    box.select()
    box.move(box.uids(), "Done%")
    box.close()
    assert "Done%" in folders(user)


def test_oversize_goes_to_the_refused_folder_of_any_server(
    another_server: Start, sqlite_services: Services, ends: Ends
) -> None:
    user = another_server(prefix="INBOX.", separator=".", without=("MOVE",)).user()
    user.deliver(mail(text="x" * 80 + "\n", files=[("a.bin", "application/octet-stream", b"x" * 50_000)]))
    services = with_limit(reads(sqlite_services, user), 20_000)
    assert poll_once(services, "it", ends).refused == 1
    assert "INBOX.Helpdesk-Refused" in folders(user)
