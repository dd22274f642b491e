"""What a server says of where mails went (COPYUID, RFC 4315 section 3)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.ingest.imap_moved import Moved, forget, read


@pytest.mark.parametrize(
    ("said", "moved"),
    [
        pytest.param([b"7 1 5"], (7, {1: 5}), id="one"),
        pytest.param(
            [b"38505 304,319:320 3956:3958"], (38505, {304: 3956, 319: 3957, 320: 3958}), id="RFC 4315"
        ),
        pytest.param([b"7 4:2 10:12"], (7, {2: 10, 3: 11, 4: 12}), id="a range the other way round"),
        pytest.param([b"7 1 5", b"7 2 6"], (7, {1: 5, 2: 6}), id="in two pieces"),
        pytest.param([], (None, {}), id="nothing"),
        pytest.param([b"7 1:3 5"], (None, {}), id="sets of different lengths"),
        pytest.param([b"7 1:4000000000 1:4000000000"], (None, {}), id="more than any move"),
        pytest.param([b"7 1"], (None, {}), id="a set is missing"),
        pytest.param([b"x 1 \xff"], (None, {}), id="no numbers"),
        pytest.param([b"7 1 5", b"junk"], (7, {1: 5}), id="junk beside it"),
    ],
)
def test_each_wording_is_understood_or_left_alone(
    said: list[bytes], moved: tuple[int | None, dict[int, int]]
) -> None:
    assert read("Done", {"COPYUID": said} if said else {}) == Moved("Done", *moved)


def test_what_an_earlier_command_left_is_forgotten_and_nothing_else() -> None:
    untagged = {"COPYUID": [b"7 1 5"], "EXISTS": [b"3"]}
    forget(untagged)
    assert untagged == {"EXISTS": [b"3"]}
    assert read("Done", untagged) == Moved("Done")


@given(st.dictionaries(st.integers(1, 2**32 - 1), st.integers(1, 2**32 - 1), min_size=1, max_size=50))
def test_every_list_of_pairs_comes_back(pairs: dict[int, int]) -> None:
    said = f"9 {','.join(map(str, pairs))} {','.join(map(str, pairs.values()))}".encode()
    assert read("Done", {"COPYUID": [said]}).uids == pairs


@given(st.lists(st.binary(max_size=40), max_size=3))
def test_nothing_that_a_server_says_raises(said: list[bytes]) -> None:
    assert read("Done", {"COPYUID": said}).folder == "Done"
