"""The texts of a desk's mails: list, edit with a preview, earlier versions, and a way back."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from helpdesk.config import Desk
from helpdesk.db import reading, writing
from helpdesk.models.people import Role
from helpdesk.outbound import edited, rules
from helpdesk.outbound.edited import ChangedMeanwhile
from helpdesk.outbound.kinds import Kind
from helpdesk.outbound.rules import Unfit
from helpdesk.outbound.templates_check import preview
from helpdesk.outbound.texts import Origin, Text, in_use, origin_of, parts_of
from helpdesk.outbound.wording import Edited, TemplateError, Wording, names_for
from helpdesk.web import security
from helpdesk.web.access import access, signed_in
from helpdesk.web.admin.text_words import KINDS, ORIGINS, STATES, VARIABLES
from helpdesk.web.fields import Fields
from helpdesk.web.site import site

blueprint = Blueprint("texts", __name__)

# A preview has the styles that it goes out with; no other page may have any in its markup.
PREVIEW_STYLES = "style-src-attr 'unsafe-inline'"


@dataclass(frozen=True)
class Place:
    """A text: whose, and of which mails."""

    key: str
    desk: Desk
    kind: Kind


@blueprint.get("/admin/texts")
@access(Role.ADMIN)
def show() -> str:
    desks = site().settings.desks
    key = request.args.get("desk") or next(iter(desks), "")
    if key not in desks:
        abort(404)
    with reading(site().services.sessions) as session:
        texts = edited.newest(session, key)
        last = {row.kind: row for row in edited.newest_versions(session, key)}
    rows = [(kind, KINDS[kind], ORIGINS[origin_of(kind, desks[key], texts)], last.get(kind)) for kind in Kind]
    return render_template("admin/texts.jinja", desks=desks, key=key, rows=rows)


@blueprint.get("/admin/texts/<desk>/<kind>")
@access(Role.ADMIN)
def one(desk: str, kind: str) -> Response:
    """The text in use, or the earlier version that is named, ready to be changed."""
    place = _place(desk, kind)
    with reading(site().services.sessions) as session:
        texts = edited.newest(session, place.key)
        earlier = edited.version(session, place.key, place.kind, _number("version"))
    text = earlier or in_use(place.kind, place.desk, texts)[0]
    form = Fields({"subject": text.subject, "text": text.text, "html": text.html})
    return _page(place, form, rules.draft(place.kind, text) if earlier else texts)


@blueprint.post("/admin/texts/<desk>/<kind>")
@access(Role.ADMIN)
def change(desk: str, kind: str) -> Response:
    """Show what the text would look like, or store it."""
    place, form = _place(desk, kind), Fields()
    text = Text(form.line("subject", longest=rules.LONGEST), form.text("text"), form.text("html"))
    try:
        rules.check(place.kind, place.desk, text)
        if request.form.get("act") != "save":
            return _page(place, form, rules.draft(place.kind, text))
        with writing(site().services.sessions) as session:
            edited.save(
                session, site().settings, place.key, place.kind, text,
                who=signed_in().email, base=form.number("base"),
            )  # fmt: skip
    except Unfit as fault:
        for part in dict.fromkeys(one.part for one in fault.faults):
            form.errors[part] = " ".join(one.sentence for one in fault.faults if one.part == part)
        return _page(place, form, None, 400)
    except ChangedMeanwhile as fault:
        form.errors["subject"] = str(fault)
        return _page(place, form, None, 409)
    flash("The text is stored. The next mail goes out with it.")
    return redirect(url_for("texts.one", desk=place.key, kind=place.kind.value))


@blueprint.post("/admin/texts/<desk>/<kind>/back")
@access(Role.ADMIN)
def back(desk: str, kind: str) -> Response:
    """To the text of the desk's folder, or the one that comes with the program."""
    place = _place(desk, kind)
    try:
        with writing(site().services.sessions) as session:
            edited.go_back(
                session, place.key, place.kind, who=signed_in().email, base=Fields().number("base")
            )
    except ChangedMeanwhile:
        abort(409)
    flash("The desk's mails have the text again that comes with the program.")
    return redirect(url_for("texts.one", desk=place.key, kind=place.kind.value))


def _page(place: Place, form: Fields, shown: Edited | None, status: int = 200) -> Response:
    """The form; below it how a mail looks (`shown`), unless the text cannot be used."""
    with reading(site().services.sessions) as session:
        origin = origin_of(place.kind, place.desk, edited.newest(session, place.key))
        versions = edited.versions(session, place.key, place.kind)
    state = request.values.get("state", "")
    answer = make_response(
        render_template(
            "admin/text.jinja",
            place=place,
            form=form,
            what=KINDS[place.kind],
            origin=ORIGINS[origin],
            is_edited=origin is Origin.EDITED,
            versions=versions,
            variables=[(name, VARIABLES[name]) for name in sorted(names_for(place.kind))],
            parts=parts_of(place.desk),
            states=STATES,
            state=state if state in dict(STATES) else "open",
            **_shown(place, shown, state if state in dict(STATES) else "open"),
        ),
        status,
    )
    policy = security.policy(security.nonce())
    answer.headers["Content-Security-Policy"] = f"{policy}; {PREVIEW_STYLES}"
    return answer


def _shown(place: Place, shown: Edited | None, state: str) -> dict[str, Any]:
    words: Wording | None = None
    failed = ""
    if shown is not None:
        try:
            words = preview(place.kind.value, site().settings, place.key, state=state, edited=shown)
        except TemplateError as fault:
            failed = str(fault)
    return {"words": words, "failed": failed}


def _place(desk: str, kind: str) -> Place:
    desks = site().settings.desks
    if desk not in desks or kind not in set(Kind):
        abort(404)
    return Place(desk, desks[desk], Kind(kind))


def _number(name: str) -> int:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0
