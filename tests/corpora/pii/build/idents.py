"""Random UK identifiers, valid in form: the numbers the mails of the corpus carry."""

from __future__ import annotations

import random
from datetime import date, timedelta

WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def check_digit(first_nine: str) -> int:
    """The modulus 11 check digit of nine digits; 10 says the number is never issued."""
    total = sum(int(digit) * weight for digit, weight in zip(first_nine, range(10, 1, -1), strict=True))
    return (11 - total % 11) % 11


def with_check(rng: random.Random, first_nine: str) -> str:
    """Ten digits that pass, moving the ninth digit on where the check digit would be 10."""
    while check_digit(first_nine) == 10:
        first_nine = first_nine[:8] + str(rng.randint(0, 9))
    return first_nine + str(check_digit(first_nine))


def digits(rng: random.Random, count: int) -> str:
    """Random digits, the first not nought."""
    return str(rng.randint(1, 9)) + "".join(str(rng.randint(0, 9)) for _ in range(count - 1))


def nhs_number(rng: random.Random) -> str:
    """An NHS number of an issued range, or (one in five) of the 999 test range."""
    start = "999" if rng.random() < 0.2 else rng.choice("4667") + digits(rng, 2)
    return with_check(rng, start + f"{rng.randint(0, 999999):06d}")


def failing_nhs_number(rng: random.Random) -> str:
    """Ten digits in the form of an NHS number whose check digit is one too high."""
    good = nhs_number(rng)
    return good[:9] + str((int(good[9]) + 1) % 10)


def hc_number(rng: random.Random) -> str:
    """A Northern Irish Health and Care number."""
    return with_check(rng, f"3{rng.randint(20, 99)}{rng.randint(0, 999999):06d}")


def chi_number(rng: random.Random, born: date) -> str:
    """A Scottish CHI number that begins with the given date of birth."""
    return with_check(rng, f"{born:%d%m%y}{rng.randint(0, 999):03d}")


def passing_reference(rng: random.Random) -> str:
    """Ten digits that pass modulus 11 and mean no patient: orders, parcels, contracts."""
    return with_check(rng, digits(rng, 9))


def nino(rng: random.Random) -> str:
    """A National Insurance number: a third in the never-issued prefixes QQ and ZZ."""
    prefix = rng.choice(("QQ", "ZZ", "JA", "PW", "SR", "HT", "CE", "LM"))
    return prefix + f"{rng.randint(0, 999999):06d}" + rng.choice("ABCD")


def driving_licence(rng: random.Random, surname: str, initial: str, born: date, female: bool) -> str:
    """A driver number of Great Britain, in form (the last two are random)."""
    letters = "".join(char for char in surname.upper() if "A" <= char <= "Z")
    month = born.month + (50 if female else 0)
    middle = f"{born.year % 100 // 10}{month:02d}{born.day:02d}{born.year % 10}"
    return f"{(letters + '99999')[:5]}{middle}{initial.upper()}9{rng.choice('ABCDGH')}{rng.choice('AXTY')}Z"


def iban(rng: random.Random) -> str:
    """A British IBAN whose check digits are right."""
    tail = rng.choice(("WEST", "NWBK", "LOYD", "BARC")) + digits(rng, 14)
    number = "".join(str(int(char, 36)) for char in tail + "GB00")
    return f"GB{98 - int(number) % 97:02d}{tail}"


def card(rng: random.Random) -> str:
    """A payment card number that passes Luhn, in groups of four."""
    body = "4" + digits(rng, 14)
    doubled = [int(char) * (2 if index % 2 == 0 else 1) for index, char in enumerate(body)]
    check = -sum(value - 9 if value > 9 else value for value in doubled) % 10
    whole = body + str(check)
    return " ".join(whole[start : start + 4] for start in range(0, 16, 4))


def birth_date(rng: random.Random, youngest: int = 19, oldest: int = 92) -> date:
    """A date of birth of somebody between the two ages in 2026."""
    return date(2026, 1, 1) - timedelta(days=rng.randint(youngest * 366, oldest * 365))


def ordinal(day: int) -> str:
    """1st, 2nd, 3rd, 4th."""
    suffix = "th" if 10 <= day % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{suffix}"


def spoken(text: str) -> str:
    """Digits as words, other characters as they are."""
    return " ".join(WORDS[int(char)] for char in text if char.isdigit())


def full_width(text: str) -> str:
    """Digits as their full-width forms (U+FF10 onwards)."""
    return "".join(chr(0xFF10 + int(char)) if char.isdigit() else char for char in text)
