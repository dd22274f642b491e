"""How long reading takes and how much memory a child holds: `python -m tests.pii.documents.measure`."""

import statistics
import time
from collections.abc import Callable

from helpdesk.config import Documents
from helpdesk.pii.documents.child import Child
from helpdesk.pii.documents.reader import Reader
from tests.pii.documents.build import office, pictures

LIMITS = Documents()
WORDS = "The printer on ward 4 shows a paper jam though the tray is empty and was cleaned this morning. "


def _milliseconds(act: Callable[[int], object], times: int) -> str:
    taken = []
    for number in range(times):
        start = time.perf_counter()
        act(number)
        taken.append((time.perf_counter() - start) * 1000)
    taken.sort()
    return f"median {statistics.median(taken):.1f} ms, p95 {taken[int(times * 0.95)]:.1f} ms of {times}"


def _start(kind: str) -> None:
    start = time.perf_counter()
    child = Child.start(kind)
    print(f"start of a child for {kind}: {(time.perf_counter() - start) * 1000:.0f} ms, {child.memory_mb} MB")
    child.kill()


def main() -> None:
    reader = Reader(size=1)

    def read(data: bytes, name: str, *, ocr: bool = False) -> None:
        assert reader.read(data, name, "", LIMITS, ocr=ocr).unscannable == ()

    _start("text")
    _start("ocr")
    read(b"warm", "a.txt")
    read(b"warm", "a.txt", ocr=True)
    print("text of 1 kB:", _milliseconds(lambda n: read(f"{n} {WORDS * 10}".encode(), "a.txt"), 300))
    pdf = pictures.pdf(*([WORDS[:80]] * 20))
    print("PDF of 20 pages:", _milliseconds(lambda n: read(pdf + b"\n%%%d\n%%%%EOF" % n, "a.pdf"), 30))
    print(
        "Word, 200 paragraphs:",
        _milliseconds(lambda n: read(office.docx(office.paragraph(f"{n} {WORDS}") * 200), "a"), 30),
    )
    screen = pictures.words(*[WORDS[:60]] * 8, size=(1366, 768), letters=15)
    print("screen by OCR:", _milliseconds(lambda n: read(_png(screen, n), "a.png", ocr=True), 6))
    page = pictures.words(*[WORDS[:70]] * 30, size=(1654, 2339), letters=28)
    print("page by OCR:", _milliseconds(lambda n: read(_png(page, n, dpi=(200, 200)), "a.png", ocr=True), 6))
    print("logo seen before:", _milliseconds(lambda _: read(_png(screen, 0), "a.png", ocr=True), 30))
    print(
        f"memory: text child {reader.text._idle[0].memory_mb} MB, OCR child {[c.memory_mb for c in reader.ocr._idle]} MB"
    )
    reader.close()


def _png(image: pictures.Image.Image, number: int, **options: object) -> bytes:
    return pictures.saved(image, pnginfo=pictures.png_text("n", str(number)), **options)


if __name__ == "__main__":
    main()
