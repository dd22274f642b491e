"""How named people did at an interview is theirs; timetables, quizzes and rates of machines are nobody's."""

import pytest

from helpdesk.pii.recognizers.interviews import InterviewScores

OF_PEOPLE = [
    "Interview panel scores revert to 0. Should be Okoro 31/50, Whitlock 44/50 (offer), Dumitru 27/50, not appointable",
    "RANK fails:\n\nOkoro, Chidi   31   appoint\nWhitlock, Joyce   22   reserve\nDumitru, Ana   14   not appointable",
]
OF_NOBODY = [
    "Interview panel room is booked for 10:30 and 11:15, please add a screen. Scores go on paper.",
    "The interview scores sheet adds to 0 whatever the panel types. There is no offer letter template either.",
    "Quiz: Okoro 31, Whitlock 44, Dumitru 27. Cake for the winner.",
    "Windows 11 and Office 16 on all, reserve two spare",
]


def found(text: str) -> bool:
    return any(one.score >= 0.7 for one in InterviewScores().analyze(text, []))


@pytest.mark.parametrize("text", OF_PEOPLE)
def test_marks_and_a_verdict_beside_names_are_found(text: str) -> None:
    assert found(text)


@pytest.mark.parametrize("text", OF_NOBODY)
def test_what_only_looks_like_them_is_not(text: str) -> None:
    assert not found(text)
