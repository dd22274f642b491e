"""Machines with a person's name and a date of birth, known by what they are made of: `Agnes (b. 14/03/2015)` and her PSU."""

import re

_BIRTH = r"(?:b\.|born|DOB:?|dob:?|d\.o\.b\.?) ?(?:on )?(?:[\d./-]{3,6}|\d{1,2}(?:st|nd|rd|th)? [A-Za-z]{3,9} )?(?P<year>(?:19|20)\d\d)(?!\d)"
_BORN = re.compile(
    rf"(?<![\w@'-])(?P<name>[A-Z][a-z]{{2,11}})(?:,? \(|, ?){_BIRTH}|(?<![\w@'-])(?P<named>[A-Z][a-z]{{2,11}})(?:,? \(|, ?)(?:b\.|born) (?P<iso>(?:19|20)\d\d)-"
)
_PART = r"(?:PSUs?|psu|power suppl(?:y|ies)|fans?|RAID(?: controller| array)?|CPUs?|[Ff]irmware|uptime|BIOS|NICs?|VMs|guests|DIMMs?|heat ?sink|disks?|drives|i?LO|iDRAC|kernel|backplane|chassis|uplinks?|ports|routing table)"
_WORDS = re.compile(
    rf"\b(?:{_PART}|(?:IP|ip)(?: address(?:es)?)?|NTP|DNS|DHCP|VLAN|SNMP|ping(?:s|ed)?|hostnames?|monitoring|[Ss]ervers?|[Ss]witch(?:es)?|routers?|nodes?|clusters?|racks?|hypervisors?|reboot\w*|fail(?:ed|s)? over|failover|patch(?:ed|ing)|Nagios|Zabbix|PRTG|UPS|SAN|warranty|comms room|10\.\d+\.\d+\.\d+|[A-Z]{{2,8}}-(?:SRV|SVR|SW|DC|VM)-?\d+)\b"
)
_OF_HERS = re.compile(
    rf"\b(?:[A-Z][a-z]{{2,11}}'s|her|his|its|Her|His|Its)(?: \w+)? (?:{_PART}\b|(?:IP )?address (?:is|was) \d+\.\d+\.)"
)
# The make and model right after the birth, in the same brackets or breath: `Winston (born 14/03/2011, Dell R710)`.
_MADE_BY = re.compile(
    r"[,;]? (?:an? |our |the )?(?:(?:Dell|HPE?|IBM|Lenovo|Fujitsu|Cisco|Juniper|Aruba|NetApp|Synology|QNAP|Supermicro|Sun|Compaq|Zebra|Kyocera|Ricoh|Xerox|Brother|Canon|APC|Meraki|Fortinet|Ubiquiti|MikroTik)\b(?: [A-Z][\w-]{2,14})? [A-Z]{0,8}-?\d[\w-]{1,9}\b|(?:PowerEdge|ProLiant|Catalyst|OptiPlex|ThinkServer|Nexus|LaserJet)\b)"
)
_LISTED = r"\b(?:[Ss]ervers|[Ss]witches|routers|nodes|hosts|firewalls|hypervisors|tills|access points)\b[^.\n]{0,40}?[:,] ?(?:[^.\n]{0,60}, )?"
_PEOPLE = re.compile(
    r"\b(?:starters?|apprentice|users?|staff (?!room)|employee|manager|student|nurses?|laptops?|account|password|log[- ]?in|ventilator|feed pump|wheelchair|wards?|beds?|bloods?|results?|clinics?|seen (?:today|by|in)|hearing aids?|appointments?|schools?|child|children|mum|baby|parents?|wife|husband|prescri\w+|referr\w+|discharge (?:letter|summary)|letters?|records?|notes|consultant|theatre|"
    r"surname|GP|gp|carers?|video calls?)\b"
)
_NAME_BEFORE = re.compile(r"(?<![\w.])[A-Z][a-z'-]+ $")
_OLDEST, _ENOUGH = 1990, 3


def born_of_parts(whole: str) -> set[str]:
    """Given names with a birth where the make stands right after it, or the mail tells of that one's fans and power, of machines all over, and of nobody."""
    if "b." not in whole and "orn" not in whole and "ob" not in whole.lower():
        return set()
    born = [
        match
        for match in _BORN.finditer(whole)
        if int(match.group("year") or match.group("iso")) >= _OLDEST
        and not _NAME_BEFORE.search(whole, max(0, match.start() - 20), match.start())
    ]
    if not born or _PEOPLE.search(whole):
        return set()
    made = {_name(match) for match in born if _MADE_BY.match(whole, match.end())}
    if len(set(_WORDS.findall(whole))) < _ENOUGH:
        return made
    hers = _OF_HERS.search(whole) is not None
    called = {_name(match) for match in born}
    return made | {name for name in called if hers or re.search(_LISTED + name, whole)}


def _name(match: re.Match[str]) -> str:
    return match.group("name") or match.group("named") or ""
