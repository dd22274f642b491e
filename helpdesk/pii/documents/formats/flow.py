"""Running text of WordprocessingML, DrawingML and OpenDocument: paragraphs, tables, what was deleted."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from helpdesk.pii.documents.formats.plain import table
from helpdesk.pii.documents.formats.safe_xml import Element, attribute, local

WORDS = frozenset({"t", "delText", "instrText", "delInstrText"})
MARKS = {
    "tab": "\t",
    "ptab": "\t",
    "br": "\n",
    "cr": "\n",
    "noBreakHyphen": "-",
    "line-break": "\n",
    "s": " ",
}
PARAGRAPHS = frozenset({"p", "h"})
TABLES, ROWS, CELLS = (
    frozenset({"tbl", "table"}),
    frozenset({"tr", "table-row"}),
    frozenset({"tc", "table-cell"}),
)
#: `Fallback` repeats `Choice`; properties say nothing.
PASSED = frozenset({"Fallback", "rPr", "pPr", "tblPr", "tcPr", "sectPr", "tblGrid"})
DELETED, INSERTED = frozenset({"del", "moveFrom"}), frozenset({"ins", "moveTo"})
LEAST_ROWS = LEAST_COLUMNS = 2


@dataclass(slots=True)
class Flow:
    """What one part says."""

    text: list[str] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)
    before: list[str] = field(default_factory=list)  # paragraphs as they were before tracked changes
    alternatives: list[str] = field(default_factory=list)  # texts that stand for pictures
    authors: dict[str, None] = field(default_factory=dict)

    @property
    def joined(self) -> str:
        return "".join(self.text)


def flow_of(root: Element) -> Flow:
    """Read a part from its root element."""
    flow = Flow()
    _walk(root, flow, flow.text)
    for element in root.iter():
        _beside(element, flow)
    return flow


def _walk(element: Element, flow: Flow, out: list[str]) -> None:
    name = local(element)
    if not name or name in PASSED:
        return
    if name in TABLES:
        _table(element, flow, out)
    elif name in PARAGRAPHS:
        _paragraph(element, flow, out)
    elif name in WORDS and not len(element):
        if name in ("t", "instrText"):
            out.append(element.text or "")
    elif name in MARKS:
        out.append(MARKS[name] * min(int(attribute(element, "c") or 1), 100) if name == "s" else MARKS[name])
    elif name not in DELETED:
        for child in element:
            _walk(child, flow, out)


def _paragraph(element: Element, flow: Flow, out: list[str]) -> None:
    if element.text and local(element) in PARAGRAPHS:
        out.append(element.text)  # OpenDocument writes straight into the paragraph
    for child in element:
        _inline(child, flow, out)
    out.append("\n")
    if any(local(inner) in DELETED for inner in element.iter()):
        flow.before.append("".join(_before(element)))


def _inline(element: Element, flow: Flow, out: list[str]) -> None:
    name = local(element)
    if name in ("span", "a", "ruby-base", "meta", "bookmark-ref") or _is_field(element):
        out.append(element.text or "")
        for child in element:
            _inline(child, flow, out)
    else:
        _walk(element, flow, out)
    out.append(element.tail or "" if _is_office_text(element) else "")


def _is_field(element: Element) -> bool:
    return (
        _is_office_text(element)
        and not len(element)
        and bool(element.text)
        and local(element) not in PARAGRAPHS
    )


def _is_office_text(element: Element) -> bool:
    """Tails are text in OpenDocument only; in OOXML they are layout."""
    return isinstance(element.tag, str) and "opendocument" in element.tag.partition("}")[0]


def _before(element: Element) -> Iterator[str]:
    """A paragraph with its deletions kept and its insertions left out."""
    for child in element:
        name = local(child)
        if name in INSERTED or name in PASSED:
            continue
        if name in WORDS and name != "instrText":
            yield child.text or ""
        elif name in MARKS:
            yield MARKS[name]
        else:
            yield from _before(child)


def _table(element: Element, flow: Flow, out: list[str]) -> None:
    """A table of some size is said apart, so that a cell keeps its header; a layout table stays in the text."""
    rows = [[_cell(cell, flow) for cell in _within(row, CELLS)] for row in _within(element, ROWS)]
    if len(rows) >= LEAST_ROWS and max(len(row) for row in rows) >= LEAST_COLUMNS:
        flow.tables.append(table(rows))
        return
    out.append("\n".join("\t".join(row) for row in rows) + "\n")


def _within(element: Element, wanted: frozenset[str]) -> Iterator[Element]:
    """The nearest descendants of these names, through content controls and change marks."""
    for child in element:
        if local(child) in wanted:
            yield child
        elif local(child) not in TABLES | PASSED:
            yield from _within(child, wanted)


def _cell(cell: Element, flow: Flow) -> str:
    parts: list[str] = []
    for child in cell:
        _walk(child, flow, parts)
    return "".join(parts).strip()


def _beside(element: Element, flow: Flow) -> None:
    name = local(element)
    if name in ("docPr", "cNvPr"):
        flow.alternatives += [text for key in ("title", "descr") if (text := element.get(key, ""))]
    if name == "textpath":
        flow.alternatives.append(element.get("string", ""))  # a watermark
    author = attribute(element, "author") if name in DELETED | INSERTED | {"comment"} else ""
    if author:
        flow.authors.setdefault(author)
