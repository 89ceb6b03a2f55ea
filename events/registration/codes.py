"""QR codes: the way into the room for a participant, and to the check page for a certificate."""

import segno
from django.core import signing
from django.urls import reverse

from portal.content.structured_data import absolute

from .models import Participant

_signer = signing.Signer(salt="registration.presence", sep="~")


def entry_token(participant: Participant) -> str:
    return _signer.sign(str(participant.pk))


def read_entry_token(text: str) -> Participant | None:
    try:
        key = int(_signer.unsign(text))
    except (signing.BadSignature, ValueError):
        return None
    return Participant.objects.select_related("registration__signup__event").filter(pk=key).first()


def entry_code(participant: Participant) -> str:
    """A picture (data address) whose code leads staff to the button that marks this person present."""
    return picture(absolute(reverse("events:registration:presence", args=[entry_token(participant)])))


def picture(address: str) -> str:
    return segno.make(address, error="m", micro=False).png_data_uri(scale=6, border=2)
