"""Templates checked at the start, and shown with sample values before they are used."""

from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path

from jinja2 import nodes
from jinja2.exceptions import TemplateError as JinjaError
from jinja2.exceptions import TemplateSyntaxError

from helpdesk.config import Desk, Settings
from helpdesk.outbound.kinds import Kind
from helpdesk.outbound.wording import (
    NOT_EDITED,
    AgentVariables,
    Edited,
    TemplateError,
    Variables,
    Wording,
    environment_for,
    names_for,
    word,
)

SAMPLE = {
    "largest_mail": "35 MB",
    "ticket_number": "IT-000123",
    "state": "open",
    "reactivate_link": "https://helpdesk.example/reactivate/sample",
    "reactivate_address": "desk+reactivate.it-000123.sample@helpdesk.example",
    "closes_on": "Tuesday 4 March 2025",
}
AGENT_SAMPLE = {
    "ticket_subject": "The printer on ward 4",
    "message": "Hello,\n\nWe have put a new roll in.\nPlease try again.",
    "agent_name": "Sam",
}


def check_templates(settings: Settings) -> None:
    """Read and try every template of every desk. Raises TemplateError with one line a fault."""
    faults = [
        f"desks.{key}.templates: {fault}" for key, desk in settings.desks.items() for fault in _faults(desk)
    ]
    if faults:
        raise TemplateError("\n".join(faults))


def preview(
    kind: str, settings: Settings, desk_key: str, *, state: str = "open", edited: Edited = NOT_EDITED
) -> Wording:
    """What a mail of this kind says, with sample values. Raises TemplateError."""
    desk = settings.desks[desk_key]
    values = replace(sample(Kind(kind), settings.organisation, desk), state=state)
    return word(Kind(kind), desk, values, edited)


def sample(kind: Kind, organisation: str, desk: Desk) -> Variables:
    """Values as in a real mail of this desk."""
    common = {
        "desk_name": desk.name,
        "desk_address": desk.address,
        "organisation": organisation,
        "desk_phone": desk.phone or "0151 496 0100",
        "desk_hours": desk.hours or "Monday to Friday, 8am to 6pm",
        "self_service_url": desk.self_service_url or "https://help.example/",
    }
    if kind.automatic:
        return Variables(**common, **SAMPLE)  # type: ignore[arg-type]  # all of these are texts
    return AgentVariables(**common, **SAMPLE, **AGENT_SAMPLE)  # type: ignore[arg-type]


def _faults(desk: Desk) -> Iterator[str]:
    folder = desk.templates
    if folder is None:
        return
    if not folder.is_dir():
        yield f"{folder} is not a folder; name the one with the desk's templates."
        return
    own = sorted(path for path in folder.iterdir() if path.suffix in (".txt", ".html"))
    found = [fault for path in own for fault in _faults_of_file(path, desk)]
    yield from found or _faults_when_used(desk)


def _faults_of_file(path: Path, desk: Desk) -> Iterator[str]:
    kind = _kind_of(path)
    if kind is None and not path.name.startswith("_"):
        kinds = ", ".join(Kind)
        yield f"{path}: no mail is of the kind {path.stem!r}; the kinds are {kinds}, and parts start with '_'."
        return
    try:
        tree = environment_for(desk.templates).parse(path.read_text(encoding="utf-8"))
    except TemplateSyntaxError as fault:
        yield f"{path}, line {fault.lineno}: {fault.message}."
    except (OSError, UnicodeDecodeError):
        yield f"{path} cannot be read as UTF-8 text; save it as such and mend its rights."
    else:
        yield from _unknown_names(path, tree, names_for(kind) if kind else names_for(Kind.REPLY))


def _kind_of(path: Path) -> Kind | None:
    return Kind(path.stem) if path.stem in set(Kind) else None


def _unknown_names(path: Path, tree: nodes.Template, known: frozenset[str]) -> Iterator[str]:
    for line, name in unknown_names(tree, known):
        yield f"{path}, line {line}: {no_such_name(name, known)}"


def no_such_name(name: str, known: frozenset[str]) -> str:
    return f"there is no variable {name!r}; there are {', '.join(sorted(known))}."


def unknown_names(tree: nodes.Template, known: frozenset[str]) -> Iterator[tuple[int, str]]:
    """A name that is read and set nowhere in the template, with its line."""
    names = list(tree.find_all(nodes.Name))
    made = {one.name for one in names if one.ctx in ("store", "param")}
    made |= {alias for one in tree.find_all(nodes.FromImport) for alias in _imported(one)}
    made |= {one.target for one in tree.find_all(nodes.Import)}
    made |= {one.name for one in tree.find_all(nodes.Macro)} | {"loop", "super", "caller"}
    for one in names:
        if one.ctx == "load" and one.name not in known | made:
            yield one.lineno, one.name


def _imported(one: nodes.FromImport) -> Iterator[str]:
    for name in one.names:
        yield name if isinstance(name, str) else name[1]


def _faults_when_used(desk: Desk) -> Iterator[str]:
    """Every kind in every situation, since a name may be wrong in one branch only."""
    for kind in Kind:
        full = sample(kind, "Sample Trust", desk)
        for values in situations(full):
            try:
                word(kind, desk, values)
            except TemplateError as fault:
                yield str(fault)
                break
            except (JinjaError, TypeError, ValueError, ArithmeticError, LookupError) as fault:
                yield f"{kind}: it fails when it is used ({type(fault).__name__}); look for a wrong filter or sum."
                break


def situations(full: Variables) -> Iterator[Variables]:
    """The values in every state of a ticket, and with nothing in those that may be empty."""
    for state in ("open", "resolved", "closed"):
        yield replace(full, state=state, aside=state == "resolved")
    optional = {one.name: "" for one in fields(Variables) if one.default == ""}
    yield replace(full, **optional)  # type: ignore[arg-type]  # all of these are texts
