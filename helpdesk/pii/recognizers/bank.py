"""Bank accounts, IBANs and payment cards."""

import re
from collections.abc import Iterator

from helpdesk.pii.reading import Reading
from helpdesk.pii.recognizers.base import Hit, Recognizer, digits_of

_SORT = re.compile(r"(?<![\w.,/-])(\d{2}[- .]\d{2}[- .]\d{2})(?![\w]|[/-]\d)")
_SORT_LABEL = re.compile(
    r"\b(?:sort(?:ing)?[ -]?code|s/?c|sortcode|sort(?=[ ]?[:=]))\b[^.\n\w]{0,5}(?:(?:is|was|no|number|now)\b[^\w\n]{0,3}){0,2}(\d{2}[- /.]?\d{2}[- /.]?\d{2})(?!\w)"
)
_ACCOUNT = re.compile(r"(?<![\w.,£-])(\d{4} ?\d{4})(?![\w]|[.,-]\d)")
_ACCOUNT_LABEL = re.compile(
    r"\b(?:bank (?:account|acc|acct|details)|(?:account|acc|acct|a/c)(?:[ .]?(?:no|num|number|#)))\b[^\n\w]{0,5}(?:(?:is|was|no|number|now|are|new)\b[^\w\n]{0,3}){0,3}(\d{7,8}|\d{4} \d{4})(?!\w)"
)
_BANKISH = re.compile(
    r"\b(?:bank|sort|account|acc|acct|a/c|santander|barclays|lloyds|natwest|hsbc|halifax|nationwide|monzo|starling|rbs|tsb|co-?op bank|first direct|metro bank|revolut|virgin money|"
    r"bank of scotland|ulster bank|danske|building society|wages?|salary|pay|paid|payroll|expenses|refund|bacs|direct debit)\b"
)
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}[ ]?(?:[A-Z0-9]{4}[ ]?){2,7}[A-Z0-9]{1,4}(?![A-Za-z0-9])")
_CARD = re.compile(
    r"(?<![\w.,+-])(?:\d{4}[ -]?\d{4}[ -]?\d{4}[ -]?\d{4}|3[47]\d{2}[ -]?\d{6}[ -]?\d{5})(?![\w]|[.,-]\d)"
)
_CARDISH = re.compile(r"\b(?:cards?|visa|mastercard|amex|debit|credit|cvv|cvc|expiry|exp|payment)\b")
_NOT_A_CARD = re.compile(
    r"\b(?:imei|serial|sim|iccid|licen[cs]e|order|asset|tracking|gtin|barcode|isbn|key)\b[^.\n]{0,20}$"
)


class BankAccount(Recognizer):
    """A sort code with an account number, or either one under its label."""

    ENTITIES = ("BANK_ACCOUNT",)

    def hits(self, reading: Reading) -> Iterator[Hit]:
        if not reading.has_digits:
            return
        low = reading.lower
        for pattern, why in (
            (_SORT_LABEL, "labelled as a sort code"),
            (_ACCOUNT_LABEL, "labelled as an account number"),
        ):
            for match in pattern.finditer(low):
                yield Hit("BANK_ACCOUNT", *match.span(1), _labelled(low, match, 0.75), why)
        for match in _SORT.finditer(reading.text):
            yield from _pair(reading, match)


_ACCOUNTISH = re.compile(r"\b(?:account|acc|acct|a/c|sort)\b")
_COMPANY = re.compile(
    r"\b(?:remittance|suppliers?|vendors?|our (?:new |updated )?(?:bank|account)|(?:company|business|trust|charity|practice|group|council|trading|client)(?:'s)? (?:bank |current )?(?:account|details)|invoices?|ltd|limited|plc|llp|purchase ledger|bacs (?:remittance|payments? to us)|"
    r"payable to|accounts? payable|change of bank details letter|supplier bank letter|charitable funds)\b"
)
_PERSONS = re.compile(
    r"\b(?:my|his|her|wages?|salary|payroll|expenses|mileage|employee|esr|locum|carer|student|mr|mrs|ms|miss|refund|pension|personal account|statement|joint account|bank nurse|overpaid|starter|payslip)\b"
)
_OTHER_ACCOUNT = re.compile(
    r"\b(?:customer|supplier|client|vendor|ledger|nominal|gl|cost|budget|user|ad|domain|bt|vodafone|o2|ee|virgin|dell|dhl|ups|fedex|courier|utility|water|energy|gas|electric\w*|edf|npower|support|adobe|microsoft|service|subscription|amazon|royal mail)\b[^.\n]{0,12}$"
)
_CODES = re.compile(
    r"\b(?:gl|ledger|cost (?:code|cent(?:re|er))s?|nominal|subjective|budget|journal|account codes?|chart of accounts)\b"
)


def _of_company(low: str, start: int, end: int) -> bool:
    """Words of a company's account and none of a person's: a supplier's details are no personal data."""
    around = low[max(0, start - 220) : end + 100]
    return bool(_COMPANY.search(around)) and not _PERSONS.search(around)


def _labelled(low: str, match: re.Match[str], score: float) -> float:
    """A label of another kind of account, or of ledgers and companies, takes the weight away."""
    around = low[max(0, match.start() - 80) : match.end() + 40]
    if _OTHER_ACCOUNT.search(low[max(0, match.start() - 24) : match.start()]) or _CODES.search(around):
        return 0.3
    return 0.35 if _of_company(low, match.start(), match.end()) else score


def _pair(reading: Reading, sort: re.Match[str]) -> Iterator[Hit]:
    account = _ACCOUNT.search(reading.text, sort.end(), sort.end() + 70) or _ACCOUNT.search(
        reading.text, max(0, sort.start() - 60), sort.start()
    )
    if account is None:
        return
    around = reading.lower[
        max(0, min(sort.start(), account.start()) - 120) : max(sort.end(), account.end()) + 80
    ]
    dotted = "." in sort.group(1) and not _ACCOUNTISH.search(around)
    score = 0.9 if _BANKISH.search(around) and not dotted else 0.4
    if _of_company(reading.lower, min(sort.start(), account.start()), max(sort.end(), account.end())):
        score = 0.35
    yield Hit("BANK_ACCOUNT", sort.start(1), sort.end(1), score, "a sort code beside an account number")
    yield Hit("BANK_ACCOUNT", account.start(1), account.end(1), score, "an account number beside a sort code")


class Iban(Recognizer):
    """International account numbers that pass mod 97 (ISO 13616)."""

    ENTITIES = ("IBAN",)

    def hits(self, reading: Reading) -> Iterator[Hit]:
        if not reading.has_digits:
            return
        for match in _IBAN.finditer(reading.text):
            if _mod97(match.group().replace(" ", "")):
                yield Hit("IBAN", match.start(), match.end(), 0.95, "passes the IBAN check")


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
                score = (
                    0.9
                    if _CARDISH.search(before) or _CARDISH.search(after)
                    else 0.5
                    if " " in match.group()
                    else 0.3
                )
                yield Hit(
                    "PAYMENT_CARD", match.start(), match.end(), score, "passes the check of payment cards"
                )


def _mod97(iban: str) -> bool:
    moved = iban[4:] + iban[:4]
    return 15 <= len(iban) <= 34 and int("".join(str(int(c, 36)) for c in moved)) % 97 == 1


def luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
