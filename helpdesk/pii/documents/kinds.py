"""What some bytes are, by looking at them; a name or a label only breaks a tie between texts."""

import io
import re
import zipfile
from pathlib import PurePath

import olefile

from helpdesk.pii.documents.formats.charset import decode, is_wide
from helpdesk.pii.documents.values import Why

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xlsb": "application/vnd.ms-excel.sheet.binary.macroenabled.12",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odf": "application/vnd.oasis.opendocument",
    "rtf": "application/rtf",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
    "msg": "application/vnd.ms-outlook",
    "tnef": "application/ms-tnef",
    "eml": "message/rfc822",
    "mbox": "application/mbox",
    "zip": "application/zip",
    "tar": "application/x-tar",
    "gzip": "application/gzip",
    "bzip2": "application/x-bzip2",
    "xz": "application/x-xz",
    "7z": "application/x-7z-compressed",
    "html": "text/html",
    "xml": "application/xml",
    "json": "application/json",
    "csv": "text/csv",
    "calendar": "text/calendar",
    "vcard": "text/vcard",
    "text": "text/plain",
    "image": "image/*",
    "svg": "image/svg+xml",
    "metafile": "image/x-metafile",
    "pkcs7": "application/pkcs7-mime",
}

#: Nothing in these is text that a person wrote.
HARMLESS = frozenset({"empty", "signature", "font"})

#: Known, but never readable here.
REFUSED = {"pgp-encrypted": Why.ENCRYPTED, "encrypted-office": Why.ENCRYPTED, "ole-corrupt": Why.CORRUPT}

MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"{\\rtf", "rtf"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x78\x9f\x3e\x22", "tnef"),
    (b"\x89PNG\r\n\x1a\n", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF87a", "image"),
    (b"GIF89a", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"II+\x00", "image"),
    (b"\xd7\xcd\xc6\x9a", "metafile"),
    (b"\x01\x00\x09\x00\x00\x03", "metafile"),
    (b"\x00\x01\x00\x00\x00", "font"),
    (b"\x00\x00\x01\x00", "image"),
    (b"\x00\x00\x00\x0cjP  ", "image"),
    (b"8BPS", "image"),
    (b"OTTO\x00", "font"),
    (b"wOFF", "font"),
    (b"wOF2", "font"),
)
HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")
TEXT_SUFFIXES = {
    ".csv": "csv",
    ".tsv": "csv",
    ".tab": "csv",
    ".htm": "html",
    ".html": "html",
    ".eml": "eml",
    ".mht": "eml",
    ".mhtml": "eml",
    ".ics": "calendar",
    ".vcf": "vcard",
    ".json": "json",
    ".xml": "xml",
}
TEXT_TYPES = {
    "text/csv": "csv",
    "text/tab-separated-values": "csv",
    "text/html": "html",
    "message/rfc822": "eml",
    "text/calendar": "calendar",
    "text/vcard": "vcard",
    "application/json": "json",
}
HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|table|div|p|br|span|meta|title)[\s>/]", re.IGNORECASE)
MAIL_HEADER = re.compile(rb"\A(?:[!-9;-~]{2,60}:[ \t][^\n]{0,2000}\r?\n(?:[ \t][^\n]*\r?\n){0,50}){2,}")
MAIL_SIGNS = re.compile(
    rb"^(?:from|received|mime-version|message-id|return-path|content-type):", re.IGNORECASE | re.MULTILINE
)
HEAD = 4_096


def sniff(data: bytes, name: str, media_type: str) -> str:
    """The kind of a document: a key of MEDIA_TYPES, HARMLESS or REFUSED, or `unknown`."""
    if not data.strip(b"\0 \t\r\n"):
        return "empty"
    head = data[:HEAD]
    for magic, kind in MAGIC:
        if head.startswith(magic):
            return kind
    return (
        _container(data, head)
        or _image(head)
        or _armour(data, head)
        or _signed(head)
        or _text(data, name, media_type)
    )


def _container(data: bytes, head: bytes) -> str:
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _in_zip(data)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _in_ole(data)
    if head[257:262] == b"ustar":
        return "tar"
    return ""


def _in_zip(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = {info.filename for info in archive.infolist()}
            mimetype = _start_of(archive, "mimetype") if "mimetype" in names else b""
    except (zipfile.BadZipFile, OSError, RuntimeError, ValueError, NotImplementedError):
        return "zip"
    if mimetype.startswith((b"application/vnd.oasis.opendocument", b"application/vnd.sun.xml")):
        return "odf"
    if "[Content_Types].xml" in names:
        for part, kind in (("word/", "docx"), ("xl/workbook.bin", "xlsb"), ("xl/", "xlsx"), ("ppt/", "pptx")):
            if any(known.startswith(part) for known in names):
                return kind
    return "zip"


def _start_of(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as member:  # never the whole of it: it may be a bomb
        return member.read(200)


def _in_ole(data: bytes) -> str:
    try:
        with olefile.OleFileIO(data) as ole:
            streams = {"/".join(path).lower() for path in ole.listdir(streams=True, storages=False)}
    except (OSError, ValueError, IndexError):
        return "ole-corrupt"
    if "encryptedpackage" in streams:
        return "encrypted-office"
    for stream, kind in (
        ("worddocument", "doc"),
        ("workbook", "xls"),
        ("book", "xls"),
        ("powerpoint document", "ppt"),
        ("__properties_version1.0", "msg"),
        ("\x01ole10native", "ole-package"),
        ("package", "ole-package"),
        ("contents", "ole-package"),
    ):
        if stream in streams:
            return kind
    return "ole"


def _image(head: bytes) -> str:
    if head[:4] == b"\1\0\0\0" and head[40:44] == b" EMF":
        return "metafile"
    if head[:2] == b"BM" and head[6:10] == b"\0\0\0\0":
        return "image"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image"
    if head[4:8] == b"ftyp" and any(brand in head[8:40] for brand in HEIC_BRANDS):
        return "image"
    return ""


def _armour(data: bytes, head: bytes) -> str:
    start = head.lstrip()[:60]
    if start.startswith((b"-----BEGIN PGP SIGNATURE", b"-----BEGIN PGP PUBLIC KEY")):
        return "signature"
    if start.startswith(b"-----BEGIN PGP MESSAGE"):
        return "pgp-encrypted"
    if start.startswith((b"-----BEGIN PKCS7", b"-----BEGIN CMS")):
        return "pkcs7"
    if start.startswith(b"-----BEGIN CERTIFICATE") and len(data) < 100_000:
        return "signature"
    return ""


def _signed(head: bytes) -> str:
    """DER of a CMS ContentInfo: SEQUENCE, then OID 1.2.840.113549.1.7.x (RFC 5652 section 3)."""
    if head[:1] == b"\x30" and b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07" in head[:24]:
        return "pkcs7"
    return ""


def _text(data: bytes, name: str, media_type: str) -> str:
    if not looks_like_text(data):
        return "unknown"
    start = data[:HEAD].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for sign, kind in ((b"begin:vcalendar", "calendar"), (b"begin:vcard", "vcard")):
        if start.startswith(sign):
            return kind
    if start.startswith((b"<?xml", b"<svg")):
        return "html" if b"<html" in start else "svg" if b"<svg" in start else "xml"
    if start.startswith(b"<") and HTML.search(start):
        return "html"
    if start[:1] + data.rstrip()[-1:] in (b"{}", b"[]"):
        return "json"
    labelled = TEXT_SUFFIXES.get(PurePath(name).suffix.lower()) or TEXT_TYPES.get(media_type.lower(), "")
    if start.startswith(b"from ") and len(MAIL_SIGNS.findall(start)) >= 2:
        return "mbox"
    if MAIL_HEADER.match(start) and len(MAIL_SIGNS.findall(start)) >= 2:
        return "eml"
    if labelled == "html" and not HTML.search(data[:HEAD]) and b"<" not in data:
        return "text"
    return labelled or ("html" if HTML.search(start[:512]) and b"</" in data else "text")


CONTROLS = tuple(code for code in range(32) if code not in (9, 10, 11, 12, 13, 27))


def looks_like_text(data: bytes) -> bool:
    """Few control characters, in an encoding that people use; UTF-16 and UTF-32 by their marks or their zeros."""
    sample = data[:65_536] + data[-4_096:]
    if data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")) or (
        sample.count(0) > len(sample) // 100 and is_wide(sample)
    ):
        return _few_controls(decode(sample))
    return sum(sample.count(code) for code in CONTROLS) <= len(sample) // 100


def _few_controls(text: str) -> bool:
    """Of a hundred characters at most one is a control or could not be decoded."""
    odd = sum(text.count(chr(code)) for code in (*CONTROLS, 0xFFFD))
    return odd <= len(text) // 100
