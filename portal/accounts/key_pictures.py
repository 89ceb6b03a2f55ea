"""The key of the second factor as the picture that a phone reads, and as text for whoever has no camera."""

import base64

import segno
from django.contrib.auth.models import User
from django_otp.plugins.otp_totp.models import TOTPDevice


def qr_code(user: User, key: str) -> str:
    """A data: address of the picture, dark on white with the margin that scanners need."""
    address = TOTPDevice(user=user, key=key).config_url
    return segno.make(address, error="m", micro=False).svg_data_uri(scale=5, border=4, light="white")


def in_groups(key: str) -> str:
    """The key as applications take it: Base32, four letters at a time."""
    text = base64.b32encode(bytes.fromhex(key)).decode().rstrip("=")
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))
