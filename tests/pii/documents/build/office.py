"""OOXML and OpenDocument files, part by part, as far as the readers need them."""

import io
import zipfile
from collections.abc import Mapping

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
RELS = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
ODF = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"'
)
CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{}</dc:title></cp:coreProperties>'
)


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return held.getvalue()


def paragraph(*runs: str) -> str:
    return "<w:p>" + "".join(f'<w:r><w:t xml:space="preserve">{run}</w:t></w:r>' for run in runs) + "</w:p>"


def docx(body: str, more: Mapping[str, str | bytes] | None = None) -> bytes:
    """A Word file; `body` is what stands in w:body, `more` other parts by name."""
    return zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "word/document.xml": f"<w:document {W} {A} {MC}><w:body>{body}</w:body></w:document>",
            **(more or {}),
        }
    )


def word_part(tag: str, *runs: str) -> str:
    return f"<w:{tag} {W}>{paragraph(*runs)}</w:{tag}>"


def xlsx(sheets: Mapping[str, str], more: Mapping[str, str | bytes] | None = None, names: str = "") -> bytes:
    """A workbook; `sheets` maps a title (a leading `!` hides it well) to its sheetData."""
    listed = relations = ""
    parts: dict[str, str | bytes] = {"[Content_Types].xml": "<Types/>"}
    for number, (title, rows) in enumerate(sheets.items(), 1):
        state = ' state="veryHidden"' if title.startswith("!") else ""
        listed += f'<sheet name="{title.lstrip("!")}" sheetId="{number}"{state} r:id="rId{number}"/>'
        relations += f'<Relationship Id="rId{number}" Target="worksheets/sheet{number}.xml"/>'
        parts[f"xl/worksheets/sheet{number}.xml"] = f"<worksheet {S}>{rows}</worksheet>"
    parts["xl/workbook.xml"] = (
        f"<workbook {S} {R}><sheets>{listed}</sheets><definedNames>{names}</definedNames></workbook>"
    )
    parts["xl/_rels/workbook.xml.rels"] = f"<Relationships {RELS}>{relations}</Relationships>"
    return zipped({**parts, **(more or {})})


def row(number: int, *cells: tuple[str, str]) -> str:
    """A row of inline strings at the columns given."""
    inner = "".join(
        f'<c r="{column}{number}" t="inlineStr"><is><t>{text}</t></is></c>' for column, text in cells
    )
    return f'<row r="{number}">{inner}</row>'


def pptx(slides: list[str], more: Mapping[str, str | bytes] | None = None) -> bytes:
    parts = {
        f"ppt/slides/slide{number}.xml": f"<p:sld xmlns:p='urn:p' {A}><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:sld>"
        for number, text in enumerate(slides, 1)
    }
    return zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "ppt/presentation.xml": "<p xmlns='urn:p'/>",
            **parts,
            **(more or {}),
        }
    )


def odf(kind: str, body: str, more: Mapping[str, str | bytes] | None = None) -> bytes:
    """An OpenDocument file; kind `text`, `spreadsheet` or `presentation`."""
    content = f"<office:document-content {ODF}><office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>"
    return zipped(
        {"mimetype": f"application/vnd.oasis.opendocument.{kind}", "content.xml": content, **(more or {})}
    )
