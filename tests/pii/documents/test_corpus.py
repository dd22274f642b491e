"""On the shared corpus of files: every labelled entity is read, every unreadable file says so."""

import html
import json
import re
from pathlib import Path

import pytest

from tests.pii.documents.conftest import Read

pytestmark = pytest.mark.corpus
WORDS_OF_CLEAN = {"wifi_guide.docx": 20, "licences.xlsx": 5, "training.pptx": 3, "logs.zip": 3}


def _rows(corpus: Path, label: str) -> list[dict]:
    lines = (corpus / "files" / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    return [row for row in map(json.loads, lines) if row["label"] == label]


def _plain(text: str) -> str:
    """Tags and white space out: OCR and layout part words otherwise than a label does."""
    return re.sub(r"[\s’']", "", html.unescape(re.sub(r"<[^<>]{0,200}>", "", text)))


@pytest.mark.slow
def test_every_labelled_entity_is_read(read: Read, corpus: Path) -> None:
    missed = []
    for row in _rows(corpus, "breach"):
        document = read((corpus / "files" / row["file"]).read_bytes(), row["file"], ocr=True)
        text = _plain("\n".join(section.text for section in document.sections))
        missed += [
            (row["file"], entity["type"]) for entity in row["entities"] if _plain(entity["text"]) not in text
        ]
    assert missed == []


def test_without_ocr_only_pictures_wait(read: Read, corpus: Path) -> None:
    for row in _rows(corpus, "breach"):
        document = read((corpus / "files" / row["file"]).read_bytes(), row["file"])
        assert (row["file"], document.images_pending) == (row["file"], row.get("ocr", False))


def test_what_cannot_be_read_is_told(read: Read, corpus: Path) -> None:
    for row in _rows(corpus, "unscannable"):
        assert read((corpus / "files" / row["file"]).read_bytes(), row["file"]).unscannable, row["file"]


def test_clean_files_are_read_whole(read: Read, corpus: Path) -> None:
    for row in _rows(corpus, "clean"):
        document = read((corpus / "files" / row["file"]).read_bytes(), row["file"])
        assert (document.unscannable, document.images_pending) == ((), False)
        words = sum(len(section.text.split()) for section in document.sections)
        assert words >= WORDS_OF_CLEAN[row["file"]], row["file"]
