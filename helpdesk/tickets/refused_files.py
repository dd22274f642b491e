"""Files that mail systems refuse, so that an agent hears of it here and not when the mail is lost on its way.

The endings are those of the common attachments filter of Exchange Online (which NHSmail is) and those that Gmail
blocks. A program under another name is known by how it begins, and a ZIP by what it says is in it.
"""

import io
import zipfile

from helpdesk.tickets.file_names import suffix_of

SUFFIXES = frozenset({
    "ace", "ade", "adp", "ani", "apk", "app", "appx", "appxbundle", "arj", "bat", "cab", "chm", "cmd",
    "com", "cpl", "deb", "dex", "diagcab", "diagcfg", "diagpkg", "dll", "dmg", "docm", "elf", "ex", "ex_",
    "exe", "gadget", "hta", "img", "inf", "ins", "iso", "isp", "jar", "jnlp", "js", "jse", "kext", "ksh",
    "lha", "lib", "library", "lnk", "lzh", "macho", "mde", "mjs", "msc", "msh", "msi", "msix", "msixbundle",
    "msp", "mst", "nsh", "pif", "ppa", "ppam", "prg", "ps1", "ps1xml", "ps2", "psc1", "psm1", "reg", "rev",
    "scf", "scr", "sct", "shb", "shs", "sys", "uif", "vb", "vbe", "vbs", "vhd", "vhdx", "vxd", "ws", "wsc",
    "wsf", "wsh", "xll", "xz", "z",
})  # fmt: skip
PROGRAMS = (
    b"\x7fELF",  # Unix
    b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe",  # macOS
    b"\xca\xfe\xba\xbe",  # macOS for two processors, and Java
    b"L\0\0\0\x01\x14\x02\0",  # a Windows shortcut
    b"MSCF\0\0\0\0",  # a Windows cabinet
    b"ITSF\x03\0\0\0",  # compiled HTML help
    b"#!/",  # a script of Unix
)  # fmt: skip
_ISO_AT = 0x8001
WHY = "mail systems refuse programs and scripts"
WHY_WITHIN = "it has a program or script in it, and mail systems refuse those"


def why_refused(name: str, data: bytes) -> str:
    """Why mail systems would not take a file, to stand after `since`; empty where none is known to refuse it."""
    if suffix_of(name) in SUFFIXES or _is_program(data):
        return WHY
    if any(suffix_of(one) in SUFFIXES for one in _names_within(data)):
        return WHY_WITHIN
    return ""


def _is_program(data: bytes) -> bool:
    windows = data.startswith(b"MZ") and b"\0" in data[:64]  # a text may begin with these letters
    disk = data[_ISO_AT : _ISO_AT + 5] == b"CD001"
    return windows or disk or data.startswith(PROGRAMS)


def _names_within(data: bytes) -> list[str]:
    """What a ZIP says that it holds; an office document is one."""
    if not data.startswith(b"PK\x03\x04"):
        return []
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return archive.namelist()
    except (zipfile.BadZipFile, OSError, RuntimeError, ValueError, NotImplementedError):
        return []  # the scanner says that it cannot be read
