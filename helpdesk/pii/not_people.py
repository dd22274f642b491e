"""What a mail itself says is nobody: a machine with a person's name, and a sentence quoted as an example of what not to write.

Both are taken out of the text before it is read: the name becomes `the machine`, the quoted words blanks.
Offsets map back to the mail as it came.
"""

import re
from collections.abc import Iterable, Iterator

from helpdesk.pii import names
from helpdesk.pii.hardware import born_of_parts
from helpdesk.pii.text import Mapped, fold, replace, spaced

_THING = (
    r"(?:robot|robots|bot|chatbot|chat bot|assistant bot|virtual assistant|server|servers|printer|plotter|scanner|copier|photocopier|computer|laptop|pc|machine|kiosk|fridge|freezer|analyser|analyzer|pump|hoist|monitor|trolley|cart|tablet|"
    r"switch|router|firewall|app|system|software|platform|portal|database|mailbox|vm|cluster|host|device|fax|projector|screen|whiteboard|van|lift|autoclave|steriliser|boiler|generator|ups|dispenser|cabinet|manikin|mannequin|simulator|dog|cat|skeleton)"
)
_ENDS = r"(?=\s*[.,;:)!?\n-]|\s+(?:is|was|has|had|in|on|at|by|that|which|and|who|went|goes|keeps?|will|does|needs?|can|cannot|can't|won't|isn't|tells?|drops?|says|again|behind|outside|from|for|with|died|crashed)\b|\s*$)"
_NAME = r"(?P<name>[A-Z][a-z]{2,11})"
_APPOSED = re.compile(
    rf"(?<![\w.@'-]){_NAME},? ?\(?(?:(?:is|was|being) )?(?:the|our|a|an|my)(?: [\w-]{{2,14}}){{0,3}} {_THING}\b{_ENDS}"
)
_NAMED = re.compile(
    rf"\b{_THING}(?: that| which)?(?: is| was| we| they| everyone| staff| nurses)?,? \(?(?:called|named|call|nicknamed|christened|known as|labelled) [\"']?{_NAME}\b(?!\s[A-Z][a-z])"
)
_STARTED = re.compile(
    rf"\b(?:restart|reboot|re-start|power[- ]cycle|re-?image|unplug|repoint|decommission|patch) {_NAME}\b(?!'s|\s[A-Z][a-z])"
)
_NAMING = ("called", "named", "nicknamed", "christened", "known as", "labelled", " call ", " name ")
_HANDLING = (
    "start",
    "boot",
    "power",
    "image",
    "plug",
    "repoint",
    "witch",
    "urn",
    "patch",
    "decommission",
    " is the ",
    " is our ",
    " is a ",
    " is an ",
)
_LONE = re.compile(r"(?<![\w.@'-])[A-Z][a-z]{2,11}(?![\w@'-])(?!\.\w)(?!\s[A-ZÀ-Þ])")
_HANDLED = re.compile(
    rf"\b(?:(?:reboot|power[- ]cycle|re-?image|repoint) (?:her|him|it)\b|(?:restart|re-start|unplug) (?:her|him|it)(?: again| please|,|\.|\n|$)|(?:switch|turn)(?:ing|ed)? (?:her|him|it) off and on\b)|\b(?:she|he|it) is (?:the|our|a|an) (?:[\w-]{{2,14}} ){{0,3}}{_THING}\b{_ENDS}",
    re.IGNORECASE,
)
_CALLED = re.compile(
    r"\b(?:call|calls|called|name|named|christened|nicknamed) (?:him|her|it) (?P<name>[A-Z][a-z]{2,11})\b"
)
_TAGGED = re.compile(r"\b(?:tag|asset|serial|ip|host ?name)\b[^.\n]{0,14}?\b[A-Z]{0,4}-?\d{3,}")
_SOMEBODY = re.compile(
    r"\b(?:patient|pt|in bed|wristband|dob|date of birth|nhs (?:no|number)|years? old|aged|his wife|her husband|her family|his family|family|mum|mother|dad|daughter|funeral|passed away|colleague|off sick|sick leave|ward round saw|admitted|bed \d)\b|\b(?:mr|mrs|miss|ms)\b",
    re.IGNORECASE,
)
_BIRTH = re.compile(r"\b(?:dob|date of birth)\b", re.IGNORECASE)  # of a machine that was born, too
_TITLE = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Miss|Dr|Sister|Nurse|Prof)\.? )$")


def names_of_machines(texts: Iterable[str]) -> frozenset[str]:
    """Given names that the texts of one mail say are a machine's and of which nothing says they are a person's."""
    whole = "\n".join(texts)
    called = {match.group("name") for match in _APPOSED.finditer(whole)}
    if any(word in whole for word in _NAMING):
        called |= {match.group("name") for match in _NAMED.finditer(whole)}
        called |= (
            {match.group("name") for match in _CALLED.finditer(whole)} if _TAGGED.search(whole) else set()
        )
    if any(word in whole for word in _HANDLING):
        called |= {match.group("name") for match in _STARTED.finditer(whole)}
        called |= _only_name(whole) if _HANDLED.search(whole) else set()
    born = born_of_parts(whole)
    called |= born
    called = {name for name in called if names.is_given(fold(name)) and not names.is_ordinary(fold(name))}
    if not called or _SOMEBODY.search(_BIRTH.sub(" ", whole) if born else whole):
        return frozenset()
    return frozenset(name for name in called if not _of_a_person(name, whole))


def _only_name(whole: str) -> set[str]:
    """The one given name that stands alone in the mail's lines, where there is just one."""
    found = {
        match.group()
        for match in _LONE.finditer(whole)
        if names.is_given(fold(match.group())) and not names.is_ordinary(fold(match.group()))
    }
    return found if len(found) == 1 else set()


def _of_a_person(name: str, whole: str) -> bool:
    """A title before it, a surname after it, or something that only people have."""
    return any(
        _TITLE.search(whole[max(0, match.start() - 9) : match.start()]) for match in re.finditer(name, whole)
    ) or bool(
        re.search(rf"\b{name} (?:[A-Z]\.? )?[A-Z][a-z'-]{{2,}}|\b{name}(?:'s (?:\w+ )?(?:bloods?|results?|scan|appointment|wife|husband|mum|dad|baby|notes|records?|tube|pump|chemo|operation|house|flat))", whole)
    )  # fmt: skip


def without_machines(mapped: Mapped, machines: frozenset[str]) -> Mapped:
    """The text with `the machine` for each name of one."""
    if not machines or not any(name in mapped.text for name in machines):
        return mapped
    pattern = re.compile(rf"(?<![\w@.-])(?:{'|'.join(sorted(machines))})(?![\w@-])")
    return replace(mapped, pattern, lambda _: "the machine")


_NEVER = r"(?:(?:do not|don't|never|must not|mustn't|should not|shouldn't|cannot|avoid|please avoid|no more|rather than|instead of)\b(?! have\b)(?:[^\"\n.!?]|e\.g\.){0,70})"
_ILLUSTRATED = r"(?:\b(?:bad|poor|wrong|incorrect|unacceptable|not ok|avoid|good|better|example|examples|sample)(?: example| one)?s?[ ]?[:=-] ?)"
_TAUGHT = r"(?:\b(?:slides?|training|guide|guidance|poster|policy|e-?learning|phishing|scam|spam|test phrase|test sentence|dictation|template)\b[^\"\n]{0,90}\b(?:such as|e\.g\.|for example|for instance|like|say|says|read|reads|is|are)[ :(-]{0,3})"
_QUOTED = re.compile(
    rf"(?:{_NEVER}|{_ILLUSTRATED}|{_TAUGHT})(?:[\"](?P<double>[^\"\n]{{4,200}})[\"]|(?<=[ (:])'(?P<single>[A-Za-z](?:[^'\n]|'(?=[a-z])){{3,200}})'(?![\w]))",
    re.IGNORECASE,
)
_ANOTHER = re.compile(
    r'[ ]?(?:,|;|/|,? (?:or|and|nor))[ ]?"(?P<double>[^"\n]{4,200})"'
)  # `... or "Mr Smith is mad"`
_SINGLE = re.compile(r"[ (:]'[A-Za-z]")
_HAPPENED = re.compile(
    r"\b(?:yesterday|last (?:night|week|month)|this morning|today|tonight|just now|again|still|as you did|(?<!can )(?<!could )(?<!would )you (?:sent|wrote|put|did)|(?:he|she|they|i|we) (?:sent|wrote|put|saw|read)|was sent|has been|have been|had been|popped up|anyone|everyone saw|in front of|got out|my (?:last )?ticket|delete (?:it|my|this)|remove (?:it|my|this))\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d[\d /.-]{5,}\d")
_CAPITAL = re.compile(r"(?<![\w])[A-Z][\w'-]+")
_EVERYMAN = spaced(
    "smith smiths jones brown bloggs doe patel taylor williams davies evans wilson thomas johnson roberts walker wright robinson thompson white hughes edwards green hall wood harris khan singh ali other others mouse duck "
    "john jane joe fred mary mickey donald joanna bob alice mr mrs ms miss dr patient"
)


def without_examples(mapped: Mapped) -> Mapped:
    """The text with blanks for what it quotes as an example of what never to write."""
    if '"' not in mapped.text and not _SINGLE.search(mapped.text):
        return mapped
    spans = list(_examples(mapped.text))
    if not spans:
        return mapped
    text = mapped.text
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return Mapped(text, mapped.offsets, mapped.end)


def _examples(text: str) -> Iterator[tuple[int, int]]:
    for match in _quoted(text):
        group = "double" if match.group("double") else "single"
        line = text[text.rfind("\n", 0, match.start()) + 1 : match.start(group)]
        after = text[match.end() : match.end() + 60].split("\n", maxsplit=1)[0]
        if _anybodys(match.group(group)) and not _HAPPENED.search(line) and not _HAPPENED.search(after):
            yield match.span(group)
            yield from _joined(text, match.end())


def _quoted(text: str) -> Iterator[re.Match[str]]:
    """What is led in as never to write, line by line: most lines quote nothing, and looking for the lead is slow."""
    start = 0
    while start < len(text):
        stop = text.find("\n", start)
        end = len(text) if stop < 0 else stop
        if text.find('"', start, end) >= 0 or _SINGLE.search(text, max(0, start - 1), end):
            yield from _QUOTED.finditer(text, start, end)
        start = end + 1


def _joined(text: str, end: int) -> Iterator[tuple[int, int]]:
    """Further examples that a word or comma joins to one that ended here."""
    while (more := _ANOTHER.match(text, end)) and _anybodys(more.group("double")):
        yield more.span("double")
        end = more.end()


def _anybodys(quoted: str) -> bool:
    """Whether the words quoted name only Mr Smith or nobody, and no number or date."""
    return not _NUMBER.search(quoted) and all(
        fold(word.removesuffix("'s")) in _EVERYMAN or not names.may_be_name(fold(word.removesuffix("'s")))
        for word in _CAPITAL.findall(quoted)
    )
