"""`helpdesk pii`: the scanner by itself, on files. Needs neither database nor settings."""

import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from helpdesk.cli.output import json_option, print_json
from helpdesk.cli.pii_files import FileScanner, files_of
from helpdesk.cli.place import Place, pass_place
from helpdesk.config import Settings, load
from helpdesk.pii.values import Verdict

if TYPE_CHECKING:
    from helpdesk.pii.scanner import Scanner

paths_argument = click.argument(
    "paths", metavar="PATH...", type=click.Path(path_type=Path), nargs=-1, required=True
)


@click.group()
def pii() -> None:
    """Scan files for personal data; measure and explain the scanner."""


@pii.command()
@paths_argument
@json_option
@pass_place
def scan(place: Place, paths: tuple[Path, ...], as_json: bool) -> None:
    """Scan mails (.eml), documents, and folders of these; one verdict a file.

    Nothing that was found is printed: only its kind, its place and the rule. The exit code says
    whether all files could be read, not whether some were held.
    """
    scanner = FileScanner(_scanner(place), _settings(place))
    unread = 0
    for file in files_of(list(paths)):
        try:
            verdict = scanner.scan(file)
        except OSError as fault:
            unread += 1
            click.echo(f"{file} cannot be read ({fault.strerror}); mend its rights.", err=True)
            continue
        if as_json:
            print_json(as_row(str(file), verdict))
            sys.stdout.flush()
        else:
            click.echo(_line(str(file), verdict))
    if unread:
        raise click.exceptions.Exit(1)


@pii.command()
@click.argument("corpus", type=click.Path(path_type=Path, exists=True))
@click.option("--baseline", is_flag=True, help="Time stock Presidio on the clean mails in the same run.")
@click.option(
    "--quick", is_flag=True, help="Do not scan held mails to the end, so without the share for redaction."
)
@json_option
@pass_place
def evaluate(place: Place, corpus: Path, baseline: bool, quick: bool, as_json: bool) -> None:
    """Measure the scanner on labelled mails: recall, false holds, reasons, redaction, time.

    CORPUS is a file of labelled mails (.jsonl) or a folder of files with a manifest.jsonl.
    """
    from helpdesk.cli import pii_report  # noqa: PLC0415 (as below)
    from helpdesk.pii import evaluate as measure  # noqa: PLC0415 (as below)

    logging.getLogger("tldextract").setLevel(logging.CRITICAL)  # stock Presidio has it ask the network
    stock = measure.stock_presidio() if baseline else None
    rows = measure.read_corpus(corpus)
    report = measure.evaluate(rows, _scanner(place), baseline=stock, thorough=not quick)
    if as_json:
        print_json(pii_report.as_row(report))
    else:
        click.echo("\n".join(pii_report.as_lines(report)))


@pii.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--show-text", is_flag=True, help="Print the words that were found, too: they are what is protected."
)
@json_option
@pass_place
def explain(place: Place, file: Path, show_text: bool, as_json: bool) -> None:
    """Show how the verdict on a file comes about: zones, findings, rules that hit and almost hit."""
    from helpdesk.cli import pii_explain  # noqa: PLC0415 (as below)

    explained = pii_explain.explain(_scanner(place), _settings(place), file, with_text=show_text)
    if as_json:
        print_json(explained)
    else:
        click.echo("\n".join(pii_explain.as_lines(explained)))


def as_row(source: str, verdict: Verdict) -> dict[str, Any]:
    """A verdict as one JSON object; the form is a promise to other programs."""
    return {
        "source": source,
        "verdict": verdict.word,
        "severity": verdict.severity.value,
        "reasons": [
            {"rule": r.rule, "category": r.category, "parts": list(r.parts)} for r in verdict.reasons
        ],
        "findings": [
            {"entity": f.entity, "part": f.part, "start": f.start, "end": f.end, "score": round(f.score, 3)}
            for f in verdict.findings
        ],
        "unscannable": [{"part": u.part, "why": u.why} for u in verdict.unscannable],
        "seconds": round(verdict.seconds, 6),
    }


def _line(source: str, verdict: Verdict) -> str:
    why = [f"{reason.rule} ({', '.join(reason.parts)})" for reason in verdict.reasons]
    why += [f"{one.part}: {one.why}" for one in verdict.unscannable]
    held = f"hold   {verdict.severity.value:<9}" if verdict.hold else f"{'clear':<16}"
    return f"{held}{source}" + (f"\n{'':16}" + f"\n{'':16}".join(why) if why else "")


def _settings(place: Place) -> Settings:
    """Those of the file, or plain ones: the demo's organisation means nothing to the files of others."""
    return place.settings() if place.file else load(None)


def _scanner(place: Place) -> "Scanner":
    from helpdesk.pii.scanner import Scanner  # noqa: PLC0415 (seconds to import; `pii --help` needs none of it)

    return Scanner(_settings(place))
