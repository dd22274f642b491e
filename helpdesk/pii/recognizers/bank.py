"""Bank accounts, IBANs and payment cards."""

import re
from collections.abc import Iterator

from helpdesk.pii import names
from helpdesk.pii.reading import Reading
from helpdesk.pii.recognizers.base import Hit, Recognizer
from helpdesk.pii.text import fold

_SORT = re.compile(r"(?<![\w.,/-])(\d{2}[- .]\d{2}[- .]\d{2})(?![\w]|[/-]\d| \d\d(?!\d))")
_SORT_LABEL = re.compile(
    r"\b(?:sort(?:ing)?[ -]?code|s/?c|sortcode|sort(?=[ ]?[:=]))\b[^.\n\w]{0,5}(?:(?:is|was|no|number|now)\b[^\w\n]{0,3}){0,2}(\d{2}[- /.]?\d{2}[- /.]?\d{2})(?!\w)"
)
_SORTS = frozenset({"sort", "sorting", "sortcode", "sortingcode", "c", "sc"})  # `s/c` ends with a c
_ACCOUNTS = frozenset(
    {
        "bank",
        *(
            word + number
            for word in ("account", "acc", "acct", "c")
            for number in ("", "no", "num", "number")
        ),
    }
)
_SORT_SHORT = re.compile(
    r"(?<!you )(?<!to )(?<!please )(?<!we )(?<!i )(?<!can )(?<!will )(?<!could )\bsort(?: is| now|'s)? (\d{2}[- ]?\d{2}[- ]?\d{2})(?![\w]|[/-]\d)"
)
_JOINED = re.compile(
    r"(?<![\w.,/£-])(\d{6})(?:[ ,/;|-]{1,3}|,? (?:then|and|with|next|followed by|plus) )(\d{8}|\d{4} \d{4})(?![\w]|[.,/-]\d)"
)
_ACCOUNT = re.compile(
    r"(?<![\w.,£-])(\d{4} ?\d{4}|(?<!\d )(?:\d\d(?: \d\d){3}|\d(?: \d){7})(?! \d))(?![\w]|[.,-]\d)"
)
_ACCOUNT_LABEL = re.compile(
    r"\b(?:bank (?:account|acc|acct|details)|(?:account|acc|acct|a/c)(?:[ .]?(?:no|num|number|#)))\b[^\n\w]{0,5}(?:(?:is|was|no|number|now|are|new)\b[^\w\n]{0,3}){0,3}(\d{7,8}|\d{4} \d{4})(?!\w)"
)
_BANKISH = re.compile(
    r"\b(?:bank|(?:chang\w+|switch\w+|moved|new|both|two) banks|sort|account|acc|acct|a/c|santander|barclays|lloyds|natwest|hsbc|halifax|nationwide|monzo|starling|rbs|tsb|co-?op bank|first direct|metro bank|revolut|virgin money|"
    r"bank of scotland|ulster bank|danske|building soc\w*|wages?|salary|pay|paid|payroll|expenses|mileage|refund|bacs|direct debit|cheques?)\b"
)
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}[ ]?(?:[A-Z0-9]{4}[ ]?){2,7}[A-Z0-9]{1,4}(?![A-Za-z0-9])")


class BankAccount(Recognizer):
    """A sort code with an account number, or either one under its label."""

    ENTITIES = ("BANK_ACCOUNT",)

    def hits(self, reading: Reading) -> Iterator[Hit]:
        if not reading.has_digits:
            return
        low = reading.lower
        for pattern, signs, why in (
            (_SORT_LABEL, _SORTS, "labelled as a sort code"),
            (_ACCOUNT_LABEL, _ACCOUNTS, "labelled as an account number"),
        ):
            for match in () if signs.isdisjoint(reading.runs) else pattern.finditer(low):
                if _of_several_digits(match.group(1)):
                    yield Hit("BANK_ACCOUNT", *match.span(1), _labelled(low, match, 0.75), why)
        for match in reading.at_numbers(_SORT, reading.text):
            yield from _pair(reading, match)
        yield from _plain(reading)


def _of_several_digits(written: str) -> bool:
    """`00-00-00` only shows where a number goes."""
    return len({digit for digit in written if digit.isdigit()}) > 1


_ACCOUNTISH = re.compile(
    r"\b(?:account|acc|acct|a/c|sort|santander|barclays|lloyds|natwest|hsbc|halifax|nationwide|monzo|starling|tsb|first direct|building soc\w*)\b"
)
_COMPANY = re.compile(
    r"\b(?:remittances?|suppliers?|vendors?|our (?:\w+ ){0,3}(?:bank|account)|(?:company|business|trust|charity|practice|group|council|trading|client|partnership|surgery|firm|treasury|creditors?|merchant|corporate)(?:'s)? (?:bank |current )?(?:account|details)|invoices?|ltd|(?<!not )limited|plc|llp|cic|gmbh|inc|s\.?a\.?r\.?l|b\.?v|"
    r"purchase ledger|procurement|bacs (?:remittance|payments? to us|file|submission|header)|payable to|accounts? payable|accounts? receivable|change of bank details letter|supplier bank letter|charitable funds|charity|registered (?:charity|in england|in scotland)|appeal|donat\w+|vat|company (?:no|number|reg\w*)|"
    r"credit control|gbs|government banking|service user number|global sum|partnership|beneficiary|letterhead|debtors?|sales ledger|treasury|rent account|grants? (?:payment|income)|friends of|league of friends|fundraising|bankline|card reader|payments? to (?:us|the trust)|pay(?:ing)? us|auto ?reply)\b"
)
_PERSONS = re.compile(
    r"\b(?:my(?! (?:team|company|colleague|manager|supplier))|his|her|wages?|salary|payroll (?:no|number|:)|expenses|mileage|employee|esr|locum|carers?|student|refund(?:s|ed)?|pension|personal account|joint account|bank nurse|overpaid|starter|payslip|account holder:? (?:mr|mrs|ms|miss)|name on (?:the )?account:? (?:is )?(?:mr|mrs|ms|miss|mx|dr)|in (?:my|his|her) name|claimant|to (?:him|her) direct|(?:him|her|me) direct(?:ly)?|not (?:a company|limited)|sole trader|foster\w*)\b"
)
_TITLE = re.compile(r"\b(?:mr|mrs|ms|miss|mx|dr)\b")
_OTHER_ACCOUNT = re.compile(
    r"\b(?:customer|supplier|client|vendor|ledger|nominal|gl|cost|budget|user|ad|domain|bt|vodafone|o2|ee|virgin|dell|dhl|ups|fedex|courier|utility|water|energy|gas|electric\w*|edf|npower|support|adobe|microsoft|service|subscription|amazon|royal mail)\b[^.\n]{0,12}$"
)
_CODES = re.compile(
    r"\b(?:gl|ledger|cost (?:code|cent(?:re|er))s?|nominal|subjective|budget|journal|account codes?|chart of accounts|frank(?:ing|er)|meter (?:no|number|readings?)|readings?|version|build|firmware)\b"
)


_SCAM = re.compile(
    r"\b(?:scams?|spam|phish\w*|hoax|smishing|fraudsters?|dear customer|obvious(?:ly)? (?:fake|fraud))\b"
)
_MADE_UP = re.compile(
    r"\bmade[ -]up (?:by|for)\b|\b(?:numbers|details|account|accounts|it|they|all) (?:is|are|were|was) (?:all )?(?:made[ -]up|invented|fake|fictitious|dummy)\b|\b(?:dummy|fake|fictitious|invented) (?:bank|account|sort|details|numbers?)\b"
)


def _of_nobody(low: str, start: int, end: int) -> bool:
    """An account in a scam that tells of nobody, or one said to be made up."""
    around = low[max(0, start - 160) : end + 160]
    return _MADE_UP.search(around) is not None or (
        _SCAM.search(around) is not None and _PERSONS.search(around) is None
    )


def _of_company(low: str, start: int, end: int) -> bool:
    """Words of a company's account and none of a person's: a supplier's details are no personal data.

    A title is a person's only where it stands nearer than the company: Mrs Hall may have sent the invoice on.
    """
    before, after = low[max(0, start - 220) : start], low[end : end + 120]
    companies = list(_COMPANY.finditer(before))
    if not (companies or _COMPANY.search(after)) or _PERSONS.search(before) or _PERSONS.search(after[:100]):
        return False
    titles = list(_TITLE.finditer(before))
    return not titles or bool(companies and companies[-1].start() > titles[-1].start())


def _labelled(low: str, match: re.Match[str], score: float) -> float:
    """A label of another kind of account, or of ledgers and companies, takes the weight away."""
    around = low[max(0, match.start() - 80) : match.end() + 40]
    if _OTHER_ACCOUNT.search(low[max(0, match.start() - 24) : match.start()]) or _CODES.search(around):
        return 0.3
    nobodys = _of_company(low, *match.span()) or _of_nobody(low, *match.span())
    return 0.35 if nobodys else score


_OTHER_NUMBER = re.compile(
    r"\b(?:tickets?|ref|reference|orders?|count|stock|jobs?|cases?|inc|calls?|serial|asset|invoice|po|tel|phone|mobile|ext|payroll|employee|emp|assignment|licen[cs]e|version|build|user|service user|company)\b[^\w\n]{0,4}(?:(?:no|number|id|is)\b[^\w\n]{0,3}){0,2}$"
)
_DATED = re.compile(r"\b(?:since|on|until|till|dated|before|after|from|by)[ ]$")


def _account_near(reading: Reading, sort: re.Match[str]) -> re.Match[str] | None:
    """The first number of eight digits after a sort code, else before it, that is called nothing else."""
    for start, end in ((sort.end(), sort.end() + 70), (max(0, sort.start() - 60), sort.start())):
        for match in _ACCOUNT.finditer(reading.text, start, end):
            if _of_several_digits(match.group(1)) and not _OTHER_NUMBER.search(
                reading.lower, max(0, match.start() - 34), match.start()
            ):
                return match
    return None


def _pair(reading: Reading, sort: re.Match[str]) -> Iterator[Hit]:
    account = _account_near(reading, sort)
    if account is None or _DATED.search(reading.lower, max(0, sort.start() - 8), sort.start()):
        return
    start, end = min(sort.start(), account.start()), max(sort.end(), account.end())
    score = _pair_score(reading.lower, start, end, dotted="." in sort.group(1))
    yield Hit("BANK_ACCOUNT", *sort.span(1), score, "a sort code beside an account number")
    yield Hit("BANK_ACCOUNT", *account.span(1), score, "an account number beside a sort code")


_NAME_BEFORE = re.compile(r"(?<![\w-])([A-ZÀ-Þ][\w'-]{2,20}),? ([A-ZÀ-Þ][\w'-]{0,20})\.?[ ,:-]{1,3}$")


def _named(text: str, start: int) -> bool:
    """Whether somebody's name stands right before a number."""
    match = _NAME_BEFORE.search(text, max(0, start - 50), start)
    return match is not None and any(names.is_name(fold(word)) for word in match.groups())


def _plain(reading: Reading) -> Iterator[Hit]:
    """Six digits and eight side by side, and `sort 072296`, where the words are on somebody's money."""
    text, low = reading.text, reading.lower
    for match in reading.at_numbers(_JOINED, low) if reading.longest_number >= 6 else ():
        if _OTHER_NUMBER.search(low, max(0, match.start() - 34), match.start()):
            continue
        score = min(0.75, _pair_score(low, *match.span(), dotted=not _named(text, match.start())))
        yield Hit("BANK_ACCOUNT", *match.span(), score, "a sort code and an account number side by side")
    for match in _SORT_SHORT.finditer(low) if "sort" in low else ():
        if not _of_several_digits(match.group(1)):
            continue
        around = low[max(0, match.start() - 120) : match.start()] + low[match.end() : match.end() + 80]
        score = _labelled(low, match, 0.7) if _BANKISH.search(around) else 0.3
        yield Hit("BANK_ACCOUNT", *match.span(1), score, "after the word sort, beside words of a bank")


def _pair_score(low: str, start: int, end: int, *, dotted: bool) -> float:
    around = low[max(0, start - 120) : end + 80]
    if _CODES.search(around) or _of_company(low, start, end) or _of_nobody(low, start, end):
        return 0.35
    if _BANKISH.search(around) and (not dotted or _ACCOUNTISH.search(around) or _PERSONS.search(around)):
        return 0.9
    return 0.65 if _ALONE.fullmatch(low[start:end]) and not _may_be_date(low[start : start + 8]) else 0.4


_ALONE = re.compile(r"\d\d-\d\d-\d\d[ ,/;|-]{1,3}\d{8}")


def _may_be_date(sort: str) -> bool:
    day, month = int(sort[:2]), int(sort[3:5])
    return 1 <= day <= 31 and 1 <= month <= 12


class Iban(Recognizer):
    """International account numbers that pass mod 97 (ISO 13616)."""

    ENTITIES = ("IBAN",)

    def hits(self, reading: Reading) -> Iterator[Hit]:
        if not reading.has_digits:
            return
        for match in _IBAN.finditer(reading.text):
            if _mod97(match.group().replace(" ", "")):
                of_company = _of_company(reading.lower, *match.span()) and not reading.private_writer
                score = 0.35 if of_company else 0.95
                yield Hit("IBAN", match.start(), match.end(), score, "passes the IBAN check")


def _mod97(iban: str) -> bool:
    moved = iban[4:] + iban[:4]
    return 15 <= len(iban) <= 34 and int("".join(str(int(c, 36)) for c in moved)) % 97 == 1
