"""What gateways put before a subject, taken off before the subject is read."""

import re

_MARKS = (
    r"(?:caution|warning|external|extern|ext|outside|suspicious|suspected|suspect|spam|bulk|phishing|unverified|"
    r"secure|encrypt|encrypted|official|official-sensitive|allanol|rhybudd)"
)
# A mark in brackets with a few words, but no digits: a ticket's number stands in brackets too.
_TAG = re.compile(
    rf"^\s*(?:[\[({{<]\W{{0,5}}{_MARKS}\b[^\[\](){{}}<>\d]{{0,80}}[\])}}>]|\*{{1,3}} ?{_MARKS}\b[^*\d]{{0,80}}\*{{1,3}}|"
    r"(?:external(?: e-?mail| sender)?|caution(?:[: ]+external)?)\s*:)\s*",
    re.IGNORECASE,
)
_ANSWER = re.compile(
    r"^\s*(?:re|fw|fwd|aw|wg|antw|tr|rif|ynt|odp|sv|vs|atb|ymateb|ymlaen)(?:\[\d{1,3}\])?\s*:\s*",
    re.IGNORECASE,
)
MOST_CHARACTERS = 2_000  # a longer subject is scanned whole, but no tag or sign stands behind this


def without_gateway_tags(subject: str) -> str:
    """The subject without `[EXTERNAL]`, `CAUTION: External` and the like before it, or after a `Re:`."""
    rest = subject[:MOST_CHARACTERS]
    answers: list[str] = []
    while True:
        if found := _TAG.match(rest):
            rest = rest[found.end() :]
        elif (found := _ANSWER.match(rest)) and len(answers) < 20:
            answers.append(found[0].strip())
            rest = rest[found.end() :]
        else:
            return " ".join([*answers, rest.strip()])


def without_answers(subject: str) -> str:
    """The subject without gateway tags and without `Re:` and `Fwd:` before it."""
    rest = without_gateway_tags(subject)
    while found := _ANSWER.match(rest):
        rest = rest[found.end() :]
    return rest.strip()
