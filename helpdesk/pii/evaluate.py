"""How well the scan does on labelled mails: recall, false holds, reasons, redaction and time. Values only, no printing.

A corpus is a file of rows in the format of `messages.jsonl`, or a folder of files with a
`manifest.jsonl` (file, label); or public mails, a text each, as in `ham/`. Labels: breach and unscannable must be held, clean must not.
"""

import base64
import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import getaddresses, parseaddr
from pathlib import Path
from statistics import median
from typing import Any

from presidio_analyzer import AnalyzerEngine, RecognizerRegistry

from helpdesk.errors import HelpdeskError
from helpdesk.pii.corpus_words import category_family, covers
from helpdesk.pii.model import LocalEngine, packaged_folder
from helpdesk.pii.scanner import Scanner
from helpdesk.pii.values import Context, Kind, Piece, Verdict


class CorpusError(HelpdeskError):
    """A corpus cannot be read; the message says which line and why."""


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled mail or file."""

    id: str
    label: str
    category: str
    difficulty: str
    template: str
    contestable: bool
    pieces: tuple[Piece, ...] = field(repr=False)
    context: Context = field(repr=False)
    entities: tuple[tuple[str, str, str], ...] = field(default=(), repr=False)  # (type, text, where)

    @property
    def must_hold(self) -> bool:
        return self.label != "clean"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the scan said of one row; `covered` of `entities` labelled entities are touched by findings."""

    id: str
    label: str
    category: str
    difficulty: str
    contestable: bool
    held: bool
    rules: tuple[str, ...]
    categories: tuple[str, ...]
    right_category: bool | None  # None where the corpus category says nothing of the kind
    entities: int
    covered: int
    seconds: float
    chance: float

    @property
    def right(self) -> bool:
        return self.held == (self.label != "clean")


@dataclass(frozen=True, slots=True)
class Share:
    part: int
    whole: int

    @property
    def rate(self) -> float:
        return self.part / self.whole if self.whole else 0.0


@dataclass(frozen=True, slots=True)
class Report:
    """Figures over all rows; `without_contestable` leaves the arguable ones out."""

    recall: Share
    false_holds: Share
    recall_without_contestable: Share
    false_holds_without_contestable: Share
    by_category: Mapping[str, Share]  # right answers of rows
    by_difficulty: Mapping[str, Share]
    by_rule: Mapping[str, Share]  # breaches among what the rule held
    missed: tuple[str, ...]
    wrongly_held: tuple[str, ...]
    right_category: Share
    redaction: Share
    calibration: tuple[tuple[float, float, int], ...]  # (mean chance, share of breaches, rows) by tenths
    median_ms: float
    p95_ms: float
    median_clean_ms: float
    baseline_median_ms: float | None = None
    outcomes: tuple[Outcome, ...] = ()


def read_corpus(path: Path) -> Iterator[Row]:
    """Rows of a jsonl file, or of a folder with a manifest.

    Raises CorpusError for what is neither, and for a row without its fields.
    """
    manifest = path / "manifest.jsonl"
    if path.is_dir() and not manifest.exists():
        raise CorpusError(
            f"{path} is a folder without a manifest.jsonl; name a jsonl file or add the manifest."
        )
    for number, line in enumerate(
        (manifest if path.is_dir() else path).read_text(encoding="utf-8").split("\n"), 1
    ):
        if line.strip():
            try:
                row = json.loads(line)
                yield _file_row(row, path) if path.is_dir() else _mail_row(row)
            except (KeyError, ValueError, OSError) as fault:
                raise CorpusError(
                    f"Line {number} of {path} cannot be used ({type(fault).__name__}: {fault}); mend the row."
                ) from None


def _mail_row(row: Mapping[str, Any]) -> Row:
    return message_row(row) if "from" in row else _public_row(row)


def _public_row(row: Mapping[str, Any]) -> Row:
    """A mail of public lists, which are presumed clean: its subject, an empty line and its text."""
    subject, _, text = row["text"].partition("\n\n")
    pieces = (Piece("subject", Kind.SUBJECT, subject), Piece("body_text", Kind.TEXT, text))
    return Row(row["id"], "clean", "public mail", "", row["id"], False, pieces, Context())


def message_row(row: Mapping[str, Any]) -> Row:
    name, address = parseaddr(row["from"])
    recipients = tuple(getaddresses([row.get("to") or ""]))
    return Row(
        row["id"], row["label"], row["category"], row.get("difficulty", ""), row.get("template", ""), bool(row.get("contestable")),
        tuple(pieces_of(row, name)), Context(sender_address=address, sender_name=name, recipients=recipients),
        tuple((one["type"], one["text"], one.get("where", "")) for one in row.get("entities") or ()),
    )  # fmt: skip


def pieces_of(row: Mapping[str, Any], name: str) -> Iterator[Piece]:
    """The pieces a mail of the corpus would be cut into."""
    yield Piece("subject", Kind.SUBJECT, row["subject"])
    yield Piece("from_name", Kind.NAME, name)
    if row.get("body_text"):
        yield Piece("body_text", Kind.TEXT, row["body_text"])
    if row.get("body_html"):
        yield Piece("body_html", Kind.HTML, row["body_html"])
    for number, file in enumerate(row.get("attachments") or (), 1):
        yield Piece(f"file_name:{number}", Kind.FILE_NAME, file["filename"])
        yield Piece(
            f"attachment:{number}",
            Kind.FILE,
            data=base64.b64decode(file["content_b64"]),
            media_type=file["content_type"],
            file_name=file["filename"],
        )


def _file_row(row: Mapping[str, Any], folder: Path) -> Row:
    name = row["file"]
    data = (folder / name).read_bytes()
    pieces = (
        Piece("file_name:1", Kind.FILE_NAME, name),
        Piece("attachment:1", Kind.FILE, data=data, file_name=name),
    )
    entities = tuple((one["type"], one["text"], "attachment") for one in row.get("entities") or ())
    return Row(
        name, row["label"], row["label"], "", name, bool(row.get("contestable")), pieces, Context(), entities
    )


def evaluate(
    rows: Iterable[Row],
    scanner: Scanner,
    *,
    baseline: Callable[[str], object] | None = None,
    thorough: bool = False,
) -> Report:
    """Scan each row. With `thorough`, held mails are scanned a second time to the end, to measure redaction."""
    outcomes: list[Outcome] = []
    stock: list[float] = []
    for row in rows:
        outcomes.append(_outcome(row, scanner, thorough=thorough))
        if baseline is not None and row.label == "clean":
            stock.append(_timed(baseline, row))
    return _report(outcomes, stock)


def _outcome(row: Row, scanner: Scanner, *, thorough: bool) -> Outcome:
    verdict = scanner.scan(row.pieces, row.context)
    full = (
        scanner.scan(row.pieces, row.context, thorough=True)
        if thorough and verdict.hold and row.entities
        else verdict
    )
    categories = tuple(dict.fromkeys(reason.category for reason in verdict.reasons))
    wanted = category_family(row.category, (kind for kind, _, _ in row.entities))
    right = (
        None if row.label != "breach" or wanted is None or not categories else bool(wanted & set(categories))
    )
    covered = _covered(row, full) if verdict.hold else 0
    return Outcome(
        row.id, row.label, row.category, row.difficulty, row.contestable, verdict.hold, tuple(reason.rule for reason in verdict.reasons),
        categories, right, len(row.entities) if verdict.hold else 0, covered, verdict.seconds, _chance(verdict),
    )  # fmt: skip


def _chance(verdict: Verdict) -> float:
    return max(
        (one.score for one in verdict.findings if one.entity.endswith("_MATTER")),
        default=1.0 if verdict.hold else 0.0,
    )


def _covered(row: Row, verdict: Verdict) -> int:
    """Labelled entities that some finding touches in the original text; in files, by the words found."""
    texts = {piece.part: piece.text for piece in row.pieces}
    return sum(1 for _, text, where in row.entities if covers(text, where, texts, verdict.findings))


def _timed(baseline: Callable[[str], object], row: Row) -> float:
    begun = time.perf_counter()
    for piece in row.pieces:
        if piece.text:
            baseline(piece.text)
    return time.perf_counter() - begun


def stock_presidio() -> Callable[[str], object]:
    """Presidio as it comes, over the same model: what the time is measured against."""
    registry = RecognizerRegistry()
    registry.load_predefined_recognizers(languages=["en"])
    model = LocalEngine(packaged_folder(), whole=True)
    model.load()
    engine = AnalyzerEngine(registry=registry, nlp_engine=model, supported_languages=["en"])
    return lambda text: engine.analyze(text, "en")


def _report(outcomes: Sequence[Outcome], stock: Sequence[float]) -> Report:
    sure = [one for one in outcomes if not one.contestable]
    times = sorted(one.seconds * 1000 for one in outcomes)
    clean = [one.seconds * 1000 for one in outcomes if one.label == "clean"]
    judged = [one for one in outcomes if one.right_category is not None]
    return Report(
        recall=_recall(outcomes),
        false_holds=_false(outcomes),
        recall_without_contestable=_recall(sure),
        false_holds_without_contestable=_false(sure),
        by_category=_shares(outcomes, lambda one: [one.category]),
        by_difficulty=_shares(outcomes, lambda one: [one.difficulty]),
        by_rule=_by_rule(outcomes),
        missed=tuple(one.id for one in outcomes if one.label != "clean" and not one.held),
        wrongly_held=tuple(one.id for one in outcomes if one.label == "clean" and one.held),
        right_category=Share(sum(bool(one.right_category) for one in judged), len(judged)),
        redaction=Share(sum(one.covered for one in outcomes), sum(one.entities for one in outcomes)),
        calibration=_calibration(outcomes),
        median_ms=median(times) if times else 0.0,
        p95_ms=times[int(len(times) * 0.95)] if times else 0.0,
        median_clean_ms=median(clean) if clean else 0.0,
        baseline_median_ms=median(stock) * 1000 if stock else None,
        outcomes=tuple(outcomes),
    )


def _recall(outcomes: Sequence[Outcome]) -> Share:
    held = [one.held for one in outcomes if one.label != "clean"]
    return Share(sum(held), len(held))


def _false(outcomes: Sequence[Outcome]) -> Share:
    held = [one.held for one in outcomes if one.label == "clean"]
    return Share(sum(held), len(held))


def _shares(outcomes: Sequence[Outcome], key: Callable[[Outcome], Iterable[str]]) -> dict[str, Share]:
    groups: dict[str, list[bool]] = defaultdict(list)
    for one in outcomes:
        for name in key(one):
            groups[name].append(one.right)
    return {name: Share(sum(rights), len(rights)) for name, rights in sorted(groups.items())}


def _by_rule(outcomes: Sequence[Outcome]) -> dict[str, Share]:
    all_hits, right = Counter[str](), Counter[str]()
    for one in outcomes:
        all_hits.update(one.rules)
        right.update(one.rules if one.right else ())
    return {rule: Share(right[rule], count) for rule, count in all_hits.most_common()}


def _calibration(outcomes: Sequence[Outcome]) -> tuple[tuple[float, float, int], ...]:
    bins: dict[int, list[Outcome]] = defaultdict(list)
    for one in outcomes:
        if 0.0 < one.chance < 1.0:
            bins[min(9, int(one.chance * 10))].append(one)
    return tuple(
        (
            sum(one.chance for one in ones) / len(ones),
            sum(one.label != "clean" for one in ones) / len(ones),
            len(ones),
        )
        for _, ones in sorted(bins.items())
    )
