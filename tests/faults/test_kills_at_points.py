"""A process that is killed between any two steps, and started again, ends like one that never was."""

from collections.abc import Callable

import pytest

from tests.faults.scene import Ends, Scene
from tests.support.lives import Zygote
from tests.support.points import POINTS

pytestmark = [pytest.mark.server, pytest.mark.slow, pytest.mark.xdist_group("faults")]


@pytest.mark.parametrize("point", POINTS)
def test_killed_at(point: str, zygote: Zygote, scene: Callable[..., Scene], undisturbed: Ends) -> None:
    place = scene()
    assert not zygote.life(settings=place.settings_file, point=point), "the point was never reached"
    assert zygote.life(settings=place.settings_file)
    assert place.ends() == undisturbed
    place.assert_sent_once()
    assert not place.user.files(), "mail that was taken in is still in the mailbox"
