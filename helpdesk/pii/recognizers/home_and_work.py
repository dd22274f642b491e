"""Words beside an address that tell a home from a place of work."""

import re

from helpdesk.pii.reading import Reading

HOME = re.compile(
    r"\b(?:liv(?:e|es|ed|ing)|(?<!the )home(?! (?:time|page|screen|drive|working|office|visiting|button|tab|folder|menu|counties))|address(?! (?:bar|book|list|field|line|label|column)s?)|addr|(?<!one )(?<!out )(?<!all )(?<!some )(?<!lot )(?<!each )of|resid\w+|at home(?! time)|lodging|moved? (?:(?:in \w+|(?:the|my|our) (?:house|home|flat|family)) )?(?:to|house)|to mine|moved in(?:to)?|(?:my|new|old|his|her|their) (?:house|home|flat|bungalow)|discharged to|visited|home visit|deliver\w* to (?:the )?(?:patient|pt|his|her|their)|patient|pt|mr|mrs|ms|miss|her|his|their|"
    r"my|tenant|next of kin|nok|care home|mother|mum|daughter|son|carer|lady|gentleman|cyfeiriad|landlord|rent)\b"
)
WORK = re.compile(
    r"\b(?:site|sites|hospital|surgery|clinic|health centre|medical centre|office|offices|hq|head office|headquarters|depot|warehouse|unit \d+|suite|floor|supplier|ltd|limited|plc|llp|collect\w*|"
    r"loading bay|goods[- ]in|reception|practice|pharmacy|venue|conference|hotel|training|our new|wing|block|new premises|branch|partners|(?:&|and) partners|practices|surgeries|fttp|fttc|adsl|leased line|hscn|circuits|ods|premises|dental|opticians?|vets?|shop|front desk|main entrance|retail|caf[eé]|restaurant|hotel|landlord\'s agent|deliver(?:y|ies|ed)? (?:to|note)|dispatch\w*|courier|couriered|data ?cent(?:re|er)|trust|based at|relocat\w+|building|campus|library|university|school|council|"
    r"letterheads?|compliment slips?|footer|our (?:web ?site|web ?page|intranet|map)|google maps|feddygfa|meddygfa|ysbyty|swyddfa|fferyllfa|canolfan|clinig|ysgol|ospid[eé]al|ospadal|oifig|cl[ií]onaic|lia ?lann|ionad|przychodni\w*|szpital\w*|biur\w*|aptek\w*|"
    r"company|delivery address|ship to|invoice|installation|install|circuit|routers?|engineers?|collect|phones?|switch(?:es)?|pcs?|printers?|broadband|line|moving|move to|department|dept|team|ward|centre|base|clinics|canteen|kitchens?|presbytery|mosque|synagogue|gurdwara|practitioner|gmc|coroner\w*|mess|garage|workshop|laundry|post ?room|gatehouse|contractor|vending|service desk|help ?desk|garaged|fleet|(?:business|retail|science|enterprise) park|(?:industrial|trading) (?:estate|park))\b"
)
ADDRESS_WORD = re.compile(r"\b(?:new |old )?(?:address|addr)\b")


_STREETS_NAME = re.compile(
    r"\b[\w']+ (?:road|rd|street|st|lane|ln|avenue|ave|close|drive|terrace|hill|way|row|walk|crescent|grove|place|green|gardens|view|court|square|mews)\b"
)


def at_work(reading: Reading, start: int, end: int) -> bool:
    """Whether an address has a word of work in it that its street is not called after, as School Lane is."""
    return WORK.search(_STREETS_NAME.sub(" ", reading.lower[start:end])) is not None


def last_of(pattern: re.Pattern[str], text: str) -> int:
    at = -1
    for match in pattern.finditer(text):
        at = match.end()
    return at
