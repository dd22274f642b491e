"""The expected trees of stalwart's mail-parser, reduced to what an Email says as well."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from helpdesk.ingest.parsing.charset import decode
from helpdesk.ingest.values import Email

FIELDS = ("subject", "from", "to", "message_id", "date", "texts", "file_names")


@dataclass(frozen=True)
class Compared:
    """One field of one mail: what was expected and what we read."""

    mail: str
    field: str
    expected: Any
    ours: Any

    @property
    def same(self) -> bool:
        """Whether nothing is missing. Where the tree has U+FFFD, reading the character is no difference."""
        if self.field == "texts":
            return all(any(_matches(one, ours) for ours in self.ours) for one in self.expected)
        return _matches(repr(self.expected), repr(self.ours))


def _matches(expected: str, ours: str) -> bool:
    """Whether all of a text stands in ours; what the tree could not decode may be anything."""
    pieces = (re.escape(piece) for piece in expected.replace("\0", "").split("\ufffd"))
    return expected == ours or re.search(".{0,4}".join(pieces), ours, re.DOTALL) is not None


def compare(path: Path, email: Email) -> Iterator[Compared]:
    """Each field that the expected tree beside `path` has."""
    tree = json.loads(path.with_suffix(".json").read_text())
    expected, ours = _expected(tree), _ours(email)
    for name in FIELDS:
        if expected[name]:
            yield Compared(f"{path.parent.name}/{path.stem}", name, expected[name], ours[name])


def _ours(email: Email) -> dict[str, Any]:
    return {
        "subject": _squeezed(email.subject),
        "from": (email.from_name, email.from_address),
        "to": [*email.to],
        "message_id": email.message_id.strip("<>"),
        "date": email.date,
        "texts": [_squeezed(p.text or decode(p.data).text) for p in email.parts],
        "file_names": sorted(p.file_name for p in email.parts if p.file_name),
    }


def _expected(tree: dict[str, Any]) -> dict[str, Any]:
    headers = tree["parts"][0]["headers"]
    leaves = [part for part in tree["parts"] if "Multipart" not in part["body"]]
    senders, to = _people(headers, "from"), _people(headers, "to")
    return {
        "subject": _squeezed(_first(headers, "subject", "Text") or ""),
        "from": senders[0] if senders else None,
        "to": to,
        "message_id": _first(headers, "message_id", "Text") or "",
        "date": _date(_first(headers, "date", "DateTime")),
        "texts": sorted(filter(None, (_squeezed(_text(part)) for part in leaves))),
        "file_names": sorted(filter(None, map(_file_name, leaves))),
    }


def _text(part: dict[str, Any]) -> str:
    body = part["body"]
    return str(body.get("Text") or body.get("Html") or "") if isinstance(body, dict) else ""


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def _first(headers: list[dict[str, Any]], name: str, kind: str) -> Any:
    for header in headers:
        if header["name"] == name and isinstance(header["value"], dict) and kind in header["value"]:
            return header["value"][kind]
    return None


def _people(headers: list[dict[str, Any]], name: str) -> list[tuple[str, str]]:
    address = _first(headers, name, "Address") or {}
    groups = address.get("Group") or [{"addresses": address.get("List", [])}]
    people = [one for group in groups for one in group["addresses"]]
    return [(one.get("name") or "", (one.get("address") or "").lower()) for one in people]


def _date(value: dict[str, Any] | None) -> datetime | None:
    if not value:
        return None
    offset = timedelta(hours=value["tz_hour"], minutes=value["tz_minute"])
    zone = timezone(-offset if value["tz_before_gmt"] else offset)
    numbers = (value[name] for name in ("year", "month", "day", "hour", "minute", "second"))
    try:
        return datetime(*numbers, tzinfo=zone).astimezone(UTC)
    except ValueError:
        return None


def _file_name(part: dict[str, Any]) -> str:
    for name, attribute in (("content_disposition", "filename"), ("content_type", "name")):
        value = _first(part["headers"], name, "ContentType") or {}
        for one in value.get("attributes") or []:
            if one["name"] == attribute:
                return str(one["value"]).replace("\\", "/").rpartition("/")[2]
    return ""
