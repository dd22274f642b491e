"""Which addresses are one person's, by an agent's word. On both engines."""

import pytest

from helpdesk.db import writing
from helpdesk.services import Services
from helpdesk.tickets.persons import CannotJoin, addresses_of, join, part

ANN, HOME, PHONE, BEN = "ann@x.example", "ann@home.example", "ann@phone.example", "ben@x.example"


def said(services: Services, address: str, same_as: str) -> None:
    with writing(services.sessions) as session:
        acts = join(session, address, same_as, ticket="IT-000001", who="amal@x.example", reason="rang her")
        assert [(one.action, one.subject_id) for one in acts] == [("person.address_added", "IT-000001")]


def test_every_address_leads_to_all_of_them_and_to_nobody_elses(each_engine: Services) -> None:
    said(each_engine, HOME.upper(), ANN)
    said(each_engine, PHONE, HOME)  # by one that is not the main one
    with writing(each_engine.sessions) as session:
        for one in (ANN, HOME, PHONE):
            assert addresses_of(session, one) == {ANN, HOME, PHONE}
        assert addresses_of(session, BEN) == {BEN}


def test_it_can_be_taken_back_from_either_side(each_engine: Services) -> None:
    for gone, seen_from in ((HOME, ANN), (ANN, HOME)):
        said(each_engine, HOME, ANN)
        with writing(each_engine.sessions) as session:
            part(session, gone, seen_from, ticket="IT-000001", who="amal@x.example")
            assert addresses_of(session, ANN) == {ANN}


def test_what_contradicts_is_refused(each_engine: Services) -> None:
    said(each_engine, HOME, ANN)
    for address, same_as in ((HOME, ANN), (ANN, HOME), (ANN, ANN)):
        with pytest.raises(CannotJoin, match="already"):
            said(each_engine, address, same_as)
    for address in (HOME, ANN):
        with pytest.raises(CannotJoin, match="another person"):
            said(each_engine, address, BEN)
    with pytest.raises(CannotJoin, match="not known"), writing(each_engine.sessions) as session:
        part(session, HOME, BEN, ticket="IT-000001", who="amal@x.example")
