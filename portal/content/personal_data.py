"""What the portal never stores: PESEL, the number that identifies a person in Poland."""

import re
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

ELEVEN_DIGITS = re.compile(r"(?<!\d)\d(?:[ -]?\d){10}(?!\d)")
WEIGHTS = (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)
CENTURIES = {80: 1800, 0: 1900, 20: 2000, 40: 2100, 60: 2200}  # added to the month


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


def refuse_pesel(text: str):
    """A validator for fields in which people write freely."""
    if contains_pesel(text):
        raise ValidationError(_("This looks like a PESEL number. Please leave it out: we never ask for it."))
