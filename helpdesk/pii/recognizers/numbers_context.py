"""Words that tell what a bare number is: a patient's, or an order's, a device's, a meeting's."""

import re

RAISES = re.compile(
    r"\b(?P<sure>nhs|patients?|pts?|px|dob|d\.o\.b|born|wristbands?|admit\w*|admission|discharg\w*|whiteboard|appointments?|appt|bloods?|phleb\w*|spine|pds|mrn|chi|h&c|hcn|surname|forename|"
    r"mr|mrs|ms|miss|baby|mum|child|resident|service user|lady|gentleman|deceased|died|rip|demographics|vaccin\w*|immunis\w*|badger\w*|wcp|claf|cleifion|rhif|gig|her|his|she|he|him|summary care|scr|prescri\w*|recall|"
    r"went home|clinic letters?|discharge summar\w+|referrals?|x-?rays?|mri|biops\w+|histology|hospital number|merge\w*)\b"
    r"|\b(?:ward|bed|bay|labels?|clinic|records?|results?|scans?|ct|theatre|pathology|path|specimens?|samples?|gp|hosp\w*|names?|summary|notes|letters?|client|emis|systmone|s1|tpp|epr|pas|rio|lorenzo|"
    r"cerner|millennium|epic|ice|pacs|ris|careflow|meditech|trakcare|encompass|portal|duplicates?|triage|handover|consultant|maternity|they|them|people)\b"
)
LOWERS = re.compile(
    r"\b(?P<sure>orders?|tickets?|assets?|serials?|s/n|sn|phones?|tel|telephone|mobile|mob|fax|dial\w*|consignments?|parcels?|track\w*|courier|dpd|ups|dhl|fedex|royal mail|yodel|evri|hermes|shipment|"
    r"dispatch\w*|pallets?|invoices?|po|purchase|quotes?|quotation|support case|case|sr|inc|req|chg|rfc|contracts?|licen[cs]es?|licen[cs]ing|gtin|gln|ean|sku|upc|barcodes?|imei|imsi|iccid|sim|puk|meeting id|"
    r"conference|webex|zoom|passcode|udi|lot|part|parts|stock|catalogue|kb\d*|epoch|timestamp|correlation\w*|transaction|pid|exit code|vendor|supplier|customer number|account number|account ref|subscription|tenant|mpan|"
    r"mprn|meter|positions?|padded|patterns?|translation|partition|trunk|handsets?|ipei|sign for|goods[- ]in|loading bay|boxes|refresh|install|supplier|barcodes?|scrap|warranty|build\w*|hash|checksum|bytes|requisitions?|helpline|switchboard|company number|vat|charity|isbn|issn|doi|nct|isrctn|iras|crossref|orcid|uprn|seq|sequence|message id|msgid|control id|tags?|trays?|devices?|models?)\b"
    r"|\b(?:refs?|references?|call|ring|delivery|deliveries|incident|job|jobs|batch|meeting|teams|pins?|product|error|exception|process|thread|socket|extension|ext|bleep|port|vlan|mac|version|row|crn|grid|ip)\b"
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


KEY = re.compile(r"([A-Za-z][A-Za-z_ ]{0,24})[\"'\])]{0,2}[ \t]{0,2}(?:[:=#]|\t|=>)[ \t]{0,3}[\"'\[(]{0,2}$")
_OF_PATIENT = re.compile(r"nhs|chi|patient|pt\b|mrn|hosp|pid_?3|subject|identifier")
_OF_THING = re.compile(
    r"(?:id|no|num|number|ref|reference|tag|code|build|serial|order|asset|barcode|phone|tel|key|token|job|version|ticket)s?$"
)


def lean_in(text: str, start: int, end: int) -> float:
    """How the words around a span of lower-case text lean: -1 another thing's number, 1 a patient's.

    A key right before it (`buildid: 4843502294`) decides alone; otherwise what stands near
    counts double of what stands further off.
    """
    key = KEY.search(text, max(0, start - 40), start)
    if key and _OF_PATIENT.search(key.group(1)):
        return 1.0
    if key and _OF_THING.search(key.group(1)):
        return -1.0
    near = _lean(text[max(0, start - 70) : start], text[end : end + 40])
    wide = _lean(text[max(0, start - 320) : start], text[end : end + 220])
    return (2 * near + wide) / 3 if near else 0.7 * wide


def _lean(before: str, after: str) -> float:
    raises = _weight(RAISES, before, after)
    lowers = 1.25 * _weight(LOWERS, before, after, 0.4)
    if not raises and not lowers:
        return 0.0
    return (raises - lowers) / max(raises, lowers)


def _weight(words: re.Pattern[str], before: str, after: str, weak: float = 0.8) -> float:
    """Sum over such words, each once: sure ones count double, those further off less."""
    weights: dict[str, float] = {}
    for text, factor, from_end in ((before, 1.0, True), (after, 0.6, False)):
        for match in words.finditer(text):
            gap = len(text) - match.end() if from_end else match.start()
            weight = factor * (2.0 if match.group("sure") else weak) / (1 + gap / 30)
            weights[match.group()] = max(weights.get(match.group(), 0.0), weight)
    return sum(sorted(weights.values(), reverse=True)[:4])


def is_placeholder(digits: str) -> bool:
    """No real number: one digit repeated, or a run."""
    return len(set(digits)) <= 2 or digits in "01234567890123456789" or digits in "98765432109876543210"


def is_published_example(digits: str) -> bool:
    return digits in _PUBLISHED or digits.startswith("999")
