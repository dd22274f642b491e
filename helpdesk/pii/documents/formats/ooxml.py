"""Word, Excel and PowerPoint files (ECMA-376), walked part by part."""

import re
from posixpath import basename

from helpdesk.pii.documents.formats import package as parts
from helpdesk.pii.documents.formats import safe_xml, sheets
from helpdesk.pii.documents.formats.flow import flow_of
from helpdesk.pii.documents.formats.package import Package
from helpdesk.pii.documents.reading import Place, Refusal

WORD_TEXT = re.compile(
    r"word/(?:glossary/)?(document|header\d*|footer\d*|comments\w*|footnotes|endnotes)\d*\.xml$"
)
SLIDE_TEXT = re.compile(
    r"ppt/(?:slides/(slide)|notesSlides/(notesSlide)|comments/(\w*comment\w*?)|slideMasters/(slideMaster)"
    r"|slideLayouts/(slideLayout)|notesMasters/(notesMaster)|handoutMasters/(handoutMaster)|(commentAuthors|authors))(\d*)\.xml$",
    re.IGNORECASE,
)
DRAWN = re.compile(r"(?:word|ppt|xl)/(?:drawings|charts|diagrams)/(?:drawing|chart|chartEx|data)\d*\.xml$")
PROMPTS = re.compile(
    r"^(?:Click (?:to|icon).*|(?:Second|Third|Fourth|Fifth) level|Master (?:title|text) style.*|‹#›|<#>)\s*$",
    re.MULTILINE | re.IGNORECASE,
)


def read_docx(data: bytes, place: Place) -> None:
    package = Package(data, place)
    done = {name for name in package.names if WORD_TEXT.match(name)}
    _flows(package, place, sorted(done, key=lambda name: ("document" not in name, parts.natural(name))))
    _variables(package, place)
    _finish(package, place, done)


def _variables(package: Package, place: Place) -> None:
    """Document variables and the source of a mail merge, which stand among the settings."""
    if "word/settings.xml" in package:
        found = safe_xml.named(package.tree("word/settings.xml"), "docVar", "query", "connectString")
        place.say("variables", "\n".join(safe_xml.attribute(item, "val") for item in found), "metadata")


def read_pptx(data: bytes, place: Place) -> None:
    package = Package(data, place)
    done = {name for name in package.names if SLIDE_TEXT.match(name)}
    _flows(package, place, sorted(done, key=lambda name: ("/slides/" not in name, parts.natural(name))))
    _finish(package, place, done)


def read_xlsx(data: bytes, place: Place) -> None:
    package = Package(data, place)
    _finish(package, place, sheets.read(package, place))


def _flows(package: Package, place: Place, names: list[str]) -> None:
    for name in names:
        label = spoken(name)
        try:
            flow = flow_of(package.tree(name))
        except Refusal as refusal:
            place.fail(label, refusal.why)
            continue
        text = PROMPTS.sub("", flow.joined) if "Master" in name or "Layout" in name else flow.joined
        place.say(label, text)
        for number, table in enumerate(flow.tables, 1):
            place.say(f"{label} table {number}", table, "table")
        place.say(f"{label} before changes", "\n".join(flow.before))
        place.say(f"{label} picture texts", "\n".join(flow.alternatives), "metadata")
        place.say(f"{label} authors", "\n".join(flow.authors), "metadata")


def _finish(package: Package, place: Place, done: set[str]) -> None:
    drawn = {name for name in package.names if DRAWN.match(name)}
    for name in sorted(drawn, key=parts.natural):
        root = package.tree(name)
        values = [element.text or "" for element in safe_xml.named(root, "v")]
        place.say(spoken(name), "\n".join([flow_of(root).joined, *dict.fromkeys(values)]))
    parts.properties(package, place)
    parts.links(package, place)
    parts.rest(package, place, done | drawn)


def spoken(name: str) -> str:
    """A part's name as a person says it: `slide 2`, `header 1`, `document`."""
    stem = basename(name).removesuffix(".xml")
    stem = stem.replace("notesSlide", "notes")
    return re.sub(r"(?<=[a-z])(\d+)$", r" \1", stem)
