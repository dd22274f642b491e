"""Names of files that came from somebody: what is left of them is safe on a page, in a header and on a disk."""

import re
import unicodedata

LONGEST_NAME = 150
_UNSAFE = re.compile(r'[\\/:*?"<>|%;\x00-\x1f\x7f]')
# Controls, what turns direction or is not seen, lone surrogates, line ends.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_ENDS = re.compile(r"^[\s.]+|[\s.]+$")
_FOLDERS = re.compile(r".*[\\/]", re.DOTALL)


def safe_name(name: str) -> str:
    """A name without folders, controls or characters that turn its direction; not hidden, not too long."""
    bare = "".join(c for c in name if unicodedata.category(c) not in _UNSEEN)
    safe = _ENDS.sub("", _UNSAFE.sub("_", bare)) or "file"
    if len(safe) <= LONGEST_NAME:
        return safe
    stem, dot, suffix = safe.rpartition(".")
    ending = dot + suffix if len(suffix) < 12 else ""
    return (stem or safe)[: LONGEST_NAME - len(ending)] + ending


def chosen_name(name: str) -> str:
    """The safe name of a file that a browser sent: some send the folders with it, which are nobody's affair."""
    return safe_name(_FOLDERS.sub("", unicodedata.normalize("NFC", name)))


def suffix_of(name: str) -> str:
    """What the name says of the kind of file, as a system would read it: `Letter.PDF ` is `pdf`."""
    plain = _ENDS.sub("", unicodedata.normalize("NFKC", safe_name(name)).lower())
    return plain.rpartition(".")[2] if "." in plain else ""
