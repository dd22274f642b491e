"""The scanner's corpus keeps its own rules: ids, labels, halves, spans where they are said to be."""

from __future__ import annotations

import base64
import html
import io
import json
import re
import zipfile
from collections import Counter
from itertools import combinations
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

HERE = Path(__file__).parent / "pii"
LEAST_ROWS = {"dev": 300, "dev2": 400, "dev3": 400, "dev4": 150, "test": 150}
# As their authors wrote them: no builder, no easy ones.
BY_OTHERS = {"dev5": 240, "unseen": 240, "unseen2": 240, "unseen3": 240, "unseen4": 240, "unseen5": 240, "unseen6": 150, "dev6": 160, "dev7": 600, "dev8": 420}
KEYS = {
    "id",
    "label",
    "category",
    "difficulty",
    "template",
    "subject",
    "from",
    "to",
    "body_text",
    "entities",
    "rationale",
}
OPTIONAL = {"body_html", "attachments", "lookalikes", "contestable"}


def rows_of(name: str) -> list[dict[str, Any]]:
    """The rows of one set."""
    return [json.loads(line) for line in (HERE / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def text_of(attachment: dict[str, str]) -> str:
    """The text of a text, DOCX or PDF attachment."""
    data = base64.b64decode(attachment["content_b64"], validate=True)
    if attachment["content_type"] == "application/pdf":
        document = pypdfium2.PdfDocument(data)
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    if attachment["content_type"].endswith("wordprocessingml.document"):
        xml = zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml").decode()
        return html.unescape(re.sub(r"<[^>]+>", "", xml.replace("</w:p>", "\n")))
    return "" if attachment["content_type"].startswith("image/") else data.decode()


def places(row: dict[str, Any]) -> dict[str, list[str]]:
    """What can be read at each place of a row; HTML both raw and without its tags."""
    markup = row.get("body_html", "")
    attachments = row.get("attachments", [])
    found = {key: [row[key]] for key in ("subject", "from", "body_text")}
    found["body_html"] = [markup, html.unescape(re.sub(r"<[^>]+>", "", markup))]
    found["filename"] = [attachment["filename"] for attachment in attachments]
    found["attachment"] = [text_of(attachment) for attachment in attachments]
    return found


@pytest.fixture(params=sorted(LEAST_ROWS))
def rows(request: pytest.FixtureRequest) -> list[dict[str, Any]]:
    return rows_of(request.param)


@pytest.fixture(params=sorted({**LEAST_ROWS, **BY_OTHERS}))
def rows_of_any(request: pytest.FixtureRequest) -> list[dict[str, Any]]:
    return rows_of(request.param)


def test_ids_are_unique_over_all_sets() -> None:
    ids = [row["id"] for name in (*LEAST_ROWS, *BY_OTHERS) for row in rows_of(name)]
    assert [value for value, count in Counter(ids).items() if count > 1] == []


@pytest.mark.parametrize(("name", "least"), {**LEAST_ROWS, **BY_OTHERS}.items())
def test_a_set_has_enough_mails_and_its_halves_are_even(name: str, least: int) -> None:
    labels = Counter(row["label"] for row in rows_of(name))
    assert labels.total() >= least
    assert set(labels) == {"breach", "clean"}
    assert abs(labels["breach"] - labels["clean"]) <= 0.03 * labels.total()


def test_rows_have_the_fields_that_are_described(rows_of_any: list[dict[str, Any]]) -> None:
    wrong = [row["id"] for row in rows_of_any if not set(row) >= KEYS or set(row) - KEYS - OPTIONAL]
    assert wrong == []


def test_a_built_set_has_mails_of_each_difficulty(rows: list[dict[str, Any]]) -> None:
    assert {row["difficulty"] for row in rows} == {"easy", "medium", "hard"}


def test_a_template_is_used_at_most_twice_and_in_one_set_only(rows: list[dict[str, Any]]) -> None:
    uses = Counter(row["template"] for row in rows)
    assert [template for template, count in uses.items() if count > 2] == []
    assert len({template.split("-")[0] for template in uses}) == 1


@pytest.mark.parametrize(("first", "second"), list(combinations(sorted(LEAST_ROWS), 2)))
def test_no_category_of_one_set_is_written_again_in_another(first: str, second: str) -> None:
    one, other = ({row["category"] for row in rows_of(name)} for name in (first, second))
    assert one & other == set()


def test_breach_mails_name_their_spans_and_clean_mails_have_none(rows_of_any: list[dict[str, Any]]) -> None:
    assert [row["id"] for row in rows_of_any if bool(row["entities"]) != (row["label"] == "breach")] == []


def test_every_span_is_found_where_it_is_said_to_be(rows_of_any: list[dict[str, Any]]) -> None:
    lost = []
    for row in rows_of_any:
        found = places(row)
        for span in row["entities"] + row.get("lookalikes", []):
            if span["where"] == "attachment_image":
                continue
            if not span["text"].strip() or not any(span["text"] in text for text in found[span["where"]]):
                lost.append((row["id"], span["where"]))
    assert lost == []


def test_spans_in_pictures_belong_to_mails_with_a_picture(rows: list[dict[str, Any]]) -> None:
    lost = [
        row["id"]
        for row in rows
        if any(span["where"] == "attachment_image" for span in row["entities"])
        and not any(attachment["content_type"] == "image/png" for attachment in row["attachments"])
    ]
    assert lost == []
