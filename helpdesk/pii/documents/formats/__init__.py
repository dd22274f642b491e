"""One file a format; `FORMATS` says which reads what. Only the child imports this package.

A format is a function of the bytes and a Place: it says texts and enters inner documents
through the place, and raises Refusal for what it knows to be unreadable. Anything else
that it raises counts as corrupt.
"""

from helpdesk.pii.documents.formats import (
    archive,
    calendar,
    doc,
    image,
    legacy,
    mail,
    markup,
    metafile,
    msg,
    odf,
    ooxml,
    pdf,
    pkcs7,
    plain,
    ppt,
    rtf,
    tnef,
    xls,
)
from helpdesk.pii.documents.reading import Format

FORMATS: dict[str, Format] = {
    "text": plain.read_text,
    "csv": plain.read_csv,
    "json": plain.read_json,
    "html": markup.read_html,
    "xml": markup.read_xml,
    "svg": markup.read_xml,
    "calendar": calendar.read,
    "vcard": calendar.read,
    "eml": mail.read,
    "mbox": mail.read_mbox,
    "msg": msg.read,
    "tnef": tnef.read,
    "pkcs7": pkcs7.read,
    "zip": archive.read_zip,
    "tar": archive.read_tar,
    "gzip": archive.read_gzip,
    "bzip2": archive.read_bzip2,
    "xz": archive.read_xz,
    "7z": archive.read_7z,
    "image": image.read,
    "metafile": metafile.read,
    "pdf": pdf.read,
    "docx": ooxml.read_docx,
    "xlsx": ooxml.read_xlsx,
    "pptx": ooxml.read_pptx,
    "odf": odf.read,
    "rtf": rtf.read,
    "doc": legacy.reader_of(doc.read_stream),
    "xls": legacy.reader_of(xls.read_stream),
    "ppt": legacy.reader_of(ppt.read_stream),
    "ole": legacy.read_unknown,
    "ole-package": legacy.read_package,
}
