"""The words of our mails: Jinja2 templates, ours or a desk's own, and the closed set of what they may name.

A kind has a text template, whose first line is `Subject: …`, and may have an HTML one
of the same name. A desk's folder (`desks.<key>.templates`) goes before ours, file by
file; where it has the text of a kind and no HTML, the HTML is made from its text, so
that both say the same.
"""

from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
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


def names_for(kind: Kind) -> frozenset[str]:
    """The names that a template of this kind may use."""
    allowed = Variables if kind.automatic else AgentVariables
    return frozenset(one.name for one in fields(allowed))


def word(kind: Kind, desk: Desk, variables: Variables) -> Wording:
    """The wording of a mail. Raises TemplateError."""
    values = {one.name: getattr(variables, one.name) for one in fields(variables)}
    environment = environment_for(desk.templates)
    try:
        subject, text = split_subject(kind, environment.get_template(f"{kind}.txt").render(values))
        html = (
            environment.get_template(f"{kind}.html").render(values)
            if has_own_html(kind, desk.templates)
            else str(paragraphs(text))
        )
    except JinjaError as fault:
        raise TemplateError(f"The template for {kind} cannot be used: {fault.message}.") from None
    return Wording(one_line(subject), body(text) + "\n", body(html) + "\n")


def split_subject(kind: Kind, rendered: str) -> tuple[str, str]:
    """(subject, text) of a rendered text template."""
    first, _, rest = rendered.lstrip().partition("\n")
    subject = first.removeprefix(SUBJECT).strip()
    if not first.startswith(SUBJECT) or not subject:
        raise TemplateError(f"{kind}.txt, line 1: the first line must be 'Subject:' and the subject.")
    return subject, rest


def has_own_html(kind: Kind, folder: Path | None) -> bool:
    """Whether the HTML template of a kind belongs to its text template."""
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


@cache
def environment_for(folder: Path | None) -> Environment:
    """Templates are read once: what was checked at the start is what is used until the next."""
    folders = [OURS] if folder is None else [folder, OURS]
    environment = ImmutableSandboxedEnvironment(
        loader=ChoiceLoader([FileSystemLoader(one) for one in folders]),
        autoescape=lambda name: name is not None and name.endswith(".html"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    environment.filters["paragraphs"] = paragraphs
    return environment
