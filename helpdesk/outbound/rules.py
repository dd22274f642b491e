"""What an edited text is checked for before it is used: it can be read, names only what there is, does
nothing but put words together, keeps what a mail of its kind has to say, and can be rendered.

The words of a requester's subject and an agent's message are escaped in HTML, always: what would put them
there otherwise (`safe`, a part for text in HTML, a place inside a tag) is refused.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import PurePath
from typing import Any

from jinja2 import nodes
from jinja2.exceptions import TemplateSyntaxError

from helpdesk.config import Desk
from helpdesk.outbound import obligations
from helpdesk.outbound.kinds import Kind
from helpdesk.outbound.templates_check import no_such_name, sample, situations, unknown_names
from helpdesk.outbound.texts import ABOVE_TEXT, Text, parts_of
from helpdesk.outbound.wording import Edited, TemplateError, environment_for, names_for, word

LONGEST = 20_000
FILTERS = frozenset(
    {"paragraphs", "upper", "lower", "title", "capitalize", "trim", "escape", "e", "default", "d"}
)
# All that a text may do. Loops, sums, calls and attributes are not among it: it is for words.
_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.If, nodes.CondExpr,
    nodes.Include, nodes.Extends, nodes.Block, nodes.Filter, nodes.Compare, nodes.Operand, nodes.Not,
    nodes.And, nodes.Or,
)  # fmt: skip
_ELEMENTS = frozenset(
    [
        "script",
        "iframe",
        "frame",
        "frameset",
        "object",
        "embed",
        "applet",
        "form",
        "input",
        "textarea",
        "select",
        "button",
        "base",
        "link",
        "svg",
        "math",
        "video",
        "audio",
        "template",
        "noscript",
    ]
)
_FREE_WORDS = re.compile(r"\{\{[^}]*\b(message|ticket_subject|agent_name)\b")
_SCRIPT = re.compile(r"^\s*(?:javascript|vbscript|data)\s*:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a text: in which part (subject, text, html), on which line (0: as a whole), what to do."""

    part: str
    line: int
    what: str

    @property
    def sentence(self) -> str:
        where = {"subject": "Subject", "text": "Text", "html": "HTML"}[self.part]
        return f"{where}, line {self.line}: {self.what}" if self.line else f"{where}: {self.what}"


class Unfit(TemplateError):
    """An edited text cannot be used; `faults` says why, each with its line."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(fault.sentence for fault in faults))
        self.faults = faults


def check(kind: Kind, desk: Desk, text: Text) -> None:
    """Raise Unfit when a text cannot be used as this desk's for mails of this kind."""
    faults = list(_faults_of_parts(kind, desk, text)) or list(_faults_when_used(kind, desk, text))
    if faults:
        raise Unfit(faults)


def draft(kind: Kind, text: Text) -> Edited:
    """A text that is not stored, to be shown or tried."""
    return Edited(("draft", str(kind), hash((text.subject, text.text, text.html))), text.files(kind))


def _faults_of_parts(kind: Kind, desk: Desk, text: Text) -> Iterator[Fault]:
    if not text.subject or "\n" in text.subject:
        yield Fault("subject", 0, "it must be one line, and not empty.")
    if not text.text.strip():
        yield Fault("text", 0, "it must not be empty.")
    for part, source in (("subject", text.subject), ("text", text.text), ("html", text.html)):
        if len(source) > LONGEST:
            yield Fault(part, 0, f"it is {len(source):,} characters long; make it {LONGEST:,} or fewer.")
            return
        yield from _faults_of_source(kind, desk, part, source)
    yield from _Elements().faults(text.html)


def _faults_of_source(kind: Kind, desk: Desk, part: str, source: str) -> Iterator[Fault]:
    environment = environment_for(desk.templates)
    try:
        tree = environment.parse(source)
    except TemplateSyntaxError as fault:
        yield Fault(part, fault.lineno, f"{fault.message}.")
        return
    known = names_for(kind)
    for line, name in unknown_names(tree, known):
        yield Fault(part, line, no_such_name(name, known))
    parts = parts_of(desk)
    for node in tree.find_all(nodes.Node):
        what = _not_allowed(node, part, parts)
        if what:
            yield Fault(part, node.lineno, what)


def _not_allowed(node: nodes.Node, part: str, parts: list[str]) -> str:
    """Why an instruction may not stand in a text; empty when it may."""
    if isinstance(node, nodes.Include | nodes.Extends):
        return _wrong_part(getattr(node.template, "value", None), "html" if part == "html" else "txt", parts)
    if isinstance(node, nodes.Filter) and node.name not in FILTERS:
        return f"there is no filter {node.name!r} here; there are {', '.join(sorted(FILTERS))}."
    if not isinstance(node, _ALLOWED):
        return (
            f"{type(node).__name__.lower()} is not possible in a text; "
            "use variables, if, include, extends and block."
        )
    return ""


def _wrong_part(name: Any, ending: str, parts: list[str]) -> str:
    fit = [one for one in parts if one.endswith(f".{ending}")]
    return "" if name in fit else f"there is no part {name!r} here; there are {', '.join(fit)}."


class _Elements(HTMLParser):
    """Finds what mail must not have, and free words inside a tag, where escaping them is not enough."""

    def __init__(self) -> None:
        super().__init__()
        self._found: list[Fault] = []

    def faults(self, source: str) -> list[Fault]:
        self.feed(source)
        self.close()
        return self._found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name for name, _ in attrs}
        if tag in _ELEMENTS or (tag == "meta" and "http-equiv" in names):
            self._add(f"mail must not have the element <{tag}>; take it out.")
        for name, value in attrs:
            if name.startswith("on") or _SCRIPT.match(value or ""):
                self._add(f"mail must not have a script in {name!r}; take it out.")
        if inside := _FREE_WORDS.search(self.get_starttag_text() or ""):
            self._add(f"the variable {inside[1]!r} must not stand inside a tag; put it between tags.")

    def _add(self, what: str) -> None:
        self._found.append(Fault("html", self.getpos()[0], what))


def _faults_when_used(kind: Kind, desk: Desk, text: Text) -> Iterator[Fault]:
    """Rendered in every situation: a name may be wrong, or a duty unmet, in one branch only."""
    found: dict[Fault, None] = {}
    for values in situations(sample(kind, "Sample Trust", desk)):
        try:
            words = word(kind, desk, values, draft(kind, text))
        except TemplateError as fault:
            found[_of_rendering(str(fault))] = None
        except Exception as fault:  # noqa: BLE001 (whatever a text does wrong is its author's to know)
            found[Fault("text", 0, f"it fails when it is used ({type(fault).__name__}).")] = None
        else:
            unmet = obligations.unmet(kind, values, words)
            found |= {Fault(part, 0, f"{what}."): None for part, what in unmet if part == "text" or text.html}
    yield from found


def _of_rendering(said: str) -> Fault:
    """A fault of our `word` with its part and line taken out of the sentence."""
    found = re.search(r"used: (\S+), line (\d+): (.*)", said, re.DOTALL)
    if not found:
        return Fault("text", 0, said)
    if PurePath(found[1]).suffix == ".html":
        return Fault("html", int(found[2]), found[3])
    line = int(found[2]) - ABOVE_TEXT
    return Fault("text", line, found[3]) if line > 0 else Fault("subject", 1, found[3])
