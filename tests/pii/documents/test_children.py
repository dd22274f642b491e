"""The children: shut in, watched, replaced; a fault of one is a reason, never an exception."""

import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from helpdesk.pii.documents import ReaderError, Why, close, isolation, wire
from helpdesk.pii.documents.cache import Cache, key_of
from helpdesk.pii.documents.child import Child
from helpdesk.pii.documents.pool import Pool, Wear
from helpdesk.pii.documents.reader import Reader, request
from helpdesk.pii.documents.values import Document, Limits, Section, Unread
from tests.pii.documents.build import office

LIMITS = Limits()
ASK = request("read", "a.txt", "text/plain", LIMITS, ocr=False)


def _texts(answer: dict) -> list[str]:
    return [text for _, text, _ in answer["sections"]]


def test_a_child_has_given_up_what_it_could() -> None:
    child = Child.start("text")
    try:
        assert child.isolation["no_new_privileges"]
        assert child.isolation["no_network"]
        if os.geteuid() == 0:
            assert child.isolation == dict.fromkeys(child.isolation, True)
            status = Path(f"/proc/{child.process.pid}/status").read_text(encoding="ascii")
            assert "Uid:\t65534" in status
            assert "CapEff:\t0000000000000000" in status
            assert "Seccomp:\t2" in status
    finally:
        child.kill()


PROBE = """
import socket, os, resource
from helpdesk.pii.documents.isolation import shut_in, limit_for
from helpdesk.pii.documents.values import Limits
shut_in(); limit_for(Limits(memory_mb=400))
def tries(act):
    try: act()
    except (OSError, MemoryError): return 'refused'
    return 'done'
print(tries(lambda: socket.socket()), tries(lambda: os.fork()), tries(lambda: os.listdir('/etc')),
      tries(lambda: os.execv('/bin/true', ['true'])), tries(lambda: bytes(600 << 20)), tries(lambda: os.kill(1, 0)))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the walls are Linux's")
def test_the_walls_hold() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROBE], capture_output=True, text=True, check=True, timeout=60
    )
    assert set(done.stdout.split()) == {"refused"}


def test_a_child_imports_neither_the_model_nor_the_settings() -> None:
    code = (
        "import sys; from helpdesk.pii.documents import services; services.prepare(ocr=False);"
        "print([m for m in ('spacy', 'pydantic', 'presidio_analyzer', 'rapidocr', 'numpy', 'sqlalchemy') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


def test_the_parent_imports_no_parser() -> None:
    code = (
        "import sys, helpdesk.pii.documents, helpdesk.pii.redact;"
        "print([m for m in ('pypdfium2', 'lxml', 'PIL', 'olefile', 'py7zr', 'pikepdf', 'xlrd') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(("how", "why"), [(signal.SIGKILL, Why.CRASHED), (signal.SIGXCPU, Why.TIMED_OUT)])
def test_a_child_that_dies_is_a_reason_and_the_next_file_is_read(how: signal.Signals, why: Why) -> None:
    reader = Reader(size=1)
    try:
        reader.read(b"first", "a.txt", "", LIMITS, ocr=False)
        victim = reader.text._idle[0].process
        os.kill(victim.pid, signal.SIGSTOP)
        threading.Timer(0.2, lambda: (os.kill(victim.pid, how), os.kill(victim.pid, signal.SIGCONT))).start()
        assert reader.read(b"second", "a.txt", "", LIMITS, ocr=False).unscannable == (Unread("", why),)
        assert reader.read(b"second", "a.txt", "", LIMITS, ocr=False).unscannable == ()
    finally:
        reader.close()


def test_a_child_that_hangs_is_killed_in_time() -> None:
    reader = Reader(size=1)
    limits = Limits(wall_seconds=0.3)
    try:
        reader.read(b"first", "a.txt", "", limits, ocr=False)
        os.kill(reader.text._idle[0].process.pid, signal.SIGSTOP)
        assert reader.read(b"second", "a.txt", "", limits, ocr=False).unscannable == (
            Unread("", Why.TIMED_OUT),
        )
        assert reader.read(b"second", "a.txt", "", LIMITS, ocr=False).unscannable == ()
    finally:
        reader.close()


def test_a_file_that_takes_too_much_memory_is_too_large_or_a_crash() -> None:
    reader = Reader(size=1)
    rows = "".join(office.row(number, ("A", "word " * 20)) for number in range(1, 60_000))
    try:
        document = reader.read(office.xlsx({"Big": rows}), "a.xlsx", "", Limits(memory_mb=150), ocr=False)
        assert {unread.why for unread in document.unscannable} & {Why.TOO_LARGE, Why.CRASHED, Why.CORRUPT}
        assert reader.read(b"next", "a.txt", "", LIMITS, ocr=False).unscannable == ()
    finally:
        reader.close()


def test_a_reader_that_cannot_start_tells_the_operator(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    close()
    with pytest.raises(ReaderError, match="does not start"):
        isolation()


def test_a_worn_child_is_replaced() -> None:
    pool = Pool("text", 1, Wear(documents=3))
    try:
        for number in range(7):
            answer, _ = pool.ask(ASK, b"number %d" % number, LIMITS)
            assert _texts(answer) == [f"number {number}"]
        assert pool.started == 3
    finally:
        pool.close()


def test_threads_share_a_pool() -> None:
    pool = Pool("text", 2)
    seen: list[str] = []
    try:
        threads = [
            threading.Thread(target=lambda n=n: seen.extend(_texts(pool.ask(ASK, b"%d" % n, LIMITS)[0])))
            for n in range(20)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(seen, key=int) == [str(number) for number in range(20)]
        assert pool.started <= 2
    finally:
        pool.close()


def test_a_child_ends_with_its_parent() -> None:
    child = Child.start("text")
    child.link.close()
    assert child.process.wait(10) == 0


@pytest.mark.parametrize(
    "frame",
    [
        b"\xff\xff\xff\xff\0\0\0\0",
        b"\0\0\0\x02\0\0\0\0{x",
        b"\0\0\0\x02\0\0\0\0[]",
        b"\0\0\0\x05\0\0\0\0{",
    ],
)
def test_what_is_no_frame_is_refused(frame: bytes) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(frame)
        theirs.shutdown(socket.SHUT_WR)
        with pytest.raises(wire.WireFault):
            wire.receive(ours, 1_000)


@pytest.mark.parametrize(
    "plain",
    [
        {},
        {"sections": [["a", 1, "text"]], "unscannable": [], "media_type": "", "images_pending": False},
        {"sections": [], "unscannable": [["", "because"]], "media_type": "", "images_pending": False},
    ],
)
def test_what_is_no_document_is_refused(plain: dict) -> None:
    with pytest.raises(wire.WireFault):
        wire.document_from_plain(plain)


def test_a_document_survives_the_wire() -> None:
    document = Document(
        (Section("a", "x\ny é", "text"),), (Unread("b", Why.CORRUPT),), "text/plain", images_pending=True
    )
    assert wire.document_from_plain(wire.document_to_plain(document)) == document


def test_the_cache_holds_what_was_asked_last_and_no_passing_fault() -> None:
    cache, long = Cache(characters=3_000), Document((Section("", "x" * 1_000, "text"),))
    for number in range(4):
        cache.put(key_of(b"%d" % number), long)
    assert cache.get(key_of(b"0")) is None
    assert cache.get(key_of(b"3")) == long
    cache.put(key_of(b"late"), Document(unscannable=(Unread("", Why.TIMED_OUT),)))
    assert cache.get(key_of(b"late")) is None


def test_nothing_of_a_file_is_in_a_repr() -> None:
    assert "Ann" not in repr(Document((Section("page 1", "Ann", "text"),)))
