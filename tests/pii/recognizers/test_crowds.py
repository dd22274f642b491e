"""Several numbers of ten digits in one mail: a list of things is nobody's, whatever wards and clinics stand in it."""

import pytest

from helpdesk.pii.recognizers.nhs_number import NhsNumber

OF_THINGS = [
    "Infusion pumps I have found so far, by where they stand:\n\n7458073020   Ward 9 sluice\n4573681930   Day surgery recovery\n4364262129   Hospice office\n7130045519   Theatre 2, top shelf\n7130045520   same shelf\n",
    "Hoists on Larch and their manufacturer's numbers, two are off the tracking screen\nH1  7972200335\nH2  4245383232\nH3  6549909511 in the sling room\n",
    "jobs stuck overnight: 6138427009 6138427017 6138427025, the clinic letters wait behind them and one patient has rung",
    "rows 6138427033\n6138427041\n6138427068 were rejected, all from the results feed",
    "Serials for the new scales: 6547527727 (Clinic B), 4405608652 (antenatal clinic), 6907029316 (GP room)",
    "Establishment, all vacant:\n4758584710 Ward clerk 1.00 wte\n7540613580 Midwife 0.60 wte\n7525481458 Safeguarding nurse 0.80 wte\n",
    "Six trolleys go out as follows, FedEx want a line each\n7458073020  4 x  Mill Clinic  FAO Mrs Oldroyd, practice manager\n4573681931  1 x  Prison healthcare, gate\n4364262120  2 x  stores\n",
    "Data logger 7458073020 in the vaccine fridge stopped, the batch of flu is quarantined",
    "rhif y sganiwr ar y cefn, 745 807 3020. Ward Teifi",
    "PSU label 7458073020, 12V, the door by majors alarms for each wheelchair",
    "the number on the base is 7458073020, serial on the underside, 4573681930, for the clinic's printer",
    "10:04 INFO orphan 7458073020 adopted, parent process died before the child registered",
    "sync begin rev 7458073020 then 409, the patient layer was scrubbed",
]
OF_PATIENTS = [
    "Letters did not go for 7458073020, 4573681930 and 4364262129, all seen in clinic on Monday",
    "These three are on the ward and not on the board:\n7458073020 bed 4\n4573681930 bed 6\n4364262129 side room",
    "job numbers 6138427009 and 6138427017 failed. Mrs Tilley's bloods, 745 807 3020, are in neither",
    "The pump's serial is 7130045519. The patient it was on, 745 807 3020, went home with it",
    "Serial numbers can wait. Patients first: 7458073020, 4573681930, 4364262129 have no results",
    "order 7130045519, order 7130045520, order 7130045521; the lady in bed 3 is 745 807 3020, she was admitted last night",
    "FAO Mrs Oldroyd: patient 7458073020 was discharged without her letter",
    "the battery died, and then patient 7458073020 was merged with her sister",
]


def score(text: str) -> float:
    return max((one.score for one in NhsNumber().analyze(text, [])), default=0.0)


@pytest.mark.parametrize("text", OF_THINGS)
def test_a_list_of_things_is_nobodys(text: str) -> None:
    assert score(text) < 0.7


@pytest.mark.parametrize("text", OF_PATIENTS)
def test_patients_in_a_list_or_beside_one_are_found(text: str) -> None:
    assert score(text) >= 0.7
