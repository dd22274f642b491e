"""The judges tell a person's matter from the same words about a thing, alike each time, and only with the model that was measured."""

import hashlib
import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from helpdesk.pii.semantic import Judgement, Masked, Semantic, SemanticError
from helpdesk.pii.semantic.careful import FILES
from helpdesk.pii.semantic.judge import PACKAGED

# Unlike any line of the training text.
TWINS = [
    (
        "Sam Jones was rushed in with a ruptured appendix",
        "The appendix of the report was finished in a rush",
    ),
    (
        "Sam Jones has been seeing a psychiatrist since the divorce",
        "Sam Jones has been seeing error messages since the upgrade",
    ),
    ("She is losing her sight and can't drive any more", "She is losing her network drive every morning"),
    ("My daughter has been diagnosed with leukaemia", "My desktop has been diagnosed with a faulty fan"),
    ("Sam Jones was arrested for hitting his wife", "Sam Jones was asked to test the new wifi"),
]


@pytest.fixture(scope="module")
def semantic() -> Semantic:
    return Semantic.load()


@pytest.mark.parametrize(("person", "thing"), TWINS)
def test_the_same_words_of_a_person_weigh_more_than_of_a_thing(
    semantic: Semantic, person: str, thing: str
) -> None:
    told, harmless = semantic.judge([Masked(person), Masked(thing)])
    assert told.probability > 0.5
    assert told.probability > harmless.probability


def test_a_judgement_names_kind_and_words(semantic: Semantic) -> None:
    (told,) = semantic.judge([Masked("Sam Jones was rushed in with a ruptured appendix")])
    assert told.category == "health of a person"
    assert set(told.top_words) & {"ruptured", "appendix", "rushed"}


def test_an_explanation_names_words_of_the_sentence(semantic: Semantic) -> None:
    words = semantic.explain(Masked("Sam Jones has been seeing a psychiatrist since the divorce"))
    assert set(words) & {"psychiatrist", "divorce"}
    assert set(words) <= {"been", "seeing", "psychiatrist", "since", "divorce"}


def test_neighbours_change_nothing(semantic: Semantic) -> None:
    texts = [Masked(text) for pair in TWINS for text in pair]
    assert semantic.judge(texts) == [semantic.judge([text])[0] for text in texts]


def test_threads_share_one_judge(semantic: Semantic) -> None:
    texts = [Masked(text) for pair in TWINS for text in pair]
    with ThreadPoolExecutor(4) as pool:
        assert set(map(tuple, pool.map(lambda _: semantic.judge(texts), range(8)))) == {
            tuple(semantic.judge(texts))
        }


@pytest.mark.parametrize("text", ["", " ", "…", "a", "?" * 5000, "word " * 5000, "\x00\ud7ff", "患者は入院"])
def test_any_text_gets_a_probability(semantic: Semantic, text: str) -> None:
    assert 0 <= semantic.judge([Masked(text)])[0].probability <= 1


@pytest.mark.parametrize(("person", "thing"), TWINS)
def test_the_careful_reader_parts_person_and_thing_further(
    semantic: Semantic, person: str, thing: str
) -> None:
    told, harmless = (Masked(person), Masked(thing))
    quick = semantic.judge([told, harmless])
    slow = [
        semantic.reconsider(judgement, semantic.read_with_care(text))
        for text, judgement in zip((told, harmless), quick, strict=True)
    ]
    assert slow[0].probability > 0.5
    assert slow[1].probability < 0.3
    assert slow[1].probability <= quick[1].probability + 0.05


def test_what_was_not_read_to_its_end_is_not_reconsidered(semantic: Semantic) -> None:
    text = Masked("The printer on level 3 has no toner")
    (judgement,) = semantic.judge([text])
    assert judgement.said is None
    assert semantic.reconsider(judgement, semantic.read_with_care(text)) is judgement


def test_a_folder_without_a_careful_reader_works_without(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(PACKAGED, tmp_path / "model"))
    told = json.loads((folder / "model.json").read_text())
    del told["careful"]
    (folder / "model.json").write_text(json.dumps(told))
    for name in FILES:
        (folder / name).unlink()
    semantic = Semantic.load(folder)
    text = Masked("Sam Jones was rushed in with a ruptured appendix")
    (judgement,) = semantic.judge([text])
    assert semantic.read_with_care(text) is None
    assert semantic.reconsider(judgement, None) is judgement


def test_the_whole_is_at_least_its_likeliest_sentence_and_doubts_add_up(semantic: Semantic) -> None:
    doubtful, harmless = Judgement(0.5, "employment"), Judgement(0.01, "")
    alone, twice = semantic.whole([doubtful, harmless]), semantic.whole([doubtful, doubtful])
    assert 0.5 <= alone.probability < twice.probability < 0.9
    assert semantic.whole([]) == Judgement(0.0, "")


@pytest.mark.parametrize("name", ["first.onnx", "rest.onnx", *FILES])
def test_an_altered_model_is_refused(tmp_path: Path, name: str) -> None:
    folder = Path(shutil.copytree(PACKAGED, tmp_path / "model"))
    with (folder / name).open("ab") as file:
        file.write(b"\0")
    with pytest.raises(SemanticError, match="SHA-256"):
        Semantic.load(folder)


def test_a_missing_model_is_told(tmp_path: Path) -> None:
    with pytest.raises(SemanticError, match="install the package"):
        Semantic.load(tmp_path)


def test_the_package_ships_a_model_of_the_size_promised_and_its_hashes() -> None:
    data = {step: (PACKAGED / f"{step}.onnx").read_bytes() for step in ("first", "rest")}
    assert sum(map(len, data.values())) <= 25_000_000
    told = json.loads((PACKAGED / "model.json").read_text())
    assert {step: hashlib.sha256(part).hexdigest() for step, part in data.items()} == told["sha256"]
    careful = {name: (PACKAGED / name).read_bytes() for name in FILES}
    assert max(map(len, careful.values())) <= 100_000_000
    assert {name: hashlib.sha256(part).hexdigest() for name, part in careful.items()} == told["careful"][
        "sha256"
    ]


@pytest.mark.parametrize(
    "text", ["The printer on level 3 has no toner", "Please add a user to the mailing list"]
)
def test_what_is_plainly_harmless_is_not_read_to_the_end(text: str) -> None:
    """Most stretches of most mails are: reading each to its end would cost most of a scan."""
    semantic = Semantic.load()
    ids = semantic._pieces.ids(text, 80)
    _, stop = semantic._gates.at(0.0)
    assert semantic._encoder.read(ids, stop=stop) is None
    assert semantic._encoder.read(ids) is not None


def test_a_judgement_does_not_print_the_words_of_the_mail() -> None:
    assert "appendix" not in repr(Judgement(0.9, "health of a person", ("appendix",)))
