"""Links in mails: signed for one registration and one purpose, void when its `token_version` rises.

Following a link shows a page; only a button on it acts. Mail gateways follow every link.
"""

import base64
import uuid

from django.core import signing
from django.urls import reverse

from portal.content.structured_data import absolute

from .models import Registration

PURPOSES = ("own", "confirm", "accept")


def token(registration: Registration, purpose: str) -> str:
    """Unguessable, and bound to `purpose`: the link that confirms cannot cancel."""
    code = base64.urlsafe_b64encode(registration.uid.bytes).decode().rstrip("=")
    return _signer(purpose).sign(f"{code}.{registration.token_version}")


def _signer(purpose: str) -> signing.Signer:
    if purpose not in PURPOSES:
        raise ValueError(purpose)
    return signing.Signer(salt=f"registration.{purpose}", sep="~")


def read(text: str, purpose: str) -> Registration | None:
    """The registration that a token names; None where it was tampered with, revoked, or is for another purpose."""
    try:
        code, _dot, version = _signer(purpose).unsign(text).partition(".")
        uid = uuid.UUID(bytes=base64.urlsafe_b64decode(code + "=="))
    except (signing.BadSignature, ValueError):
        return None
    found = Registration.objects.for_list().filter(uid=uid).first()
    return found if found and str(found.token_version) == version and not found.anonymised_at else None


def address(registration: Registration, purpose: str) -> str:
    """The full address, for a mail."""
    return absolute(reverse(f"events:registration:{purpose}", args=[token(registration, purpose)]))
