"""What an editor's phone would show."""

from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice


def code_now(user) -> str:
    """A code that is taken also where the test has given one a moment ago."""
    phone = TOTPDevice.objects.get(user=user)
    TOTPDevice.objects.filter(pk=phone.pk).update(last_t=-1)
    return code_of_key(phone.key)


def code_of_key(key: str, steps: int = 0) -> str:
    """`steps` half minutes from now."""
    totp = TOTP(bytes.fromhex(key), drift=steps)
    return f"{totp.token():06d}"
