"""The texts that a desk has edited, in the database: the newest version of each kind counts, in every process at once."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpdesk import audit
from helpdesk.audit import Act
from helpdesk.config import Settings
from helpdesk.db import serialise
from helpdesk.errors import HelpdeskError
from helpdesk.models.outbound import TemplateVersion
from helpdesk.outbound import alarms, rules
from helpdesk.outbound.kinds import Kind
from helpdesk.outbound.texts import Text
from helpdesk.outbound.wording import NOT_EDITED, Edited


class ChangedMeanwhile(HelpdeskError):
    """Somebody else stored a version of the text since this one was begun."""


def newest(session: Session, desk_key: str) -> Edited:
    """What counts of a desk's texts now; looked up once in a session, so in a transaction."""
    key = ("texts", desk_key)
    if key not in session.info:
        session.info[key] = _look_up(session, desk_key)
    found: Edited = session.info[key]
    return found


def _look_up(session: Session, desk_key: str) -> Edited:
    rows = newest_versions(session, desk_key)
    files = [_text(row).files(Kind(row.kind)) for row in rows if row.edited and row.kind in set(Kind)]
    if not files:
        return NOT_EDITED
    url = str(session.get_bind().engine.url)  # without its password
    last = max(row.id for row in rows)
    return Edited((url, desk_key, last), {name: source for one in files for name, source in one.items()})


def newest_versions(session: Session, desk_key: str) -> Sequence[TemplateVersion]:
    """The newest version of each kind of a desk's that was ever edited."""
    same_desk = TemplateVersion.desk == desk_key
    last = select(func.max(TemplateVersion.id)).where(same_desk).group_by(TemplateVersion.kind)
    return session.scalars(
        select(TemplateVersion).where(TemplateVersion.id.in_(last)).order_by(TemplateVersion.id)
    ).all()


def versions(session: Session, desk_key: str, kind: Kind, most: int = 50) -> Sequence[TemplateVersion]:
    """The newest versions of one text, the newest first."""
    return session.scalars(
        select(TemplateVersion)
        .where(TemplateVersion.desk == desk_key, TemplateVersion.kind == kind.value)
        .order_by(TemplateVersion.id.desc())
        .limit(most)
    ).all()


def version(session: Session, desk_key: str, kind: Kind, version_id: int) -> Text | None:
    """What an earlier version said."""
    row = session.get(TemplateVersion, version_id)
    fits = row is not None and row.edited and (row.desk, row.kind) == (desk_key, kind.value)
    return _text(row) if row is not None and fits else None


def save(
    session: Session, settings: Settings, desk_key: str, kind: Kind, text: Text, *, who: str, base: int
) -> None:
    """Store a text, which counts from this transaction's end.

    `base` is the id of the version that it was made from, 0 for none. Raises Unfit (it cannot be used),
    ChangedMeanwhile. Appends to the audit trail: call it last in a transaction.
    """
    rules.check(kind, settings.desks[desk_key], text)
    row = TemplateVersion(subject=text.subject, text=text.text, html=text.html)
    _store(session, desk_key, kind, row, who, base)


def go_back(session: Session, desk_key: str, kind: Kind, *, who: str, base: int) -> None:
    """Use the text again that comes with the program or from the desk's folder. Raises ChangedMeanwhile; audited likewise."""
    _store(session, desk_key, kind, TemplateVersion(edited=False), who, base)


def _store(session: Session, desk_key: str, kind: Kind, row: TemplateVersion, who: str, base: int) -> None:
    serialise(session, "texts")
    last = versions(session, desk_key, kind, 1)
    if (last[0].id if last else 0) != base:
        raise ChangedMeanwhile(
            "Somebody else changed this text while you were working on it. Nothing of yours was saved: "
            "copy it, load the page anew and look at what they wrote."
        )
    row.desk, row.kind, row.author = desk_key, kind.value, who
    session.add(row)
    session.flush()
    session.info.pop(("texts", desk_key), None)
    action = "template.reset" if row.edited is False else "template.changed"
    detail = (("version", row.id), ("before", base))
    audit.record(session, Act(action, "template", f"{desk_key}/{kind}", actor=who, detail=detail))


def failed(session: Session, settings: Settings, desk_key: str, kind: Kind, why: str) -> None:
    """Alarm: a desk's text could not be used, and another one went out in its place."""
    sentence = (
        f"The text of the desk {desk_key!r} for {kind.replace('_', ' ')} fails when it is used ({why}). "
        "The mail went out with the text that comes with the program; mend the desk's text, or go back to that one."
    )
    alarms.raise_alarm(session, settings, alarms.Kind.TEMPLATE, f"{desk_key}/{kind}", sentence)


def _text(row: TemplateVersion) -> Text:
    return Text(row.subject, row.text, row.html)
