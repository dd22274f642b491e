"""Words that tell what a bare number is: a patient's, or an order's, a device's, a meeting's."""

import re

RAISES = re.compile(
    r"\b(?:nhs|patients?|pts?|px|dob|d\.o\.b|born|ward|bed|bay|wristbands?|labels?|clinic|admit\w*|admission|discharg\w*|whiteboard|records?|appointments?|appt|results?|"
    r"bloods?|referr\w*|x-?rays?|scans?|ct|mri|theatre|pathology|path|specimens?|samples?|phleb\w*|gp|spine|pds|hosp\w*|mrn|chi|h&c|hcn|surname|forename|names?|mr|mrs|ms|miss|"
    r"summary|prescri\w*|notes|letters?|baby|mum|child|resident|service user|lady|gentleman|client|deceased|died|rip|theatres?|emis|systmone|s1|tpp|epr|pas|rio|lorenzo|cerner|"
    r"millennium|epic|ice|pacs|ris|badger\w*|careflow|meditech|trakcare|encompass|wcp|portal|merge\w*|duplicates?|demographics|vaccin\w*|immunis\w*|triage|handover|merged|"
    r"consultant|claf|cleifion|rhif|gig|maternity|her|his|she|he|them|people)\b"
)
LOWERS = re.compile(
    r"\b(?:orders?|refs?|references?|tickets?|assets?|serials?|s/n|sn|phones?|tel|telephone|mobile|mob|fax|call|ring|dial\w*|consignments?|parcels?|track\w*|courier|dpd|ups|dhl|"
    r"fedex|royal mail|yodel|evri|hermes|delivery|deliveries|shipment|dispatch\w*|pallets?|invoices?|po|purchase|quotes?|quotation|case|cases|support case|sr|inc|req|chg|rfc|incident|"
    r"contracts?|licen[cs]es?|licen[cs]ing|job|jobs|batch|gtin|gln|ean|sku|upc|barcodes?|imei|imsi|iccid|sim|puk|meeting id|meeting|conference|webex|zoom|teams|passcode|pin|pins|udi|lot|"
    r"part|stock|catalogue|product|model|kb\d*|epoch|timestamp|error|exception|correlation\w*|transaction|process|thread|pid|exit code|vendor|supplier|customer number|account number|"
    r"account ref|subscription|tenant|mpan|mprn|meter|socket|extension|ext|bleep|port|vlan|mac|version|build|hash|checksum|bytes|records processed|row|requisition|requisitions|"
    r"helpline|helpdesk|switchboard|crn|company number|vat|charity|isbn|issn|doi|nct|isrctn|iras|crossref|orcid|uprn|grid|seq|sequence|message id|msgid|control id|ip)\b"
)
EXAMPLE = re.compile(
    r"\b(?:e\.?g\.?|for example|example|such as|dummy|test patients?|test record|test data|test number|training (?:patient|record|data)|sample data|made[ -]up|fake|fictitious|fictional|"
    r"placeholder|format|not (?:a )?real|donotuse|do not use|mickey mouse|zz+test|xx+test)\b"
)
_PUBLISHED = frozenset(
    {
        "9434765919",
        "4857773456",
        "9434765870",
        "4010232137",
        "1234567890",
        "0123456789",
        "1234567881",
        "9876543210",
        "2983396339",
        "9991234567",
    }
)


def lean(before: str, after: str) -> float:
    """Between -1 (another thing's number) and 1 (a patient's), by the nearest words around it."""
    raises = _nearness(RAISES, before, after)
    lowers = _nearness(LOWERS, before, after)
    if not raises and not lowers:
        return 0.0
    return (raises - lowers) / max(raises, lowers)


def _nearness(words: re.Pattern[str], before: str, after: str) -> float:
    """How near the closest such word stands; before the number counts for more than after it."""
    best = 0.0
    for match in words.finditer(before):
        best = max(best, 1.0 / (1 + (len(before) - match.end()) / 12))
    match_after = words.search(after)
    return max(best, 0.6 / (1 + match_after.start() / 12)) if match_after else best


def is_placeholder(digits: str) -> bool:
    """No real number: one digit repeated, or a run."""
    return len(set(digits)) <= 2 or digits in "01234567890123456789" or digits in "98765432109876543210"


def is_published_example(digits: str) -> bool:
    return digits in _PUBLISHED or digits.startswith("999")
