"""Homes that calls are logged for, without a postcode or a name; and sites, clinics and care homes where people are ill too."""

import pytest

from helpdesk.pii.scanner import Scanner
from helpdesk.pii.values import Context, Kind, Piece

HOMES = [
    "Job 4471: 7 Bakers Row, Nether Wick opens a mile off on the map. 83F chest pain, 14 min late.",
    "CAD puts 22 Sandpiper Close in the estuary. 6yo seizure, crew had to ring back.",
    "12 Tannery Lane, Orrell is not in the gazetteer. 34 F overdose, police on scene.",
    "aged 91, stroke, 5 Chapel Hill, Marsh End. The pin was in the next village.",
    "The crew went to 31 Tannery Lane and the man there threw a kettle. The marker is gone.",
    "Paramedics were sent to 9 Sandpiper Close on Sunday, the lady inside had no flag for her dog.",
    "police called at 18 Bakers Row, that occupant came at them with a spade",
]
NO_HOMES = [
    "Birch Surgery, 22 Sandpiper Close: the ECG for chest pain is in colour, staff of 40 F and M lockers.",
    "Elm care home, 12 Tannery Lane, asks for the stroke leaflet, 30 beds",
    "The clinic at 5 Chapel Hill, Marsh End sees chest pain on Mondays. The map is wrong.",
    "The crew of engineers went to 31 Tannery Lane, the switch there had no power",
    "Crews went to our depot at 31 Tannery Lane and the man at the desk had the keys",
    "22 Sandpiper Close is not in the gazetteer since the update. All pins of the coast are off.",
]


def held_for(scanner: Scanner, text: str) -> set[str]:
    found = scanner.findings([Piece("body_text", Kind.TEXT, text)], Context())
    return {hit.rule.category for hit in scanner.policy.hits(found) if hit.rule.hold}


@pytest.mark.parametrize("text", HOMES)
def test_the_home_of_a_call_is_found(scanner: Scanner, text: str) -> None:
    assert "home address" in held_for(scanner, text)


@pytest.mark.parametrize("text", NO_HOMES)
def test_sites_where_people_are_ill_are_no_homes(scanner: Scanner, text: str) -> None:
    assert "home address" not in held_for(scanner, text)
