"""The words of our mails: Jinja2 templates, and the closed set of what they may name.

A kind has a text template, whose first line is `Subject: …`, and may have an HTML one
of the same name. What an admin edited for a desk (`outbound.edited`) goes before the desk's
folder (`desks.<key>.templates`), that before ours, file by file; where one has the text of a
kind and no HTML, the HTML is made from its text, so that both say the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, FunctionLoader, StrictUndefined
from jinja2.exceptions import TemplateError as JinjaError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from helpdesk.config import Desk
from helpdesk.errors import HelpdeskError
from helpdesk.outbound.cleaning import body, one_line
from helpdesk.outbound.kinds import Kind

OURS = Path(__file__).parent / "templates"
SUBJECT = "Subject:"


class TemplateError(HelpdeskError):
    """A template cannot be used: its file, its line and what is wrong."""


@dataclass(frozen=True, slots=True)
class Variables:
    """All that a template may name. Nothing of an incoming mail is among them.

    `ticket_number` and `state` are empty where the reader may not know of the ticket.
    """

    desk_name: str
    desk_address: str
    organisation: str
    desk_phone: str = ""
    desk_hours: str = ""
    self_service_url: str = ""
    largest_mail: str = ""  # as in "35 MB"
    ticket_number: str = ""
    state: str = ""  # open, resolved, closed
    aside: bool = False  # the message is kept and joins the ticket when that is opened again
    reactivate_link: str = ""
    reactivate_address: str = ""
    closes_on: str = ""  # as in "Tuesday 4 March 2025"


@dataclass(frozen=True, slots=True)
class AgentVariables(Variables):
    """What the mails that an agent writes may name beside that."""

    ticket_subject: str = field(default="", repr=False)
    message: str = field(default="", repr=False)
    agent_name: str = ""


@dataclass(frozen=True, slots=True)
class Wording:
    """What a mail says."""

    subject: str = field(repr=False)
    text: str = field(repr=False)
    html: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Edited:
    """What an admin has edited of a desk's templates, by file name. `key` tells one state of them from another."""

    key: tuple[str, str, int] = ("", "", 0)
    files: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), compare=False, repr=False)

    def load(self, name: str) -> tuple[str, str, None] | None:
        """For Jinja2: the source, and the name that its faults carry."""
        return (self.files[name], name, None) if name in self.files else None


NOT_EDITED = Edited()


def names_for(kind: Kind) -> frozenset[str]:
    """The names that a template of this kind may use."""
    allowed = Variables if kind.automatic else AgentVariables
    return frozenset(one.name for one in fields(allowed))


def word(kind: Kind, desk: Desk, variables: Variables, edited: Edited = NOT_EDITED) -> Wording:
    """The wording of a mail. Raises TemplateError."""
    environment = environment_for(desk.templates, edited)
    own_html = has_own_html(kind, desk.templates, edited)
    try:
        return _word(environment, kind, variables, own_html=own_html)
    except JinjaError as fault:
        raise TemplateError(
            f"The template for {kind} cannot be used: {place_of(fault, kind)}{fault.message}."
        ) from None


def word_whatever_comes(
    kind: Kind, desk: Desk, variables: Variables, edited: Edited = NOT_EDITED
) -> tuple[Wording, str]:
    """The wording, and what failed on the way to it: of what is edited, the desk's folder and ours, the
    first that can be used. Raises TemplateError when ours fails too."""
    failed = ""
    for changed in (edited, NOT_EDITED) if edited.files else (NOT_EDITED,):
        try:
            return word(kind, desk, variables, changed), failed
        except Exception as fault:  # noqa: BLE001 (whatever a template of a desk's own does, its mail goes out)
            failed = failed or type(fault).__name__
    return word(kind, desk.model_copy(update={"templates": None}), variables), failed


def _word(environment: Environment, kind: Kind, variables: Variables, *, own_html: bool) -> Wording:
    values: dict[str, Any] = {one.name: getattr(variables, one.name) for one in fields(variables)}
    subject, text = split_subject(kind, environment.get_template(f"{kind}.txt").render(values))
    html = environment.get_template(f"{kind}.html").render(values) if own_html else str(paragraphs(text))
    return Wording(one_line(subject), body(text) + "\n", body(html) + "\n")


def place_of(fault: BaseException, kind: Kind) -> str:
    """The file and line of a template that a fault arose in, as `closed.html, line 3: `; empty when unknown."""
    if (line := getattr(fault, "lineno", None)) is not None:
        return f"{Path(getattr(fault, 'filename', None) or f'{kind}.txt').name}, line {line}: "
    found, step = "", fault.__traceback__
    while step:
        name = Path(step.tb_frame.f_code.co_filename)
        if name.suffix in (".txt", ".html"):
            found = f"{name.name}, line {step.tb_lineno}: "
        step = step.tb_next
    return found


def split_subject(kind: Kind, rendered: str) -> tuple[str, str]:
    """(subject, text) of a rendered text template."""
    first, _, rest = rendered.lstrip().partition("\n")
    subject = first.removeprefix(SUBJECT).strip()
    if not first.startswith(SUBJECT) or not subject:
        raise TemplateError(f"{kind}.txt, line 1: the first line must be 'Subject:' and the subject.")
    return subject, rest


def has_own_html(kind: Kind, folder: Path | None, edited: Edited = NOT_EDITED) -> bool:
    """Whether the HTML template of a kind belongs to its text template."""
    if f"{kind}.txt" in edited.files:
        return f"{kind}.html" in edited.files
    if folder is None or not (folder / f"{kind}.txt").exists():
        return True
    return (folder / f"{kind}.html").exists()


def paragraphs(text: str) -> Markup:
    """Plain text as HTML: an empty line ends a paragraph, a line break stays one."""
    blocks = [block.strip("\n") for block in text.split("\n\n") if block.strip()]
    return Markup("\n").join(
        Markup("<p>{}</p>").format(Markup("<br>\n").join(escape(line) for line in block.split("\n")))
        for block in blocks
    )


@lru_cache(maxsize=64)
def environment_for(folder: Path | None, edited: Edited = NOT_EDITED) -> Environment:
    """A folder's templates are read once: what was checked at the start is what is used until the next."""
    folders = [OURS] if folder is None else [folder, OURS]
    environment = ImmutableSandboxedEnvironment(
        loader=ChoiceLoader([FunctionLoader(edited.load), *(FileSystemLoader(one) for one in folders)]),
        autoescape=lambda name: name is not None and name.endswith(".html"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    environment.globals.clear()  # no name but a mail's own
    environment.filters["paragraphs"] = paragraphs
    return environment
