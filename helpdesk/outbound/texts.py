"""The text of one kind of mail as an admin edits it: subject, text and HTML apart."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from helpdesk.config import Desk
from helpdesk.outbound.kinds import Kind
from helpdesk.outbound.wording import NOT_EDITED, OURS, SUBJECT, Edited, has_own_html

ABOVE_TEXT = 2  # lines of a text template before its text: the subject, an empty one


class Origin(StrEnum):
    """Where the text of a mail is from; an edited one goes before a folder's, that before ours."""

    EDITED = "edited"
    FOLDER = "folder"
    OURS = "ours"


@dataclass(frozen=True, slots=True)
class Text:
    """What a mail of one kind says, as a template. Without HTML it is made from the text."""

    subject: str = field(repr=False)
    text: str = field(repr=False)
    html: str = field(default="", repr=False)

    def files(self, kind: Kind) -> dict[str, str]:
        """As template files."""
        made = {f"{kind}.txt": f"{SUBJECT} {self.subject}\n\n{self.text}\n"}
        return made | ({f"{kind}.html": f"{self.html}\n"} if self.html.strip() else {})


def in_use(kind: Kind, desk: Desk, edited: Edited = NOT_EDITED) -> tuple[Text, Origin]:
    """The text that a desk's mails of this kind are made from, and where it is from."""
    origin = origin_of(kind, desk, edited)
    own_html = has_own_html(kind, desk.templates, edited)
    html = _source(f"{kind}.html", desk, edited) if own_html else ""
    first, _, rest = _source(f"{kind}.txt", desk, edited).lstrip().partition("\n")
    return Text(first.removeprefix(SUBJECT).strip(), rest.strip("\n"), html.strip("\n")), origin


def origin_of(kind: Kind, desk: Desk, edited: Edited = NOT_EDITED) -> Origin:
    if f"{kind}.txt" in edited.files:
        return Origin.EDITED
    folder = desk.templates
    in_folder = folder and any((folder / f"{kind}{end}").exists() for end in (".txt", ".html"))
    return Origin.FOLDER if in_folder else Origin.OURS


def parts_of(desk: Desk) -> list[str]:
    """The file names of the parts that a desk's texts may include."""
    folders = [OURS, desk.templates] if desk.templates else [OURS]
    return sorted({path.name for folder in folders for path in folder.glob("_*.*")})


def _source(name: str, desk: Desk, edited: Edited) -> str:
    if name in edited.files:
        return edited.files[name]
    in_folder = desk.templates / name if desk.templates else None
    path: Path = in_folder if in_folder and in_folder.exists() else OURS / name
    return path.read_text(encoding="utf-8")
