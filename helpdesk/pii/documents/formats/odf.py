"""OpenDocument text, sheets and slides (ISO/IEC 26300)."""

from collections.abc import Iterator

from helpdesk.pii.documents.formats import package as parts
from helpdesk.pii.documents.formats import safe_xml
from helpdesk.pii.documents.formats.flow import flow_of
from helpdesk.pii.documents.formats.package import Package
from helpdesk.pii.documents.formats.plain import table
from helpdesk.pii.documents.formats.safe_xml import Element, attribute, local, named
from helpdesk.pii.documents.reading import Place, Refusal
from helpdesk.pii.documents.values import Why

MOST_REPEATS = 64


def read(data: bytes, place: Place) -> None:
    package = Package(data, place)
    if (
        "META-INF/manifest.xml" in package
        and next(named(package.tree("META-INF/manifest.xml"), "encryption-data"), None) is not None
    ):
        raise Refusal(Why.ENCRYPTED)
    done = {
        name for name in package.names if name.rpartition("/")[2] in ("content.xml", "styles.xml", "meta.xml")
    }
    for name in sorted(done):
        _part(package.tree(name), place, name.removesuffix(".xml"))
    parts.rest(package, place, done)


def _part(root: Element, place: Place, label: str) -> None:
    if label.endswith("meta"):
        lines = [
            f"{safe_xml.local(item)}: {item.text}" for item in root.iter() if item.text and item.text.strip()
        ]
        place.say("properties", "\n".join(lines), "metadata")
        return
    spreadsheet = next(named(root, "spreadsheet"), None)
    if spreadsheet is not None:
        for sheet in [child for child in spreadsheet if local(child) == "table"]:
            place.say(attribute(sheet, "name") or "sheet", table(_rows(sheet)), "table")
        place.say(
            "sheet names", "\n".join(attribute(item, "name") for item in named(spreadsheet, "table")), "name"
        )
        place.say("comments", "\n".join(_plain(item) for item in named(spreadsheet, "annotation")))
        return
    flow = flow_of(root)
    place.say(label, flow.joined)
    for number, rows in enumerate(flow.tables, 1):
        place.say(f"{label} table {number}", rows, "table")
    aside = [_plain(item) for item in named(root, "deletion", "annotation")]
    aside += [item.text or "" for item in named(root, "title", "desc")]
    place.say(f"{label} changes and comments", "\n".join(aside))


def _rows(sheet: Element) -> Iterator[list[str]]:
    for row in named(sheet, "table-row"):
        line: list[str] = []
        for cell in row:
            if local(cell) in ("table-cell", "covered-table-cell"):
                text = " ".join(_plain(item) for item in cell if local(item) == "p") or attribute(
                    cell, "value"
                )
                line += [text] * min(int(attribute(cell, "number-columns-repeated") or 1), MOST_REPEATS)
        yield line


def _plain(element: Element) -> str:
    return " ".join(str(text) for text in element.itertext() if str(text).strip())
