"""Street addresses and postcodes, and whether they are somebody's home or a place of work."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from helpdesk.pii import names
from helpdesk.pii.reading import Reading
from helpdesk.pii.recognizers.base import Hit, Recognizer
from helpdesk.pii.recognizers.beside_a_name import (
    found_there,
    name_right_before,
    on_a_round,
    somebody_right_after,
)
from helpdesk.pii.recognizers.birth.history import home_of_history
from helpdesk.pii.recognizers.columns import headers_over
from helpdesk.pii.recognizers.dwellings import (
    cared_for_at,
    dwellings,
    key_beside,
    kit_to,
    said_to_be_home,
    without_homes_of_care,
)
from helpdesk.pii.recognizers.home_and_work import ADDRESS_WORD, HOME, WORK, at_work, last_of
from helpdesk.pii.recognizers.letter_heads import heads_of_letters
from helpdesk.pii.recognizers.rows import of_places
from helpdesk.pii.text import fold
from helpdesk.pii.values import Zone

POSTCODE = r"(?:[A-Z]{1,2}\d[A-Z\d]?[ ]{0,2}\d[A-Z]{2}|GIR ?0AA)"
_POSTCODE = re.compile(rf"(?<![\w-]){POSTCODE}(?![\w-])", re.IGNORECASE)
_STREET = (
    r"(?:road|rd|street|st|lane|ln|avenue|ave|av|close|cl|drive|dr|terrace|terr|gardens|gdns|court|ct|crescent|cres|grove|gr|place|pl|square|sq|mews|row|walk|way|hill|rise|view|"
    r"parade|green|park|villas|cottages|buildings|heights|croft|fold|bank|brow|parc|heol|stryd|ffordd|lon|clos|rhodfa|maes|wynd|brae|loan|vennel|quay|wharf|end|hall|house|point|gate|"
    r"meadow|meadows|fields|side|circus|approach|path|yard|boulevard|vale|dale|common|drove|mount|cross|ridge|bungalow|flats|estate|paddocks?|orchards?|wharf|spinney|copse|larches|beeches|limes|elms|firs|oaks|willows|(?<=bank )top|(?<=hill )top|(?<=town )top|(?<=moor )top|(?<=brow )top|garth|leas?|holme|mead|grange|chase|glen|ginnel|wynds?|toft|royd|clough)"
)
# Welsh, Gaelic and Irish put the kind of street first: Heol y Bont, Sràid an Eaglais, Bóthar na Trá.
_CELTIC = (
    r"heol|stryd|ffordd|l[oô]n|cl[oò]s|rhodfa|maes|parc|br[yŷ]n|tan|pen|cilgant|gerddi|rhes|cwrt|ystad|tai|pl[aâ]s|"
    r"sr[aà]id|rathad|cnoc|c[eé]ide|b[oó]thar|ascaill|garr[aá]n|c[uú]irt|pl[aá]s|corr[aá]n|faiche"
)
_NUMBERED = re.compile(
    rf"(?<![\w.,/£:-])(?:(?:flat|flt|apt|apartment|room|unit|plot)[ ]?\w{{1,4}},? ?(?:[\w']{{2,15}} (?:house|court|tower|heights|point|lodge),? ?)?)?\d{{1,4}}[a-z]?(?:[-/]\d{{1,4}})?,?[ ](?:(?!\d)(?:\w{{1,3}}\.|[\w'&-]{{1,20}})[ ]){{1,4}}?{_STREET}\b(?!-)"
    rf"|(?<![\w.,/£:-])\d{{1,4}}[a-z]?,?[ ](?:{_CELTIC})[ ][\w'-]{{1,20}}(?:[ ][\w'-]{{2,20}})?"
)
_FLAT = re.compile(
    r"(?<![\w])(?:flat|flt|apt|apartment)[ ]\w{1,4},? (?:\d{1,4} )?(?:[\w'-]{2,20} ){0,3}(?:house|court|tower|heights|point|lodge|mansions)\b"
)
_NAMED = re.compile(
    rf"(?<![\w])[a-z][\w']{{2,15}} (?:[\w']{{2,15}} )?(?:cottage|farm|lodge|villa|bungalow|manor),? (?:[\w'-]{{2,20}} ){{1,3}}{_STREET}\b"
)
# An amount or a date, not the number of a house: "500 million loan", "50 per square", "11 attack from beginning to end".
_COUNTED = re.compile(
    r"\d{1,4}[a-z]?,?[ ](?:(?:kg|kgs|g|mg|ml|mm|cm|pt|px|[mgk]b|v|w|got|went|came|had|have|did|said|saw|million|billion|trillion|thousand|hundred|dozen|per|percent|of|to|from|in|at|is|was|were|are|and|or|by|with|for|on|more|other|attacks?|years?|months?|weeks?|days?|hours?|minutes?|people|patients|users|staff)\b|\w+ from\b)"
)
_TAIL = re.compile(
    rf"(?:[,;.^ \t]{{1,3}}\n?[ ]?[^\W\d_][\w'-]{{1,24}}){{0,7}}?[,;.^ \t]{{1,3}}\n?[ ]?(?i:{POSTCODE})(?![\w-])|(?:, ?[A-ZÀ-Þ][\w'-]{{2,20}}(?: [A-ZÀ-Þ][\w'-]{{2,20}})?){{1,2}}"
)


class Address(Recognizer):
    """Score 0.8 for a home, 0.5 where nothing tells, 0.2 for a place of work or a known site."""

    ENTITIES = ("ADDRESS", "POSTCODE")

    def __init__(self, sites: Sequence[str] = ()) -> None:
        super().__init__()
        self._sites = [" ".join(site.lower().replace(",", " ").split()) for site in sites]

    def hits(self, reading: Reading) -> Iterator[Hit]:
        yield from dwellings(reading)
        yield from heads_of_letters(reading)
        if not reading.has_digits:
            return
        taken: list[tuple[int, int]] = []
        yield from _among_sites(list(self._streets(reading, taken)))
        for match in _POSTCODE.finditer(reading.text):
            if not any(start <= match.start() < end for start, end in taken[-200:]) and (
                match.group().isupper() or " " in match.group()
            ):
                yield Hit("POSTCODE", match.start(), match.end(), 0.4, "a postcode")

    def _streets(self, reading: Reading, taken: list[tuple[int, int]]) -> Iterator[Hit]:
        for pattern in (_NUMBERED, _FLAT, _NAMED):
            for match in _sought(reading, pattern):
                if any(match.start() < end and start < match.end() for start, end in taken[-20:]):
                    continue
                if pattern is _NUMBERED and _COUNTED.match(reading.lower, match.start()):
                    continue
                end = self._whole(reading, match.end())
                taken.append((match.start(), end))
                yield self._judged(reading, match.start(), end)
        for pattern in (_ONE_WORD, _HOUSE):
            for match in _sought(reading, pattern):
                if any(match.start() < end and start < match.end() for start, end in taken[-200:]):
                    continue
                if pattern is _ONE_WORD and names.is_ordinary(fold(match.group("first"))):
                    lead = reading.text[max(0, match.start() - 60) : match.start()]
                    if not (_POSTCODE.search(match.group()) and name_right_before(lead)):
                        continue
                taken.append(match.span())
                hit = self._judged(reading, *match.span())
                yield hit if hit.score != 0.4 else replace(hit, score=0.3)

    def _whole(self, reading: Reading, end: int) -> int:
        tail = _TAIL.match(reading.text, end)
        return tail.end() if tail else end

    def _judged(self, reading: Reading, start: int, end: int) -> Hit:
        text = " ".join(reading.lower[start:end].replace(",", " ").split())
        if _OF_NOWHERE.search(text):
            return Hit("ADDRESS", start, end, 0.3, "a street that is nowhere")
        if home_of_history(reading.lower, start):
            return Hit("ADDRESS", start, end, 0.2, "where somebody long dead lived")
        if (
            reading.private_writer
            and _OWN.search(reading.lower[max(0, start - 90) : start]) is None
            and reading.zones.span_at(start).level == 0
        ):
            return Hit("ADDRESS", start, end, 0.75, "written by somebody outside, so likely a home")
        if reading.zone(start) in (Zone.SIGNATURE, Zone.DISCLAIMER):
            return Hit("ADDRESS", start, end, 0.2, "in a signature")
        if any(site in text or text in site for site in self._sites):
            return Hit("ADDRESS", start, end, 0.1, "a site of the organisation")
        if of_places(*headers_over(reading, start)):
            return Hit("ADDRESS", start, end, 0.2, "in a table of places of work")
        return self._beside_somebody(reading, start, end) or self._by_itself(reading, start, end, text)

    def _beside_somebody(self, reading: Reading, start: int, end: int) -> Hit | None:
        """Whether a name stands right before or after it."""
        if name_right_before(reading.text[max(0, start - 60) : start]) and not at_work(reading, start, end):
            return Hit("ADDRESS", start, end, 0.7, "right after a name")
        visited = found_there(reading.lower, start, end) and not at_work(reading, start, end)
        if visited or somebody_right_after(reading.text, end) or on_a_round(reading, start):
            return Hit("ADDRESS", start, end, 0.7, "beside somebody who is visited or fetched there")
        return None

    def _by_itself(self, reading: Reading, start: int, end: int, text: str) -> Hit:
        if text.startswith(("flat ", "flt ", "apt ", "apartment ")):
            return Hit("ADDRESS", start, end, 0.75, "a flat")
        if _WORK_RIGHT_AFTER.match(reading.lower[end : end + 50]):
            return Hit("ADDRESS", start, end, 0.2, "a place of work by its street")
        if said_to_be_home(reading, start, end):
            return Hit("ADDRESS", start, end, 0.85, "said to be a home")
        if reading.lower[max(0, start - 6) : start].endswith("unit "):
            return Hit("ADDRESS", start, end, 0.2, "a unit where firms are")
        return self._by_words(reading, start, end)

    def _by_words(self, reading: Reading, start: int, end: int) -> Hit:
        """What the words around say, where the address itself tells nothing."""
        before, after = reading.around(start, end, 60, 50)
        before = before.rpartition(";")[2]  # another item of a list tells nothing of this one
        complete = bool(_POSTCODE.search(reading.text, start, end))
        if key_beside(reading.lower, start, end):
            return Hit("ADDRESS", start, end, 0.8, "beside where the key of a home is")
        home, work = last_of(HOME, without_homes_of_care(before)), last_of(WORK, before)
        if home < 0 and complete and cared_for_at(before, after):
            return Hit("ADDRESS", start, end, 0.75, "where somebody is cared for")
        if home < 0 and _FOR_SOMEBODY.match(after):
            return Hit("ADDRESS", start, end, 0.75, "for somebody told of right after")
        if home < 0 and kit_to(before):
            return Hit("ADDRESS", start, end, 0.3, "where things are sent")
        if work > home or at_work(reading, start, end) or (home < 0 and WORK.search(after)):
            return Hit("ADDRESS", start, end, 0.2, "words of work near")
        if home >= 0 and work >= 0 and last_of(HOME, ADDRESS_WORD.sub(" ", before)) < 0:
            return Hit("ADDRESS", start, end, 0.55 if complete else 0.4, "an address, of work or of somebody")
        if home >= 0:
            return Hit("ADDRESS", start, end, 0.85 if complete else 0.75, "words of home near")
        return Hit("ADDRESS", start, end, 0.55 if complete else 0.4, "an address")


_OF_NOWHERE = re.compile(
    r"\b(?:test|demo|dummy|fake|sample|example|any|anywhere|nowhere|made-up|fictional) (?:street|road|avenue|close|way|drive|st|rd|ave)\b"
)
_WORK_RIGHT_AFTER = re.compile(
    r",? (?:surgery|clinic|practice|hospital|offices?|site|depot|base|pharmacy|dental|medical centre|health centre|car park|branch|store|warehouse|campus|building)\b"
)
_FOR_SOMEBODY = re.compile(
    r"[ ,]{1,2}(?:for|with) (?:the |our |a |an |my |this )?(?:[\w-]+ ){0,2}(?:lady|gentleman|gent|patient|pt|man|woman|resident|child|baby|boy|girl|tenant|service user)\b(?!s|'s (?:unit|centre|clinic|hospital))"
)
_CAPITALS = r"[A-ZÀ-Þ][^\W\d_][^\W\d_'-]{0,20}(?: [A-ZÀ-Þ][^\W\d_][^\W\d_'-]{0,20}){0,2}"
_ONE_WORD = re.compile(
    rf"(?<![\w.,/£:-])(?!(?:19|20)\d\d )\d{{1,4}}[a-z]? (?!(?:Mr|Mrs|Miss|Ms|Mx|Dr|Baby|Master|Mstr) )(?P<first>[A-ZÀ-Þ][\w'-]{{2,20}})(?: [A-ZÀ-Þ][\w'-]{{2,20}}){{0,2}}, {_CAPITALS}(?:, ?{_CAPITALS})?(?:,? {POSTCODE})?(?![\w-])"
)
_HOUSE = re.compile(
    rf"(?<![\w.,/£:-])(?:The )?(?P<first>[A-ZÀ-Þ][\w'-]{{2,20}})(?: [A-ZÀ-Þ][\w'-]{{2,20}}){{0,2}}, (?:(?:[A-ZÀ-Þ][\w'-]{{1,20}} ){{1,3}}(?:Lane|Road|Street|Avenue|Close|Drive|Hill|Way|Row|Terrace|Crescent|Grove|Place|Green|View|Brae|Mews)|(?:Heol|Ffordd|Stryd|Lôn|Lon|Maes|Clos|Rhodfa|Rhiw|Tan)(?: [A-Za-zÀ-ÿ'-]{{1,20}}){{1,3}}),? {_CAPITALS},? {POSTCODE}(?![\w-])"
)


_FLATTED = ("flat", "flt", "apt", "apartment", "room", "unit", "plot")
_DWELLINGS = ("cottage", "farm", "lodge", "villa", "bungalow", "manor")


def _sought(reading: Reading, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """Where a pattern stands; most are not sought where none of their signs is."""
    if pattern is _ONE_WORD:
        return reading.at_numbers(pattern, reading.text)
    if pattern is _HOUSE:
        return pattern.finditer(reading.text) if _POSTCODE.search(reading.text) else iter(())
    if pattern is _NUMBERED:
        flats = any(word in reading.lower for word in _FLATTED)
        return pattern.finditer(reading.lower) if flats else reading.at_numbers(pattern, reading.lower)
    signs = _DWELLINGS if pattern is _NAMED else _FLATTED[:4]
    return pattern.finditer(reading.lower) if any(sign in reading.lower for sign in signs) else iter(())


def _among_sites(hits: list[Hit]) -> Iterator[Hit]:
    """In a list with places of work, an address that nothing tells more of is likely one too."""
    at_work = [hit.start for hit in hits if hit.score <= 0.2]
    for hit in hits:
        listed = 0.2 < hit.score < 0.7 and any(abs(hit.start - place) < 250 for place in at_work)
        yield replace(hit, score=0.3, why="in a list of places of work") if listed else hit


_OWN = re.compile(r"\b(?:your|hospital|surgery|clinic|office|ltd|limited|centre|practice|pharmacy)\b")
