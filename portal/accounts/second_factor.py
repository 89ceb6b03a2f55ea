"""The second factor: a code from an application on one's phone (TOTP, RFC 6238), or one of ten recovery codes.

django-otp checks the codes, slows down whoever guesses (a second, two, four, … between attempts) and takes none twice.
Here stand whom we ask for a code, how a phone is added, and recovery codes that nobody can read from the database.
"""

import base64
import secrets
from math import ceil

import django_otp
from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.middleware.csrf import rotate_token
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

# Whoever has any permission of these apps sees people who signed up, letters to them, or what others may do.
GUARDED_APPS = {"registration", "outbox", "auth"}
PUBLISHING = "publish_"

CODE_DIGITS, RECOVERY_DIGITS, RECOVERY_CODES = 6, 12, 10


def is_required(user: User) -> bool:
    """Everybody who can publish, see sign-ups or give rights; nobody where settings.SECOND_FACTOR is off."""
    if not settings.SECOND_FACTOR:
        return False
    return user.is_superuser or any(_is_far_reaching(permission) for permission in user.get_all_permissions())


def _is_far_reaching(permission: str) -> bool:
    app, _dot, codename = permission.partition(".")
    return app in GUARDED_APPS or codename.startswith(PUBLISHING)


def phone_of(user: User) -> TOTPDevice | None:
    return TOTPDevice.objects.filter(user=user, confirmed=True).first()


def is_asked(user: User) -> bool:
    """Whether the password alone does not open this account: who need not have a phone may have one."""
    return is_required(user) or phone_of(user) is not None


def is_let_in(user: User) -> bool:
    """False for somebody who has given the right password and still owes a code. `user` comes from OTPMiddleware."""
    return user.is_verified() or not is_asked(user)


def let_in(request, device: Device):
    """The code was right: from here on the session is that of `request.signed_in`."""
    request.session.cycle_key()
    request.session[django_otp.DEVICE_ID_SESSION_KEY] = device.persistent_id
    rotate_token(request)


def new_key() -> str:
    return secrets.token_hex(20)  # 160 bits, as RFC 4226 recommends


@transaction.atomic
def add_phone(user: User, key: str, code: str) -> TOTPDevice | None:
    """Make the phone that knows `key` the only one, where `code` proves that it does; else nothing changes."""
    TOTPDevice.objects.filter(user=user).delete()
    phone = TOTPDevice.objects.create(user=user, name="TOTP", key=key)
    if phone.verify_token(code):
        return phone
    transaction.set_rollback(True)
    return None


@transaction.atomic
def remove(user: User):
    """The phone and all recovery codes."""
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()


def _device_of(user: User, digits: str) -> Device | None:
    """What a code of so many digits would be of: the phone, or the recovery codes."""
    return StaticDevice.objects.filter(user=user).first() if len(digits) == RECOVERY_DIGITS else phone_of(user)


def verify(user: User, digits: str) -> Device | None:
    """The device whose code these digits are: the phone's own, or a recovery code, which is used up by it."""
    device = _device_of(user, digits)
    token = _digest(digits) if isinstance(device, StaticDevice) else digits
    return device and django_otp.verify_token(user, device.persistent_id, token)


def seconds_to_wait(user: User, digits: str) -> int:
    """Until the next attempt with a code of this kind is looked at; 0: at once."""
    device = _device_of(user, digits)
    if device is None:
        return 0
    is_allowed, why = device.verify_is_allowed()
    if is_allowed:
        return 0
    return ceil((why["locked_until"] - timezone.now()).total_seconds())


# --- Recovery codes ---------------------------------------------------------------------------------------------------


@transaction.atomic
def new_recovery_codes(user: User) -> list[str]:
    """Ten codes in place of those before, to be shown once: of each only a keyed digest is kept."""
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="recovery")
    codes = ["".join(secrets.choice("0123456789") for _digit in range(RECOVERY_DIGITS)) for _n in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=_digest(code)) for code in codes)
    return ["-".join(code[start : start + 4] for start in range(0, RECOVERY_DIGITS, 4)) for code in codes]


def recovery_codes_left(user: User) -> int:
    return StaticToken.objects.filter(device__user=user).count()


def _digest(code: str) -> str:
    """80 bits, which is what StaticToken.token has room for. Keyed: a stolen database alone lets nobody guess."""
    return base64.b32encode(salted_hmac("accounts.recovery", code, algorithm="sha256").digest()[:10]).decode()
