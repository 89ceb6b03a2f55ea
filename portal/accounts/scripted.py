"""For programs that must be somebody: the benchmarks, the pictures of the handbook, the tests."""

import django_otp
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from . import second_factor


def sign_in(client: Client, user):
    """Without a password and a code; where a code would be asked for, the session is one that has given it."""
    client.force_login(user)
    give_code(client, user)


def give_code(client: Client, user):
    phone = second_factor.phone_of(user)
    if phone is None and second_factor.is_required(user):
        phone = TOTPDevice.objects.create(user=user, name="TOTP")
    if phone is not None:
        session = client.session
        session[django_otp.DEVICE_ID_SESSION_KEY] = phone.persistent_id
        session.save()
