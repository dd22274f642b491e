"""Payment cards by form and check."""

import re
from collections.abc import Iterator

from helpdesk.pii.reading import Reading
from helpdesk.pii.recognizers.base import Hit, Recognizer, digits_of

_CARD = re.compile(
    r"(?<![\w.,+-])(?:\d{4}[ -]?\d{4}[ -]?\d{4}[ -]?\d{4}|3[47]\d{2}[ -]?\d{6}[ -]?\d{5})(?![\w]|[.,-]\d)"
)
_CARDISH = re.compile(r"\b(?:cards?|visa|mastercard|amex|debit|credit|cvv|cvc|expiry|exp|payment)\b")
_NOT_A_CARD = re.compile(
    r"\b(?:imei|serial|sim|iccid|licen[cs]e|order|asset|tracking|gtin|barcode|isbn|key)\b[^.\n]{0,20}$"
)


class PaymentCard(Recognizer):
    """Card numbers that pass Luhn (ISO 7812); IMEI and serial numbers pass it too, so words decide."""

    ENTITIES = ("PAYMENT_CARD",)

    def hits(self, reading: Reading) -> Iterator[Hit]:
        if not reading.has_digits:
            return
        for match in _CARD.finditer(reading.text):
            digits = digits_of(match.group())
            before, after = reading.around(match.start(), match.end(), 80, 60)
            if (
                digits[0] in "3456"
                and luhn(digits)
                and len(set(digits)) > 3
                and not _NOT_A_CARD.search(before)
            ):
                yield Hit(
                    "PAYMENT_CARD",
                    match.start(),
                    match.end(),
                    _card_score(match.group(), digits, before, after),
                    "passes the check of payment cards",
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
