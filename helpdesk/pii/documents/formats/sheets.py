"""SpreadsheetML: every sheet as a table, hidden ones too, and what stands around the cells."""

import datetime as dt
import re
from collections.abc import Iterator

from helpdesk.pii.documents.formats.package import Package
from helpdesk.pii.documents.formats.plain import table
from helpdesk.pii.documents.formats.safe_xml import Element, attribute, local, named
from helpdesk.pii.documents.formats.xls import written
from helpdesk.pii.documents.reading import Place, Refusal

BOOK = "xl/workbook.xml"
BUILT_IN_DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
NOT_A_DATE = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|General', re.IGNORECASE)
REFERENCE = re.compile(r"([A-Z]{1,3})(\d+)")
CELL_TAGS = ("f", "v", "is")
WIDEST = 512  # columns of blanks that are kept to hold a cell under its header
AROUND = re.compile(
    r"xl/(?:comments|threadedComments|persons|pivotCache|externalLinks|tables|queryTables|connections)"
)
DAY_ONE, DAY_ONE_1904 = dt.datetime(1899, 12, 30), dt.datetime(1904, 1, 1)  # noqa: DTZ001 - a cell has no zone


def read(package: Package, place: Place) -> set[str]:
    """Say the workbook; answers the parts that were read."""
    done = {BOOK, "xl/sharedStrings.xml"}
    if BOOK not in package:
        return set()
    book = package.tree(BOOK)
    cells = cells_of(package)
    targets = {key: target for key, target, _ in package.relations(BOOK)}
    for sheet in named(book, "sheet"):
        part = targets.get(attribute(sheet, "id"), "")
        if part in package:
            done.add(part)
            _sheet(package, part, sheet.get("name", part), place, cells)
    names = [f"{item.get('name', '')} {item.text or ''}" for item in named(book, "definedName")]
    place.say("sheet names", "\n".join(sheet.get("name", "") for sheet in named(book, "sheet")), "name")
    place.say("defined names", "\n".join(names), "metadata")
    return done | _around(package, place)


class Cells:
    """How the cells of this workbook are read."""

    def __init__(self, strings: list[str], dates: set[int], since: dt.datetime) -> None:
        self._strings, self._dates, self._since = strings, dates, since

    def text(self, cell: Element) -> str:
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            return joined(cell)
        value = next((child.text or "" for child in cell if local(child) == "v"), "")
        if kind == "s":
            return self._strings[int(value)] if value.isdigit() and int(value) < len(self._strings) else value
        if kind == "n" and value:
            return self._number(value, int(cell.get("s", 0)))
        return value

    def _number(self, value: str, style: int) -> str:
        try:
            number = float(value)
            if style in self._dates:
                return written(self._since + dt.timedelta(seconds=round(number * 86_400)))
            return str(int(number)) if number.is_integer() else value
        except (ValueError, OverflowError):
            return value


def cells_of(package: Package) -> Cells:
    """The shared strings, date styles and first day of a workbook."""
    properties = named(package.tree(BOOK), "workbookPr")
    late = any(attribute(item, "date1904") in ("1", "true") for item in properties)
    return Cells(_shared(package), _date_styles(package), DAY_ONE_1904 if late else DAY_ONE)


def joined(element: Element) -> str:
    """Rich text runs as one string; phonetic hints left out."""
    return "".join(item.text or "" for item in named(element, "t") if not _phonetic(item))


def _phonetic(item: Element) -> bool:
    parent = item.getparent()
    return parent is not None and local(parent) == "rPh"


def _sheet(package: Package, part: str, title: str, place: Place, cells: Cells) -> None:
    try:
        root = package.tree(part)
    except Refusal as refusal:
        place.fail(title, refusal.why)
        return
    place.say(title, table(_rows(root, cells)), "table")
    around = [
        item.text or ""
        for item in named(
            root, "oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter"
        )
    ]
    around += [
        item.text or "" for item in named(root, "f", "formula1", "formula2") if '"' in (item.text or "")
    ]
    around += [text for item in named(root, "dataValidation", "hyperlink") for text in _spoken(item)]
    place.say(f"{title} around the cells", "\n".join(around))


def _spoken(element: Element) -> list[str]:
    return [
        text
        for key in ("prompt", "promptTitle", "error", "tooltip", "display", "location")
        if (text := element.get(key, ""))
    ]


def _rows(root: Element, cells: Cells) -> Iterator[list[str]]:
    for row in named(root, "row"):
        line: list[str] = []
        for cell in row:
            text = cells.text(cell)
            if text:
                line += [""] * min(max(_column(cell) - len(line), 0), WIDEST)
                line.append(text)
        yield line


def _column(cell: Element) -> int:
    found = REFERENCE.match(cell.get("r", ""))
    if not found:
        return 0
    number = 0
    for letter in found[1]:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _shared(package: Package) -> list[str]:
    if "xl/sharedStrings.xml" not in package:
        return []
    return [joined(item) for item in named(package.tree("xl/sharedStrings.xml"), "si")]


def _date_styles(package: Package) -> set[int]:
    """Indexes of cell formats that show a number as a date."""
    if "xl/styles.xml" not in package:
        return set()
    root = package.tree("xl/styles.xml")
    own = {int(item.get("numFmtId", 0)): item.get("formatCode", "") for item in named(root, "numFmt")}
    dated = BUILT_IN_DATES | {
        key for key, code in own.items() if set("dmyh") & set(NOT_A_DATE.sub("", code).lower())
    }
    formats = next(named(root, "cellXfs"), None)
    return (
        set()
        if formats is None
        else {i for i, item in enumerate(formats) if int(item.get("numFmtId", 0)) in dated}
    )


def _around(package: Package, place: Place) -> set[str]:
    """Comments, their authors, cached pivot data and links: every text and every value attribute."""
    done = {name for name in package.names if AROUND.match(name) and name.endswith(".xml")}
    for name in sorted(done):
        root = package.tree(name)
        comments = [joined(item) for item in named(root, "comment")]
        other = [
            item.text.strip()
            for item in root.iter()
            if item.text and local(item) != "t" and local(item) in ("author", "text", "v", "f")
        ]
        values = [
            item.get(key, "")
            for item in root.iter()
            for key in ("v", "displayName", "name", "connection")
            if item.get(key)
        ]
        lines = dict.fromkeys(line for line in [*comments, *other, *values] if line)
        place.say(name.removeprefix("xl/").removesuffix(".xml"), "\n".join(lines))
    return done
