"""An alarm says what, since when and how often; it goes away by itself or when somebody has seen it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from helpdesk.config import Settings
from helpdesk.db import now, reading, writing
from helpdesk.models.outbound import Alarm
from helpdesk.outbound import alarms
from helpdesk.outbound.alarms import Kind, NoAlarm
from helpdesk.outbound.enqueue import enqueue
from helpdesk.services import Services
from tests.outbound.samples import NURSE, acts, an_answer

Change = Callable[..., Services]
WHO = "sam@northmoor.nhs.uk"


def put(services: Services, count: int) -> None:
    for _ in range(count):
        with writing(services.sessions) as session:
            enqueue(session, services.settings, an_answer(services))


def shown(services: Services) -> list[Alarm]:
    with reading(services.sessions) as session:
        return list(alarms.active(session, services.settings))


def age(services: Services, **hours: float) -> None:
    """Set times of the one alarm that many hours back."""
    with writing(services.sessions) as session:
        for name, back in hours.items():
            setattr(session.query(Alarm).one(), name, now() - timedelta(hours=back))


CAPS = [
    ({"answers_per_address_a_day": 2}, "limits.answers_per_address_a_day"),
    ({"answers_per_domain_a_day": 2}, "limits.answers_per_domain_a_day"),
    ({"answers_a_day": 2}, "limits.answers_a_day"),
]


@pytest.mark.parametrize(("limits", "name"), CAPS)
def test_a_cap_that_bites_is_an_alarm_with_the_cap_and_the_count(
    with_settings: Change, limits: dict[str, int], name: str
) -> None:
    services = with_settings(limits=limits)
    put(services, 2)
    assert shown(services) == []
    put(services, 3)
    (alarm,) = shown(services)
    assert (alarm.kind, alarm.subject, alarm.count) == ("cap", name, 3)
    assert name in alarm.sentence
    assert NURSE not in alarm.sentence
    assert alarm.first_at <= alarm.last_at


def test_an_alarm_goes_away_by_itself_and_comes_back_as_a_new_one(with_settings: Change) -> None:
    services = with_settings(limits={"answers_a_day": 0}, outbound={"alarm_hours": 2})
    put(services, 2)
    age(services, last_at=1)
    assert shown(services)
    age(services, last_at=3, first_at=4)
    assert shown(services) == []
    put(services, 1)
    (alarm,) = shown(services)
    assert alarm.count == 1
    assert alarm.first_at > now() - timedelta(hours=1)


def test_an_alarm_that_somebody_has_seen_is_silent_as_long_as_one_lasts(with_settings: Change) -> None:
    services = with_settings(limits={"answers_a_day": 0}, outbound={"alarm_hours": 2})
    put(services, 1)
    with writing(services.sessions) as session:
        alarms.acknowledge(session, services.settings, 1, WHO)
    put(services, 1)
    assert shown(services) == []
    age(services, acknowledged_at=3)
    put(services, 1)
    (alarm,) = shown(services)
    assert (alarm.count, alarm.acknowledged_by) == (1, "")


def test_who_has_seen_it_is_in_the_trail(with_settings: Change) -> None:
    services = with_settings(limits={"answers_a_day": 0})
    put(services, 2)
    with writing(services.sessions) as session:
        alarms.acknowledge(session, services.settings, 1, WHO)
    (act,) = acts(services)
    assert (act.action, act.actor, act.detail["count"]) == ("alarm.acknowledged", WHO, 2)
    with pytest.raises(NoAlarm), writing(services.sessions) as session:
        alarms.acknowledge(session, services.settings, 1, WHO)


def test_a_transaction_that_fails_leaves_no_alarm(sqlite_services: Services, settings: Settings) -> None:
    with pytest.raises(RuntimeError), writing(sqlite_services.sessions) as session:
        alarms.raise_alarm(session, settings, Kind.TEMPLATE, "it/closed", "x")
        raise RuntimeError
    assert shown(sqlite_services) == []
