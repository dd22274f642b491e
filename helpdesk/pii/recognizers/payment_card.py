"""Payment cards by form and check."""

import re
from collections.abc import Iterator

from helpdesk.pii.reading import Reading
from helpdesk.pii.recognizers.base import Hit, Recognizer, digits_of

_CARD = re.compile(
    r"(?<![\w.,+-])(?:\d{4}[ -]?\d{4}[ -]?\d{4}[ -]?\d{4}|3[47]\d{2}[ -]?\d{6}[ -]?\d{5})(?![\w]|[.,-]\d)"
)
_CARDISH = re.compile(r"\b(?:cards?|visa|mastercard|amex|debit|credit|cvv|cvc|expiry|exp|payment)\b")
_CALLED_A_CARD = re.compile(
    r"(?:(?:my|her|his|their|your|debit|credit|bank|payment|visa|mastercard)(?:'s)? card|\bvisa|\bmastercard)(?: (?:no|num|number|is|was|ending))?[ .:]{0,3}$"
)
_ENDS_AS_CARDS_DO = re.compile(r"[ ,;(]{1,3}(?:exp(?:\b|iry|ires)|valid (?:to|thru)|cvv|cvc|security code)")
_NOT_A_CARD = re.compile(
    r"\b(?:imei|serial|sim|iccid|licen[cs]e|order|asset|tracking|gtin|barcode|isbn|key)\b[^.\n]{0,20}$"
)


class PaymentCard(Recognizer):
    """Card numbers that pass Luhn (ISO 7812); IMEI and serial numbers pass it too, so words decide. Mistyped ones where plainly called so."""

    ENTITIES = ("PAYMENT_CARD",)

    def hits(self, reading: Reading) -> Iterator[Hit]:
        if not reading.has_digits:
            return
        for match in reading.at_numbers(_CARD, reading.text) if reading.longest_number >= 4 else ():
            digits = digits_of(match.group())
            before, after = reading.around(match.start(), match.end(), 80, 60)
            if digits[0] not in "3456" or len(set(digits)) <= 3 or _NOT_A_CARD.search(before):
                continue
            if luhn(digits):
                score = _card_score(match.group(), digits, before, after)
                yield Hit("PAYMENT_CARD", *match.span(), score, "passes the check of payment cards")
            elif _CALLED_A_CARD.search(before) or _ENDS_AS_CARDS_DO.match(after):
                why = "called a payment card, though it fails the check"
                yield Hit(
                    "PAYMENT_CARD",
                    *match.span(),
                    min(0.7, _card_score(match.group(), digits, before, after)),
                    why,
                )


_TEST_CARD = re.compile(
    r"\b(?:test cards?|(?:card|stripe|worldpay|sagepay|opayo|adyen|gov\.uk pay|barclaycard) (?:test|sandbox)|sandbox|test (?:mode|payments?|environment|card numbers?)|dummy cards?|declined as it should)\b"
)
_PUBLISHED = frozenset(
    {"4111111111111111", "4012888888881881", "5555555555554444", "5105105105105100", "378282246310005", "371449635398431", "4444333322221111", "4929000000006", "4000056655665556", "5200828282828210"}
)  # fmt: skip


def _card_score(written: str, digits: str, before: str, after: str) -> float:
    """Cards that providers publish for tests, and cards said to be such, are nobody's."""
    if digits in _PUBLISHED or digits.startswith("40000000") or _TEST_CARD.search(before + after):
        return 0.2
    if _CARDISH.search(before) or _CARDISH.search(after):
        return 0.9
    return 0.5 if " " in written else 0.3


def luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
