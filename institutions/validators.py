"""Numbers of Polish registers: each function returns the one spelling, or raises ValidationError with the right one.

Sums and lengths are python-stdnum's; the sum of an ADE is not official (no source of the ministry says it), so a
wrong one is a warning.
"""

import re

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from stdnum.exceptions import ValidationError as WrongNumber
from stdnum.pl import nip as stdnum_nip
from stdnum.pl import regon as stdnum_regon

postal_code = RegexValidator(r"^\d{2}-\d{3}$", _("Write the postal code as 00-000."))
ADE = re.compile(r"AE:PL-(\d{5})-(\d{5})-([A-Z]{5})-(\d{2})")
# Of the district offices of statistics: voivodeships have even numbers.
TERYT_COUNTY = re.compile(r"(0[2468]|[12][02468]|3[02])(?!00)(\d{2})")
TERYT_MUNICIPALITY = re.compile(r"(0[2468]|[12][02468]|3[02])(?!00)\d{2}(?!00)\d{2}[1234589]")


def nip(text: str) -> str:
    digits = re.sub(r"[\s-]", "", text.upper()).removeprefix("PL")
    try:
        digits = stdnum_nip.validate(digits)
    except WrongNumber:
        digits = ""
    if len(set(digits)) < 2:  # ten noughts or ones pass the sum
        raise ValidationError(_("This is no NIP. Write its ten digits as on an invoice: 123-456-32-18."), code="nip")
    return f"{digits[:3]}-{digits[3:6]}-{digits[6:8]}-{digits[8:]}"


def regon(text: str) -> str:
    try:
        digits = stdnum_regon.validate(re.sub(r"[\s-]", "", text))
    except WrongNumber:
        digits = ""
    if len(set(digits)) < 2:
        raise ValidationError(_("This is no REGON. Write its nine or fourteen digits: 123456785."), code="regon")
    return digits


def ade(text: str) -> str:
    spelled = re.sub(r"\s", "", text.upper())
    if not ADE.fullmatch(spelled):
        raise ValidationError(_("Write the address as AE:PL-12345-67890-ABCDE-12."), code="ade")
    return spelled


def ade_sum_fits(text: str) -> bool:
    """Whether the last two digits are the digit sum of the letters' codes without both numbers."""
    first, second, letters, end = ADE.fullmatch(text).groups()
    rest = abs(sum(map(ord, letters)) - (int(first) + int(second)))
    return sum(map(int, str(rest))) == int(end)


def teryt_of_county(text: str) -> str:
    if not TERYT_COUNTY.fullmatch(text.strip()):
        raise ValidationError(_("Write the four digits of the county, such as 1860: voivodeship, then county."))
    return text.strip()


def teryt_of_municipality(text: str) -> str:
    if not TERYT_MUNICIPALITY.fullmatch(text.strip()):
        raise ValidationError(_("Write the seven digits of the municipality; the last says its kind (1–5, 8 or 9)."))
    return text.strip()
