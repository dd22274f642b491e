"""Machines with names and birth dates are known by their parts; whoever may be a person stays one."""

import pytest

from helpdesk.pii.not_people import names_of_machines

MACHINES = [
    ("Agnes (b. 14/03/2015) died at 05:50, heart failure if you count the PSU. NTP was off. Her left fan is weak, IP 10.9.1.2.", {"Agnes"}),
    ("Doris (b. 03/06/2014) is showing her age: two disks went and the RAID rebuild is slow. Her IP address is 10.20.4.7.", {"Doris"}),
    ("Our oldest switches, for the comms room: Betty (born 12/05/2009), Arthur (born 01/02/2011). Firmware is out of support.", {"Betty", "Arthur"}),
    ("Percy (b. 11/11/2012) lost his PSU last night and his VMs failed over to the other node.", {"Percy"}),
    ("Ethel, born 2014-03-02, is out of warranty. Her firmware is from 2018 and monitoring shows a dead fan.", {"Ethel"}),
    ("Gladys (born 07/10/2017) stopped answering pings at six. Her CPU is at 98 %, DNS is slow, I rebooted her.", {"Gladys"}),
    ("RIP Winston (born 4 July 2006), 19 years in rack 3. His uptime was 900 days. DHCP is on the new server.", {"Winston"}),
    ("Mabel (b. 19/08/2015): her backplane is cracked. Nagios is red, the SAN is fine, UPS holds.", {"Mabel"}),
    ("Norman (born 02/06/2012, HP DL380, third rack) has no end date in the list. Who looks after him?", {"Norman"}),
    ("Elsie, born 11/09/2014, a Cisco 3850 of the old sort, is to be retired.", {"Elsie"}),
    ("Norman, date of birth needed for the list\nNorman (born 02/06/2012, Fujitsu TX1320) has none.", {"Norman"}),
    ("Hilda (b. 19/01/2013, PowerEdge) asks for nothing", {"Hilda"}),
]  # fmt: skip
PEOPLE = [
    "Date of birth needed for Norman in bed 4. Norman (born 02/06/2012, HP 3 of the ward list)",
    "Norman (born 02/06/1962, HP) cannot log on",
    "Norman (born 02/06/2012), HP 3 on the ward list, has no bed",
    "Elsie, born 11/09/2014, Dell Road 12, is due in clinic",
    "Hilda (b. 19/01/2013, Brother of Ian 12) is lost from the list",
    "Norman Price (born 02/06/2012, HP DL380 in the home) has a ventilator",
    "Agnes (b. 14/03/1935) cannot see the monitor. Its fan is loud, NTP is off, the server is slow.",
    "Percy (b. 11/11/2012) is at home, his ventilator has a new PSU and its fan is loud. The monitoring needs an IP.",
    "Agnes (b. 14/03/2015) was seen today when the server went. Its fan, disks and RAID are new.",
    "Doris (b. 03/06/1941) is lost from the list since the server failed over. Its PSU and fan went.",
    "Winston, born 04/07/2016, came for his hearing aids. His monitoring port has an IP and DNS.",
    "Percy Wright (b. 11/11/2012): his uptime on the monitoring server is low, DNS, IP.",
    "Miss Betty (born 12/05/2009) has no switch, its fan failed, IP and DNS are fine.",
    "New starter Agnes (b. 14/03/1999): her drives, IP and VLAN on the server please.",
    "Ethel (b. 02/03/2014) is not on the portal. The server's fan failed and DNS is down.",
    "The ward server has a new PSU. Mabel (b. 19/08/2015) is due at two, her fan is by the bed, IP and DNS are set.",
]


@pytest.mark.parametrize(("text", "machines"), MACHINES)
def test_a_machine_is_known_by_its_parts(text: str, machines: set[str]) -> None:
    assert names_of_machines([text]) == machines


@pytest.mark.parametrize("text", PEOPLE)
def test_a_birth_beside_words_of_machines_may_be_a_persons(text: str) -> None:
    assert names_of_machines([text]) == frozenset()
