"""Every word of a long text is read once, with words around it, and no window is larger than the model."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.pii.rampart.windows import Window, windows_of

SIZES = st.lists(st.integers(1, 10), max_size=120)


@pytest.mark.parametrize(
    ("sizes", "windows"),
    [
        ([], []),
        ([1] * 6, [Window(0, 6, 0, 6)]),
        ([1] * 8, [Window(0, 6, 0, 5), Window(4, 8, 5, 8)]),
        ([6, 6], [Window(0, 1, 0, 1), Window(1, 2, 1, 2)]),  # words as large as a window share nothing
    ],
)
def test_a_text_is_cut_where_it_must_be(sizes: list[int], windows: list[Window]) -> None:
    assert list(windows_of(sizes, room=6, overlap=2)) == windows


@given(SIZES)
def test_each_word_counts_once_and_in_order(sizes: list[int]) -> None:
    counted = [word for window in windows_of(sizes, 12, 4) for word in range(window.first, window.last)]
    assert counted == list(range(len(sizes)))


@given(SIZES)
def test_no_window_is_larger_than_the_model_and_none_counts_what_it_does_not_read(sizes: list[int]) -> None:
    for window in windows_of(sizes, 12, 4):
        assert sum(sizes[window.start : window.end]) <= 12
        assert window.start <= window.first <= window.last <= window.end


@given(st.integers(0, 200))
def test_of_small_words_each_has_half_of_the_overlap_around_it(count: int) -> None:
    for window in windows_of([1] * count, 12, 4):
        assert window.start == 0 or window.first - window.start >= 2
        assert window.end == count or window.end - window.last >= 2
