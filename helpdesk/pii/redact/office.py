"""OOXML and OpenDocument files: every part is gone through, and what was found is taken out of its XML.

Parts that cannot be gone through (macros, old-style objects) refuse the file. The
thumbnail is a picture of the first page, so it is blanked whatever was found.
"""

import io
import re
import zipfile
from posixpath import basename

from lxml import etree

from helpdesk.pii.documents import kinds
from helpdesk.pii.documents.formats import safe_xml, sheets
from helpdesk.pii.documents.formats.package import Package
from helpdesk.pii.documents.formats.safe_xml import Element, local, named
from helpdesk.pii.documents.reading import Place as ReadingPlace
from helpdesk.pii.documents.reading import Reading
from helpdesk.pii.redact.job import Job, RefusedError

THUMBNAIL = re.compile(r"docProps/thumbnail|(?:^|/)Thumbnails/|ObjectReplacements/", re.IGNORECASE)
MACROS = re.compile(r"vbaProject|(?:^|/)Basic/|activeX|\.bin$", re.IGNORECASE)
DEVICE = re.compile(r"printerSettings", re.IGNORECASE)
XML = (".xml", ".rels", ".vml", ".rdf")
#: Elements whose letters may be spread over several inner ones: a paragraph, a shared or inline string, a comment.
BLOCKS = frozenset({"p", "h", "si", "is", "text", "rst"})
#: Names of the file format itself.
FIXED = frozenset({"ContentType", "Extension", "PartName", "Type", "Id", "id"})


def redact(data: bytes, job: Job) -> tuple[bytes, str]:
    """The file with each part rewritten that says something found."""
    place = ReadingPlace(Reading(job.limits, {}, ocr=False))
    package = Package(data, place)
    styles = _Sheets(package) if "xl/workbook.xml" in package else None
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            if info.is_dir() or info.filename not in package:
                continue
            stored = zipfile.ZIP_STORED if info.filename == "mimetype" else zipfile.ZIP_DEFLATED
            new.writestr(info.filename, _part(package, info.filename, job, styles), stored)
    return held.getvalue(), ""


def _part(package: Package, name: str, job: Job, styles: "_Sheets | None") -> bytes:
    content = package.bytes_of(name)
    if THUMBNAIL.search(name):
        return b""
    if name.lower().endswith(XML):
        return _xml(content, name, job, styles)
    if MACROS.search(name) and not DEVICE.search(name):
        raise RefusedError("place")
    member = job.member(basename(name), basename(name))
    if not member.touched:
        return content
    if kinds.sniff(content, name, "") != "image":
        raise RefusedError("place")
    made = job.redact_one(content, member)
    if not name.lower().endswith(_suffixes(made.media_type)):
        raise RefusedError("place")
    new: bytes = made.data
    return new


def _suffixes(media_type: str) -> tuple[str, ...]:
    return {"image/jpeg": (".jpg", ".jpeg"), "image/png": (".png",), "image/tiff": (".tif", ".tiff")}.get(
        media_type, ()
    )


def _xml(content: bytes, name: str, job: Job, styles: "_Sheets | None") -> bytes:
    try:
        root = safe_xml.parse(content)
    except etree.XMLSyntaxError:
        raise RefusedError("place") from None
    if safe_xml.declared_entities(root):
        raise RefusedError("place")
    if styles is not None and name in styles.parts:
        styles.clean(root, job)
    _texts(root, job)
    _attributes(root, job)
    _deleted(root, job)
    clean: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return clean


def _texts(root: Element, job: Job) -> None:
    """Blocks first, since a run may hold one character; then whatever stands alone."""
    for element in root.iter():
        if local(element) in BLOCKS:
            _block(element, job)
    for element in root.iter():
        for slot in ("text", "tail"):
            value = getattr(element, slot)
            if value and job.eraser.found_in(value):
                setattr(element, slot, job.eraser.clean(value))


def _block(block: Element, job: Job) -> None:
    """Take what was found out of the joined text of a block, from whichever slots it came."""
    slots = [
        (element, slot)
        for element in block.iter()
        for slot in ("text", "tail")
        if getattr(element, slot) and _is_text(element, slot, block)
    ]
    whole = "".join(getattr(element, slot) for element, slot in slots)
    spans = job.eraser.spans(whole)
    at = 0
    for element, slot in slots if spans else []:
        value = getattr(element, slot)
        setattr(element, slot, _left(value, at, spans))
        at += len(value)


def _left(value: str, at: int, spans: list[tuple[int, int]]) -> str:
    """What is left of a piece that starts at this offset; the mark stands where a span starts."""
    out = []
    for offset, character in enumerate(value, at):
        span = next(((start, end) for start, end in spans if start <= offset < end), None)
        if span is None:
            out.append(character)
        elif span[0] == offset:
            out.append("[removed]")
    return "".join(out)


def _is_text(element: Element, slot: str, block: Element) -> bool:
    return isinstance(element.tag, str) and not (element is block and slot == "tail")


def _attributes(root: Element, job: Job) -> None:
    for element in root.iter():
        for name, value in element.attrib.items():
            if str(name).rpartition("}")[2] not in FIXED and job.eraser.found_in(str(value)):
                element.set(name, job.eraser.clean(str(value), "removed"))


def _deleted(root: Element, job: Job) -> None:
    """A tracked deletion beside a kept one may make up a string that neither says alone: such deletions go."""
    for block in [element for element in root.iter() if local(element) == "p"]:
        gone = [element for element in block.iter() if local(element) in ("del", "moveFrom")]
        before = "".join(text for element in named(block, "t", "delText") for text in (element.text or "",))
        if gone and job.eraser.found_in(before):
            for element in gone:
                parent = element.getparent()
                if parent is not None:
                    parent.remove(element)


class _Sheets:
    """Cells that are shown otherwise than they are written: dates and numbers."""

    def __init__(self, package: Package) -> None:
        self.parts = {
            name for name in package.names if name.startswith("xl/worksheets/") and name.endswith(".xml")
        }
        self._cells = sheets.cells_of(package)

    def clean(self, root: Element, job: Job) -> None:
        """A cell whose shown text says something found becomes a text cell without it."""
        for cell in list(named(root, "c")):
            shown = self._cells.text(cell)
            if shown and job.eraser.found_in(shown):
                for child in list(cell):
                    cell.remove(child)
                cell.set("t", "inlineStr")
                space = cell.tag.rpartition("}")[0] + "}" if "}" in cell.tag else ""
                text = etree.SubElement(etree.SubElement(cell, f"{space}is"), f"{space}t")
                text.text = job.eraser.clean(shown)
