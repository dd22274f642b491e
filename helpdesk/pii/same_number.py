"""One number in several parts of a mail is one number: what the body says of it holds for the subject too."""

from collections.abc import Sequence
from dataclasses import replace

from helpdesk.pii.found import Found
from helpdesk.pii.recognizers.base import digits_of
from helpdesk.pii.recognizers.nhs_number import OF_THINGS

_DOUBTED = 0.7  # what is surer than this was said to be a patient's


def told_of_once(found: Sequence[Found]) -> list[Found]:
    """Numbers that may be NHS numbers, doubted where another place in the mail tells of orders or devices."""
    things = {
        digits_of(one.text)
        for one in found
        if one.entity == "NHS_NUMBER" and one.score < 0.45 and one.why.endswith(OF_THINGS)
    }
    if not things:
        return list(found)
    return [_doubted(one) if _is_one_of(one, things) else one for one in found]


def _is_one_of(one: Found, things: set[str]) -> bool:
    return one.entity == "NHS_NUMBER" and 0.44 < one.score < _DOUBTED and digits_of(one.text) in things


def _doubted(one: Found) -> Found:
    return replace(one, score=0.4, why=f"{one.why}, a thing's elsewhere in the mail")
