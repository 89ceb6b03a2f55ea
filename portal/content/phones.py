"""Phone numbers: any usual spelling goes in; out come the Polish one for readers and E.164 for the telephone.

A number of three to six digits (112, 116 111, 19 115) is dialled as it is; so are 800 and 801, whose groups are kept
as they were typed, because people remember them that way: 800 12 12 12.
"""

import re
from dataclasses import dataclass

import phonenumbers
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from phonenumbers import NumberParseException, PhoneNumberFormat

POLAND = 48
POLISH_DIGITS = 9
EXTENSION = re.compile(r"(?i)[\s,;]*(?:wewn\.?|wew\.?|w\.|ext\.?=?|x)\s*(\d{1,6})$")
SHORT = re.compile(r"\d{3,6}")
WITHOUT_COUNTRY = ("800", "801")
LONGEST = 30
WRONG = _("Write the number with its area code: 13 000 10 10, 600 000 000 or +49 30 123456; an extension as “wew. 12”.")


@dataclass(frozen=True)
class Phone:
    """`dialled`: E.164, or the digits of a number that is dialled as it is."""

    dialled: str
    shown: str
    extension: str = ""

    def __str__(self) -> str:
        return f"{self.shown} wew. {self.extension}" if self.extension else self.shown

    @property
    def link(self) -> str:
        """By RFC 3966."""
        return f"tel:{self.dialled};ext={self.extension}" if self.extension else f"tel:{self.dialled}"


def parse(text: str) -> Phone | None:
    """None for what is no phone number."""
    text = " ".join(text.split())
    found = EXTENSION.search(text)
    extension, number = (found[1], text[: found.start()]) if found else ("", text)
    if re.search(r"[^\d\s()+./-]", number):
        return None
    digits = re.sub(r"\D", "", number)
    if SHORT.fullmatch(digits):
        return Phone(digits, number, extension)
    try:
        parsed = phonenumbers.parse(number, "PL")
    except NumberParseException:
        return None
    if not phonenumbers.is_possible_number(parsed):
        return None
    if parsed.country_code != POLAND:
        shown = phonenumbers.format_number(parsed, PhoneNumberFormat.INTERNATIONAL)
        return Phone(phonenumbers.format_number(parsed, PhoneNumberFormat.E164), shown, extension)
    national = str(parsed.national_number)
    if len(national) != POLISH_DIGITS:
        return None
    if national.startswith(WITHOUT_COUNTRY):
        return Phone(national, number if digits == national else _in_threes(national), extension)
    shown = phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL)
    return Phone(f"+{POLAND}{national}", shown if " " in shown else _in_threes(national), extension)


def _in_threes(digits: str) -> str:
    return " ".join(digits[start : start + 3] for start in range(0, len(digits), 3))


def tidy(text: str) -> str:
    phone = parse(text)
    if phone is None:
        raise ValidationError(WRONG, code="phone")
    return str(phone)


def link_to(text: str) -> str:
    """ "13 000 12 34 wew. 5" → "tel:+48130001234;ext=5"; of what is no number its digits, as well as can be."""
    phone = parse(text)
    return phone.link if phone else "tel:" + re.sub(r"[^\d+]", "", text)
