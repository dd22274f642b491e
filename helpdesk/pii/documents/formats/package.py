"""The parts of an Office or OpenDocument file: a zip, read within the limits."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from posixpath import basename, dirname, join, normpath

from lxml import etree

from helpdesk.pii.documents.formats import safe_xml
from helpdesk.pii.documents.formats.archive import ENCRYPTED_FLAG, read_up_to
from helpdesk.pii.documents.reading import Place, Refusal
from helpdesk.pii.documents.values import Why

PARTS_TIMES = 20  # of `members`: a deck of 300 slides has 1,500 parts
#: Parts that no person wrote in, or that repeat the others.
IDLE = re.compile(
    r"(?:^|/)(?:ObjectReplacements|printerSettings|fonts|theme|Thumbnails|activeX)/|docProps/thumbnail|vbaProject|\.odttf$|layout-cache$"
    r"|(?:^|/)(?:styles|settings|webSettings|fontTable|numbering|stylesWithEffects|calcChain|metadata|presProps|viewProps"
    r"|tableStyles|itemProps\d*|vbaData|manifest|style\d+|colors\d+|keymap\w*)\.(?:xml|rdf|vml|bin)$"
    r"|\[Content_Types\]\.xml$|^mimetype$|^_rels/|^Configurations2/|^META-INF/",
    re.IGNORECASE,
)


class Package:
    """Part names and their bytes; a part is unpacked when it is asked for."""

    def __init__(self, data: bytes, place: Place) -> None:
        self._archive = zipfile.ZipFile(io.BytesIO(data))
        self._place = place
        self._infos = {info.filename: info for info in self._archive.infolist() if not info.is_dir()}
        if len(self._infos) > place.limits.members * PARTS_TIMES:
            raise Refusal(Why.TOO_MANY)
        self._trees: dict[str, safe_xml.Element] = {}

    @property
    def names(self) -> list[str]:
        """Part names in natural order: slide2 before slide10."""
        return sorted(self._infos, key=natural)

    def __contains__(self, name: str) -> bool:
        return name in self._infos

    def bytes_of(self, name: str) -> bytes:
        info = self._infos[name]
        if info.flag_bits & ENCRYPTED_FLAG:
            raise Refusal(Why.ENCRYPTED)
        try:
            with self._archive.open(info) as part:
                content = read_up_to(part, self._place)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError):
            raise Refusal(Why.CORRUPT) from None
        self._place.reading.take_bytes(len(content))
        self._place.reading.check_time()
        return content

    def tree(self, name: str) -> safe_xml.Element:
        """A part as XML; Refusal where it is none."""
        if name not in self._trees:
            try:
                self._trees[name] = safe_xml.parse(self.bytes_of(name))
            except etree.XMLSyntaxError:
                raise Refusal(Why.CORRUPT) from None
        return self._trees[name]

    def relations(self, name: str) -> Iterator[tuple[str, str, bool]]:
        """Id, target (a part name, or an address) and whether it is outside, of one part."""
        rels = join(dirname(name), "_rels", f"{basename(name)}.rels")
        if rels not in self:
            return
        for relation in safe_xml.named(self.tree(rels), "Relationship"):
            target, outside = relation.get("Target", ""), relation.get("TargetMode") == "External"
            if not outside:
                target = (
                    target.lstrip("/") if target.startswith("/") else normpath(join(dirname(name), target))
                )
            yield relation.get("Id", ""), target, outside


def natural(name: str) -> list[tuple[int, str]]:
    return [
        (int(piece), "") if piece.isdigit() else (-1, piece) for piece in re.split(r"(\d+)", name) if piece
    ]


def links(package: Package, place: Place) -> None:
    """Addresses that parts point to: a mailto or a record's address says whom it is about."""
    found: dict[str, None] = {}
    for name in package.names:
        if name.endswith(".rels"):
            for relation in safe_xml.named(package.tree(name), "Relationship"):
                target = relation.get("Target", "")
                if relation.get("TargetMode") == "External" and not target.startswith("http://schemas."):
                    found.setdefault(target)
    place.say("links", "\n".join(found), "metadata")


def properties(package: Package, place: Place) -> None:
    """docProps: core, app and custom."""
    counted = {
        "Pages",
        "Words",
        "Characters",
        "Lines",
        "Paragraphs",
        "TotalTime",
        "AppVersion",
        "DocSecurity",
        "Slides",
    }
    lines = []
    for name in package.names:
        if name.startswith("docProps/") and name.endswith(".xml"):
            for element in package.tree(name).iter():
                tag, text = safe_xml.local(element), (element.text or "").strip()
                if text and tag not in counted and text not in ("true", "false"):
                    lines.append(f"{_property_name(element) if tag.startswith('lpw') else tag}: {text}")
    place.say("properties", "\n".join(lines), "metadata")


def _property_name(element: safe_xml.Element) -> str:
    parent = element.getparent()
    return "" if parent is None else safe_xml.attribute(parent, "name")


def rest(package: Package, place: Place, done: set[str]) -> None:
    """Every part not yet read: pictures and objects entered, XML said as data."""
    for name in package.names:
        if name in done or IDLE.search(name) or name.endswith(".rels") or name.startswith("docProps/"):
            continue
        label = basename(name)
        try:
            content = package.bytes_of(name)
        except Refusal as refusal:
            place.fail(label, refusal.why)
            continue
        place.enter(label, content, media_type="", name="")
