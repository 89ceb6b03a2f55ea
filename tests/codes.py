"""What an editor's phone would show."""

from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from portal.accounts import second_factor


def code_now(user) -> str:
    """A code that is taken also where the test has given one a moment ago."""
    phone = TOTPDevice.objects.get(user=user)
    TOTPDevice.objects.filter(pk=phone.pk).update(last_t=-1)
    return code_of_key(phone.key)


def code_of_key(key: str, steps: int = 0) -> str:
    """`steps` half minutes from now."""
    totp = TOTP(bytes.fromhex(key), drift=steps)
    return f"{totp.token():06d}"


def log_in(page, user, address: str):
    """In Chromium, by password and code; `address` leads to the log-in page."""
    needs_code = second_factor.is_required(user)
    if needs_code:
        TOTPDevice.objects.get_or_create(user=user, name="TOTP")
    page.goto(address)
    page.fill("#id_username", user.username)
    page.fill("#id_password", "password")
    page.press("#id_password", "Enter")
    if needs_code:
        page.wait_for_url("**/admin/kod/**")
        page.fill("#id_code", code_now(user))
        page.press("#id_code", "Enter")
