"""The link by which an institution confirms its numbers: signed for one institution and one month.

It works until the end of the next month, and only as long as the address that it was sent to is still the right one.
Following it shows a form; only the button acts. Mail gateways follow every link.
"""

from datetime import date, timedelta

from django.core import signing
from django.urls import reverse
from django.utils import timezone

from portal.content.structured_data import absolute

from ..models import Institution


def token(institution: Institution, day: date) -> str:
    return _signer(institution).sign(f"{institution.pk}.{day:%Y-%m}")


def read(text: str) -> Institution | None:
    """The institution that a token names; None where it was tampered with, is too old or was sent to an old address."""
    key, _dot, month = text.partition("~")[0].partition(".")
    if not (key.isascii() and key.isdecimal() and len(key) < 10 and month in _months()):
        return None
    found = Institution.objects.published().filter(pk=key).first()
    try:
        if found:
            _signer(found).unsign(text)
            return found
    except signing.BadSignature:
        pass
    return None


def address(institution: Institution, day: date) -> str:
    """The full address, for a mail."""
    return absolute(reverse("institutions:places_confirm", args=[token(institution, day)]))


def _signer(institution: Institution) -> signing.Signer:
    return signing.Signer(salt=f"institutions.places.{institution.places_contact}", sep="~")


def _months() -> set[str]:
    first = timezone.localdate().replace(day=1)
    return {f"{first:%Y-%m}", f"{first - timedelta(days=1):%Y-%m}"}
