"""Taking in mails from files."""

import mailbox
from pathlib import Path

import pytest
from sqlalchemy import select

from helpdesk.db import reading
from helpdesk.ingest import mail_files
from helpdesk.ingest.importing import import_paths
from helpdesk.ingest.mail_files import NoSuchFile
from helpdesk.models import Receipt
from helpdesk.services import Services
from tests.support.ends import Ends, Stops
from tests.support.mailboxes import with_limit
from tests.support.mails import mail


@pytest.fixture
def ends(sqlite_services: Services) -> Ends:
    return Ends(sqlite_services)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    return folder


def write_eml(folder: Path, *raws: bytes) -> list[Path]:
    paths = [folder / f"{number:03}.eml" for number, _ in enumerate(raws)]
    for path, raw in zip(paths, raws, strict=True):
        path.write_bytes(raw)
    return paths


def write_mbox(path: Path, *raws: bytes) -> Path:
    box = mailbox.mbox(path)
    for raw in raws:
        box.add(raw)
    box.close()
    return path


def write_maildir(path: Path, *raws: bytes) -> Path:
    box = mailbox.Maildir(path)
    for raw in raws:
        box.add(raw)
    return path


def some(count: int, what: str = "mail") -> list[bytes]:
    return [mail(subject=f"{what} {number}") for number in range(count)]


def test_every_kind_of_file_is_read_and_each_mail_once(
    sqlite_services: Services, ends: Ends, files: Path
) -> None:
    write_eml(files, *some(2, "eml"))
    write_mbox(files / "old.mbox", *some(3, "mbox"))
    write_maildir(files / "Maildir", *some(4, "maildir"))
    (files / "readme.txt").write_text("no mail")
    result = import_paths(sqlite_services, ends, [files])
    assert (result.found, result.taken, result.processed, result.known) == (9, 9, 9, 0)
    assert mail_files.count([files]) == 9
    assert len({raw.replace(b"\r\n", b"\n") for raw in ends.seen}) == 9


def test_a_mail_in_a_file_of_its_own_is_taken_in_byte_for_byte(
    sqlite_services: Services, ends: Ends, files: Path
) -> None:
    (raw,) = some(1)
    import_paths(sqlite_services, ends, write_eml(files, raw))
    assert ends.seen == [raw]


def test_a_file_that_is_named_is_read_whatever_it_is_called(
    sqlite_services: Services, ends: Ends, files: Path
) -> None:
    named = files / "message.txt"
    named.write_bytes(some(1)[0])
    box = write_mbox(files / "archive", *some(2, "other"))
    assert import_paths(sqlite_services, ends, [named, box]).taken == 3


def test_importing_again_takes_in_nothing_twice(sqlite_services: Services, ends: Ends, files: Path) -> None:
    raws = some(3)
    write_eml(files, *raws)
    import_paths(sqlite_services, ends, [files])
    write_mbox(files / "same.mbox", *raws, mail(subject="new"))
    result = import_paths(sqlite_services, ends, [files])
    assert (result.found, result.taken, result.known) == (7, 1, 6)
    assert len(ends.seen) == 4


def test_the_same_mail_twice_in_one_run_is_taken_in_once(
    sqlite_services: Services, ends: Ends, files: Path
) -> None:
    (raw,) = some(1)
    result = import_paths(sqlite_services, ends, write_eml(files, raw, b"X-Copy: 1\r\n" + raw))
    assert (result.found, result.taken, result.known) == (2, 1, 1)


def test_an_import_that_was_cut_off_goes_on_where_it_stopped(
    sqlite_services: Services, ends: Ends, files: Path
) -> None:
    write_eml(files, *some(3))
    with pytest.raises(ConnectionError):
        import_paths(sqlite_services, Stops(), [files])
    result = import_paths(sqlite_services, ends, [files])
    assert (result.taken, result.known) == (0, 3)
    assert len(ends.seen) == 3


def test_receipts_of_an_import_are_numbered_one_after_another(
    sqlite_services: Services, ends: Ends, files: Path
) -> None:
    paths = write_eml(files, *some(4))
    import_paths(sqlite_services, ends, paths[:2])
    import_paths(sqlite_services, ends, paths[2:])
    with reading(sqlite_services.sessions) as session:
        rows = session.execute(select(Receipt.mailbox, Receipt.uidvalidity, Receipt.uid)).all()
    assert [tuple(row) for row in rows] == [("import", 0, number) for number in (1, 2, 3, 4)]


def test_progress_hears_of_every_mail(sqlite_services: Services, ends: Ends, files: Path) -> None:
    write_eml(files, *some(220))
    steps: list[int] = []
    import_paths(sqlite_services, ends, [files], progress=steps.append)
    assert sum(steps) == 220
    assert len(steps) > 1


def test_a_mail_over_the_limit_is_named_and_stops_no_other(
    sqlite_services: Services, ends: Ends, files: Path
) -> None:
    large, small = mail(text="x" * 60 + "\n" * 9_000), mail()
    paths = write_eml(files, large, small)
    result = import_paths(with_limit(sqlite_services, 5_000), ends, paths)
    assert (result.found, result.taken, result.refused) == (2, 1, (str(paths[0]),))


def test_a_failed_mail_is_counted_and_stops_no_other(
    sqlite_services: Services, ends: Ends, files: Path
) -> None:
    result = import_paths(sqlite_services, ends, write_eml(files, mail(text="CRASH"), *some(2)))
    assert (result.processed, result.failed) == (2, 1)


@pytest.mark.parametrize("ask", [mail_files.count, lambda paths: list(mail_files.mails(paths))])
def test_a_path_that_is_not_there_is_named(tmp_path: Path, ask: object) -> None:
    with pytest.raises(NoSuchFile, match="absent"):
        ask([tmp_path / "absent"])  # type: ignore[operator]


def test_a_maildir_subfolder_is_read_too(sqlite_services: Services, ends: Ends, files: Path) -> None:
    inbox = write_maildir(files / "Maildir", *some(1))
    write_maildir(inbox / ".Done", *some(2, "done"))
    assert import_paths(sqlite_services, ends, [inbox]).taken == 3


def test_what_a_mail_says_is_not_in_the_print_of_its_value(files: Path) -> None:
    (path,) = write_eml(files, mail(subject="Canary-77"))
    (found,) = mail_files.mails([path])
    assert "Canary" not in repr(found)
