"""The models that the scan may use, as the settings say: which find names, which read for meaning. Each is loaded once."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from threading import Lock
from typing import Protocol

from helpdesk.config_pii import Pii
from helpdesk.pii.model import load_engine
from helpdesk.pii.rampart.runner import FINGERPRINT, Rampart, files_of
from helpdesk.pii.semantic.judge import PACKAGED, Semantic, SemanticError


class NamesModel(Protocol):
    @property
    def title(self) -> str:
        """What the doctor calls it."""

    def persons(self, text: str) -> Iterator[tuple[int, int, float]]:
        """Spans of names of people, and how sure."""


class Together:
    """Names that either of two models finds; of spans that overlap, the longest."""

    def __init__(self, *models: NamesModel) -> None:
        self._models = models

    @property
    def title(self) -> str:
        return " and ".join(model.title for model in self._models)

    def persons(self, text: str) -> Iterator[tuple[int, int, float]]:
        taken: list[tuple[int, int, float]] = []
        found = (span for model in self._models for span in model.persons(text))
        for start, end, score in sorted(found, key=lambda span: (span[0] - span[1], span[0])):
            if not any(start < last and first < end for first, last, _ in taken):
                taken.append((start, end, score))
        yield from sorted(taken)


def check_models(settings: Pii) -> None:
    """Raises ModelError or SemanticError at start for an operator's own model that is missing or another, rather than at the first mail."""
    _reader_mark(settings.semantic)
    if settings.names_model is not None:
        files_of(settings.names_model, settings.names_model_sha256)


class Models:
    """Loads at first need; safe to share between threads. `mark` tells which models of an operator's own are used."""

    def __init__(self, settings: Pii) -> None:
        self._settings = settings
        self._lock = Lock()
        self._names: NamesModel | None = None
        self._reader: Semantic | None = None
        self.mark = _names_mark(settings) + _reader_mark(settings.semantic)

    def names(self) -> NamesModel:
        with self._lock:
            if self._names is None:
                self._names = _names_model(self._settings)
            return self._names

    def reader(self) -> Semantic:
        with self._lock:
            if self._reader is None:
                self._reader = _semantic(self._settings.semantic)
            return self._reader


def _names_model(settings: Pii) -> NamesModel:
    packaged = load_engine(settings.model, settings.model_sha256)
    if settings.names_model is None:
        return packaged
    return Together(packaged, Rampart(settings.names_model, settings.names_model_sha256))


def _semantic(folder: Path | None) -> Semantic:
    try:
        return Semantic.load(folder or PACKAGED)
    except SemanticError as fault:
        if folder is None:
            raise
        raise SemanticError(f"pii.semantic is {folder}. {fault} Or leave the setting out.") from fault


def _names_mark(settings: Pii) -> str:
    if settings.names_model is None:
        return ""
    sha256 = settings.names_model_sha256.lower()
    return "+rampart" if sha256 in ("", FINGERPRINT) else f"+names-{sha256[:8]}"


def _reader_mark(folder: Path | None) -> str:
    """By what the folder's own model.json says, which has the hash of each part."""
    if folder is None:
        return ""
    try:
        told = (folder / "model.json").read_bytes()
    except OSError as fault:
        raise SemanticError(
            f"There is no model.json in {folder} ({fault.strerror}); set pii.semantic to a folder made by helpdesk.pii.semantic.train, or leave it out."
        ) from None
    return f"+reader-{hashlib.sha256(told).hexdigest()[:8]}"
