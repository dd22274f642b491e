"""Whose the rows of a table are: people's, or a site's, a supplier's, a device's; the headers say it together.

An address under `code;site;address;postcode` is a building's, an account under `Supplier|Sort|Account` a company's.
Where birth dates or patients' numbers stand in a column, the rows are people's whatever else stands there.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from helpdesk.pii import names
from helpdesk.pii.text import fold

PLACES = re.compile(
    r"(?:(?:gp|dental|trust|ward|care|nursing|delivery|work|our)[ _-]?)?(?:sites?|buildings?|practices?|surger(?:y|ies)|locations?|loc|branch(?:es)?|premises|venues?|care homes?|nursing homes?|homes?|organisations?|organizations?|org|pharmac(?:y|ies)|schools?|clinics?|hospitals?|hospices?|depots?|hubs?|"
    r"departments?|dept|providers?|trusts?|centres?|bases?|premises|wards?|units?|offices?|warehouses?|stores?|ods|ods[ _-]?code|facility|stations?)(?:[ _-]?(?:name|code|id))?"
)
COMPANIES = re.compile(
    r"(?:(?:trading|company|supplier|vendor|creditor|business|charity|firm|organisation)[ _-]?)(?:name|no|number|id)?|suppliers?|vendors?|compan(?:y|ies)|creditors?|contractors?|beneficiar(?:y|ies)|charit(?:y|ies)|funds?|firms?|agency|agencies"
)
THINGS = re.compile(
    r"(?:asset|serial|host|server|model|device|tag|vm|imei|sim|mac|ip|item|batch|sku|part|product|stock|reg|vrm|registration)(?:[ _-]?(?:no|number|id|name|tag|code|address))?|hostname|make|qty|quantity|expiry"
)
# Headers that only rows of practices, homes and schools have, wherever they stand.
_OF_SITES = re.compile(
    r"(?:date )?open(?:ed|ing|s)?(?: date| hours| times)?|clos(?:ed|ing)(?: date)?|beds|list size|pupils|(?:ccg|icb|pcn|ods|cqc)(?:[ _-]?(?:code|id|name|rating))?|practice (?:manager|code)|hours|opening|floors?|capacity|places|owner group|landlord|lease (?:end|start)|rooms"
)
_AT_WORK = re.compile(r"bleep|ext\.?|extn|extension|work (?:phone|mobile|mail|email)|dect|office phone|pager")
_OF_PEOPLE = frozenset({"NHS_NUMBER", "DATE_OF_BIRTH", "NINO"})
_HOMES = frozenset({"ADDRESS", "POSTCODE", "KEY_OF_HOME"})
_HOME = re.compile(r"(?:home|patient|pt|client|tenant|resident|private|correspondence)\b")
_PRIVATE = re.compile(
    r"\b(?:home|personal|private|applicants?|candidates?|patients?|pts?|clients?|residents?|service users?|learners?|students?|volunteers?|carers?|tenants?|child(?:ren)?|pupils?|donors?|claimants?|nok|next of kin|emergency contacts?|parents?|relatives?|mother|mum|guardian)\b"
)
_LEADS_TO_SOMEBODY = frozenset({"PERSON", "HOSPITAL_NUMBER", "EMPLOYEE_NUMBER", "HEALTH"})
_BANKS = re.compile(r"sort|iban|bank")
ORGANISATION = re.compile(
    r"(?:\b(?:ltd|limited|plc|llp|cic|gmbh|inc|surgery|practice|centre|clinic|hospital|hospice|pharmacy|school|college|services|trust|council|nhs|lodge|care home|nursing home|depot|hub|unit|ward|partnership|group|systems|solutions|supplies|charity|foundation|society|church|university|academy|department|store|stores|dental|dentists?|orthodontics?|opticians?|optometrists?|chemists?|vets|veterinary|physiotherapy|osteopaths?|chiropractors?|podiatry|salon|hotel|associates|bros|brothers|laborator(?:y|ies)|labs|and partners|funeral|undertakers|solicitors|accountants|taxis|cars|bakery|butchers|builders|plumbers|plumbing|electrical|roofing|removals|cleaning|catering|foods|dairy|motors|travel|coaches)\b|& (?:sons?|co|partners?|daughters?)\b)",
    re.IGNORECASE,
)


def settled(headers: Sequence[str], columns: Mapping[int, str]) -> dict[int, str]:
    """The columns that tell of people, by what all the headers say of the rows."""
    titles = [header.strip(" \t\"'*:[]`").lower() for header in headers]
    left = dict(columns)
    if not any(_BANKS.search(name) for name in titles):
        left = _without(left, {"BANK_ACCOUNT"})
    if any(_AT_WORK.fullmatch(name) for name in titles):
        left = _without(left, {"SPECIAL_CODE"})
    if not any(_PRIVATE.search(name) for name in titles):
        left = _without(left, {"PHONE"})
    if set(left.values()) & _OF_PEOPLE:
        return left
    first = min((i for i, entity in left.items() if entity == "PERSON"), default=len(titles))
    if _before(titles, COMPANIES, first):
        return _without(left, _HOMES | {"BANK_ACCOUNT"})
    if _before(titles, PLACES, first) or any(_OF_SITES.fullmatch(name) for name in titles):
        return _without(left, _HOMES)
    if first == len(titles) and _before(titles, THINGS, first):
        left = _without(left, {"HEALTH"})
    homes = any(_HOME.match(name) for name in titles)
    return left if homes or set(left.values()) & _LEADS_TO_SOMEBODY else _without(left, _HOMES)


def of_places(headers: Sequence[str], place: int) -> bool:
    """Whether the column at `place` is of sites or companies: one such leads the row, and nobody's birth or name does."""
    titles = [header.strip(" \t\"'*:[]`").lower() for header in headers]
    leads = _before(titles, PLACES, place) or _before(titles, COMPANIES, place)
    if leads and titles[0] == "home":
        titles = titles[1:]  # a care home's name, and no home of somebody's
    return leads and not any(_PRIVATE.search(name) or _OF_SOMEBODY.search(name) for name in titles)


_OF_SOMEBODY = re.compile(
    r"\b(?:dob|birth|born|nhs (?:no|number)|surname|forename|full name|(?:first|last) name|key ?safe)\b"
)


def _before(titles: Sequence[str], kind: re.Pattern[str], first: int) -> bool:
    """Whether a column of that kind leads the row, before any of people."""
    return any(kind.fullmatch(name) for name in titles[:first])


def _without(columns: Mapping[int, str], kinds: Iterable[str]) -> dict[int, str]:
    return {i: entity for i, entity in columns.items() if entity not in kinds}


def tells_a_code(value: str) -> bool:
    """Whether a coded special category says anything: not `N`, `not stated`, `unknown`."""
    return len(value.split()) <= 5 and _SAYS_NOTHING.fullmatch(value.strip().lower()) is None


_SAYS_NOTHING = re.compile(
    r"n|no|none|n/?a|z|false|0|not (?:stated|known|declared|disclosed|specified|applicable|given|asked)|unknown|undisclosed|prefer not.*|declined|blank|null|missing|-+|\?+|tbc|required|mandatory|optional|text|code|varchar.*|char.*|string|int|\d{3,}.*|.{0,60}\d\d/\d\d.*"
)


_HOUSES = frozenset({"house", "court", "manor", "grange", "lodge", "rise", "view", "gardens", "villa"})


def _of_organisation(text: str) -> bool:
    """What stands under `name` and is a company, or a house like Oak House and nobody like Ann House."""
    words = fold(text).split()
    housed = len(words) > 1 and words[-1] in _HOUSES and not names.is_given(words[0])
    return housed or ORGANISATION.search(text) is not None


def telling_rows(filled: Sequence[tuple[str, str]]) -> Iterator[bool]:
    """For each (entity, text) of a row whether it counts, the rest of the row given."""
    kinds = {entity for entity, _ in filled}
    company = any(entity == "PERSON" and _of_organisation(text) for entity, text in filled)
    somebody = bool(kinds & {"PERSON", "EMPLOYEE_NUMBER"}) and not company
    for entity, text in filled:
        if entity == "SPECIAL_CODE":
            yield somebody and tells_a_code(text)
        elif entity in ("BANK_ACCOUNT", "KEY_OF_HOME"):
            yield somebody
        elif entity in _HOMES or entity == "PERSON":
            yield not company
        else:
            yield True
