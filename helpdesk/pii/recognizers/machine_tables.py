"""Tables of machines with headers as of people: `id,name,born,weight,home,carer`, and the mail says `those are firewalls`."""

import re

_THINGS = (
    r"(?:firewalls?|switch(?:es)?|routers?|servers?|hosts?|hypervisors?|nodes?|access points?|aps|printers?|robots?|bots?|devices?|machines?|laptops?|pcs|tablets|phones|handsets|pumps?|monitors?|fridges?|freezers?|vms?|virtual machines|clusters?|"
    r"databases?|tenants?|apps?|applications?|systems?|kiosks?|scanners?|cameras?|sensors?|beacons?|tags|vehicles|vans|trolleys|manikins?|mannequins?|simulators?|racks?|ups(?:es)?|cabinets?|mailboxes|service accounts?|plants|fish|dogs|guide dogs|therapy dogs|chickens|hives|hens|bees)"
)
_SAID = re.compile(
    rf"\b(?:those|these|they|the rows|the names|all of them|which|all)(?: here| above| below)?(?: are|'re| were) (?:all |just |only |our |the |really |names of |called after )?(?:[\w-]+ ){{0,2}}{_THINGS}\b|"
    rf"\b(?:list|import|inventory|register|export|file|names|table|load|csv) (?:of|for) (?:all |our |the |new |these )?(?:[\w-]+ )?{_THINGS}\b|\b(?:cmdb|(?:device|robot|server|firewall|hardware|asset|kit|printer|fleet)s?) (?:list|import|csv|register|export|inventory|table|names)\b"
)
_SOMEBODY = re.compile(
    r"\b(?:patients?|residents?|clients?|children|pupils|mrs?|ms|miss|nhs (?:no|number)|service users?|staff list|mothers?|bab(?:y|ies)|surname|forename|who (?:has|have|holds?|use[sd]?))\b"
)


def of_machines(low: str) -> bool:
    """Whether a mail in lower case says that what it lists are machines, and nothing in it that they are people."""
    return _SAID.search(low) is not None and _SOMEBODY.search(low) is None
