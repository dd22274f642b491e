"""Homes without a number or postcode: told by a landmark, a farm's name, a room in a hostel, or where the key is."""

import re
from collections.abc import Iterator

from helpdesk.pii.reading import Reading
from helpdesk.pii.recognizers.base import Hit

_DWELLING = r"(?:flat|house|bungalow|cottage|caravan|farm|farmhouse|maisonette|bedsit|barn|boat|narrowboat|annexe|chalet|static|mobile home|houseboat|croft|end terrace|terrace)"
_WHERE = r"(?:above|over|opposite|next (?:door )?to|behind|beside|by|across from|at the end of|at the back of|at the top of|round the corner from|past|(?:on|in|off|up|down)(?= (?:the )?[\w' -]{2,25} (?:road|street|lane|estate|avenue|close|terrace|drive|hill|row|crescent)\b))"
_SOMEBODYS = r"(?:her|his|their|(?:mr|mrs|ms|miss) [\w'-]{2,20}'s|[\w'-]{2,20}'s|(?:lives?|lived|living|stays?|staying) (?:in|at|over|above)(?: the| a| an)?)"
_BY_LANDMARK = re.compile(
    rf"(?<![\w]){_SOMEBODYS} (?:\w{{2,10}} ){{0,2}}?(?P<home>{_DWELLING} {_WHERE} (?:the |a )?[^\n.,;:\"()]{{3,40}})"
    rf"|(?<![\w])the (?:\w{{2,10}} ){{0,2}}?(?P<house>(?:bungalow|cottage|caravan|end house|corner house|last house|first house|flat|house) (?:opposite|behind|next to|next door to|above|over|beside|past) (?:the |a )?[^\n.,;:\"()]{{3,40}})"
)
_IN_HOSTEL = re.compile(
    r"\b(?P<home>(?:room|bed|flat|unit) \d{1,3}[a-z]?,? (?:at|in|of) (?:the )?[^\n.,;]{0,30}?(?:hostel|refuge|shelter|hmo|b&b|supported living|night ?shelter)(?: (?:on|in) [^\n.,;]{3,30})?)"
)
_FARM = re.compile(
    r"(?<![\w'-])[A-Z][\w']{2,15}(?: [A-Z][\w']{2,15}){0,2} (?:Farm|Cottage|Croft|Barn|Bungalow|Farmhouse|Steading), [A-Z][\w'-]{2,20}(?: [A-Z][\w'-]{2,20})?"
)
_DWELLINGS = (
    "flat ",
    "house ",
    "bungalow ",
    "cottage ",
    "caravan ",
    "maisonette ",
    "bedsit ",
    "barn ",
    "boat ",
    "annexe ",
    "chalet ",
    "static ",
    "mobile home ",
    "croft ",
    "terrace ",
    "farm ",
    "farmhouse ",
)
_FARMS = ("farm,", "cottage,", "croft,", "barn,", "bungalow,", "farmhouse,", "steading,")
_HOSTELS = ("hostel", "refuge", "shelter", "hmo", "b&b", "supported living")
_STOP = re.compile(r"[.!?\n]")
_CAPITAL = re.compile(r"[A-ZÀ-Þ]")
_HOME_WORD = re.compile(
    r"\b(?:lives?|lived|living|home|house|kitchen|stays?|mr|mrs|ms|miss|patient|client|old)\b"
)
_NO_HOME = re.compile(
    r"\b(?:office|clinic room|training|venue|conference|mast|base|engineers?|deliver\w*|site visit|depot|workshop|away day|caf[eé]|shop|surgery|practice)\b"
)
KEY_OF_HOME = re.compile(
    r"\bkey ?safe\b|\bkey (?:is |kept )?(?:under|in|with|behind|at)\b(?= \w| ?[\"'.,)]|$)(?! (?:reception|security|estates|the (?:desk|office|site|stores?|shop|gate ?house|cabinet|cupboard|lock|front desk|porters?)))|\bdoor (?:is )?(?:on the latch|left open|unlocked)\b"
)
_KEY_BEFORE = re.compile(
    r"\b(?:key ?safe|door code|entry code|key code)(?: code| no| number| pin)?(?: for| at| of|:| -)(?: the)? ?$"
)
_CODE_TOLD = re.compile(r"[^.\n]{0,40}?(?:\bis|\bcode|=|:|-)[ ]?[c#*]?\d{3,6}[a-z#y]?(?![\w/-])")
_KEY_AFTER = re.compile(r"[,;|\t -]{1,4}[c#*]?\d{4,5}[a-z#y]?(?![\w/-])")
_NO_LEAD_OF_HOME = re.compile(
    r"\b(?:our|office|trading|registered|site|billing|return|business|work) (?:\w+ )?addr(?:ess)?\b"
)
_KIT_TO = re.compile(
    r"\b(?:deliver|send|ship|courier|dispatch)\w* (?:[\w-]+ ){0,5}?(?:laptops?|stations?|docks?|monitors?|printers?|pcs?|phones?|kit|boxes|parcel|order|goods|toner|screens?|routers?|switch(?:es)?)(?: \w+){0,2} to\b"
)
_HOME_OF_CARE = re.compile(
    r"\b(?:care|nursing|nurses'?|residential|rest|children'?s|doctors'?|staff|funeral|dogs'?) homes?\b(?=[^a-z]{0,4}$)|\bhostels?\b(?=[^a-z]{0,4}$)"
)


def dwellings(reading: Reading) -> Iterator[Hit]:
    """Homes by landmark, farm or hostel: score 0.55, so that somebody must be named beside one."""
    low = reading.lower
    for pattern, words in ((_BY_LANDMARK, _DWELLINGS), (_IN_HOSTEL, _HOSTELS)):
        if not any(word in low for word in words):
            continue
        for match in pattern.finditer(low):
            group = "home" if match.group("home") else "house"
            if _CAPITAL.search(reading.text, *match.span(group)) and not _for_work(reading, *match.span()):
                yield Hit("ADDRESS", *match.span(group), 0.55, "a home told by what is near")
    for match in _FARM.finditer(reading.text) if any(word in low for word in _FARMS) else ():
        before, after = reading.around(*match.span(), 50, 50)
        if not _for_work(reading, *match.span()) and _HOME_WORD.search(before + " " + after):
            yield Hit("ADDRESS", *match.span(), 0.55, "a house with a name")


_SENT_HOME = re.compile(
    r"\b(?:(?:my|his|her|their|our) (?:own )?(?:house|home|flat|bungalow|place|home address|private address)|home address(?: for the \w+)?|where i live|(?:i|we) live|(?:to|with) me at home)"
    r"(?:,? (?:is|at|which is|that'?s|on|in|for the courier|please)){0,2}[ ,:;(\-\n]{0,4}$"
)
_TO_ME = re.compile(
    r"\b(?:send|sent|post|posted|deliver|delivered|courier|couriered|ship|shipped|drop|bring|come|get)\w*(?: [\w']+){0,4} (?:to|for) me(?: at| -|:|,)[ \n]?$|\b(?:i'm|i’m|im|i am) at $"
)
_AT_HOME = re.compile(
    r"\bneighbours?\b|\bnobody answers\b|\bno ?one answers\b|\bif i(?:'m| am) (?:out|not in)\b|\b(?:not|isn't|never) in the office\b|\b(?:working|work) from home\b|\bwfh\b|\bat home\b|\bporch\b|\bdoor ?bell\b|\bfront door\b|\boff sick\b|\b(?:on|going on) (?:maternity|sick) leave\b|\bmy (?:wife|husband|partner|mum|son|daughter)\b|\bkey(?:'s| is)? under\b|\b(?:bt|sky|virgin|plusnet|vodafone|talktalk) (?:swapped|changed|hub|router|broadband)\b"
)
_HOMELY_AFTER = re.compile(
    r"[^\n]{0,70}?\b(?:with (?:my|his|her|their) (?:husband|wife|partner|family|kids|children|mum|dad|parents|fianc\w+|boyfriend|girlfriend)|leave it with (?:\w+ )?(?:next door|opposite|the neighbours?|my neighbours?)|if (?:i'm|we're|i am|we are) (?:out|not in|at work|asleep)|ring the (?:top|bottom|middle|second) bell)\b"
)
_OF_WORK = re.compile(
    r"\b(?:reception|floor|suite|office|surgery|clinic|practice|hospital|ward|unit|depot|goods[- ]in|loading bay|ltd|pharmacy|care home|nursing home|school)\b"
)


def said_to_be_home(reading: Reading, start: int, end: int) -> bool:
    """Whether the words right before an address say that somebody lives there: `my house,`, `send it to me at` from one at home."""
    before, after = reading.around(start, end, 80, 60)
    if _OF_WORK.search(reading.lower, start, end) or _OF_WORK.search(_STOP.split(after)[0]):
        return False
    if _SENT_HOME.search(before) or _HOMELY_AFTER.match(reading.lower, end, end + 120):
        return True
    around = reading.lower[max(0, start - 250) : end + 150]
    return bool(_TO_ME.search(before) and _AT_HOME.search(around))


def _for_work(reading: Reading, start: int, end: int) -> bool:
    before, after = reading.around(start, end, 40, 30)
    before, after = _STOP.split(before)[-1], _STOP.split(after)[0]
    return bool(
        _NO_HOME.search(before) or _NO_HOME.search(reading.lower[start:end]) or _NO_HOME.search(after)
    )


_CARE_FOR = re.compile(
    r"\b(?:commode|hospital bed|profiling bed|hoist|syringe driver|home oxygen|key ?safe|package of care|poc|carers?|care calls?|dialysis|dressings?|just in case box|pendant alarm|walking frame|zimmer|pressure mattress|pads)\b[^.\n]{0,40}\b(?:for|to|at|of) $"
)
_CARED_FOR = re.compile(
    r"[ ,(-]{1,3}(?:is |she's |he's |they are )?(?:end of life|eol|palliative|terminal|dying|housebound|bed ?bound|lives alone|fast[- ]track(?:ed)?|nil by mouth|peg[- ]fed|non[- ]weight[- ]bearing)\b"
)


def cared_for_at(before: str, after: str) -> bool:
    """`Hospital bed and commode for 14 Hawthorn Crescent`, or an address with `end of life` right after it."""
    return _CARE_FOR.search(before) is not None or _CARED_FOR.match(after) is not None


def kit_to(before: str) -> bool:
    """Whether the words before an address send things of work there."""
    return _KIT_TO.search(before) is not None


def key_beside(low: str, start: int, end: int) -> bool:
    """Whether the key is told beside an address: in words, or as the code after it in a text on key safes."""
    if KEY_OF_HOME.search(low, end, min(len(low), end + 80)):
        return True
    if _KEY_BEFORE.search(low, max(0, start - 40), start) and _CODE_TOLD.match(low, end, end + 60):
        return True
    listed = "keysafe" in low[max(0, start - 400) : start] or "key safe" in low[max(0, start - 400) : start]
    return listed and _KEY_AFTER.match(low, end) is not None


def without_homes_of_care(before: str) -> str:
    """Care homes are businesses: their addresses are somebody's home only if somebody is said to live there.

    Nor does `our address` lead to a home.
    """
    before = _NO_LEAD_OF_HOME.sub(lambda match: " " * len(match.group()), before)
    return _HOME_OF_CARE.sub(lambda match: " " * len(match.group()), before)
