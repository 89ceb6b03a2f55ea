"""What the portal never stores: PESEL, the number that identifies a person in Poland, and numbers of payment cards."""

import re
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

ELEVEN_DIGITS = re.compile(r"(?<!\d)\d(?:[ -]?\d){10}(?!\d)")
WEIGHTS = (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)
CENTURIES = {80: 1800, 0: 1900, 20: 2000, 40: 2100, 60: 2200}  # added to the month


# Groups as they stand on a card, or no groups at all.
CARD = re.compile(
    r"(?<![\d])(?:\d{4}([ \u00a0.-]?)\d{4}\1\d{4}\1\d{4}(?:\1\d{3})?|\d{4}([ \u00a0.-]?)\d{6}\2\d{4,5}|\d{13,19})(?!\d)"
)
# Visa, Mastercard, American Express, Diners, Discover, JCB, Maestro, UnionPay: (beginning, lengths).
ISSUERS = [
    (re.compile(r"4"), {13, 16, 19}),
    (re.compile(r"5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720"), {16}),
    (re.compile(r"3[47]"), {15}),
    (re.compile(r"30[0-5]|3[689]"), {14}),
    (re.compile(r"6011|64[4-9]|65|62"), {16, 17, 18, 19}),
    (re.compile(r"35(?:2[89]|[3-8])"), {16, 17, 18, 19}),
    (re.compile(r"50|5[6-8]|63|67"), {13, 14, 15, 16, 17, 18, 19}),
]
# 26 digits as banks write them: an account is no card, however its groups are read.
ACCOUNT = re.compile(r"(?<!\d)\d{2}(?:[ \u00a0-]?\d{4}){6}(?!\d)")


def private_numbers(text: str) -> list[tuple[str, str, str]]:
    """("pesel" or "card", as written, its digits) of every number that must not be published, in order."""
    accounts = [(account.start(), account.end()) for account in ACCOUNT.finditer(text)]
    found = []
    for kind, pattern, is_one in (("pesel", ELEVEN_DIGITS, _is_pesel), ("card", CARD, _is_card)):
        for match in pattern.finditer(text):
            digits = re.sub(r"\D", "", match[0])
            if is_one(digits) and not any(start <= match.start() < end for start, end in accounts):
                found.append((match.start(), kind, match[0], digits))
    return [(kind, written, digits) for _start, kind, written, digits in sorted(found)]


def contains_pesel(text: str) -> bool:
    """Whether eleven digits in it are a PESEL: a date of birth and a right check digit."""
    return any(_is_pesel(re.sub(r"\D", "", found)) for found in ELEVEN_DIGITS.findall(text))


def _is_pesel(digits: str) -> bool:
    numbers = [int(digit) for digit in digits]
    if (10 - sum(weight * number for weight, number in zip(WEIGHTS, numbers, strict=False))) % 10 != numbers[10]:
        return False
    year, month, day = int(digits[:2]), int(digits[2:4]), int(digits[4:6])
    try:
        date(CENTURIES[month // 20 * 20] + year, month % 20, day)
    except ValueError:
        return False
    return True


def _is_card(digits: str) -> bool:
    is_issued = any(begins.match(digits) and len(digits) in lengths for begins, lengths in ISSUERS)
    doubled = [int(digit) * (1 + index % 2) for index, digit in enumerate(reversed(digits))]
    return is_issued and sum(number - 9 * (number > 9) for number in doubled) % 10 == 0 and not _is_regon(digits)


def _is_regon(digits: str) -> bool:
    """Whether fourteen digits are the number of a local unit in the register of businesses."""
    weights = (2, 4, 8, 5, 0, 9, 7, 3, 6, 1, 2, 4, 8)
    total = sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=False))
    return len(digits) == 14 and total % 11 % 10 == int(digits[13])


def refuse_pesel(text: str):
    """A validator for fields in which people write freely."""
    if contains_pesel(text):
        raise ValidationError(_("This looks like a PESEL number. Please leave it out: we never ask for it."))
